"""Counts by the hour -> how much usually comes in each hour of a week, and how long a silence is.

In: how much came in each hour of some weeks. Out: what is expected of a span of time, and after how
much of it a silence is no accident any more. Pure.
Not here: reading counts (store), what is said of a silence (silence).

Nights, weekends and slow forums make a silence by the clock say nothing. So it is measured in what
would usually have come in that time (the time change of a Poisson process; Brown et al., 2002): if
what comes were independent, nothing would come while `g` is expected once in e^g times. People do
not come independently, so the longest silence of the same weeks counts, too.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

WEEK_HOURS = 168
# Weeks are looked at as far back as this; with less than two no hour has a usual.
MOST_WEEKS, FEWEST_WEEKS = 8, 2
FEWEST = 50
# Less than once in a hundred thousand silences by accident. What has been before has to be outdone
# twice, but by no more than comes in so much of a week: one in which all was dead must not hide the
# next one.
LEAST_LIMIT = math.log(100_000)
_LONGER, _MOST_OF_WEEK = 2.0, 0.5
# So many weeks of an even week are added to each hour, so that none expects nothing at all.
_EVEN_WEEKS = 0.5


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What usually comes: `rates` an hour of the week, the first that of Thursday 00:00 UTC, which
    is where hours are counted from. A silence of more than `limit` expected ones is no accident.
    """

    rates: tuple[float, ...]
    limit: float

    def expected(self, begin: float, end: float) -> float:
        """Return how many would usually come from one moment to another, in hours since 1970."""
        if end <= begin:
            return 0.0
        weeks, rest = divmod(end - begin, WEEK_HOURS)
        return weeks * sum(self.rates) + _within(self.rates, begin, begin + rest)

    def reached(self, begin: float, wanted: float) -> float:
        """Return the moment by which so many would usually have come."""
        weekly = sum(self.rates)
        weeks, left = divmod(wanted, weekly)
        at = begin + weeks * WEEK_HOURS
        while True:
            hour = math.floor(at)
            rate = self.rates[hour % WEEK_HOURS]
            here = (hour + 1 - at) * rate
            if here >= left:
                return at + left / rate
            at, left = float(hour + 1), left - here


def rhythm_of(counts: Mapping[int, int], end: int) -> Rhythm | None:
    """Return the rhythm of the weeks before an hour, or None where too little came for one.

    `counts` are by hours since 1970; the weeks are whole ones, eight at most.
    """
    known = [hour for hour, count in counts.items() if count and hour < end]
    if not known:
        return None
    weeks = min(MOST_WEEKS, (end - min(known)) // WEEK_HOURS)
    first = end - weeks * WEEK_HOURS
    if weeks < FEWEST_WEEKS or sum(counts.get(hour, 0) for hour in range(first, end)) < FEWEST:
        return None
    each = np.array([counts.get(hour, 0) for hour in range(first, end)], dtype=np.float64)
    summed = np.zeros(WEEK_HOURS)
    np.add.at(summed, np.arange(first, end) % WEEK_HOURS, each)
    even = float(each.mean())
    rates = tuple(((summed + _EVEN_WEEKS * even) / (weeks + _EVEN_WEEKS)).tolist())
    before = min(_LONGER * _longest(each.tolist(), first, rates), _MOST_OF_WEEK * sum(rates))
    return Rhythm(rates, max(LEAST_LIMIT, before))


def _longest(each: Sequence[float], first: int, rates: Sequence[float]) -> float:
    """Return the longest silence within the weeks, in what was expected while it lasted."""
    longest = lasting = 0.0
    for hour, count in enumerate(each, first):
        lasting = 0.0 if count else lasting + rates[hour % WEEK_HOURS]
        longest = max(longest, lasting)
    return longest


def _within(rates: Sequence[float], begin: float, end: float) -> float:
    """Return what is expected of less than a week."""
    total, at = 0.0, begin
    while at < end:
        upto = min(math.floor(at) + 1, end)
        total += (upto - at) * rates[math.floor(at) % WEEK_HOURS]
        at = upto
    return total
