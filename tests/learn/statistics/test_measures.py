"""The field's measures, against scikit-learn's where it has them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, ndcg_score

from triage.learn.statistics.measures import measure, summarise


def test_a_perfect_ranking_is_one_everywhere() -> None:
    found = measure(["a", "b"], {"a": 1})
    assert (found.reciprocal_rank, found.ndcg, found.average_precision) == (1.0, 1.0, 1.0)
    assert found.hit_1


def test_the_third_place_counts_a_third() -> None:
    found = measure(["x", "y", "a"], {"a": 1})
    assert found.reciprocal_rank == pytest.approx(1 / 3)
    assert (found.hit_1, found.hit_5) == (False, True)


def test_past_the_tenth_place_only_average_precision_counts() -> None:
    ranking = [f"x{n}" for n in range(10)] + ["a"]
    found = measure(ranking, {"a": 1})
    assert (found.reciprocal_rank, found.hit_10, found.ndcg) == (0.0, False, 0.0)
    assert found.average_precision == pytest.approx(1 / 11)


def test_a_query_without_a_relevant_document_counts_zero() -> None:
    found = measure(["x"], {"x": 0})
    assert (found.reciprocal_rank, found.ndcg, found.average_precision) == (0.0, 0.0, 0.0)


def test_a_relevant_document_that_was_not_found_lowers_average_precision() -> None:
    assert measure(["a"], {"a": 1, "b": 1}).average_precision == pytest.approx(0.5)


def test_a_summary_of_nothing_is_zero_not_an_error() -> None:
    assert summarise([])["mrr@10"] == 0


@given(st.lists(st.integers(0, 2), min_size=2, max_size=10).filter(any))
def test_measures_agree_with_scikit_learn(gains: list[int]) -> None:
    ranking = [f"d{n}" for n in range(len(gains))]
    judged = dict(zip(ranking, gains, strict=True))
    found = measure(ranking, judged)
    falling = -np.arange(len(gains), dtype=float)
    precision = average_precision_score([g > 0 for g in gains], falling)
    assert found.average_precision == pytest.approx(precision)
    ndcg = ndcg_score([[2**g - 1 for g in gains]], [falling], k=10)
    assert found.ndcg == pytest.approx(ndcg)
