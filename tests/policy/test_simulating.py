"""Trying a policy on past asks says what deciding says."""

from dataclasses import replace

import numpy as np
import pytest

from tests.policy.worlds import TOPICS, past_of, policy_of
from triage.costs import Costs
from triage.decide import By, decide
from triage.decide.gate import Gate, Threshold
from triage.errors import NotEnoughData
from triage.policies.simulation import (
    AnswerTimes,
    Options,
    Past,
    asks_of,
    compared_row,
    replay,
    simulate,
)
from triage.policies.simulation.replaying import ORDER
from triage.policy import Circumstances, Policy
from triage.records import Destination, Label, Question, Target, Visibility

GATE = Gate(0.1, 0.9, Threshold(None, 0, guaranteed=False), {}, "a test")
FEW = Options(draws=50)


@pytest.mark.parametrize("seed", range(40))
def test_each_ask_goes_where_deciding_one_by_one_sends_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    past = [past_of(rng) for _ in range(60)]
    policy = policy_of(rng)
    found = replay(asks_of(past), policy)
    for place, one in enumerate(past):
        decision = decide(one.question, [], {}, one.labels, policy, GATE, one.around)
        assert found.expert[place] == (decision.destination is Destination.EXPERT)
        assert found.public[place] == (decision.visibility is Visibility.PUBLIC)
        assert decision.decided_by is not None
        assert ORDER[found.by[place]] == By(decision.decided_by.split(":")[0])


def test_every_rule_decides_somewhere_in_these_worlds() -> None:
    rng = np.random.default_rng(5)
    seen: set[By] = set()
    for _ in range(40):
        asks = asks_of(past_of(rng) for _ in range(60))
        seen |= {ORDER[place] for place in replay(asks, policy_of(rng)).by}
    assert seen == set(By)


def test_a_policy_beside_itself_differs_in_nothing() -> None:
    rng = np.random.default_rng(1)
    asks = asks_of(past_of(rng) for _ in range(200))
    found = simulate(asks, Policy(), Policy(), FEW)
    known = [one for one in found.difference.values() if one.value is not None]
    assert known
    assert all((one.value, one.low, one.high) == (0, 0, 0) for one in known)
    assert found.draft == found.current
    assert (found.moved_to_expert, found.moved_to_community) == (0, 0)


def test_counts_are_what_counting_gives() -> None:
    rng = np.random.default_rng(2)
    past = [past_of(rng) for _ in range(300)]
    draft = Policy(costs=Costs(missed_expert=9, missed_severe=9))
    found = simulate(asks_of(past), draft, Policy(), replace(FEW, days=10, hours_per_question=3))
    made = [decide(p.question, [], {}, p.labels, draft, GATE, p.around) for p in past]
    expert = [one.destination is Destination.EXPERT for one in made]
    hours = [p.expert_hours or 3 for p, is_expert in zip(past, expert, strict=True) if is_expert]
    known = [place for place, p in enumerate(past) if p.truth is not None]
    wrong = [
        place
        for place in known
        if past[place].truth is Destination.EXPERT and made[place].visibility is Visibility.PUBLIC
    ]
    assert found.draft["expert_questions"].value == sum(expert)
    assert found.draft["expert_hours"].value == pytest.approx(sum(hours))
    assert found.draft["expert_per_day"].value == pytest.approx(sum(expert) / 10)
    assert found.draft["coverage"].value == pytest.approx(1 - sum(expert) / 300)
    assert found.draft["wrong_public"].value == pytest.approx(len(wrong) / len(known))
    for one in found.draft.values():
        if one.value is not None:
            assert one.low is not None
            assert one.high is not None
            assert one.low <= one.value <= one.high


def test_what_is_unknown_is_said_to_be_unknown() -> None:
    rng = np.random.default_rng(3)
    asks = asks_of(replace(past_of(rng), truth=None) for _ in range(50))
    found = simulate(asks, Policy(), Policy(), FEW)
    assert found.draft["wrong_public"].value is None
    assert found.draft["wait_median_hours"].value is None
    assert compared_row(found)["known"] == 0


