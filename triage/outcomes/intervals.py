"""Shares and differences of shares -> intervals that know of clusters and of small samples.

In: a share with its standard error, or one value per ask and whose it is. Out: intervals.
Not here: what is measured (lift, bounds).

Wilson (1927), with the number of asks taken as that of as many independent ones as the clusters
are worth (Korn and Graubard, 1998), and the quantile of Student's t with the degrees of freedom
of the effective number of clusters (Carter, Schnepel and Steigerwald, 2017). A difference of two
shares joins their intervals (Newcombe, 1998; with correlated shares Zou and Donner, 2008). Far
from 0 and 1 and with many persons this is the usual estimate and 1.96 cluster-robust errors; with
few it stays within the possible and does not shrink to nothing when nobody posted.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from triage.outcomes.asks import Floats, Ints

CONFIDENCE = 0.95
# So many places an ask are cheaper to count than to sort the asks.
_SPARSE = 16


@dataclass(frozen=True, slots=True)
class Share:
    """A share of asks, between what it lies, and from how many asks of how many persons."""

    value: float
    low: float
    high: float
    standard_error: float
    asks: int
    persons: int


@dataclass(frozen=True, slots=True)
class Clusters:
    """Whose asks there are: for each ask the place of its person, and how many persons.

    Not every place below `places` need be somebody's.
    """

    member: Ints
    number: int
    places: int
    # The share of the asks that two of them drawn at random have of one person.
    concentration: float


def clusters_of(who: Ints) -> Clusters:
    """Return the clusters of asks, which are those of one number."""
    most = int(who.max(initial=-1)) + 1
    # Numbers from 0 on are places as they are, unless most of them would be nobody's.
    if len(who) and (most > _SPARSE * len(who) or int(who.min()) < 0):
        _, who = np.unique(who, return_inverse=True)
    sizes = np.bincount(who).astype(np.float64)
    number = int(np.count_nonzero(sizes))
    concentration = float(np.sum(np.square(sizes / len(who)))) if len(who) else 1.0
    return Clusters(who, number, len(sizes), concentration)


def clustered_error(influence: Floats, clusters: Clusters) -> float:
    """Return the standard error of a mean whose influence values these are, by person.

    Liang and Zeger (1986): values of one person are added before they are squared. Divided by
    1 - sum of squared shares of the asks, which is (G - 1)/G for G persons of equal asks.
    """
    sums = np.bincount(clusters.member, weights=influence, minlength=clusters.places)
    left = 1.0 - clusters.concentration
    if left <= 0:
        return math.inf
    return math.sqrt(float(np.sum(np.square(sums))) / left) / len(influence)


def share_with_interval(
    value: float, influence: Floats, clusters: Clusters, *, sharper: bool = False
) -> Share:
    """Return a share with its 95 % interval from the influence of each ask on it.

    Asks are worth no more than as many independent ones, unless strata make them `sharper`.
    """
    n = len(influence)
    error = clustered_error(influence, clusters)
    low, high = wilson(
        value, _worth(value, error, None if sharper else n, clusters), _quantile(clusters)
    )
    return Share(value, low, high, error, n, clusters.number)


def mean_share(values: Floats, who: Ints) -> Share | None:
    """Return the share of ones among values of 0 and 1; None when there are none."""
    if not len(values):
        return None
    mean = float(np.mean(values))
    return share_with_interval(mean, values - mean, clusters_of(who))


def share_of_sums(ones: Floats, sizes: Floats) -> Share | None:
    """Return the same from how many ones, and how many values at all, each person has.

    What a part of the asks has and what the others have add up to what all have, so that both are
    known without looking at the others.
    """
    n = round(float(np.sum(sizes)))
    if n == 0:
        return None
    mean = float(np.sum(ones)) / n
    concentration = float(np.sum(np.square(sizes))) / n**2
    clusters = Clusters(np.empty(0, np.int64), int(np.count_nonzero(sizes)), 0, concentration)
    left = 1.0 - concentration
    spread = float(np.sum(np.square(ones - mean * sizes)))
    error = math.sqrt(spread / left) / n if left > 0 else math.inf
    low, high = wilson(mean, _worth(mean, error, n, clusters), _quantile(clusters))
    return Share(mean, low, high, error, n, clusters.number)


def wilson(share: float, n: float, quantile: float) -> tuple[float, float]:
    """Return Wilson's interval of a share among n independent ones."""
    if n <= 0 or not math.isfinite(quantile):
        return 0.0, 1.0
    square = quantile * quantile
    middle = (share + square / (2 * n)) / (1 + square / n)
    spread = share * (1 - share) / n + square / (4 * n * n)
    half = quantile * math.sqrt(spread) / (1 + square / n)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def difference_interval(
    first: Share, second: Share, covariance: float = 0.0
) -> tuple[float, float]:
    """Return the interval of `first` minus `second`, joined of theirs."""
    scale = first.standard_error * second.standard_error
    together = covariance / scale if 0 < scale < math.inf else 0.0
    together = max(-1.0, min(1.0, together))
    difference = first.value - second.value
    low = _joined(first.value - first.low, second.high - second.value, together)
    high = _joined(first.high - first.value, second.value - second.low, together)
    return difference - low, difference + high


def _joined(one: float, other: float, together: float) -> float:
    return math.sqrt(max(0.0, one * one + other * other - 2 * together * one * other))


def _worth(share: float, error: float, most: int | None, clusters: Clusters) -> float:
    """Return as how many independent asks these count."""
    variance = share * (1 - share)
    if not math.isfinite(error):
        return 1.0
    if variance <= 0 or error <= 0:
        # All alike: their own spread says nothing, so that each person counts for one ask.
        return 1.0 / clusters.concentration
    worth = variance / (error * error)
    return worth if most is None else min(worth, float(most))


def _quantile(clusters: Clusters) -> float:
    freedom = 1.0 / clusters.concentration - 1.0
    if freedom <= 0:
        return math.inf
    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))
