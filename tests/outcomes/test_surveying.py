"""A sample speaks for all, as far as it was drawn by chance and answered."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tests.outcomes.told import asked, event, report
from triage.outcomes.surveying import Survey, interval, survey


def plain(asked: int, answered: int, settled: int) -> Survey:
    answer = np.full(asked, np.nan)
    answer[:answered] = 0.0
    answer[:settled] = 1.0
    return survey(answer, np.full(asked, np.nan), np.arange(asked))


@given(asked=st.integers(2, 60), answered=st.integers(0, 60), settled=st.integers(0, 60))
def test_silence_in_a_survey_widens_what_it_says(asked: int, answered: int, settled: int) -> None:
    answered = min(asked, answered)
    settled = min(answered, settled)
    found = plain(asked, answered, settled)
    assert 0 <= found.low <= settled / asked <= (settled + asked - answered) / asked <= found.high
    assert found.answered_low <= (found.answered_share or 0) <= found.answered_high
    everybody = plain(asked, asked, settled)
    assert everybody.high - everybody.low <= found.high - found.low + 1e-9


@pytest.mark.parametrize(("yes", "of"), [(0, 7), (3, 9), (9, 9), (40, 200)])
def test_with_equal_weights_the_interval_is_that_of_clopper_and_pearson(yes: int, of: int) -> None:
    values = np.array([1.0] * yes + [0.0] * (of - yes))
    exact = binomtest(yes, of).proportion_ci(0.95, method="exact")
    found = interval(values, np.full(of, 3.0), np.arange(of))
    assert found == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_who_was_less_likely_to_be_drawn_stands_for_more() -> None:
    answer = np.array([1.0] * 50 + [0.0] * 50)
    probability = np.array([0.5] * 50 + [0.125] * 50)
    found = survey(answer, probability, np.arange(100))
    assert found.answered_share == pytest.approx(0.2)
    equal = survey(answer, np.full(100, 0.5), np.arange(100))
    # Unequal weights are worth fewer.
    assert found.answered_high - found.answered_low > 0.15
    assert equal.answered_share == pytest.approx(0.5)


def test_asks_of_one_person_are_worth_less_than_as_many_persons() -> None:
    values, weight = np.array([1.0, 0.0] * 20), np.ones(40)
    alone = interval(values, weight, np.arange(40))
    pairs = interval(np.repeat([1.0, 0.0], 20), weight, np.arange(40) // 4)
    assert pairs[1] - pairs[0] > alone[1] - alone[0]
    assert interval(values, weight, np.zeros(40, dtype=np.int64)) == (0.0, 1.0)


@pytest.mark.parametrize("values", [[1.0] * 12, [0.0] * 12])
def test_where_all_say_the_same_persons_count_and_not_asks(values: list[float]) -> None:
    apart = interval(np.array(values), np.ones(12), np.arange(12))
    together = interval(np.array(values), np.ones(12), np.arange(12) // 3)
    assert together[1] - together[0] > apart[1] - apart[0]


def test_the_interval_holds_the_truth_of_a_drawn_sample() -> None:
    random = np.random.default_rng(4)
    held = 0
    for _ in range(400):
        likely = random.choice([0.1, 0.2, 0.4], 600)
        truth = random.random(600) < np.where(likely < 0.15, 0.7, 0.3)
        drawn = random.random(600) < likely
        replied = drawn & (random.random(600) < 0.6)
        answer = np.where(replied, truth.astype(float), np.nan)[drawn]
        found = survey(answer, likely[drawn], np.arange(int(drawn.sum())))
        held += found.answered_low <= float(truth.mean()) <= found.answered_high
        assert found.low <= float(truth.mean()) <= found.high
    assert held / 400 > 0.94


def test_a_reply_of_somebody_who_was_not_drawn_is_no_sample() -> None:
    rows = [asked(0, ask, ask) for ask in "abcd"]
    rows += [event("survey_reply", 2, ask, probability=0.5) for ask in "ab"]
    rows += [event("survey_reply", 3, "a", value="yes", probability=0.5)]
    # Sent by a page of its own accord.
    rows += [event("survey_reply", 3, "c", value="yes")]
    found = report(rows)["survey"]
    assert (found["asked"], found["answered"], found["settled"]) == (2, 1, 1)


def test_answered_questions_have_a_survey_of_their_own() -> None:
    rows = [asked(0, ask, ask) for ask in "abc"]
    rows += [event("posted", 1, ask) for ask in "abc"]
    rows += [event("answered", 2, ask) for ask in "abc"] + [event("accepted", 3, "c")]
    rows += [event("survey_reply", 4, ask, probability=0.2) for ask in "abc"]
    rows += [event("survey_reply", 5, "a", value="no", probability=0.2)]
    found = report(rows)
    assert found["survey"] is None
    told = found["survey_answered"]
    assert (told["asked"], told["answered"], told["settled"]) == (2, 1, 0)


@pytest.mark.parametrize("wrong", [0, 1.5, -1, True, "often"])
def test_what_is_no_probability_is_a_bad_event(wrong: object) -> None:
    from triage.errors import BadField

    with pytest.raises(BadField, match="probability"):
        report([asked(), event("survey_reply", 1, probability=wrong)])
