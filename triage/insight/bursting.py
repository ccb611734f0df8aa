"""Asks as they come, and those of the past weeks -> bursts of one meaning. Pure.

In: recent and past asks. Out: bursts that would hardly come by chance.
Each new ask is a question to the past: of the persons who asked within the last minutes, are more
like this one than of those who asked before? That is a fourfold table, and Fisher's exact test of
it needs neither a rate per hour nor its spread: whatever makes all asks more or fewer (day and
night, Mondays, growth) is in both its rows. It is asked once of the whole past and once of the same
time of day, and the weaker answer counts. So many tests a week, each wrong with probability alpha,
give at most so many false alarms: alpha is what the wanted number allows.
Not here: what was proposed already, how a lead is told.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.insight.sameness import Sameness
from triage.insight.values import Burst, Codes, Item, Numbers, Vectors, Watching

_MINUTE = 60.0
_DAY = 86_400.0
_WEEK = 7 * _DAY
# With fewer asks at a time of day, the whole past alone says what is usual.
_ENOUGH = 50
_USUALLY = Watching()


@dataclass(frozen=True, slots=True, eq=False)
class _Asks:
    """Asks, at least one, in the order of time: where, when, whose; `persons` are numbers."""

    items: Sequence[Item]
    rows: Vectors
    at: Numbers
    persons: Codes

    @classmethod
    def of(cls, items: Sequence[Item], sameness: Sameness) -> "_Asks":
        """Put asks in order and in their places."""
        ordered = sorted(items, key=lambda item: (item.at, item.id))
        numbers: dict[str, int] = {}
        persons = [numbers.setdefault(item.asker, len(numbers)) for item in ordered]
        vectors = np.stack([item.vector for item in ordered])
        rows = sameness.place(vectors, [item.lang for item in ordered])
        at = np.array([item.at for item in ordered], dtype=np.float64)
        return cls(ordered, rows, at, np.array(persons, dtype=np.int64))


def bursts(
    recent: Sequence[Item],
    past: Sequence[Item],
    sameness: Sameness,
    *,
    since: float,
    now: float,
    watching: Watching = _USUALLY,
) -> tuple[Burst, ...]:
    """Find the bursts that asks after `since`, up to `now`, tell of; the surest first.

    `recent` reach back as far as the longest window, and `past` are those before them. Without a
    past nothing is known to be unusual. A meaning has one burst, of the ask that tells most.
    """
    come = [item for item in recent if item.at <= now]
    if not past or not any(item.at > since for item in come):
        return ()
    asks, before = _Asks.of(come, sameness), _Asks.of(past, sameness)
    allowed = allowed_by_chance(before.at, now, watching)
    found = [
        burst
        for i in np.flatnonzero(asks.at > since).tolist()
        if (burst := _told_by(i, asks, before, sameness, watching, allowed)) is not None
    ]
    return tuple(_one_of_each(found))


def allowed_by_chance(at: Numbers, now: float, watching: Watching) -> float:
    """Return the p-value up to which an ask's window tells of a burst."""
    weeks = max((now - float(at.min())) / _WEEK, 1 / 7)
    tests = max(len(at) / weeks, 1.0) * len(watching.minutes) * len(watching.alike)
    return watching.false_alarms_per_week / tests


def chance(like: int, others: int, like_before: int, before: int) -> float:
    """Return how likely at least so many of the others are alike, if they are as those before.

    The upper tail of the hypergeometric distribution, exact.
    """
    alike, total = like + like_before, others + before
    most = min(others, alike)
    logs = [
        _choices(alike, x) + _choices(total - alike, others - x) - _choices(total, others)
        for x in range(like, most + 1)
        if others - x <= total - alike
    ]
    return min(1.0, sum(math.exp(value) for value in logs))


def _choices(count: int, chosen: int) -> float:
    return math.lgamma(count + 1) - math.lgamma(chosen + 1) - math.lgamma(count - chosen + 1)


def _told_by(
    number: int,
    asks: _Asks,
    before: _Asks,
    sameness: Sameness,
    watching: Watching,
    allowed: float,
) -> Burst | None:
    """Return the burst that one ask tells of: the surest of all windows and of all nearness."""
    near = asks.rows[: number + 1] @ asks.rows[number]
    near_before: Vectors | None = None
    told: list[Burst] = []
    for likely in watching.alike:
        least = sameness.alone.value(likely)
        alike = near >= least
        alike[number] = True
        if len(np.unique(asks.persons[: number + 1][alike])) < watching.persons:
            continue
        if near_before is None:
            near_before = before.rows @ asks.rows[number]
        past = list(_past(before, near_before >= least, asks.at[number], watching))
        told += _in_windows(number, alike, asks, past, watching)
    surest = min(told, key=lambda one: one.p_value, default=None)
    return surest if surest is not None and surest.p_value <= allowed else None


def _in_windows(
    number: int,
    alike: NDArray[np.bool_],
    asks: _Asks,
    past: Sequence[tuple[int, int]],
    watching: Watching,
) -> Iterator[Burst]:
    """Yield what each window with persons enough would tell."""
    for minutes in watching.minutes:
        within = asks.at[: number + 1] >= asks.at[number] - minutes * _MINUTE
        members = np.flatnonzero(within & alike)
        persons = len(np.unique(asks.persons[members]))
        if persons < watching.persons:
            continue
        # The ask itself chose the meaning, so it is no evidence: the others are.
        others = len(np.unique(asks.persons[: number + 1][within])) - 1
        p_value = max(chance(persons - 1, others, like, count) for like, count in past)
        like, count = past[0]
        yield _burst(asks, members, persons, minutes, others * like / count, p_value)


def _past(
    before: _Asks, alike: NDArray[np.bool_], at: float, watching: Watching
) -> Iterator[tuple[int, int]]:
    """Yield how many of how many were like it: ever, and at this time of day; a person a day."""
    days = np.floor(before.at / _DAY).astype(np.int64)
    keys = before.persons * (int(days.max()) + 1) + days
    off = np.abs((before.at - at + _DAY / 2) % _DAY - _DAY / 2)
    yield len(np.unique(keys[alike])), len(np.unique(keys))
    same = off <= watching.hours * 3600
    if (count := len(np.unique(keys[same]))) >= _ENOUGH:
        yield len(np.unique(keys[same & alike])), count


def _burst(
    asks: _Asks, members: Codes, persons: int, minutes: int, expected: float, p_value: float
) -> Burst:
    items = [asks.items[i] for i in members.tolist()]
    langs = tuple(sorted({item.lang for item in items}))
    return Burst(
        items[-1].id,
        tuple(item.id for item in items),
        persons,
        langs,
        items[0].at,
        items[-1].at,
        minutes,
        expected,
        p_value,
    )


def _one_of_each(found: Sequence[Burst]) -> Iterator[Burst]:
    """Yield the surest of those that share an ask."""
    told: set[str] = set()
    for burst in sorted(found, key=lambda one: (one.p_value, one.centre)):
        if told.isdisjoint(burst.members):
            yield burst
        told.update(burst.members)
