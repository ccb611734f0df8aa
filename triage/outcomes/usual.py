"""Values of earlier days -> between what the same value of one more such day usually lies. Pure.

In: counts, or shares with what they are shares of. Out: the ends of a range that holds 99 in 100
such days, or none where too few are known.
Not here: whether something works (lift), which days are alike (overseeing).

Counts are made of even variance by their square roots (Anscombe, 1948), shares by the arcsine of
theirs; the range is that of one more value (Student's t). Days vary more than chance alone lets
them, so the variance is that of the days, and at least that of chance.
"""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import stdtrit

from triage.outcomes.asks import Floats

HELD = 0.99
FEWEST_COUNTS, FEWEST_SHARES = 4, 14
_SHIFT = 3 / 8

Range = tuple[float, float]


def usual_count(earlier: Sequence[int]) -> Range | None:
    """Return the range of counts, in whole numbers, or None for fewer than four earlier ones."""
    if len(earlier) < FEWEST_COUNTS:
        return None
    even = 2 * np.sqrt(np.asarray(earlier, dtype=np.float64) + _SHIFT)
    # Of a Poisson count it is 1.
    spread = max(1.0, float(even.std(ddof=1)))
    middle, reach = float(even.mean()), _reach(len(earlier)) * spread
    low, high = ((max(0.0, end) / 2) ** 2 - _SHIFT for end in (middle - reach, middle + reach))
    return float(max(0, math.ceil(low))), float(max(0, math.floor(high)))


def usual_share(earlier: Sequence[tuple[int, int]], whole: int) -> Range | None:
    """Return the range of the share of `whole`, of earlier parts and wholes; None for too few."""
    known = [(part, of) for part, of in earlier if of]
    if len(known) < FEWEST_SHARES or not whole:
        return None
    parts, wholes = (np.array(some, dtype=np.float64) for some in zip(*known, strict=True))
    total = float(wholes.sum())
    share = float(parts.sum()) / total
    beyond = _beyond_chance(parts, wholes, share)
    spread = math.sqrt(beyond / 4 * (1 / whole + 1 / total))
    # Nobody of many is still not nobody of all.
    angle = math.asin(math.sqrt(min(1.0, (share * total + _SHIFT) / (total + 2 * _SHIFT))))
    reach = _reach(len(known)) * spread
    low, high = max(0.0, angle - reach), min(math.pi / 2, angle + reach)
    return math.sin(low) ** 2, math.sin(high) ** 2


def _beyond_chance(parts: Floats, wholes: Floats, share: float) -> float:
    """Return how many times as much as by chance the shares of days vary; at least once."""
    by_chance = wholes * share * (1 - share)
    if not by_chance.all():
        return 1.0
    off = float(np.sum(np.square(parts - wholes * share) / by_chance))
    return max(1.0, off / (len(parts) - 1))


def _reach(known: int) -> float:
    """Return how many standard deviations lie on each side."""
    t: float = stdtrit(known - 1, (1 + HELD) / 2)
    return t * math.sqrt(1 + 1 / known)
