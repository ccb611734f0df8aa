"""Chance is told from a difference."""

import numpy as np
import pytest

from triage.learn.statistics.paired import compare


def singles(n: int) -> list[str]:
    return [str(i) for i in range(n)]


def test_a_clear_gain_is_no_chance() -> None:
    before = np.random.default_rng(0).random(50)
    found = compare(before, before + 0.1, singles(50), seed=0)
    assert found.p_better == pytest.approx(0.0001)
    assert found.p_worse == 1.0
    assert found.low == pytest.approx(0.1)
    assert found.after - found.before == pytest.approx(0.1)


def test_a_clear_loss_is_a_loss() -> None:
    before = np.random.default_rng(0).random(50)
    found = compare(before, before - 0.1, singles(50), seed=0)
    assert found.p_worse < 0.05 < found.p_better


def test_no_difference_at_all_speaks_for_neither() -> None:
    values = np.random.default_rng(0).random(20)
    found = compare(values, values, singles(20), seed=0)
    assert (found.p_better, found.p_worse) == (1.0, 1.0)


def test_a_few_pairs_are_tested_exactly_as_they_can_be() -> None:
    """Four gains of four: one of the sixteen ways to swap them is as good."""
    found = compare(np.zeros(4), np.ones(4), singles(4), seed=0)
    assert found.p_better == pytest.approx(1 / 16, abs=0.01)


def test_a_group_is_one_piece_of_evidence() -> None:
    before, after = np.zeros(40), np.ones(40)
    alone = compare(before, after, singles(40), seed=0)
    grouped = compare(before, after, [str(i // 20) for i in range(40)], seed=0)
    assert alone.p_better < 0.001
    assert grouped.p_better == pytest.approx(1 / 4, abs=0.02)


def test_chance_is_taken_for_a_gain_as_often_as_agreed() -> None:
    rng = np.random.default_rng(1)
    found = [
        compare(rng.random(40), rng.random(40), singles(40), seed).p_better <= 0.05
        for seed in range(100)
    ]
    assert np.mean(found) <= 0.12


def test_the_same_seed_gives_the_same_numbers() -> None:
    rng = np.random.default_rng(2)
    before, after = rng.random(30), rng.random(30)
    assert compare(before, after, singles(30), 5) == compare(before, after, singles(30), 5)
