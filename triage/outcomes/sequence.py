"""Looking every day without fooling oneself: intervals and alarms that hold at all looks at once.

In: problems, the moments of the looks. Out: a confidence sequence of the lift; a p-value of the
split between the arms that may be looked at after every person.
Not here: the interval of one planned look (lift).

The sequence is the asymptotic one of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas ("Time-uniform
central limit theory and asymptotic confidence sequences", Annals of Statistics, 2024, theorem
2.2), in which the variance is the clustered one. Robbins' normal mixture is behind it: the chance
that it ever leaves out the true lift is at most 5 %. It is looser than the interval of one look;
that is the price of stopping when one likes. The alarm is the mixture of Lindon and Malek
("Anytime-valid inference for multinomial count data", NeurIPS 2022).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import betaln

from triage.outcomes.asks import DAY, Flags, Floats
from triage.outcomes.intervals import CONFIDENCE
from triage.outcomes.lift import Lift, Problems, lift_of
from triage.outcomes.outcome import WINDOW_DAYS

# The theory is of many: no look counts before so many persons of each arm are in.
FEWEST_PERSONS = 30
# The standard error at which the sequence is tightest. Fixed beforehand: chosen after looking, it
# would break the promise.
TIGHTEST_AT_ERROR = 0.02
_SPLIT_WEIGHT = 100.0


@dataclass(frozen=True, slots=True)
class Look:
    """The lift as it was known at one moment, and between what it lies at all looks at once."""

    at: float
    value: float
    low: float
    high: float
    days: float


def always_valid(lift: Lift) -> tuple[float, float] | None:
    """Return the interval of this look that holds at all looks at once; None while it is early."""
    few = min(lift.holdout.persons, lift.treatment.persons) < FEWEST_PERSONS
    if few or not 0 < lift.standard_error < math.inf:
        return None
    half = _half_width(lift.standard_error)
    return lift.value - half, lift.value + half


def looks(
    problems: Problems, moments: Sequence[float], window_days: float = WINDOW_DAYS
) -> list[Look]:
    """Return the sequence over these moments, as it was known at each of them."""
    found = []
    for moment in moments:
        lift = lift_of(known_at(problems, moment), window_days)
        interval = None if lift is None else always_valid(lift)
        if lift is not None and interval is not None:
            found.append(Look(moment, lift.value, *interval, lift.days))
    return found


def split_p_always(in_holdout: Flags, share: float | Floats) -> float | None:
    """Return the p-value of the split, persons in the order of their first asks.

    One over the largest mixture so far: under the stated share it is ever below p with a chance of
    at most p. None without anybody, or without a holdout. Each person may have a share of their
    own: whatever is bet on the next one, it gains nothing where the shares are true.
    """
    shares = np.broadcast_to(np.asarray(share, dtype=np.float64), in_holdout.shape)
    if not len(in_holdout) or not np.all((shares > 0) & (shares < 1)):
        return None
    bet = float(np.mean(shares))
    held = np.cumsum(in_holdout)
    others = np.arange(1, len(in_holdout) + 1) - held
    mine, theirs = _SPLIT_WEIGHT * bet, _SPLIT_WEIGHT * (1 - bet)
    mixture = betaln(mine + held, theirs + others) - betaln(mine, theirs)
    evidence = mixture - np.cumsum(np.where(in_holdout, np.log(shares), np.log1p(-shares)))
    return float(min(1.0, math.exp(-max(0.0, float(evidence.max())))))


def known_at(problems: Problems, moment: float) -> Problems:
    """Return the problems that had begun by a moment, followed no further than until then."""
    begun = problems.where(problems.start <= moment)
    followed = np.minimum(begun.followed, (moment - begun.start) / DAY)
    return replace(begun, followed=followed)


def _half_width(error: float) -> float:
    """Return the half width at an information of 1/error², for a mixture fixed beforehand."""
    alpha = 1 - CONFIDENCE
    information = 1 / error**2
    spread = TIGHTEST_AT_ERROR**-2 / (-2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha)))
    both = information + spread
    return math.sqrt(both * math.log(both / (spread * alpha**2))) / information
