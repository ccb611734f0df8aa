"""Two values per question -> whether the second is really better. Pure, and the same every time.

A paired randomisation test (Fisher, "The Design of Experiments", 1935; for retrieval Smucker, Allan
and Carterette, 2007): were there no difference, the two values of a question could change places.
Questions of one group change places together, since they are not independent.
Not here: intervals (intervals), what is compared, and what is done about it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from triage.learn.statistics.intervals import bootstrap_difference

Floats = NDArray[np.float64]

_SWAPS = 9_999
_RESAMPLES = 2_000
_AT_ONCE = 250
# Differences that are equal but for rounding must count as equal.
_SLACK = 1e-12


@dataclass(frozen=True, slots=True)
class Comparison:
    """The means of n paired values, and how far chance explains their difference.

    `low` to `high` holds the difference with 95 % confidence; `p_better` and `p_worse` are the
    one-sided probabilities of so large a gain, or loss, were there no difference.
    """

    n: int
    before: float
    after: float
    low: float
    high: float
    p_better: float
    p_worse: float

    def facts(self, digits: int = 4) -> dict[str, float]:
        """Return its numbers by name, rounded as they are shown."""
        return {name: round(value, digits) for name, value in asdict(self).items()}


def compare(before: Floats, after: Floats, groups: Sequence[str], seed: int) -> Comparison:
    """Compare paired values; at least one pair is needed."""
    _, member_of = np.unique(groups, return_inverse=True)
    gains = np.bincount(member_of, after - before).astype(np.float64)
    found = float(gains.sum())
    swapped = np.concatenate(list(_swap(gains, np.random.default_rng(seed))))
    names = [str(i) for i in range(len(before))]
    interval = bootstrap_difference(
        dict(zip(names, after.tolist(), strict=True)),
        dict(zip(names, before.tolist(), strict=True)),
        dict(zip(names, groups, strict=True)),
        resamples=_RESAMPLES,
        seed=seed,
    )
    return Comparison(
        len(before),
        float(before.mean()),
        float(after.mean()),
        interval.low,
        interval.high,
        float(1 + (swapped >= found - _SLACK).sum()) / (1 + _SWAPS),
        float(1 + (swapped <= found + _SLACK).sum()) / (1 + _SWAPS),
    )


def _swap(gains: Floats, rng: np.random.Generator) -> Iterator[Floats]:
    """Yield the sums under random signs, one sign per group."""
    for start in range(0, _SWAPS, _AT_ONCE):
        many = min(_AT_ONCE, _SWAPS - start)
        signs = rng.integers(0, 2, (many, len(gains)), dtype=np.int8)
        yield (2.0 * signs - 1.0) @ gains
