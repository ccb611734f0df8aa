from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import brier_score_loss, log_loss

from triage.learn.statistics.reliability import Bin, reliability
from triage.learn.statistics.scores import expected_calibration_error


def drawn(n: int, power: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(n)
    probabilities = random.random(n)
    return probabilities, random.random(n) < probabilities**power


def test_what_is_believed_comes_true_as_often_as_it_says() -> None:
    found = reliability(*drawn(20_000))
    assert found.ece < 0.02
    assert all(b.share_right == pytest.approx(b.mean_probability, abs=0.05) for b in found.bins)


def test_overconfidence_lies_under_the_diagonal() -> None:
    found = reliability(*drawn(20_000, power=2.0))
    assert all(b.share_right < b.mean_probability for b in found.bins[3:-3])
    assert found.ece > 0.1


def test_every_bin_has_as_many_and_they_rise() -> None:
    bins = reliability(*drawn(200), bins=8).bins
    assert [b.n for b in bins] == [25] * 8
    assert all(a.high < b.low for a, b in pairwise(bins))
    assert all(b.low <= b.mean_probability <= b.high for b in bins)


def test_the_losses_are_the_field_s() -> None:
    probabilities, right = drawn(300)
    found = reliability(probabilities, right)
    assert found.brier == pytest.approx(brier_score_loss(right, probabilities))
    assert found.log_loss == pytest.approx(log_loss(right, probabilities))


def test_a_certainty_that_was_wrong_costs_much_and_not_everything() -> None:
    found = reliability(np.array([1.0, 0.0]), np.array([False, True]))
    assert (found.ece, found.brier) == (1.0, 1.0)
    assert 20 < found.log_loss < 30
    assert reliability(np.array([1.0]), np.array([True])).log_loss < 1e-9


def test_one_event_is_one_bin() -> None:
    assert reliability(np.array([0.7]), np.array([True])).bins == (Bin(0.7, 0.7, 0.7, 1.0, 1),)


@given(arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1)), st.integers(0, 2**32 - 1))
def test_the_error_is_that_of_the_points(probabilities: np.ndarray, seed: int) -> None:
    right = np.random.default_rng(seed).random(len(probabilities)) < 0.5
    found = reliability(probabilities, right)
    gaps = sum(b.n * abs(b.mean_probability - b.share_right) for b in found.bins)
    assert found.ece == pytest.approx(gaps / len(right))
    assert found.ece == expected_calibration_error(probabilities, right)
    assert sum(b.n for b in found.bins) == len(right)


@pytest.mark.parametrize(("n", "outcomes"), [(0, 0), (2, 1), (1, 2)])
def test_what_cannot_be_compared_is_refused(n: int, outcomes: int) -> None:
    with pytest.raises(ValueError, match="outcome"):
        reliability(np.zeros(n), np.zeros(outcomes, dtype=bool))
