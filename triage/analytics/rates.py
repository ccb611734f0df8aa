"""Marked asks -> how many they are, of how many persons, and a share that knows of few persons.

In: a `View`, which asks are the part and which the whole. Out: figures and shares.
Not here: which asks those are (cards), intervals themselves (outcomes.intervals).
"""

import numpy as np

from triage.analytics.values import FEWEST_PERSONS, Figure, View
from triage.outcomes.asks import Flags, Ints
from triage.outcomes.intervals import Share, mean_share
from triage.outcomes.lift import Lift, Problems, enough_of, problems_of

_SPARSE = 16

Told = tuple[float, float, float]
Ends = Told | tuple[None, None, None]


def persons_among(view: View, among: Flags) -> int:
    """Return of how many persons these asks are; one nobody knows counts by session or ask."""
    return persons_of(view.who[among])


def persons_of(who: Ints) -> int:
    """Return how many different ones there are; they are numbered from 0."""
    # Counting is many times faster than sorting, unless most numbers are nobody's here.
    if int(who.max(initial=-1)) < _SPARSE * len(who):
        return int(np.count_nonzero(np.bincount(who)))
    return len(np.unique(who))


def rate(part: Flags, who: Ints) -> Share | None:
    """Return the share of marked ones with its interval, or None where too few persons speak.

    `part` and `who` are of the whole alone.
    """
    found = mean_share(part.astype(np.float64), who)
    return None if found is None or found.persons < FEWEST_PERSONS else found


def ends_of(found: Share | Lift | None) -> Ends:
    """Return a value with its two ends; None for each where nothing is told."""
    return (None, None, None) if found is None else (found.value, found.low, found.high)


def plain_share(view: View, part: Flags, whole: Flags) -> Told | None:
    """Return which share of the whole the part is, at least and at most; None of nothing."""
    found = mean_share(part[whole].astype(np.float64), view.who[whole])
    return None if found is None else (found.value, found.low, found.high)


def count_figure(view: View, name: str, part: Flags) -> Figure:
    """Return a figure that only counts."""
    count, persons = int(np.sum(part)), persons_among(view, part)
    return Figure(name, count, None, None, None, None, persons, enough=True)


def share_figure(view: View, name: str, part: Flags, whole: Flags, told: Told | None) -> Figure:
    """Return a figure with the share that is told of it, if enough persons are behind the whole."""
    persons = persons_among(view, whole)
    enough = told is not None and persons >= FEWEST_PERSONS
    value, low, high = told if told is not None and enough else (None, None, None)
    of = int(np.sum(whole))
    return Figure(name, int(np.sum(part)), of, value, low, high, persons, enough)


def compared(view: View) -> Problems:
    """Return the problems that the view's lift is of, in the order of time.

    They are of persons, or where nobody is known of sessions, as the report's `unit` says.
    """
    if view.report["unit"] == "person":
        problems = problems_of(view.asks, view.kept, view.asks.person)
    else:
        problems = problems_of(view.asks, view.kept & (view.asks.person < 0), view.who)
    chances = problems.by_share()
    if len(chances) < 2:
        return problems
    # Where chances of the holdout differ, a lift leaves out those that one arm hardly has.
    both = [some.ask for some in enough_of(chances) if len(np.unique(some.arm)) > 1]
    return problems.where(np.isin(problems.ask, np.concatenate(both or [problems.ask[:0]])))


def told_lift(lift: Lift | None) -> Lift | None:
    """Return the lift, or None where an arm has too few persons to speak."""
    if lift is None or min(lift.holdout.persons, lift.treatment.persons) < FEWEST_PERSONS:
        return None
    return lift
