"""Probabilities and what came true -> how far they can be believed.

In: one probability per event and whether it came true. Out: the points of a reliability diagram
(DeGroot and Fienberg, 1983) over bins of equal mass, the calibration error over the same bins, and
two proper scores: Brier's (1950) and the logarithmic loss.
Not here: making probabilities right (calibration, ranking), drawing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.learn.statistics.scores import BINS, Probabilities, expected_calibration_error

# A probability of 0 or 1 that turned out wrong would cost infinitely much.
_SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class Bin:
    """Events of neighbouring probabilities, from `low` to `high`, both taken by some event."""

    low: float
    high: float
    mean_probability: float
    share_right: float
    n: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """The diagram's points from low to high, and the measures; all are better when smaller."""

    bins: tuple[Bin, ...]
    ece: float
    brier: float
    log_loss: float


def reliability(
    probabilities: Probabilities, right: NDArray[np.bool_], bins: int = BINS
) -> Reliability:
    """Measure probabilities against outcomes; fewer events than bins get a bin each.

    Raises ValueError when there are none, or not as many of one as of the other.
    """
    if not len(probabilities) or len(probabilities) != len(right):
        raise ValueError("Every probability needs its outcome, and there must be some.")
    # Cut as expected_calibration_error cuts, so that the error is that of the points shown.
    order = np.argsort(probabilities, kind="stable")
    parts = np.array_split(order, min(bins, len(order)))
    sure = np.clip(probabilities, _SMALLEST, 1 - _SMALLEST)
    return Reliability(
        tuple(_bin(probabilities[part], right[part]) for part in parts),
        expected_calibration_error(probabilities, right, bins),
        float(np.mean((probabilities - right) ** 2)),
        float(-np.mean(np.where(right, np.log(sure), np.log1p(-sure)))),
    )


def _bin(probabilities: Probabilities, right: NDArray[np.bool_]) -> Bin:
    return Bin(
        float(probabilities[0]),
        float(probabilities[-1]),
        float(probabilities.mean()),
        float(right.mean()),
        len(right),
    )
