"""Which of many differences are losses."""

import numpy as np
import pytest

from triage.learn.statistics.losses import Found, Pairs, Standing, compare_all, gain_of


def pairs(before: list[float], after: list[float], margin: float = 0.05, first: int = 0) -> Pairs:
    sets = np.arange(first, first + len(before))
    return Pairs(sets, np.array(before, float), np.array(after, float), margin)


def one(before: list[float], after: list[float], margin: float = 0.05) -> Found:
    return compare_all([pairs(before, after, margin)], seed=0)[0]


def test_a_clear_loss_is_found() -> None:
    found = one([1] * 40, [0] * 12 + [1] * 28)
    assert found.standing is Standing.WORSE
    assert (found.n, found.wins, found.losses) == (40, 0, 12)
    assert found.p_worse < 0.01


def test_the_same_answers_on_many_cases_hold() -> None:
    found = one([1, 0] * 100, [1, 0] * 100)
    assert found.standing is Standing.HOLDS
    assert found.p_worse == 1


def test_the_same_answers_on_few_cases_prove_nothing() -> None:
    assert one([1] * 5, [1] * 5).standing is Standing.UNDECIDED


def test_a_loss_within_the_margin_refuses_nothing_however_sure() -> None:
    found = one([1] * 4000, [0] * 40 + [1] * 3960, margin=0.02)
    assert found.p_worse < 0.01
    assert found.standing is Standing.HOLDS


def test_twins_are_one_piece_of_evidence() -> None:
    alone = Pairs(np.arange(12), np.ones(12), np.zeros(12), 0.05)
    twins = Pairs(np.zeros(12, np.int64), np.ones(12), np.zeros(12), 0.05)
    assert compare_all([alone], seed=0)[0].standing is Standing.WORSE
    assert compare_all([twins], seed=0)[0].standing is Standing.UNDECIDED


def test_what_is_worse_alone_may_be_chance_among_many() -> None:
    rng = np.random.default_rng(0)
    loss = pairs([1] * 6 + [0] * 30, [0] * 6 + [0] * 30)
    assert compare_all([loss], seed=0)[0].p_worse < 0.05
    noise = []
    for i in range(1, 80):
        before = rng.integers(0, 2, 60).astype(float)
        after = np.where(rng.random(60) < 0.3, 1 - before, before)
        noise.append(pairs(before.tolist(), after.tolist(), first=100 * i))
    assert compare_all([loss, *noise], seed=0)[0].p_worse > 0.05


def test_a_slice_that_is_counted_twice_costs_nothing() -> None:
    loss = pairs([1] * 10 + [0] * 30, [0] * 8 + [1] * 2 + [0] * 30)
    alone = compare_all([loss], seed=0)[0].p_worse
    assert compare_all([loss] * 20, seed=0)[0].p_worse == pytest.approx(alone, abs=0.01)


def test_an_equal_model_is_seldom_found_worse() -> None:
    wrong = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        every = []
        for _ in range(20):
            places = np.sort(rng.choice(200, 60, replace=False))
            before = rng.integers(0, 2, 60).astype(float)
            after = np.where(rng.random(60) < 0.3, 1 - before, before)
            every.append(Pairs(places, before, after, 0.05))
        wrong += any(f.standing is Standing.WORSE for f in compare_all(every, seed))
    assert wrong <= 7, "5 % of 60 are 3; 8 or more happen in 1 of 50 such tests"


def test_equal_input_gives_equal_output() -> None:
    rng = np.random.default_rng(1)
    loss = pairs(rng.random(50).tolist(), rng.random(50).tolist())
    assert compare_all([loss], seed=3) == compare_all([loss], seed=3)


def test_nothing_to_compare_is_no_error() -> None:
    assert compare_all([], seed=0) == []


def test_the_chance_of_a_gain_is_told() -> None:
    assert gain_of(pairs([0] * 12, [1] * 12), seed=0) < 0.01
    assert gain_of(pairs([0] * 12, [0] * 12), seed=0) == 1
