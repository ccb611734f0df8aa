"""A wait that is still running counts for as long as it is known."""

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from triage.outcomes.waits import Waits, waits_told


def waits(after: list[float], followed: float = 60.0) -> Waits:
    n = len(after)
    return Waits(np.array(after), np.full(n, followed), np.arange(n))


def test_without_open_waits_the_median_is_the_median() -> None:
    found = waits([1.0, 2.0, 3.0, 4.0, 50.0]).quantile(0.5)
    assert found is not None
    assert found[0] == 3.0
    assert found[1] < 3.0 < found[2]


def test_whoever_still_waits_moves_the_median() -> None:
    told = waits_told(waits([1.0, 2.0, 3.0, np.inf, np.inf]))
    assert told["came"] == 3
    assert told["median_seconds"] == pytest.approx(3 * 86_400)
    assert waits_told(waits([1.0, 2.0, np.inf, np.inf, np.inf]))["median_seconds"] is None
    nobody = waits_told(waits([]))
    assert (nobody["asks"], nobody["median_seconds"]) == (0, None)


def test_the_median_is_that_of_the_curve_of_kaplan_and_meier() -> None:
    random = np.random.default_rng(3)
    after, followed = random.exponential(5, 800), random.uniform(0, 28, 800)
    found = Waits(after, followed, np.arange(800)).quantile(0.5)
    curve = ecdf(CensoredData(after[after <= followed], right=followed[after > followed])).sf
    assert found is not None
    assert found[0] == pytest.approx(
        curve.quantiles[np.argmax(curve.probabilities <= 0.5)], rel=1e-6
    )
    assert found[1] < 5 * np.log(2) < found[2]


def test_the_interval_of_the_median_holds_the_truth_also_for_persons_of_many_asks() -> None:
    random, held = np.random.default_rng(5), 0
    for _ in range(300):
        # Each person has a pace of their own, and three waits of it.
        pace = np.repeat(random.lognormal(0, 1, 60), 3)
        after = random.exponential(1, 180) * pace
        found = Waits(after, np.full(180, 1e9), np.repeat(np.arange(60), 3)).quantile(0.5)
        assert found is not None
        held += found[1] <= 0.6355 <= found[2]
    assert 0.91 < held / 300 <= 1


def test_a_day_that_nobody_was_followed_to_is_not_spoken_of() -> None:
    told = waits_told(waits([0.5, np.inf], followed=2.0))
    within = told["within"]
    assert isinstance(within, dict)
    assert [within[name]["days"] for name in ("hour", "day", "week")] == [1 / 24, 1.0, 2.0]
