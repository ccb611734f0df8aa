"""Margins of cases not trained on -> temperature and bias.

In: out-of-fold margins and the true classes. Out: the numbers that make a softmax of the margins
say how likely each class is (temperature scaling with a bias per class: Guo et al. 2017).
Not here: the margins themselves (heads), judging the result (scores).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from triage.classify import soften

# How strongly a few cases are distrusted: a pull towards no bias and a middling temperature.
# Margins shy from a rare class, so its bias is let go (to a tenth of the pull); that of a class
# with its even share of the cases is mostly chance, and cost right guesses.
_PULL_OF_BIAS = 10.0
_LEAST_SHARE = 0.3
_PULL_OF_SCALE = 1.0
_FIRST_TEMPERATURE = 0.5
# Of more cases only so many are read, taken evenly: a few numbers need no more.
_ENOUGH = 8_000


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns margins into probabilities.

    `lapse` follows from the number of cases by Laplace's rule of succession: the fitted curve is
    not trusted further out than the cases reach.
    """

    temperature: float
    bias: NDArray[np.float64]
    lapse: float

    def probabilities(self, margins: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one distribution per row of margins."""
        return soften(margins, self.temperature, self.bias, self.lapse)


def fit_calibration(margins: NDArray[np.float64], truth: NDArray[np.int64]) -> Calibration:
    """Minimise the negative log-likelihood of `truth`, gently pulled to a sane start."""
    total, classes = margins.shape
    if total > _ENOUGH:
        chosen = np.linspace(0, total - 1, _ENOUGH).astype(np.int64)
        margins, truth = margins[chosen], truth[chosen]
    n = len(truth)
    right = np.zeros_like(margins)
    right[np.arange(n), truth] = 1.0
    start = -np.log(_FIRST_TEMPERATURE)
    shares = np.bincount(truth, minlength=classes) * classes / max(1, n)
    pulls = _PULL_OF_BIAS * np.clip(shares, _LEAST_SHARE, 1) ** 2

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scale, bias = np.exp(point[0]), point[1:]
        spread = soften(margins, float(1 / scale), bias)
        missing = spread - right
        likelihood = -np.log(np.maximum(spread[np.arange(n), truth], 1e-12)).sum()
        pull = _PULL_OF_SCALE * (point[0] - start) ** 2 + (pulls * bias) @ bias
        gradient = np.empty_like(point)
        gradient[0] = (missing * margins).sum() * scale + 2 * _PULL_OF_SCALE * (point[0] - start)
        gradient[1:] = missing.sum(axis=0) + 2 * pulls * bias
        return float((likelihood + pull) / n), gradient / n

    bounds = [(np.log(0.05), np.log(50.0))] + [(-5.0, 5.0)] * classes
    first = np.append(start, np.zeros(classes))
    found = minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds)
    return Calibration(
        float(np.exp(-found.x[0])),
        np.asarray(found.x[1:], dtype=np.float64),
        lapse=classes / (total + classes),
    )
