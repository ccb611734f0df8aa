"""Deciding is pure: values in, one decision out."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from triage.costs import Costs
from triage.decide import OPEN_TYPES, Policy, decide, settles
from triage.decide.gate import Gate, Threshold
from triage.phrases import FOR_LEADS
from triage.phrases.sensitive import SENSITIVE
from triage.records import (
    Answer,
    Decision,
    Destination,
    Finding,
    Label,
    Labels,
    Match,
    Novelty,
    Question,
    Target,
    Thread,
    Tone,
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


def toned(tone: Tone, *, abstained: bool = False) -> Labels:
    return {
        **destination(Destination.COMMUNITY, 0.9),
        Target.TONE: Label(tone.value, 0.83, abstained=abstained),
    }


def scoped(novelty: Novelty, *, abstained: bool = False) -> Labels:
    return {
        **destination(Destination.COMMUNITY, 0.9),
        Target.SCOPE: Label(novelty.value, 0.97, abstained=abstained),
    }


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


def severity(**shares: float) -> Label:
    """Return an unsure label from the probability of each severity, `s1` to `s4`."""
    ranked = sorted(((name[1:], p) for name, p in shares.items()), key=lambda told: -told[1])
    return Label(*ranked[0], alternatives=tuple(ranked[1:]), abstained=True)


def test_the_costs_of_the_policy_decide() -> None:
    labels = destination(Destination.COMMUNITY, 0.8)
    assert made(labels=labels).destination is Destination.COMMUNITY
    cautious = Policy(costs=Costs(missed_expert=5))
    assert made(labels=labels, policy=cautious).destination is Destination.EXPERT
    patient = Policy(costs=Costs(missed_expert=1, missed_severe=1))
    sure = destination(Destination.EXPERT, 0.9)
    assert made(labels=sure, policy=patient).destination is Destination.COMMUNITY


def test_what_may_be_severe_goes_to_an_expert_sooner() -> None:
    doubtful = destination(Destination.COMMUNITY, 0.85)
    mild = severity(s4=0.6, s3=0.38, s2=0.01, s1=0.01)
    grave = severity(s3=0.4, s2=0.3, s1=0.2, s4=0.1)
    unsevere: Labels = {**doubtful, Target.SEVERITY: mild}
    severe: Labels = {**doubtful, Target.SEVERITY: grave}
    assert made(labels=doubtful).destination is Destination.COMMUNITY
    assert made(labels=unsevere).destination is Destination.COMMUNITY
    assert made(labels=severe).destination is Destination.EXPERT


@pytest.mark.parametrize(
    ("expert", "policy", "code", "percent"),
    [
        (0.8, Policy(), "needs_expert", 80),
        (0.3, Policy(), "expert_in_case", 30),
        (0.1, Policy(), "community_can", 90),
        (0.6, Policy(costs=Costs(missed_expert=1.1, missed_severe=1.1)), "community_first", 40),
    ],
)
def test_the_reason_is_no_surer_than_the_head(
    expert: float, policy: Policy, code: str, percent: int
) -> None:
    decision = made(labels=destination(Destination.EXPERT, expert), policy=policy)
    (why, *_) = decision.reasons
    assert (why.code, why.params) == (code, {"percent": percent})
    assert decision.destination_probability == pytest.approx(percent / 100)


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


def test_what_is_surely_new_goes_to_an_expert() -> None:
    decision = made(labels=scoped(Novelty.NOVEL))
    assert decision.destination is Destination.EXPERT
    assert codes(decision)[0] == "novel"


@pytest.mark.parametrize(
    ("labels", "policy"),
    [
        (scoped(Novelty.NOVEL, abstained=True), Policy()),
        (scoped(Novelty.KNOWN), Policy()),
        (scoped(Novelty.NOVEL), Policy(novel_to_expert=False)),
    ],
)
def test_what_is_not_surely_new_goes_where_the_head_says(labels: Labels, policy: Policy) -> None:
    decision = made(labels=labels, policy=policy)
    assert decision.destination is Destination.COMMUNITY
    assert codes(decision)[0] == "community_can"


def test_a_customer_who_may_leave_goes_to_an_expert_and_only_leads_are_told_why() -> None:
    decision = made(labels=toned(Tone.AT_RISK))
    assert decision.destination is Destination.EXPERT
    assert codes(decision)[0] == "expert_care"
    (told,) = decision.for_leads
    assert told.code == "at_risk"
    assert told.params == {"percent": 83}


def test_anger_is_told_to_leads_and_moves_nothing() -> None:
    decision, calm = made(labels=toned(Tone.ANGRY)), made(labels=toned(Tone.CALM))
    assert [r.code for r in decision.for_leads] == ["angry"]
    assert replace(decision, for_leads=()) == calm


def test_a_policy_may_care_for_the_angry_too() -> None:
    decision = made(labels=toned(Tone.ANGRY), policy=Policy(cared_for=frozenset(Tone)))
    assert decision.destination is Destination.EXPERT
    assert codes(decision)[0] == "expert_care"


@pytest.mark.parametrize("tone", list(Tone))
def test_an_unsure_tone_is_not_spoken_of(tone: Tone) -> None:
    decision = made(labels=toned(tone, abstained=True))
    assert decision.destination is Destination.COMMUNITY
    assert decision.for_leads == ()


def test_a_closed_group_keeps_its_questions() -> None:
    question = replace(QUESTION, groups=frozenset({"invited"}))
    decision = made(question, policy=Policy(closed_groups=frozenset({"invited"})))
    assert decision.visibility is Visibility.GROUP
    assert not decision.public_allowed


@pytest.mark.parametrize("found", sorted(OPEN_TYPES))
def test_that_a_company_is_named_alone_does_not_make_a_question_private(found: str) -> None:
    question = replace(QUESTION, sensitive=(Finding(found, "body", 0, 5),))
    assert made(question).visibility is Visibility.PUBLIC
    assert made(question).public_allowed
    strict = Policy(open_types=frozenset())
    assert made(question, policy=strict).visibility is Visibility.PRIVATE


def test_the_page_that_a_system_names_makes_nothing_private() -> None:
    page = replace(QUESTION, sensitive=(Finding("host", "context.page", 0, 5),))
    assert made(page).visibility is Visibility.PUBLIC
    body = replace(QUESTION, sensitive=(Finding("host", "body", 0, 5),))
    assert made(body).visibility is Visibility.PRIVATE


@given(similarity=st.floats(0, 1), probability=st.floats(0.5, 1))
def test_what_is_confidential_is_private_whatever_is_known(
    similarity: float, probability: float
) -> None:
    question = replace(QUESTION, confidential=probability)
    decision = made(question, (Match("solved", similarity),))
    assert decision.visibility is Visibility.PRIVATE
    assert not decision.public_allowed
    assert codes(decision)[0] == "confidential"
    assert made(replace(question, confidential=0.49)).visibility is Visibility.PUBLIC


probabilities = st.floats(0, 1)


@given(
    secret=st.sampled_from(sorted(SENSITIVE)),
    similarity=probabilities,
    community=probabilities,
)
def test_sensitivity_outranks_everything(secret: str, similarity: float, community: float) -> None:
    assume(secret not in OPEN_TYPES)
    question = replace(QUESTION, sensitive=(Finding(secret, "body", 0, 5),))
    labels = destination(Destination.COMMUNITY, community)
    decision = made(question, (Match("solved", similarity),), labels)
    assert decision.destination is Destination.EXPERT
    assert decision.visibility is Visibility.PRIVATE
    assert not decision.public_allowed
    assert codes(decision)[0] == "sensitive"


@given(expert=probabilities, missed=st.floats(1, 99), said=st.sampled_from([None, 1, 2, 3, 4]))
def test_expert_is_always_private_and_community_never(
    expert: float, missed: float, said: int | None
) -> None:
    question = replace(QUESTION, customer_severity=said)
    policy = Policy(costs=Costs(missed_expert=missed, missed_severe=missed))
    decision = made(question, labels=destination(Destination.EXPERT, expert), policy=policy)
    private = decision.visibility is Visibility.PRIVATE
    assert private == (decision.destination is Destination.EXPERT)


def test_nobody_is_told_that_a_destination_is_certain() -> None:
    (why, *_) = made(labels=destination(Destination.COMMUNITY, 0.9999)).reasons
    assert why.params == {"percent": 99}


@given(
    tone=st.sampled_from(Tone),
    novelty=st.sampled_from(Novelty),
    severity=st.sampled_from([None, 1, 4]),
    expert=probabilities,
    secret=st.booleans(),
)
def test_who_asks_is_never_told_how_they_sound(
    tone: Tone, novelty: Novelty, severity: int | None, expert: float, secret: bool
) -> None:
    found = (Finding("key", "body", 0, 5),) if secret else ()
    question = replace(QUESTION, customer_severity=severity, sensitive=found)
    labels = {**toned(tone), **scoped(novelty), **destination(Destination.EXPERT, expert)}
    decision = made(question, (Match("solved", expert),), labels)
    assert not FOR_LEADS & set(codes(decision))
    assert {r.code for r in decision.for_leads} <= FOR_LEADS
