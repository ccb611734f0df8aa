"""The log of events -> one row per ask, with what followed it, as things stood at one moment.

In: an `EventLog`, and the moment as of which is looked. Out: `Asks`: arrays with one entry per
ask, in the order of their first calls, and the `Followings` that speak of them.
Not here: which outcome that makes (outcome), who is left out (exclusion).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.outcomes.columns import NAMED
from triage.outcomes.followings import Followings
from triage.outcomes.log import EventLog
from triage.outcomes.placings import NO_PLACINGS, Placings
from triage.outcomes.told import ASKED, CODE_OF, RETURNED, UNSEEN, AskedRow
from triage.records import EventType

DAY = 86_400.0
# What happens later than this after its ask says nothing of when the file ends.
LONGEST_FOLLOWED_DAYS = 28.0

_NOTHING_SAID: list[list[Any]] = [[] for _ in AskedRow._fields]
_SHOWN = (CODE_OF[EventType.SHOWN], UNSEEN)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Names:
    """A name for each ask, as its place among the names; -1 where there is none."""

    code: Ints
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asks:
    """One row per ask, all arrays of one length; a person or session below 0 is not known.

    `start` is in seconds since 1970 UTC, `followed` how many days are known of what came after.
    `session` is that of asks without a person: nobody asks for that of the others.
    `root` is the ask that this one comes back to, or itself. `shown_told` says whether the log
    tells at all what was seen. `survey_probability` is that of being drawn for the survey's
    question, `share` that of the holdout when the ask was assigned; nan where nobody says it.
    `product`, `account` and `destination` are those of the first call, as `lang`, `topic` and
    `newcomer` are; `simulated` asks are made up. `placings` are there where asks were kept as
    columns.
    """

    ids: Sequence[str]
    as_of: float
    start: Floats
    followed: Floats
    arm: Ints
    person: Ints
    session: Ints
    offered: Flags
    root: Ints
    lang: Names
    topic: Names
    product: Names
    account: Names
    destination: Names
    newcomer: Ints
    severity: Ints
    sensitive: Flags
    barred: Ints
    simulated: Flags
    followings: Followings
    shown_told: bool
    late_seconds: Floats
    orphans: int
    survey_probability: Floats
    share: Floats
    placings: Placings = NO_PLACINGS

    def __len__(self) -> int:
        return len(self.ids)


def asks_of(log: EventLog, as_of: float | None = None) -> Asks:
    """Return the asks of a log as they stood at `as_of`, in seconds since 1970 UTC.

    Without it that is the last moment that the log tells of, not counting what happened more
    than 28 days after its ask (a clock that runs ahead must not close every window).
    """
    known = np.ones(len(log.at), dtype=bool)
    if as_of is not None:
        # An event that came in later was not known then. Comparing with nan is false.
        known = (log.at <= as_of) & ~(log.received > as_of)
    places, rows = _assigned(log, known)
    new_place = np.full(len(log.ask_ids), -1)
    new_place[places] = np.arange(len(places))
    said = _Said(*([list(column) for column in zip(*rows, strict=True)] or _NOTHING_SAID))
    start = np.array(said.at, dtype=np.float64)
    ids = tuple(log.ask_ids[place] for place in places.tolist())
    told, orphans = _followings(log, known, new_place, start)
    end = _end(log, told, start) if as_of is None else as_of
    former = _formers(ids, said)
    lateness = (log.received - log.at)[known & ~np.isnan(log.received)]
    return Asks(
        ids=ids,
        as_of=end,
        start=start,
        followed=np.maximum(end - start, 0.0) / DAY,
        arm=np.array(said.arm, dtype=np.int64),
        person=_named(said.person).code,
        session=_named(_unnamed(said.session, said.person)).code,
        offered=np.array(said.offered, dtype=bool),
        root=_roots(former),
        **_names_of(said),
        newcomer=np.array(said.newcomer, dtype=np.int64),
        severity=np.array(said.severity, dtype=np.int64),
        sensitive=np.array(said.sensitive, dtype=bool),
        barred=np.array(said.barred, dtype=np.int64),
        simulated=np.array(said.simulated, dtype=bool),
        followings=_with_returns(told, former, start),
        shown_told=bool(np.any(np.isin(log.type, _SHOWN))),
        late_seconds=np.maximum(lateness, 0.0),
        orphans=orphans,
        survey_probability=log.drawn(known, new_place, len(ids)),
        share=np.array([np.nan if one < 0 else one for one in said.share], dtype=np.float64),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """The columns of the asks' `asked` rows."""

    at: list[float]
    arm: list[int]
    person: list[str]
    session: list[str]
    offered: list[bool]
    return_of: list[str]
    lang: list[str]
    topic: list[str]
    newcomer: list[int]
    severity: list[int]
    sensitive: list[bool]
    barred: list[int]
    share: list[float]
    product: list[str]
    account: list[str]
    destination: list[str]
    simulated: list[bool]


