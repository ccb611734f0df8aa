"""Which cases two models are tried on: new to the one, and kept from the other.

In: cases with their sets of twins, and what the champion was learnt from. Out: the newest cases
that the champion has never met, and those that the challenger's trial may learn from.
Not here: what the models said of them (challenge), folds (folds).

Days as they come: a case without a date, or dated later than now, may be learnt from, but is never
among the judged, since nobody knows that it is new; nor may the trial learn from it unless the
champion has, since it may come from after the judged ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from triage.records import Case

Mask = NDArray[np.bool_]
# Clocks differ.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SplitOptions:
    """How many of the new cases are judged: the newest `share`, at most `most`, or none at all
    when these would be fewer than `fewest` sets of twins.
    """

    share: float = 0.5
    fewest: int = 30
    most: int = 4_000


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The judged and the cases to learn a trial from, by their places; `why` when there is none."""

    judged: NDArray[np.int64]
    learnt: NDArray[np.int64]
    why: str | None = None


def split_by_time(
    cases: Sequence[Case],
    sets: NDArray[np.int64],
    known: Mask,
    now: datetime,
    options: SplitOptions = SplitOptions(),
) -> Split:
    """Keep the newest new cases from the trial, with their twins and all that came after them.

    `known` says which cases the champion was learnt from, or has met a twin of.
    """
    met = np.isin(sets, np.unique(sets[known]))
    dated = np.array([_believable(c, now) for c in cases], dtype=bool)
    fresh = np.flatnonzero(dated & ~met)
    when = [case.created.timestamp() if case.created else 0.0 for case in cases]
    newest = sorted(fresh.tolist(), key=lambda place: (-when[place], cases[place].id))
    wanted = min(options.most, int(np.ceil(len(newest) * options.share)))
    # With few new ones all are judged: a trial that learns half of them proves less than a test
    # on twice as many.
    wanted = max(wanted, min(len(newest), 2 * options.fewest))
    judged = np.array(sorted(newest[:wanted]), dtype=np.int64)
    apart = len(np.unique(sets[judged])) if len(judged) else 0
    if apart < options.fewest:
        none = np.empty(0, dtype=np.int64)
        why = f"{apart} cases are new, of known date and different; {options.fewest} are needed"
        return Split(none, none, why)
    begin = min(when[place] for place in judged)
    older = dated & (np.array(when) < begin)
    held_out = np.isin(sets, np.unique(sets[judged]))
    # What the champion knows the trial may know too: both are asked as they would be today.
    return Split(judged, np.flatnonzero((known | older) & ~held_out))


def _believable(case: Case, now: datetime) -> bool:
    return case.created is not None and case.created <= now + _AHEAD
