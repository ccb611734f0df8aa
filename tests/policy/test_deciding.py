"""What holds under every policy, and what is kept of a decision."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.worlds import HOURS, past_of, policy_of
from triage.costs import Costs
from triage.decide import decide
from triage.decide.gate import Gate, Threshold
from triage.phrases import FOR_LEADS, say
from triage.policies.simulation import Past
from triage.policy import Circumstances, Moving, Policy, Rule
from triage.records import (
    LANGUAGES,
    Account,
    Decision,
    Destination,
    Finding,
    Label,
    Labels,
    Question,
    Reason,
    Target,
    Tone,
    Visibility,
)

GATE = Gate(0.1, 0.9, Threshold(0.5, 0, guaranteed=False), {}, "a test")
QUESTION = Question("The feed stopped", "", "en")
seeds = st.integers(0, 2**32 - 1)


def made(past: Past, policy: Policy) -> Decision:
    return decide(past.question, [], {}, past.labels, policy, GATE, past.around)


def drawn(seed: int) -> tuple[Past, Policy]:
    rng = np.random.default_rng(seed)
    return past_of(rng), policy_of(rng)


def unruled(seed: int) -> tuple[Past, Policy]:
    """Draw an ask that costs decide about, for no rule applies."""
    past, policy = drawn(seed)
    expert = float(np.random.default_rng(seed).random())
    severity = replace(past.labels.get(Target.SEVERITY, Label()), abstained=True)
    labels = {**past.labels, **labelled(expert), Target.SEVERITY: severity}
    around = replace(past.around, account=None)
    kept = {t: label for t, label in labels.items() if t not in {Target.TONE, Target.SCOPE}}
    return Past(QUESTION, kept, around, "anna"), policy


def labelled(expert: float) -> Labels:
    return {Target.DESTINATION: Label("expert", expert, abstained=False)}


def asked(
    question: Question = QUESTION,
    expert: float = 0.1,
    policy: Policy = Policy(),  # noqa: B008 - frozen
    around: Circumstances = Circumstances(),  # noqa: B008 - frozen
) -> Decision:
    return decide(question, [], {}, labelled(expert), policy, GATE, around)


def turned(decision: Decision) -> list[Reason]:
    return list(decision.would_change)


@given(seed=seeds)
def test_what_is_sensitive_is_public_under_no_policy(seed: int) -> None:
    past, policy = drawn(seed)
    found = (*past.question.sensitive, Finding("password", "body", 0, 5))
    decision = made(replace(past, question=replace(past.question, sensitive=found)), policy)
    assert decision.visibility is Visibility.PRIVATE
    assert not decision.public_allowed


@given(seed=seeds)
def test_who_wants_a_person_gets_one_at_once_under_every_policy(seed: int) -> None:
    past, policy = drawn(seed)
    decision = made(replace(past, question=replace(past.question, wants_person=True)), policy)
    assert decision.destination is Destination.EXPERT
    assert decision.decided_by in {"sensitive", "confidential", "wants_person"}


@given(seed=seeds, tone=st.sampled_from(Tone), surely=st.booleans())
def test_no_tone_touches_what_the_asker_wants_public(seed: int, tone: Tone, surely: bool) -> None:
    past, policy = drawn(seed)
    past = replace(past, question=replace(past.question, wants_public=True))
    toned = {**past.labels, Target.TONE: Label(str(tone), 0.99, abstained=not surely)}
    untoned = {t: label for t, label in past.labels.items() if t is not Target.TONE}
    decision = made(replace(past, labels=toned), policy)
    assert replace(decision, for_leads=()) == replace(
        made(replace(past, labels=untoned), policy), for_leads=()
    )


@given(seed=seeds, tone=st.sampled_from(Tone))
def test_no_tone_changes_what_is_shown_or_allowed_or_when(seed: int, tone: Tone) -> None:
    past, policy = drawn(seed)
    toned = {**past.labels, Target.TONE: Label(str(tone), 0.99, abstained=False)}
    decision, plain = made(replace(past, labels=toned), policy), made(past, policy)
    assert decision.public_allowed == plain.public_allowed
    assert (decision.shown, decision.same_question) == (plain.shown, plain.same_question)


@given(seed=seeds, more=st.floats(0, 20))
def test_a_dearer_missed_expert_takes_nobody_from_experts(seed: int, more: float) -> None:
    past, policy = unruled(seed)
    before, costs = made(past, policy).destination, policy.costs
    dearer = replace(
        costs, missed_expert=costs.missed_expert + more, missed_severe=costs.missed_severe + more
    )
    after = made(past, replace(policy, costs=dearer)).destination
    assert after is Destination.EXPERT or before is Destination.COMMUNITY


@given(seed=seeds, more=st.floats(0, 20))
def test_a_dearer_needless_expert_sends_nobody_to_experts(seed: int, more: float) -> None:
    past, policy = unruled(seed)
    before = made(past, policy).destination
    dearer = replace(policy.costs, needless_expert=policy.costs.needless_expert + more)
    after = made(past, replace(policy, costs=dearer)).destination
    assert after is Destination.COMMUNITY or before is Destination.EXPERT


@given(seed=seeds)
def test_the_cut_never_moves_further_than_its_limits(seed: int) -> None:
    past, policy = unruled(seed)
    cut = made(past, policy).cut
    assert cut is not None
    assert -policy.moving.most_down <= cut.moved <= policy.moving.most_up


@given(seed=seeds)
def test_nothing_for_leads_is_told_to_askers(seed: int) -> None:
    past, policy = drawn(seed)
    decision = made(past, policy)
    assert not FOR_LEADS & {r.code for r in decision.reasons}
    assert {r.code for r in decision.would_change} <= FOR_LEADS
    for reason in (*decision.reasons, *decision.would_change):
        assert all(say(reason, lang) for lang in LANGUAGES)


@given(expert=st.floats(0.01, 0.99))
def test_the_limit_that_is_told_is_where_the_decision_turns(expert: float) -> None:
    decision = asked(expert=expert)
    (turn,) = turned(decision)
    assert turn.code == "turn_probability"
    assert turn.params["was"] == round(expert, 3)
    assert decision.cut is not None
    over = asked(expert=min(1.0, decision.cut.at + 0.001))
    under = asked(expert=decision.cut.at - 0.001)
    assert over.destination is Destination.EXPERT
    assert under.destination is Destination.COMMUNITY


def test_a_severe_question_would_have_gone_elsewhere_had_it_been_milder() -> None:
    decision = asked(replace(QUESTION, customer_severity=1))
    assert decision.decided_by == "customer_severity"
    assert turned(decision) == [Reason("turn_severity", {"severity": 2})]
    milder = asked(replace(QUESTION, customer_severity=2))
    assert milder.destination is Destination.COMMUNITY


def test_where_two_rules_hold_both_would_have_to_go() -> None:
    question = replace(QUESTION, customer_severity=1, wants_person=True)
    found = [reason.code for reason in turned(asked(question, expert=0.9))]
    assert found == ["turn_wants_person", "turn_severity", "turn_probability"]


def test_an_own_rule_is_named_with_its_word_and_says_its_own_reason() -> None:
    rule = Rule("feeds", Destination.EXPERT, words=("feed",), reason={"en": "Feeds are ours."})
    decision = asked(policy=Policy(rules=(rule,)))
    assert decision.decided_by == "rule:feeds"
    assert turned(decision) == [Reason("turn_rule", {"rule": "feeds", "word": "feed"})]
    assert say(decision.reasons[0], "en") == "Feeds are ours."
    swedish = asked(replace(QUESTION, lang="sv"), policy=Policy(rules=(rule,)))
    assert say(swedish.reasons[0], "sv") == "Feeds are ours."


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rule_without_a_reason_is_told_as_one(lang: str) -> None:
    rule = Rule("feeds", Destination.COMMUNITY, words=("feed",))
    decision = asked(replace(QUESTION, lang=lang), expert=0.9, policy=Policy(rules=(rule,)))
    assert decision.destination is Destination.COMMUNITY
    assert decision.reasons[0].code == "rule_community"


def test_no_own_rule_outranks_what_protects() -> None:
    rule = Rule("feeds", Destination.COMMUNITY, words=("feed",))
    question = replace(QUESTION, customer_severity=1)
    assert asked(question, policy=Policy(rules=(rule,))).destination is Destination.EXPERT


def test_what_an_account_has_customised_goes_to_an_expert() -> None:
    around = Circumstances(account=Account("a", customised_products=("Ledger",)))
    question = replace(QUESTION, product="ledger")
    assert asked(question, around=around).decided_by == "customised"
    assert asked(question).decided_by == "costs"
    off = Policy(customised_to_expert=False)
    assert asked(question, policy=off, around=around).decided_by == "costs"
    assert asked(question, policy=Policy(company_products=frozenset({"LEDGER"}))).decided_by == (
        "customised"
    )


def test_support_levels_go_their_way() -> None:
    policy = Policy(expert_levels=frozenset({"gold"}), community_levels=frozenset({"free"}))
    gold = Circumstances(account=Account("a", support_level="Gold"))
    free = Circumstances(account=Account("a", support_level="free"))
    assert asked(policy=policy, around=gold).destination is Destination.EXPERT
    decision = asked(expert=0.9, policy=policy, around=free)
    assert decision.decided_by == "community_level"
    assert decision.destination is Destination.COMMUNITY


def test_a_long_queue_moves_the_cut_up_and_it_is_recorded() -> None:
    policy = Policy(moving=Moving(most_up=0.2, queue_from=10, per_queued=0.01))
    usual = asked(expert=0.3, policy=policy, around=Circumstances(queue=10))
    long = asked(expert=0.3, policy=policy, around=Circumstances(queue=22))
    assert usual.destination is Destination.EXPERT
    assert long.destination is Destination.COMMUNITY
    assert long.cut is not None
    assert long.cut.moved == pytest.approx(0.12)
    assert long.cut.queue == 22


def test_a_slow_topic_moves_the_cut_down() -> None:
    policy = Policy(moving=Moving(most_down=0.2, slow_from_hours=24, per_slow_hour=0.01))
    labels = {**labelled(0.15), Target.TOPIC: Label("tax", 0.9, abstained=False)}
    slow = Circumstances(community_hours={"tax": 36.0})
    assert decide(QUESTION, [], {}, labels, policy, GATE).destination is Destination.COMMUNITY
    decision = decide(QUESTION, [], {}, labels, policy, GATE, slow)
    assert decision.destination is Destination.EXPERT
    assert decision.cut is not None
    assert decision.cut.community_hours == 36


def test_whoever_waits_for_an_expert_at_night_is_told_until_when() -> None:
    night = Circumstances(now=datetime(2026, 4, 2, 20, 0, tzinfo=UTC))
    decision = asked(replace(QUESTION, wants_person=True), policy=Policy(hours=HOURS), around=night)
    assert decision.destination is Destination.EXPERT
    away = decision.reasons[1]
    # The third is a holiday, then comes a weekend.
    assert away == Reason("experts_away", {"opens": "2026-04-06 08:00"})


def test_a_member_of_a_closed_group_may_not_post_publicly_even_past_an_expert() -> None:
    policy = Policy(closed_groups=frozenset({"invited"}))
    decision = asked(replace(QUESTION, groups=frozenset({"invited"})), 0.9, policy)
    assert decision.visibility is Visibility.PRIVATE
    assert not decision.public_allowed


def test_a_label_less_precise_than_wanted_decides_nothing() -> None:
    labels = {**labelled(0.1), Target.SEVERITY: Label("1", 0.7, abstained=False)}
    strict = Policy(precision={Target.SEVERITY: 0.8}, costs=Costs(missed_severe=3))
    plain = decide(QUESTION, [], {}, labels, Policy(), GATE)
    assert plain.decided_by == "severity"
    assert decide(QUESTION, [], {}, labels, strict, GATE).decided_by == "costs"


def test_a_decision_keeps_the_version_of_its_policy() -> None:
    assert asked(around=Circumstances(policy_version="7")).policy_version == "7"


@given(seed=seeds)
def test_what_would_have_changed_it_holds_nothing_that_was_typed(seed: int) -> None:
    past, policy = drawn(seed)
    question = replace(past.question, title="Zanzibar feed", product="Zanzibar", body="vat")
    around = replace(past.around, account=Account("z", "Zanzibar", "Zanzibar", None, ("zanzibar",)))
    told = made(Past(question, past.labels, around, "z"), policy)
    assert "zanzibar" not in repr((told.would_change, told.decided_by, told.cut)).lower()
