import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from triage.outcomes.intervals import clusters_of, mean_share, wilson


@given(yes=st.integers(0, 50), of=st.integers(1, 50))
def test_of_independent_asks_the_interval_is_that_of_wilson(yes: int, of: int) -> None:
    yes = min(yes, of)
    reference = binomtest(yes, of).proportion_ci(0.95, method="wilson")
    low, high = wilson(yes / of, of, 1.959963985)
    assert low == pytest.approx(reference.low, abs=1e-6)
    assert high == pytest.approx(reference.high, abs=1e-6)


@given(
    values=st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=40),
)
def test_a_share_lies_in_its_interval(values: list[tuple[bool, int]]) -> None:
    posted, who = zip(*values, strict=True)
    share = mean_share(np.array(posted, dtype=float), np.array(who))
    assert share is not None
    assert 0 <= share.low <= share.value <= share.high <= 1


def test_ten_asks_of_each_person_are_worth_less_than_ten_persons() -> None:
    posted = np.repeat(np.array([1.0, 0.0] * 20), 10)
    apart = mean_share(posted, np.arange(400))
    together = mean_share(posted, np.repeat(np.arange(40), 10))
    assert apart is not None
    assert together is not None
    assert together.high - together.low > 2.5 * (apart.high - apart.low)


def test_nothing_has_no_share() -> None:
    assert mean_share(np.array([]), np.array([])) is None


def test_one_person_has_no_interval() -> None:
    share = mean_share(np.array([1.0, 0.0]), np.array([7, 7]))
    assert share is not None
    assert (share.low, share.high, share.standard_error) == (0.0, 1.0, math.inf)


def test_clusters_know_how_concentrated_they_are() -> None:
    clusters = clusters_of(np.array([5, 5, 9, 9]))
    assert (clusters.number, clusters.concentration) == (2, 0.5)
