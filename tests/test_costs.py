"""What routing a question rightly and wrongly costs."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from triage.costs import Costs, Routed, cost_of, costs_of, mean_cost
from triage.errors import NotEnoughData
from triage.records import Destination

C, E = Destination.COMMUNITY, Destination.EXPERT
USUAL = Costs()


def test_the_right_way_is_the_cheaper_one_at_every_severity() -> None:
    for severity in (None, 1, 2, 3, 4):
        assert cost_of(C, C, severity, USUAL) < cost_of(C, E, severity, USUAL)
        assert cost_of(E, E, severity, USUAL) < cost_of(E, C, severity, USUAL)


def test_a_missed_expert_costs_more_when_it_is_severe() -> None:
    missed = [cost_of(E, C, severity, USUAL) for severity in (1, 2, 3, 4)]
    assert missed == [10.0, 10.0, 3.0, 3.0]


def test_unknown_severity_is_not_taken_for_a_severe_one() -> None:
    assert cost_of(E, C, None, USUAL) == USUAL.missed_expert


def test_the_mean_is_that_of_the_questions() -> None:
    routed = [Routed(C, C), Routed(E, C, 1), Routed(E, E, 1), Routed(C, E, 4)]
    assert costs_of(routed, USUAL) == [0.1, 10.0, 1.0, 0.75]
    assert mean_cost(routed, USUAL) == pytest.approx(11.85 / 4)


def test_no_questions_have_no_mean_cost() -> None:
    with pytest.raises(NotEnoughData):
        mean_cost([], USUAL)


@given(st.floats(0, 1))
def test_from_the_break_even_on_asking_an_expert_is_the_cheaper_bet(probability: float) -> None:
    def expected(decided: Destination) -> float:
        needs, can = cost_of(E, decided, None, USUAL), cost_of(C, decided, None, USUAL)
        return probability * needs + (1 - probability) * can

    if probability > USUAL.worth_asking_from + 1e-9:
        assert expected(E) < expected(C)
    if probability < USUAL.worth_asking_from - 1e-9:
        assert expected(E) > expected(C)


probabilities = st.floats(0, 1)


@given(probabilities, probabilities)
def test_the_cheaper_bet_is_chosen(expert: float, severe: float) -> None:
    ways = {way: USUAL.expected(way, expert, severe) for way in Destination}
    assert USUAL.favour_expert(expert, severe) is (ways[E] < ways[C])


@given(probabilities)
def test_the_break_even_is_where_the_bet_turns(expert: float) -> None:
    assume(abs(expert - USUAL.worth_asking_from) > 1e-9)
    assert USUAL.favour_expert(expert) is (expert > USUAL.worth_asking_from)


@given(probabilities, probabilities, probabilities)
def test_what_may_be_severe_is_never_less_likely_to_reach_an_expert(
    expert: float, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    assert USUAL.favour_expert(expert, more) >= USUAL.favour_expert(expert, less)


def test_what_is_expected_of_a_certain_question_is_what_it_costs() -> None:
    for way in Destination:
        assert USUAL.expected(way, 0.0, 1.0) == cost_of(C, way, 1, USUAL)
        assert USUAL.expected(way, 1.0, 1.0) == cost_of(E, way, 2, USUAL)
        assert USUAL.expected(way, 1.0, 0.0) == cost_of(E, way, 3, USUAL)


@pytest.mark.parametrize(
    "numbers",
    [{"community": 2.0}, {"community": -1.0}, {"expert": 4.0}, {"missed_severe": 2.0}],
)
def test_costs_that_reward_the_wrong_way_are_refused(numbers: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="cannot cost less"):
        Costs(**numbers)
