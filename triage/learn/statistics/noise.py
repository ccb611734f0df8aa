"""Confidences -> how far off a model that is perfectly calibrated would seem by chance.

In: the probability of each top label. Out: a high quantile of the expected calibration error of
models whose every probability is true. An error below that floor shows no fault.
Not here: the error itself (scores).
"""

import numpy as np
from numpy.typing import NDArray

from triage.learn.statistics.scores import BINS

_DRAWS = 1000
_LEVEL = 0.95
_CELLS = 4_000_000  # drawn at once: bounds the memory, whatever the number of cases


def calibration_floor(
    confidence: NDArray[np.float64],
    bins: int = BINS,
    draws: int = _DRAWS,
    level: float = _LEVEL,
    seed: int = 0,
) -> float:
    """Return the error that one of 20 perfectly calibrated models would exceed (at level .95).

    Whether each guess is right is drawn anew from its own confidence, and the error of every draw
    is measured in the bins of `expected_calibration_error`.
    """
    ranked = np.sort(confidence)
    parts = np.array_split(np.arange(len(ranked)), min(bins, len(ranked)))
    starts = [int(part[0]) for part in parts]
    expected = np.add.reduceat(ranked, starts)
    rng = np.random.default_rng(seed)
    at_once = max(1, _CELLS // len(ranked))
    errors: list[NDArray[np.float64]] = []
    for first in range(0, draws, at_once):
        count = min(at_once, draws - first)
        right = (rng.random((count, len(ranked))) < ranked).astype(np.float64)
        gaps = np.abs(np.add.reduceat(right, starts, axis=1) - expected)
        errors.append(gaps.sum(axis=1) / len(ranked))
    return float(np.quantile(np.concatenate(errors), level))