def test_waiting_comes_of_the_times_of_who_answers() -> None:
    labels = {Target.DESTINATION: Label("community", 0.9, abstained=False)}
    plain = Past(Question("Bank feed", "It stopped", "en"), labels, Circumstances(), "anna")
    asks = asks_of([plain] * 30)
    times = AnswerTimes(
        {(Destination.EXPERT, None): [2.0] * 9, (Destination.COMMUNITY, None): [40.0]}
    )
    all_expert = Policy(costs=Costs(0, 0, 0, 1, 1), default_destination=Destination.EXPERT)
    found = simulate(asks, all_expert, Policy(), replace(FEW, times=times))
    assert found.draft["wait_median_hours"].value == 2
    assert found.current["wait_ninth_decile_hours"].value == 40


def test_a_topic_with_few_times_borrows_those_of_all() -> None:
    own = {(Destination.EXPERT, TOPICS[0]): [1.0] * 20, (Destination.EXPERT, TOPICS[1]): [1.0]}
    times = AnswerTimes({**own, (Destination.EXPERT, None): [5.0]})
    assert set(times.of(Destination.EXPERT, TOPICS[0])) == {1.0}
    assert set(times.of(Destination.EXPERT, TOPICS[1])) == {5.0}
    assert not times.of(Destination.COMMUNITY, TOPICS[0])


def test_one_person_who_asks_always_is_worth_less_than_many() -> None:
    rng = np.random.default_rng(6)
    past = [past_of(rng) for _ in range(400)]
    many = [replace(p, person=str(i)) for i, p in enumerate(past)]
    ordered = sorted(past, key=lambda p: replay(asks_of([p]), Policy()).expert[0])
    few = [replace(p, person=str(i // 40)) for i, p in enumerate(ordered)]

    def width(rows: list[Past]) -> float:
        found = simulate(asks_of(rows), Policy(), Policy(), FEW).draft["coverage"]
        assert found.low is not None
        assert found.high is not None
        return found.high - found.low

    assert width(few) > 2 * width(many)


def test_without_asks_nothing_is_simulated() -> None:
    with pytest.raises(NotEnoughData):
        simulate(asks_of([]), Policy(), Policy())


def test_what_decides_is_counted_as_decisions_name_it() -> None:
    rng = np.random.default_rng(8)
    past = [past_of(rng) for _ in range(150)]
    draft, current = policy_of(rng), policy_of(rng)
    found = simulate(asks_of(past), draft, current, FEW)
    told = [
        decide(one.question, [], {}, one.labels, policy, GATE, one.around).decided_by
        for policy in (draft, current)
        for one in past
    ]
    for name, counts in found.decided.items():
        assert counts.draft == told[:150].count(name), name
        assert counts.current == told[150:].count(name), name
    assert sum(one.draft for one in found.decided.values()) == len(past)
    assert any(name.startswith("rule:") for name in found.decided)


def test_asks_that_move_are_named_and_those_that_go_wrong_come_first() -> None:
    rng = np.random.default_rng(11)
    past = [past_of(rng) for _ in range(800)]
    # Where a missed expert costs no more than one that is asked, costs never ask any.
    draft, current = Policy(), Policy(costs=Costs(expert=3, missed_expert=3, missed_severe=3))
    found = simulate(asks_of(past), draft, current, FEW)
    assert found.moved_to_expert > 25
    moved = [one for one in found.moves if one.to is Destination.EXPERT]
    assert len(moved) == 25
    for one in found.moves:
        ask = past[one.place]
        both = [
            decide(ask.question, [], {}, ask.labels, policy, GATE, ask.around)
            for policy in (draft, current)
        ]
        assert both[0].destination is one.to is not both[1].destination
        assert (one.draft, one.current) == (both[0].decided_by, both[1].decided_by)
        assert one.truth == ask.truth
    wrong = [one.truth is Destination.COMMUNITY for one in moved]
    assert wrong == sorted(wrong, reverse=True)
