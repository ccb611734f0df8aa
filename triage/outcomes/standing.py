"""Columns -> the `Asks` that they hold, as things stood at one moment.

In: `Columns`, the moment as of which is looked. Out: the same `Asks` as `asks_of` makes of the
events themselves, in the time that sorting takes.
Not here: columns (columns), measures (report).
"""

import numpy as np

from triage.outcomes.asks import DAY, Asks, Flags, Floats, Ints, Names
from triage.outcomes.columns import (
    NAMED,
    PER_FOLLOWING,
    PER_ORPHAN,
    PER_REPLY,
    PER_ROW,
    SURVEY,
    Array,
    Columns,
    used_words,
)
from triage.outcomes.followings import Followings
from triage.outcomes.ids import LazyIds
from triage.outcomes.placings import NO_PLACINGS, placings_from
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
    mine = rows.asks[order]
    place = _places(mine, len(columns))
    former = _formers(arrays["key"][mine], said["return_of"], said["person"])
    told, beyond = _followings(arrays, place, start)
    return Asks(
        ids=LazyIds(mine, columns.arrays["id"]),
        as_of=as_of,
        start=start,
        followed=np.maximum(as_of - start, 0.0) / DAY,
        arm=said["arm"],
        person=_dense(said["person"]),
        session=_dense(np.where(said["person"] == 0, said["session"], 0)),
        offered=said["offered"],
        root=_roots(former),
        **{name: _names(said[name], columns.names[name]) for name in NAMED},
        newcomer=said["newcomer"].astype(np.int64),
        severity=said["severity"].astype(np.int64),
        sensitive=said["sensitive"],
        barred=said["barred"].astype(np.int64),
        simulated=said["simulated"],
        followings=_with_returns(told, former, start),
        shown_told=bool(np.any(np.isin(arrays["f_type"], _SHOWN))),
        late_seconds=_lateness(arrays),
        orphans=len(arrays["o_known"]) + beyond,
        survey_probability=_drawn(arrays, place, len(start)),
        share=arrays["share"][mine],
        placings=placings_from(arrays, place, start) if "p_ask" in arrays else NO_PLACINGS,
    )


def _names(codes: Array, words: tuple[str, ...]) -> Names:
    """Return what asks have; what only a later call said, or a later moment, none of them has."""
    return Names(*used_words(codes.astype(np.int64), words))


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
    if name in ("offered", "sensitive", "simulated"):
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


def _by_time(start: Floats) -> Ints | slice:
    """Return the order of time; asks of one moment stay as they are."""
    if np.all(start[1:] >= start[:-1]):
        # As they are: cutting them so copies nothing.
        return slice(None)
    return np.argsort(start, kind="stable")


def _places(mine: Ints, asks: int) -> Ints | None:
    """Return for each ask of the columns its place among those that are known by then, or -1.

    None: all of them are known, in their order.
    """
    if len(mine) == asks and np.array_equal(mine, np.arange(asks)):
        return None
    place = np.full(asks, -1)
    place[mine] = np.arange(len(mine))
    return place


def _dense(numbers: Array) -> Ints:
    """Return 0, 1, 2... for persons or sessions, -1 for none (0)."""
    codes = np.full(len(numbers), -1, dtype=np.int64)
    known = np.flatnonzero(numbers)
    if len(known):
        codes[known] = _numbered(numbers if len(known) == len(numbers) else numbers[known])
    return codes


def _numbered(names: Array) -> Ints:
    """Return the numbers of equal names, from 0 on; in which order is all the same.

    Sorting is what a report of millions of asks takes longest at, and numbers alone are sorted
    many times faster than with their places. So each name gives up its last bits to its place.
    """
    bits = max(1, len(names) - 1).bit_length()
    below = np.int64((1 << bits) - 1)
    order = np.sort((names & ~below) | np.arange(len(names)))
    order &= below
    ordered = names[order]
    begins = ordered[1:] != ordered[:-1]
    numbers = np.zeros(len(names), dtype=np.int64)
    np.cumsum(begins, out=numbers[1:])
    # Two names that differ in their last bits alone may lie among each other.
    first = ordered[np.flatnonzero(np.concatenate([[True], begins]))]
    if np.any((first[1:] & ~below) == (first[:-1] & ~below)):
        return np.unique(names, return_inverse=True)[1].astype(np.int64, copy=False)
    codes = np.empty(len(names), dtype=np.int64)
    codes[order] = numbers
    return codes


def _followings(
    arrays: dict[str, Array], place: Ints | None, start: Floats
) -> tuple[Followings, int]:
    """Return what followed, and how many events are of asks that were not asked by then."""
    ask = arrays["f_ask"] if place is None else place[arrays["f_ask"]]
    kind, at = arrays["f_type"], arrays["f_at"]
    answer = np.full(len(ask), -1, dtype=np.int8)
    answer[kind == SURVEY] = arrays["answer"]
    held = ask >= 0
    beyond = len(ask) - int(np.count_nonzero(held))
    if beyond:
        ask, kind, at, answer = ask[held], kind[held], at[held], answer[held]
    return Followings(ask, kind, (at - start[ask]) / DAY, answer, grouped=True), beyond


def _lateness(arrays: dict[str, Array]) -> Floats:
    asked = len(arrays["at"])
    late: Floats = np.empty(asked + len(arrays["f_at"]))
    np.subtract(arrays["known"], arrays["at"], out=late[:asked])
    np.subtract(arrays["f_known"], arrays["f_at"], out=late[asked:])
    return np.maximum(late, 0.0, out=late)


def _drawn(arrays: dict[str, Array], place: Ints | None, asks: int) -> Floats:
    """Return with which probability each ask was drawn for the survey; the least of several."""
    drawn = np.full(asks, np.nan)
    ask = arrays["f_ask"][arrays["f_type"] == SURVEY]
    ask = ask if place is None else place[ask]
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
