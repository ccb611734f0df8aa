import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import nbinom

from triage.insight import Looking, rises
from triage.insight.rising import _tail, wrong_shares

SHARES = np.array([0.3, 0.2, 0.2, 0.15, 0.1, 0.05])


def quiet(random: np.random.Generator, weeks: int = 13, persons: float = 300) -> NDArray[np.int64]:
    return random.poisson(np.outer(SHARES, np.full(weeks, persons)))


def test_what_more_persons_ask_than_usual_rises_and_is_first() -> None:
    counts = quiet(np.random.default_rng(1))
    counts[5, -1] = 60
    first = rises(counts, counts.sum(axis=0))[0]
    assert (first.place, first.persons, first.rising) == (5, 60, True)
    assert 10 < first.expected < 25
    assert first.ratio == pytest.approx(60 / first.expected)


def test_what_rises_slowly_is_seen_although_the_last_weeks_were_high_already() -> None:
    counts = quiet(np.random.default_rng(2))
    counts[5, -4:] = [22, 28, 30, 34]
    assert [one.place for one in rises(counts, counts.sum(axis=0)) if one.rising] == [5]


def test_growth_and_holidays_of_the_whole_forum_are_no_trend() -> None:
    random = np.random.default_rng(3)
    counts = random.poisson(np.outer(SHARES, [*np.linspace(200, 400, 11), 60, 900]))
    assert not [one for one in rises(counts, counts.sum(axis=0)) if one.rising]


def test_topics_with_weeks_of_their_own_have_to_rise_further() -> None:
    random = np.random.default_rng(4)
    moody = random.poisson(np.outer(SHARES, np.full(13, 300)) * random.gamma(4, 0.25, (6, 13)))
    steady = quiet(random)
    for counts in (moody, steady):
        counts[0, -1] = 150
    p_values = [
        next(one.p_value for one in rises(counts, counts.sum(axis=0)) if one.place == 0)
        for counts in (moody, steady)
    ]
    assert p_values[0] > 10 * p_values[1]


def test_too_few_persons_or_weeks_say_nothing() -> None:
    counts = np.zeros((2, 13), dtype=np.int64)
    counts[0] = 200
    counts[1, -1] = 4
    assert not [one for one in rises(counts, counts.sum(axis=0)) if one.rising]
    counts[1, -1] = 40
    assert [one.place for one in rises(counts, counts.sum(axis=0)) if one.rising] == [1]
    short = counts[:, -4:]
    assert rises(short, short.sum(axis=0)) == ()
    assert rises(counts, np.zeros(13, dtype=np.int64)) == ()
    assert rises(np.zeros((0, 13), dtype=np.int64), counts.sum(axis=0)) == ()


def test_a_week_in_which_nobody_asked_tells_nothing() -> None:
    counts = np.full((2, 13), 40, dtype=np.int64)
    counts[:, -1] = 0
    assert rises(counts, counts.sum(axis=0)) == ()


def test_weeks_before_anybody_asked_are_left_out() -> None:
    counts = np.zeros((2, 13), dtype=np.int64)
    counts[:, -6:] = [[100] * 6, [10] * 5 + [60]]
    alone = counts[:, -6:]
    told, short = rises(counts, counts.sum(axis=0)), rises(alone, alone.sum(axis=0))
    assert told == short
    assert told[0].place == 1
    assert told[0].rising


def test_quiet_weeks_tell_something_false_as_seldom_as_is_said() -> None:
    random = np.random.default_rng(6)
    told = sum(
        any(one.rising for one in rises(counts, counts.sum(axis=0), Looking(wrong=0.05)))
        for counts in (quiet(random) for _ in range(200))
    )
    assert told <= 14


def test_the_tail_is_that_of_the_negative_binomial() -> None:
    mean, variance = np.array([8.0]), np.array([20.0])
    size, chance = 64 / 12, 8 / 20
    found = _tail(np.array([15]), mean, variance)[0]
    assert found == pytest.approx(float(nbinom.sf(14, size, chance)))
    assert _tail(np.array([0]), mean, variance)[0] == 1.0


def test_shares_of_wrong_ones_are_those_of_benjamini_and_hochberg() -> None:
    found = wrong_shares([0.01, 0.04, 0.03, 0.5])
    assert found == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert wrong_shares([]).tolist() == []
