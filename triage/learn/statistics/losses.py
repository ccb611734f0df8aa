"""Many paired comparisons at once -> which of them are losses that chance does not explain. Pure.

In: for each comparison the cases it is of, both models' values, and a margin. Out: for each what it
found: a loss, no loss beyond the margin, or too little to tell.

With a hundred slices some look bad by chance. The probability of so large a loss is therefore that
of the largest among all, were the two models equal (Westfall and Young, "Resampling-based multiple
testing", 1993: step-down maxT): the answers of a set of twins change places in all comparisons at
once, so that slices that overlap do not count twice, as they would by Bonferroni or Holm.
The bound below is of the mean difference over sets of twins with half a win and half a loss more
than were seen (Agresti and Min, "Effects and non-effects of paired identical observations", 2005):
five cases without a difference do not prove that there is none.
Not here: which slices there are (slices), what a loss leads to (challenge).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from triage.learn.statistics.paired import compare

Floats = NDArray[np.float64]

ALPHA = 0.05
_SWAPS = 4_999
_AT_ONCE = 250
_SLACK = 1e-5
# One-sided 95 %.
_Z = 1.6449


class Standing(StrEnum):
    """What a comparison found of the challenger."""

    HOLDS = "holds"
    WORSE = "worse"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """One comparison: `sets` of twins of its cases, and both values of each, higher is better."""

    sets: NDArray[np.int64]
    before: Floats
    after: Floats
    margin: float


@dataclass(frozen=True, slots=True)
class Found:
    """What one comparison found: `low` is below the difference with 95 % confidence, `p_worse` the
    probability of such a loss anywhere among all that were compared, were the models equal.
    """

    n: int
    before: float
    after: float
    wins: int
    losses: int
    low: float
    p_worse: float
    standing: Standing


def compare_all(pairs: Sequence[Pairs], seed: int, alpha: float = ALPHA) -> list[Found]:
    """Compare each; sets of twins are numbered alike in all of them."""
    chances = _chances(pairs, seed)
    return [_found(one, p, alpha) for one, p in zip(pairs, chances, strict=True)]


def gain_of(pairs: Pairs, seed: int) -> float:
    """Return the one-sided probability of so large a gain in this comparison alone."""
    changed = pairs.before != pairs.after
    if not changed.any():
        return 1.0
    groups = [str(s) for s in pairs.sets[changed]]
    return compare(pairs.before[changed], pairs.after[changed], groups, seed).p_better


def _found(pairs: Pairs, p_worse: float, alpha: float) -> Found:
    difference = pairs.after - pairs.before
    mean, low = float(difference.mean()), _low(pairs)
    standing = Standing.UNDECIDED
    if mean < -pairs.margin and p_worse <= alpha:
        standing = Standing.WORSE
    elif low > -pairs.margin:
        standing = Standing.HOLDS
    return Found(
        len(difference),
        float(pairs.before.mean()),
        float(pairs.after.mean()),
        int((difference > 0).sum()),
        int((difference < 0).sum()),
        low,
        p_worse,
        standing,
    )


def _low(pairs: Pairs) -> float:
    """Return the lower bound of the mean difference, each set of twins counted once."""
    sums, sizes = _by_set(pairs)
    gains = sums / sizes
    n = len(gains) + 2
    mean = float(gains.sum()) / n
    # Half a win and half a loss: the size of either is that of a usual difference, or one.
    spread = float((gains**2).sum()) + max(1.0, float(np.max(np.abs(gains))) ** 2)
    return mean - _Z * float(np.sqrt(max(spread / n - mean**2, 0.0) / n))


def _by_set(pairs: Pairs) -> tuple[Floats, Floats]:
    _, member_of = np.unique(pairs.sets, return_inverse=True)
    sums = np.bincount(member_of, pairs.after - pairs.before)
    return sums.astype(np.float64), np.bincount(member_of).astype(np.float64)


def _chances(pairs: Sequence[Pairs], seed: int) -> Floats:
    """Return each comparison's probability of its loss, corrected for all of them."""
    adjusted = np.ones(len(pairs))
    gains, chosen = _gains(pairs)
    if not len(chosen):
        return adjusted
    scale = np.sqrt((gains.astype(np.float64) ** 2).sum(axis=0)).astype(np.float32)
    losses = -gains.sum(axis=0) / scale
    order = np.argsort(-losses, kind="stable")
    gains, losses = gains[:, order] / scale[order], losses[order]
    reached = np.zeros(len(order))
    rng = np.random.default_rng(seed)
    for start in range(0, _SWAPS, _AT_ONCE):
        many = min(_AT_ONCE, _SWAPS - start)
        signs = (2 * rng.integers(0, 2, (many, len(gains)), dtype=np.int8) - 1).astype(np.float32)
        swapped = signs @ gains
        # The largest among this comparison and all that lost less.
        largest = np.maximum.accumulate(swapped[:, ::-1], axis=1)[:, ::-1]
        reached += (largest >= losses - _SLACK).sum(axis=0)
    stepped = np.maximum.accumulate((1 + reached) / (1 + _SWAPS))
    adjusted[np.array(chosen)[order]] = stepped
    return adjusted


def _gains(pairs: Sequence[Pairs]) -> tuple[NDArray[np.float32], list[int]]:
    """Return the gain of each set of twins in each comparison that has any, and which these are."""
    every = np.unique(np.concatenate([one.sets for one in pairs])) if pairs else np.empty(0)
    columns, chosen = [], []
    for place, one in enumerate(pairs):
        member_of = np.searchsorted(every, one.sets)
        column = np.bincount(member_of, one.after - one.before, len(every)).astype(np.float32)
        if np.abs(column).max() > 0:
            columns.append(column)
            chosen.append(place)
    if not columns:
        return np.empty((0, 0), np.float32), []
    gains = np.stack(columns, axis=1)
    return gains[np.abs(gains).max(axis=1) > 0], chosen
