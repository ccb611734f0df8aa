"""Whether the experiment is sound and large enough: the split, what could be seen, and when.

In: counts, shares, the lift so far. Out: a p-value, a smallest effect, days.
Not here: the lift itself (lift), looking daily (sequence).
"""

import math

from scipy.special import ndtri

from triage.outcomes.lift import Lift

SPLIT_ALARM = 0.001
POWER = 0.8
_BOTH = float(ndtri(0.975) + ndtri(POWER))


def split_p(holdout: int, treatment: int, share: float) -> float | None:
    """Return the probability of a split at least as odd as this one, if `share` is true.

    Exact two-sided binomial test of persons. None without anybody, or where nobody should be in
    the holdout and nobody is.
    """
    if holdout + treatment == 0 or (share == 0 and holdout == 0):
        return None
    # Here: no other command or request needs what takes longer to import than all of this room.
    from scipy.stats import binomtest

    return float(binomtest(holdout, holdout + treatment, share).pvalue)


def smallest_visible(standard_error: float) -> float:
    """Return the true lift that a test at 5 % finds in four of five cases, at this error.

    (z of 0.975 + z of 0.8) x standard error. The error is the one measured, so that clusters,
    open windows and the size of the arms are in it.
    """
    return _BOTH * standard_error


def planned_error(
    posting: float, persons: float, holdout: float, asks_each: float = 1.0, alike: float = 0.0
) -> float:
    """Return the standard error to expect of so many persons before anything is measured.

    `posting` is the share of asks that are posted, `alike` the correlation of two asks of one
    person: the variance is that of independent asks times 1 + (asks_each - 1) x alike.
    """
    design = 1 + (asks_each - 1) * alike
    variance = posting * (1 - posting) * design / (persons * asks_each)
    return math.sqrt(variance * (1 / holdout + 1 / (1 - holdout)))


def days_until_visible(lift: Lift, days_so_far: float, wanted: float) -> float | None:
    """Return how many more days it takes until a lift of `wanted` can be seen; 0 for now.

    Asks keep coming as they came, so that the squared error falls in proportion to the days.
    """
    if not 0 < lift.standard_error < math.inf or days_so_far <= 0 or wanted <= 0:
        return None
    factor = (smallest_visible(lift.standard_error) / wanted) ** 2
    return max(0.0, days_so_far * (factor - 1))
