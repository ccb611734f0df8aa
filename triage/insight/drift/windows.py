"""Traffic, a reference, a day -> the asks that are compared, one a person and week.

In: all asks, the days of the reference, the day of looking. Out: slices of them, each with its
weeks: those of the reference, and the last whole ones.
Not here: comparing, verdicts.

Weeks are seven days counted from the end of the reference, so that each has every day of the week
once: a Monday is never held against a Sunday. Within one nothing is decided, however often one
looks: a look on each day is one look a week.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from triage.insight.drift.comparing import Singles
from triage.insight.drift.drawing import one_a_week, relabelled
from triage.insight.drift.values import ALL, WEEK, Flags, Looking, Span, Traffic
from triage.insight.values import Codes

# A month shows what a week has too few persons for.
LONG = 4
# So many persons tell a change; more only cost time.
_MOST_PERSONS = 3000
_MOST_SLICES = 8


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """Asks of a slice, one a person and week; weeks below 0 are of the reference."""

    name: str
    traffic: Traffic
    week: Codes
    last: int
    looking: Looking
    _drawn: dict[tuple[int, bytes], Singles] = field(default_factory=dict)

    def windows(self) -> Iterator[int]:
        """Give how many of the last weeks are held against the reference: one, and a month."""
        if self.last >= 0:
            yield 1
        if self.last >= 1:
            yield min(LONG, self.last + 1)

    def chosen(self, weeks: int, known: Flags) -> Flags:
        """Return which rows are compared: of the reference and of so many last weeks."""
        return known & ((self.week < 0) | (self.recent(weeks)))

    def recent(self, weeks: int) -> Flags:
        """Return which rows are of the last weeks."""
        return (self.week >= max(0, self.last + 1 - weeks)) & (self.week <= self.last)

    def persons(self, rows: Flags) -> int:
        """Return how many persons rows are of."""
        return len(np.unique(self.traffic.who[rows]))

    def enough(self, weeks: int, known: Flags) -> bool:
        """Say whether so many weeks and the reference have enough persons to be compared."""
        lately = self.persons(known & self.recent(weeks))
        before = known & (self.week < 0)
        if lately < self.looking.persons or self.persons(before) < 2 * self.looking.persons:
            return False
        return len(np.unique(self.week[before])) >= self.looking.weeks

    def drawn(self, weeks: int, chosen: Flags) -> Singles:
        """Return other times for the chosen rows, the same for all measures that have them."""
        key = weeks, chosen.tobytes()
        if key not in self._drawn:
            rng = np.random.default_rng(self.looking.seed)
            recent = self.recent(weeks)[chosen]
            found = relabelled(self.traffic.who[chosen], recent, self.looking.draws, rng)
            self._drawn[key] = found.astype(np.float32)
        return self._drawn[key]


def last_week(reference: Span, day: int) -> int:
    """Return the number of the last week that is over before a day; below 0 there is none."""
    return (day - reference.end) // WEEK - 1


def slices(traffic: Traffic, reference: Span, day: int, looking: Looking) -> Iterator[Slice]:
    """Give all asks, and then each slice with enough persons in the last month."""
    first = reference.end - reference.weeks * WEEK
    last = last_week(reference, day)
    inside = (traffic.day >= first) & (traffic.day < reference.end + (last + 1) * WEEK)
    rows = np.flatnonzero(inside)
    if not len(rows):
        return
    rows = rows[one_a_week(traffic.day[rows], traffic.who[rows], reference.end)]
    rows = rows[_some(traffic.who[rows], looking.seed)]
    weekly = traffic.only(rows)
    week = (weekly.day - reference.end) // WEEK
    yield Slice(ALL, weekly, week, last, looking)
    for name, chosen in _sliced(weekly, week > last - LONG, looking):
        yield Slice(name, weekly.only(chosen), week[chosen], last, looking)


def _sliced(weekly: Traffic, recent: Flags, looking: Looking) -> Iterator[tuple[str, Codes]]:
    """Give the largest slices by their names; whose are too few are no slice."""
    found: list[tuple[int, str, Codes]] = []
    for kind, names in weekly.slices.items():
        told = np.array(["" if name is None else name for name in names])
        for name in np.unique(told):
            mine = told == name
            persons = len(np.unique(weekly.who[mine & recent]))
            if name and persons >= looking.persons and not mine.all():
                found.append((-persons, f"{kind}={name}", np.flatnonzero(mine)))
    found.sort(key=lambda one: one[:2])
    yield from ((name, rows) for _, name, rows in found[:_MOST_SLICES])


def _some(who: Codes, seed: int) -> Codes:
    """Return the rows of at most so many persons, drawn by lot."""
    persons = np.unique(who)
    if len(persons) <= _MOST_PERSONS:
        return np.arange(len(who))
    drawn = np.random.default_rng(seed).permutation(persons)[:_MOST_PERSONS]
    return np.flatnonzero(np.isin(who, drawn))
