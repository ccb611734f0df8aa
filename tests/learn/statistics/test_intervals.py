"""Bootstrap intervals, against scipy's and against what is known exactly."""

import numpy as np
import pytest
from scipy import stats

from triage.learn.statistics.intervals import bootstrap_difference, bootstrap_mean


def values(seed: int, n: int = 80) -> dict[str, float]:
    drawn = np.random.default_rng(seed).beta(2, 1, size=n)
    return {f"q{i}": float(v) for i, v in enumerate(drawn)}


def test_an_interval_is_that_of_scipy() -> None:
    asked = values(1)
    found = bootstrap_mean(asked)
    other = stats.bootstrap(
        (list(asked.values()),), np.mean, method="percentile", n_resamples=10_000, rng=2
    ).confidence_interval
    assert found.mean == pytest.approx(np.mean(list(asked.values())))
    assert (found.low, found.high) == pytest.approx((other.low, other.high), abs=0.004)


def test_a_paired_interval_is_that_of_the_differences() -> None:
    first, second = values(1), values(2)
    found = bootstrap_difference(first, second)
    differences = [first[q] - second[q] for q in first]
    other = stats.bootstrap(
        (differences,), np.mean, method="percentile", n_resamples=10_000, rng=2
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx((other.low, other.high), abs=0.006)


def test_a_constant_lead_is_certain_however_much_queries_differ() -> None:
    second = values(1)
    first = {q: v + 0.01 for q, v in second.items()}
    found = bootstrap_difference(first, second)
    assert (found.low, found.high) == pytest.approx((0.01, 0.01))


def test_a_worse_system_has_a_negative_difference() -> None:
    first = values(1)
    better = {q: v + 0.2 for q, v in values(3).items()}
    assert bootstrap_difference(first, better).high < 0


def test_queries_are_paired_by_id_not_by_place() -> None:
    first = values(1)
    turned = dict(reversed(first.items()))
    found = bootstrap_difference(first, turned)
    assert (found.mean, found.low, found.high) == (0.0, 0.0, 0.0)


def test_systems_that_were_asked_other_queries_are_not_compared() -> None:
    with pytest.raises(ValueError, match="same queries"):
        bootstrap_difference({"a": 1.0}, {"b": 1.0})


def test_ten_wordings_of_each_question_are_no_more_evidence_than_one() -> None:
    once = values(1)
    often = {f"{q}/{n}": v for q, v in once.items() for n in range(10)}
    groups = {q: q.split("/")[0] for q in often}
    grouped = bootstrap_mean(often, groups)
    alone = bootstrap_mean(once)
    assert (grouped.low, grouped.high) == pytest.approx((alone.low, alone.high))
    loose = bootstrap_mean(often)
    assert loose.high - loose.low < (grouped.high - grouped.low) / 2


def test_large_groups_weigh_as_many_queries_as_they_have() -> None:
    asked = {"a": 1.0, "b": 0.0, "c": 0.0, "d": 0.0}
    found = bootstrap_mean(asked, {"a": "x", "b": "y", "c": "y", "d": "y"})
    assert found.mean == pytest.approx(0.25)
    assert (found.low, found.high) == (0.0, 1.0)


def test_nothing_has_no_mean() -> None:
    with pytest.raises(ValueError, match="no values"):
        bootstrap_mean({})
