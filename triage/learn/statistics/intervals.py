"""Values per query -> their mean with an interval, by the bootstrap. Pure.

Percentile bootstrap (Efron, "Bootstrap methods: another look at the jackknife", 1979). Two systems
over the same queries are compared by the bootstrap of their differences query by query (Sakai,
"Evaluating evaluation metrics based on the bootstrap", 2006). Queries of one group, such as ten
wordings of one question, are drawn together (Davison and Hinkley, "Bootstrap methods and their
application", 1997, section 3.8): they are not ten pieces of evidence.
Not here: the measures themselves (measures).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

RESAMPLES = 10_000
CONFIDENCE = 0.95
# Draws are made in parts: all at once would take resamples x groups numbers of memory.
_PART = 500

Values = Mapping[str, float]
Groups = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over queries, and between what it lies."""

    mean: float
    low: float
    high: float


def bootstrap_mean(
    values: Values,
    groups: Groups | None = None,
    *,
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Return the mean of values by query id, with the interval of its bootstrap.

    `groups` names each query's group; without it every query stands for itself. Raises
    ValueError when there are no values.
    """
    if not values:
        raise ValueError("There is no mean of no values.")
    names = [groups[query] if groups is not None else query for query in values]
    _, member_of = np.unique(names, return_inverse=True)
    sums = np.bincount(member_of, weights=list(values.values()))
    sizes = np.bincount(member_of)
    random = np.random.default_rng(seed)
    means = []
    for start in range(0, resamples, _PART):
        shape = (min(_PART, resamples - start), len(sizes))
        drawn = random.integers(len(sizes), size=shape)
        means.append(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1))
    outside = (1 - confidence) / 2
    low, high = np.quantile(np.concatenate(means), [outside, 1 - outside])
    return Interval(float(sums.sum() / sizes.sum()), float(low), float(high))


def bootstrap_difference(
    first: Values,
    second: Values,
    groups: Groups | None = None,
    *,
    confidence: float = CONFIDENCE,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Return how much `first` is above `second` in the mean, paired by query id.

    Raises ValueError when they are not about the same queries.
    """
    if first.keys() != second.keys():
        raise ValueError("Only systems that were asked the same queries can be compared.")
    differences = {query: first[query] - second[query] for query in first}
    return bootstrap_mean(
        differences, groups, confidence=confidence, resamples=resamples, seed=seed
    )
