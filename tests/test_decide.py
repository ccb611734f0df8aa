"""Deciding is pure: values in, one decision out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.decide import CONTACT_TYPES, Policy, decide, settles
from triage.gate import Gate, Threshold
from triage.records import (
    Answer,
    Decision,
    Destination,
    Finding,
    Label,
    Labels,
    Match,
    Question,
    Target,
    Thread,
    Visibility,
)

QUESTION = Question("Bank feed", "It stopped", "en")
SOLVED = Thread("solved", "t", "b", (Answer("a", "do this"),), solved=True)
OPEN = Thread("open", "t", "b")
THREADS = {"solved": SOLVED, "open": OPEN}
GATE = Gate(0.1, 0.9, Threshold(0.5, 0, guaranteed=False), {}, "a test")
CLOSED = Gate(0.1, 0.9, Threshold(None, 500, guaranteed=False), {}, "a forum without luck")


def destination(value: Destination, probability: float) -> Labels:
    return {Target.DESTINATION: Label(value.value, probability, abstained=False)}


def made(
    question: Question = QUESTION,
    matches: tuple[Match, ...] = (),
    labels: Labels | None = None,
    policy: Policy = Policy(),  # noqa: B008 - frozen
    gate: Gate = GATE,
) -> Decision:
    return decide(question, matches, THREADS, labels or {}, policy, gate)


def codes(decision: Decision) -> list[str]:
    return [r.code for r in decision.reasons]


def test_a_likely_solved_thread_is_shown() -> None:
    decision = made(matches=(Match("solved", 0.9),))
    assert [m.thread_id for m in decision.shown] == ["solved"]


def test_an_unlikely_thread_is_not_shown() -> None:
    decision = made(matches=(Match("solved", 0.1),))
    assert decision.shown == ()
    assert "nothing_sure" in codes(decision)


def test_an_unsolved_thread_is_never_a_solution_but_the_same_question() -> None:
    decision = made(matches=(Match("open", 0.99),))
    assert decision.shown == ()
    assert [s.thread_id for s in decision.same_question] == ["open"]


def test_a_superseded_thread_is_not_shown() -> None:
    old = replace(SOLVED, superseded_by="new")
    decision = decide(QUESTION, (Match("solved", 0.9),), {"solved": old}, {}, Policy(), GATE)
    assert decision.shown == ()


def test_a_gate_that_lets_nothing_through_shows_nothing_and_says_so() -> None:
    decision = made(matches=(Match("solved", 1.0),), gate=CLOSED)
    assert decision.shown == ()
    assert "nothing_sure" in codes(decision)
    assert "nothing_known" in codes(made(gate=CLOSED))


def test_the_gate_is_asked_for_the_language_of_the_question() -> None:
    own = {"en": Threshold(0.7, 300, guaranteed=True), "sv": Threshold(None, 90, guaranteed=False)}
    gate = replace(GATE, by_language=own)
    matches = (Match("solved", 0.7),)
    assert made(matches=matches, gate=gate).shown == matches
    assert made(matches=(Match("solved", 0.69),), gate=gate).shown == ()
    assert made(replace(QUESTION, lang="sv"), matches, gate=gate).shown == ()
    assert made(replace(QUESTION, lang="da"), matches, gate=gate).shown == matches


def test_the_gate_does_not_hide_that_somebody_asks_the_same() -> None:
    decision = made(matches=(Match("open", 0.99),), gate=CLOSED)
    assert [s.thread_id for s in decision.same_question] == ["open"]


@pytest.mark.parametrize(
    ("thread", "may_be_offered"),
    [
        (SOLVED, True),
        (OPEN, False),
        (replace(SOLVED, solved=False), False),
        (replace(SOLVED, answers=()), False),
        (replace(SOLVED, superseded_by="new"), False),
    ],
)
def test_only_a_solved_answered_thread_of_today_settles(
    thread: Thread, may_be_offered: bool
) -> None:
    assert settles(thread) is may_be_offered


def test_no_more_than_the_policy_allows_are_shown() -> None:
    matches = tuple(Match("solved", 0.9) for _ in range(9))
    assert len(made(matches=matches, policy=Policy(most_shown=2)).shown) == 2


def test_without_a_head_the_default_destination_stands() -> None:
    decision = made()
    assert decision.destination is Destination.COMMUNITY
    assert decision.destination_probability is None
    assert "unrouted" in codes(decision)


@pytest.mark.parametrize("probability", [0.55, 0.99])
def test_an_expert_label_goes_to_experts_in_private(probability: float) -> None:
    decision = made(labels=destination(Destination.EXPERT, probability))
    assert decision.destination is Destination.EXPERT
    assert decision.visibility is Visibility.PRIVATE
    assert decision.destination_probability == pytest.approx(probability)


def test_a_community_label_stays_public() -> None:
    decision = made(labels=destination(Destination.COMMUNITY, 0.8))
    assert decision.destination is Destination.COMMUNITY
    assert decision.visibility is Visibility.PUBLIC
    assert decision.public_allowed


def test_the_policy_moves_the_cut() -> None:
    labels = destination(Destination.COMMUNITY, 0.7)
    assert made(labels=labels).destination is Destination.COMMUNITY
    cautious = Policy(expert_from=0.25)
    assert made(labels=labels, policy=cautious).destination is Destination.EXPERT


def test_the_customers_own_severity_counts() -> None:
    question = replace(QUESTION, customer_severity=1)
    labels = destination(Destination.COMMUNITY, 0.99)
    decision = made(question, labels=labels)
    assert decision.destination is Destination.EXPERT
    assert codes(decision)[0] == "customer_severity"


def test_a_predicted_severity_counts_unless_the_head_abstains() -> None:
    sure: Labels = {Target.SEVERITY: Label("1", 0.9, abstained=False)}
    unsure: Labels = {Target.SEVERITY: Label("1", 0.4, abstained=True)}
    assert made(labels=sure).destination is Destination.EXPERT
    assert made(labels=unsure).destination is Destination.COMMUNITY


def test_a_closed_group_keeps_its_questions() -> None:
    question = replace(QUESTION, groups=frozenset({"invited"}))
    decision = made(question, policy=Policy(closed_groups=frozenset({"invited"})))
    assert decision.visibility is Visibility.GROUP
    assert not decision.public_allowed


def test_a_phone_number_alone_does_not_make_a_question_private() -> None:
    assert CONTACT_TYPES
    question = replace(QUESTION, sensitive=(Finding("phone", "body", 0, 5),))
    assert made(question).visibility is Visibility.PUBLIC


probabilities = st.floats(0, 1)


@given(
    secret=st.sampled_from(["key", "password", "card", "identity_number", "iban"]),
    similarity=probabilities,
    community=probabilities,
)
def test_sensitivity_outranks_everything(secret: str, similarity: float, community: float) -> None:
    question = replace(QUESTION, sensitive=(Finding(secret, "body", 0, 5),))
    labels = destination(Destination.COMMUNITY, community)
    decision = made(question, (Match("solved", similarity),), labels)
    assert decision.destination is Destination.EXPERT
    assert decision.visibility is Visibility.PRIVATE
    assert not decision.public_allowed
    assert codes(decision)[0] == "sensitive"


@given(expert=probabilities, cut=probabilities, severity=st.sampled_from([None, 1, 2, 3, 4]))
def test_expert_is_always_private_and_community_never(
    expert: float, cut: float, severity: int | None
) -> None:
    question = replace(QUESTION, customer_severity=severity)
    decision = made(
        question, labels=destination(Destination.EXPERT, expert), policy=Policy(expert_from=cut)
    )
    private = decision.visibility is Visibility.PRIVATE
    assert private == (decision.destination is Destination.EXPERT)


def test_nobody_is_told_that_a_destination_is_certain() -> None:
    (why, *_) = made(labels=destination(Destination.COMMUNITY, 0.9999)).reasons
    assert why.params == {"percent": 99}
