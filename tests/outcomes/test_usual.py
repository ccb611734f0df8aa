"""Between what a day's count or share usually lies."""

import numpy as np
import pytest

from triage.outcomes.usual import usual_count, usual_share


def held(days: np.ndarray, known: int = 8) -> float:
    """Return the share of days within the range of those before them."""
    inside = []
    for place in range(known, len(days)):
        found = usual_count([int(n) for n in days[place - known : place]])
        assert found is not None
        inside.append(found[0] <= days[place] <= found[1])
    return float(np.mean(inside))


@pytest.mark.parametrize("mean", [2, 30, 600])
def test_the_range_of_counts_holds_nearly_all_days(mean: float) -> None:
    rng = np.random.default_rng(int(mean))
    assert held(rng.poisson(mean, 3000)) >= 0.985
    # Days differ more than by chance.
    assert held(rng.poisson(rng.gamma(10, mean / 10, 3000))) >= 0.975


def test_a_count_that_is_half_of_the_usual_is_outside() -> None:
    found = usual_count([100, 96, 105, 99, 110, 93, 101, 98])
    assert found is not None
    low, high = found
    assert 50 < low < 93
    assert 110 < high < 150
    assert usual_count([1, 2, 3]) is None


@pytest.mark.parametrize(("share", "whole"), [(0.02, 40), (0.3, 40), (0.97, 200)])
def test_the_range_of_shares_holds_nearly_all_days(share: float, whole: int) -> None:
    rng = np.random.default_rng(7)
    inside = []
    for _ in range(800):
        wholes = rng.poisson(whole, 57)
        parts = rng.binomial(wholes, share)
        earlier = [(int(p), int(w)) for p, w in zip(parts[:-1], wholes[:-1], strict=True)]
        found = usual_share(earlier, int(wholes[-1]))
        assert found is not None
        inside.append(found[0] <= parts[-1] / wholes[-1] <= found[1])
    assert np.mean(inside) >= 0.975


def test_of_too_few_days_nothing_is_usual() -> None:
    assert usual_share([(1, 2)] * 13, 10) is None
    assert usual_share([(0, 0)] * 50, 10) is None
    assert usual_share([(1, 2)] * 20, 0) is None
    found = usual_share([(0, 30)] * 20, 30)
    assert found is not None
    assert found[0] <= 1e-9
    assert 0 < found[1] < 0.4
