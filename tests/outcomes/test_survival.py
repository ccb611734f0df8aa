import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from triage.outcomes.survival import ended_by, reach


def test_the_estimate_is_that_of_kaplan_and_meier() -> None:
    random = np.random.default_rng(1)
    after = np.round(random.exponential(8, 500), 1)
    followed = np.round(random.uniform(0, 28, 500), 1)
    hit = after <= followed
    reference = ecdf(CensoredData(after[hit], right=followed[~hit])).sf
    for days in (1.0, 7.0, 20.0):
        expected = 1 - float(reference.evaluate(days))
        assert ended_by(after, followed, days).share == pytest.approx(expected)


def test_without_censoring_each_moves_the_mean_by_what_it_is_above_it() -> None:
    after = np.array([1.0, 2.0, 2.0, np.inf, np.inf])
    ended = ended_by(after, np.full(5, 99.0), 28)
    assert ended.share == pytest.approx(0.6)
    assert ended.influence.tolist() == pytest.approx([0.4, 0.4, 0.4, -0.6, -0.6])


def test_the_influence_gives_the_variance_of_greenwood() -> None:
    random = np.random.default_rng(2)
    after, followed = random.exponential(8, 400), random.uniform(0, 28, 400)
    ended = ended_by(after, followed, 14)
    hit = after <= followed
    reference = ecdf(CensoredData(after[hit], right=followed[~hit])).sf
    interval = reference.confidence_interval(0.95, method="linear")
    half = float(reference.evaluate(14) - interval.low.evaluate(14))
    ours = 1.959964 * np.sum(np.square(ended.influence)) ** 0.5 / 400
    assert ours == pytest.approx(half, rel=0.01)


@pytest.mark.parametrize(("after", "share"), [([np.inf] * 3, 0.0), ([1.0] * 3, 1.0)])
def test_all_or_nothing_is_no_trouble(after: list[float], share: float) -> None:
    ended = ended_by(np.array(after), np.full(3, 9.0), 7)
    assert ended.share == share
    assert not ended.influence.any()


def test_a_day_is_reached_when_a_tenth_was_followed_until_then() -> None:
    assert reach(28, np.linspace(0, 30, 1001)) == pytest.approx(27)
    assert reach(28, np.full(10, 60.0), np.full(10, 3.0)) == 3
    assert reach(28) == 28
