"""Columns -> the `Asks` that they hold, as things stood at one moment.

In: `Columns`, the moment as of which is looked. Out: the same `Asks` as `asks_of` makes of the
events themselves, in the time that sorting takes.
Not here: columns (columns), measures (report).
"""

import numpy as np

from triage.outcomes.asks import DAY, Asks, Flags, Floats, Followings, Ints, Names
from triage.outcomes.columns import (
    PER_FOLLOWING,
    PER_ORPHAN,
    PER_REPLY,
    PER_ROW,
    SURVEY,
    Array,
    AskIds,
    Columns,
)
from triage.outcomes.told import CODE_OF, RETURNED, UNSEEN
from triage.records import EventType

_SHOWN = (CODE_OF[EventType.SHOWN], UNSEEN)


def asks_from(columns: Columns, as_of: float) -> Asks:
    """Return the asks of columns as they stood at `as_of`, in seconds since 1970 UTC."""
    arrays = _known(columns, as_of)
    rows = _Rows(arrays)
    start = arrays["at"][rows.first]
    order = _by_time(start)
    start = start[order]
    said = {name: _said(name, arrays[name], rows)[order] for name in PER_ROW if name != "ask"}
    # A place among the asks of the columns -> the place among those that are known by then.
    place = np.full(len(columns), -1)
    place[rows.asks[order]] = np.arange(len(start))
    former = _formers(arrays["key"][rows.asks[order]], said["return_of"], said["person"])
    told, beyond = _followings(arrays, place, start)
    return Asks(
        ids=AskIds(arrays["id"][rows.asks[order]]),
        as_of=as_of,
        start=start,
        followed=np.maximum(as_of - start, 0.0) / DAY,
        arm=said["arm"].astype(np.int64),
        person=_dense(said["person"]),
        session=_dense(said["session"]),
        offered=said["offered"],
        root=_roots(former),
        lang=Names(said["lang"].astype(np.int64), columns.names["lang"]),
        topic=Names(said["topic"].astype(np.int64), columns.names["topic"]),
        newcomer=said["newcomer"].astype(np.int64),
        severity=said["severity"].astype(np.int64),
        sensitive=said["sensitive"],
        barred=said["barred"].astype(np.int64),
        followings=_with_returns(told, former, start),
        shown_told=bool(np.any(np.isin(arrays["f_type"], _SHOWN))),
        late_seconds=_lateness(arrays),
        orphans=len(arrays["o_known"]) + beyond,
        survey_probability=_drawn(arrays, place, len(start)),
        share=arrays["share"][rows.asks[order]],
    )


class _Rows:
    """The `asked` rows of the asks: where those of each begin, which asks have any."""

    def __init__(self, arrays: dict[str, Array]) -> None:
        ask = arrays["ask"]
        begins = np.ones(len(ask), dtype=bool)
        begins[1:] = ask[1:] != ask[:-1]
        self.first: Ints = np.flatnonzero(begins)
        self.asks: Ints = ask[self.first].astype(np.int64)
        self.single = len(self.first) == len(ask)


def _said(name: str, values: Array, rows: _Rows) -> Array:
    """Return what the rows of each ask say together: the first assigns, the others add."""
    if rows.single:
        return values
    if name in ("offered", "sensitive"):
        return np.logical_or.reduceat(values, rows.first)
    if name == "severity":
        return np.minimum.reduceat(values, rows.first)
    if name == "barred":
        return np.maximum.reduceat(values, rows.first)
    if name == "return_of":
        # The last that names one.
        named = np.flatnonzero(values != 0)
        ends = np.append(rows.first[1:], len(values))
        at = np.searchsorted(named, ends) - 1
        has = (at >= 0) & (np.append(named, -1)[at] >= rows.first)
        return np.where(has, np.append(values[named], 0)[at], 0)
    return values[rows.first]