def _assigned(log: EventLog, known: Flags) -> tuple[Ints, list[AskedRow]]:
    """Return the asks in the order of their first `asked` rows, which assign them, and the rows.

    Arm and person are the first row's alone: whoever logs in on the way does so because of what
    came after the assignment, and would carry that into the comparison.
    """
    rows: dict[int, AskedRow] = {}
    several: dict[int, list[AskedRow]] = {}
    places = np.fromiter(log.asked, dtype=np.int64, count=len(log.asked))
    kept = known[places].tolist()
    for ask, row, counts in zip(log.ask[places].tolist(), log.asked.values(), kept, strict=True):
        if counts and rows.setdefault(ask, row) is not row:
            several.setdefault(ask, [rows[ask]]).append(row)
    for ask, told in several.items():
        rows[ask] = _joined(told)
    # Asks of one moment go by their ids, so that the order of arrival never matters.
    order = sorted(rows, key=lambda ask: rows[ask].at)
    moments = [rows[ask].at for ask in order]
    if len(set(moments)) < len(moments):
        order.sort(key=lambda ask: (rows[ask].at, log.ask_ids[ask]))
    return np.array(order, dtype=np.int64), [rows[ask] for ask in order]


def _joined(rows: list[AskedRow]) -> AskedRow:
    # A row without an arm assigns nothing: a front end may tell of the asking too.
    rows = sorted(rows, key=lambda row: (row.arm < 0, row))
    returns = [row.return_of for row in rows if row.return_of]
    return rows[0]._replace(
        offered=any(row.offered for row in rows),
        # A draft may turn into another problem; one that names itself comes back to none.
        return_of=returns[-1] if returns else "",
        severity=min(row.severity for row in rows),
        sensitive=any(row.sensitive for row in rows),
        barred=max(row.barred for row in rows),
        simulated=any(row.simulated for row in rows),
    )


def _followings(
    log: EventLog, known: Flags, new_place: Ints, start: Floats
) -> tuple[Followings, int]:
    """Return what followed the asks, and how many events belong to no ask that was asked."""
    after = known & (log.type != ASKED)
    ask = new_place[log.ask[after]]
    held = ask >= 0
    ask = ask[held]
    at = (log.at[after][held] - start[ask]) / DAY
    types = log.type[after][held].astype(np.int64)
    answer = log.answer[after][held].astype(np.int64)
    return Followings(ask, types, at, answer), int(np.sum(~held))


def _end(log: EventLog, told: Followings, start: Floats) -> float:
    near = told.at <= LONGEST_FOLLOWED_DAYS
    moments = (start, start[told.ask[near]] + told.at[near] * DAY)
    arrived = log.received[~np.isnan(log.received)]
    return max((float(part.max()) for part in (*moments, arrived) if len(part)), default=0.0)


def _formers(ids: Sequence[str], said: _Said) -> Ints:
    """Return for each ask the one that it comes back to, or itself; asks are in time order.

    An ask can only come back to an earlier one of the same person.
    """
    former = np.arange(len(ids))
    if not any(said.return_of):
        return former
    place_of = {ask_id: place for place, ask_id in enumerate(ids)}
    for place, named in enumerate(said.return_of):
        earlier = place_of.get(named, place) if named else place
        if earlier < place and said.person[place] == said.person[earlier]:
            former[place] = earlier
    return former


def _roots(former: Ints) -> Ints:
    """Return for each ask the first of the chain that it comes back to, or itself."""
    root = former.copy()
    for place in np.flatnonzero(former != np.arange(len(former))):
        root[place] = root[former[place]]
    return root


def _with_returns(told: Followings, former: Ints, start: Floats) -> Followings:
    """Add a return to every ask that a later one comes back to."""
    later = np.flatnonzero(former != np.arange(len(former)))
    if not len(later):
        return told
    earlier = former[later]
    return Followings(
        np.concatenate([told.ask, earlier]),
        np.concatenate([told.type, np.full(len(later), RETURNED)]),
        np.concatenate([told.at, (start[later] - start[earlier]) / DAY]),
        np.concatenate([told.answer, np.full(len(later), -1)]),
    )


def _names_of(said: _Said) -> dict[str, Any]:
    return {name: _named(getattr(said, name)) for name in NAMED}


def _unnamed(sessions: Sequence[str], persons: Sequence[str]) -> list[str]:
    """Return the sessions of those whose person is not known."""
    return ["" if person else session for session, person in zip(sessions, persons, strict=True)]


def _named(texts: Sequence[str]) -> Names:
    names = tuple(sorted(set(texts) - {""}))
    code_of = {name: code for code, name in enumerate(names)}
    code_of[""] = -1
    return Names(np.array([code_of[text] for text in texts], dtype=np.int64), names)
