"""The asks of a view -> in which group of one meaning each is.

In: a connection, a view. Out: a group's name for each ask, in the order of the view's asks; the
places of the asks of each group.
Not here: finding groups (grouping), which of them are gaps (gaps) or rise (trends).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np

from triage import store
from triage.analytics.context import Context
from triage.errors import BadField
from triage.outcomes.asks import Asks, Flags, Ints, Names
from triage.outcomes.ids import as_bytes, ids_at
from triage.outcomes.many import persons_by as persons_of_groups
from triage.reports.reading import uncollected


def groups_of_view(context: Context) -> Names:
    """Return the group of each ask that counts in the view, read once for all tables."""
    view = context.view
    return context.once(
        "groups",
        lambda: groups_among(context.connection, context.forum_id, view.asks, view.kept),
    )


def groups_among(c: store.Connection, forum_id: int, asks: Asks, kept: Flags) -> Names:
    """Return the group of each kept ask; -1 for those in none, and for all that are not kept."""
    code = np.full(len(asks), -1, dtype=np.int64)
    places = np.flatnonzero(kept)
    if not len(places):
        return Names(code, ())
    start = asks.start[places]
    # What was asked is known to the second of a day, columns to parts of one.
    since = datetime.fromtimestamp(float(start.min()) - 1, UTC)
    until = datetime.fromtimestamp(float(start.max()) + 1, UTC)
    with uncollected():
        found = store.grouped_asks(c, forum_id, since, until)
    if not found:
        return Names(code, ())
    names = tuple(sorted({group for _, group in found}))
    number = {name: place for place, name in enumerate(names)}
    group_of = {ask.encode(): number[group] for ask, group in found}
    ids = as_bytes(ids_at(asks.ids, places))
    code[places] = [group_of.get(one, -1) for one in ids]
    return Names(code, names)


def in_group(c: store.Connection, forum_id: int, asks: Asks, kept: Flags, group_id: str) -> Flags:
    """Say which kept asks are in a group. Raises BadField for one that there is not."""
    if group_id not in store.get_ask_groups(c, forum_id, [group_id]):
        raise BadField("behind", "names no group of asks")
    return among(groups_among(c, forum_id, asks, kept), group_id)


def persons_by(names: Names, who: Ints) -> Ints:
    """Return for each name of how many persons the asks are that have it."""
    inside = names.code >= 0
    return persons_of_groups(who[inside], names.code[inside], len(names.names))


def places_by(names: Names) -> Sequence[Ints]:
    """Return for each name the places of the asks that have it, in their order.

    Cutting all of them once is cheaper than looking through all asks for each name.
    """
    inside = np.flatnonzero(names.code >= 0)
    order = inside[np.argsort(names.code[inside], kind="stable")]
    cuts = np.searchsorted(names.code[order], np.arange(len(names.names) + 1))
    return [order[begin:end] for begin, end in pairwise(cuts.tolist())]


def among(names: Names, name: str) -> Flags:
    """Say which asks have a name."""
    if name not in names.names:
        return np.zeros(len(names.code), dtype=bool)
    found: Flags = names.code == names.names.index(name)
    return found


def mostly(names: Names, places: Ints) -> str | None:
    """Return the name that most of some asks have, or None where none has any."""
    codes = names.code[places]
    codes = codes[codes >= 0]
    return names.names[int(np.bincount(codes).argmax())] if len(codes) else None