def _known(columns: Columns, as_of: float) -> dict[str, Array]:
    """Return the arrays of what was known by a moment."""
    arrays = dict(columns.arrays)
    replies = arrays["f_type"] == SURVEY
    for names, known in ((PER_ROW, "known"), (PER_FOLLOWING, "f_known"), (PER_ORPHAN, "o_known")):
        kept = arrays[known] <= as_of
        if kept.all():
            continue
        if known == "f_known":
            arrays |= {name: arrays[name][kept[replies]] for name in PER_REPLY}
        arrays |= {name: arrays[name][kept] for name in names}
    return arrays


def _by_time(start: Floats) -> Ints:
    """Return the order of time; asks of one moment stay as they are."""
    if np.all(start[1:] >= start[:-1]):
        return np.arange(len(start))
    return np.argsort(start, kind="stable")


def _dense(numbers: Array) -> Ints:
    """Return 0, 1, 2... for persons or sessions, -1 for none (0)."""
    found, codes = np.unique(numbers, return_inverse=True)
    none = int(np.searchsorted(found, 0))
    if none == len(found) or found[none] != 0:
        return codes.astype(np.int64, copy=False)
    # All above none move down by one.
    codes = np.where(codes > none, codes - 1, codes)
    codes[numbers == 0] = -1
    return codes.astype(np.int64, copy=False)


def _followings(arrays: dict[str, Array], place: Ints, start: Floats) -> tuple[Followings, int]:
    """Return what followed, and how many events are of asks that were not asked by then."""
    ask = place[arrays["f_ask"]]
    kind = arrays["f_type"].astype(np.int64)
    at = arrays["f_at"]
    answer = np.full(len(ask), -1, dtype=np.int64)
    answer[kind == SURVEY] = arrays["answer"]
    held = ask >= 0
    beyond = len(ask) - int(np.sum(held))
    if beyond:
        ask, kind, at, answer = ask[held], kind[held], at[held], answer[held]
    return Followings(ask, kind, (at - start[ask]) / DAY, answer, grouped=True), beyond


def _lateness(arrays: dict[str, Array]) -> Floats:
    late = [arrays["known"] - arrays["at"], arrays["f_known"] - arrays["f_at"]]
    lateness: Floats = np.maximum(np.concatenate(late), 0.0)
    return lateness


def _drawn(arrays: dict[str, Array], place: Ints, asks: int) -> Floats:
    """Return with which probability each ask was drawn for the survey; the least of several."""
    drawn = np.full(asks, np.nan)
    ask = place[arrays["f_ask"][arrays["f_type"] == SURVEY]]
    said = (ask >= 0) & ~np.isnan(arrays["probability"])
    np.fmin.at(drawn, ask[said], arrays["probability"][said])
    return drawn


def _formers(keys: Array, return_of: Array, person: Array) -> Ints:
    """Return for each ask the one that it comes back to, or itself; asks are in time order.

    An ask can only come back to an earlier one of the same person.
    """
    former = np.arange(len(keys))
    later = np.flatnonzero(return_of)
    if not len(later):
        return former
    order = np.argsort(keys)
    found = np.minimum(np.searchsorted(keys, return_of[later], sorter=order), len(keys) - 1)
    earlier = order[found]
    holds = keys[earlier] == return_of[later]
    holds &= (earlier < later) & (person[earlier] == person[later])
    former[later[holds]] = earlier[holds]
    return former


def _roots(former: Ints) -> Ints:
    """Return for each ask the first of the chain that it comes back to, or itself."""
    root = former
    while True:
        further = root[root]
        if np.array_equal(further, root):
            return root
        root = further


def _with_returns(told: Followings, former: Ints, start: Floats) -> Followings:
    """Add a return to every ask that a later one comes back to; it is the last of the types."""
    later = np.flatnonzero(former != np.arange(len(former)))
    if not len(later):
        return told
    unseen: Flags = told.type > RETURNED
    before = int(np.sum(~unseen))
    earlier = former[later]

    def put(values: Array, more: Array) -> Array:
        return np.concatenate([values[:before], more, values[before:]])

    return Followings(
        put(told.ask, earlier),
        put(told.type, np.full(len(later), RETURNED)),
        put(told.at, (start[later] - start[earlier]) / DAY),
        put(told.answer, np.full(len(later), -1)),
        grouped=True,
    )
