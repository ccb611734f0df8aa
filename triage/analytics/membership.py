"""The asks of a view -> in which group of one meaning each is.

In: a connection, a view. Out: a group's name for each ask, in the order of the view's asks.
Not here: finding groups (grouping), which of them are gaps (gaps) or rise (trends).
"""

from datetime import UTC, datetime

import numpy as np

from triage import store
from triage.errors import BadField
from triage.outcomes.asks import Asks, Flags, Ints, Names


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
    group_of = dict(store.grouped_asks(c, forum_id, since, until))
    names = tuple(sorted(set(group_of.values())))
    number = {name: place for place, name in enumerate(names)}
    for place in places.tolist():
        group = group_of.get(asks.ids[place])
        if group is not None:
            code[place] = number[group]
    return Names(code, names)


def in_group(c: store.Connection, forum_id: int, asks: Asks, kept: Flags, group_id: str) -> Flags:
    """Say which kept asks are in a group. Raises BadField for one that there is not."""
    if group_id not in store.get_ask_groups(c, forum_id, [group_id]):
        raise BadField("behind", "names no group of asks")
    return among(groups_among(c, forum_id, asks, kept), group_id)


def persons_by(names: Names, who: Ints) -> Ints:
    """Return for each name of how many persons the asks are that have it."""
    inside = names.code >= 0
    pairs = np.unique(np.stack([names.code[inside], who[inside]]), axis=1)
    return np.bincount(pairs[0], minlength=len(names.names))


def among(names: Names, name: str) -> Flags:
    """Say which asks have a name."""
    if name not in names.names:
        return np.zeros(len(names.code), dtype=bool)
    found: Flags = names.code == names.names.index(name)
    return found


def mostly(names: Names, marked: Flags) -> str | None:
    """Return the name that most of the marked asks have, or None where none has any."""
    codes = names.code[marked]
    codes = codes[codes >= 0]
    return names.names[int(np.bincount(codes).argmax())] if len(codes) else None
