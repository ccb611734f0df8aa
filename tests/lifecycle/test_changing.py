"""A question is the fold of its changes, each of which the table allows, once."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lifecycle.histories import TRIES, histories, some
from tests.lifecycle.steps import (
    HOUR,
    START,
    answered,
    posted,
    step,
    with_community,
    with_expert,
)
from triage.errors import IdempotencyConflict, IllegalChange
from triage.lifecycle import (
    RULES,
    Bringing,
    Posted,
    State,
    Who,
    Why,
    allowed,
    change,
    follow,
    needs,
    replay,
)
from triage.records import Destination


def test_every_state_can_be_reached_and_all_but_the_end_can_be_left() -> None:
    reached = {State.RECEIVED}
    for _ in State:
        reached |= {after for before in reached for after in allowed(before)}
    assert reached == set(State)
    assert set(RULES) == set(State)
    assert all(set(allowed(state)) - {state} for state in State)


@pytest.mark.parametrize("state", State)
def test_who_asks_can_always_do_something(state: State) -> None:
    assert allowed(state, Who.CUSTOMER)


@pytest.mark.parametrize(
    "state",
    [s for s in State if s not in (State.CONFIRMED_SOLVED, State.CLOSED, State.ESCALATED)],
)
def test_a_person_is_had_from_everywhere(state: State) -> None:
    assert needs(state, State.ESCALATED, Who.CUSTOMER) is not None


def test_the_machine_never_says_that_something_is_solved() -> None:
    for before, afters in RULES.items():
        solving = afters.get(State.CONFIRMED_SOLVED, {})
        assert set(solving) <= {Who.CUSTOMER}, before


def test_an_illegal_step_names_those_that_are_allowed() -> None:
    with pytest.raises(IllegalChange) as refused:
        step(answered(), State.CONFIRMED_SOLVED, Who.COMMUNITY)
    assert refused.value.code == "illegal_change"
    assert refused.value.allowed == ("answered",)
    assert "community may make it: `answered`." in str(refused.value)


def test_an_illegal_step_says_what_it_lacks() -> None:
    with pytest.raises(IllegalChange, match="needs an answer_id"):
        step(with_community(), State.ANSWERED, Who.STAFF)
    with pytest.raises(IllegalChange, match="needs a reason"):
        step(with_community(), State.CLOSED, Who.STAFF)


def test_the_same_answer_answers_once() -> None:
    with pytest.raises(IllegalChange, match="answer_id"):
        step(answered(), State.ANSWERED, Who.COMMUNITY, Bringing(answer_id="a1"))
    assert step(answered(), State.ANSWERED, Who.STAFF, Bringing(answer_id="a2")).answers == (
        "a1",
        "a2",
    )


def test_what_may_not_be_read_by_others_never_stands_before_them() -> None:
    sent = Bringing(Why.SENT_ON)
    with pytest.raises(IllegalChange, match="readable by other customers"):
        step(with_expert(), State.WITH_COMMUNITY, Who.STAFF, sent)


@some
@given(histories())
def test_the_community_never_has_what_is_not_shareable(question: Posted) -> None:
    if not question.shareable:
        assert not question.in_community
        assert all(c.who is not Who.COMMUNITY for c in question.changes)


def test_what_was_escalated_can_still_be_answered_where_it_stands() -> None:
    late = step(with_community(), State.ESCALATED, Who.MACHINE, Bringing(Why.UNANSWERED))
    assert late.destination is Destination.EXPERT
    helped = step(late, State.ANSWERED, Who.COMMUNITY, Bringing(answer_id="a1"))
    assert helped.state is State.ANSWERED
    with pytest.raises(IllegalChange, match="stand before the community"):
        step(with_expert(), State.ANSWERED, Who.COMMUNITY, Bringing(answer_id="a1"))


def test_a_reply_goes_back_to_whoever_asked_back() -> None:
    asks = Bringing(asked=("ask_error",))
    waiting = step(with_community(), State.WAITING_FOR_CUSTOMER, Who.STAFF, asks)
    assert waiting.asked == ("ask_error",)
    replied = step(waiting, State.WITH_COMMUNITY, Who.CUSTOMER)
    assert (replied.state, replied.asked) == (State.WITH_COMMUNITY, ())
    with pytest.raises(IllegalChange):
        step(waiting, State.WITH_EXPERT, Who.CUSTOMER)


def test_at_most_two_things_are_asked_back() -> None:
    for asked in ((), ("a", "b", "c"), ("a", "a")):
        with pytest.raises(IllegalChange, match="one or two"):
            step(with_expert(), State.WAITING_FOR_CUSTOMER, Who.STAFF, Bringing(asked=asked))


def test_handing_over_needs_another_owner() -> None:
    question = with_expert()
    handed = step(question, State.WITH_EXPERT, Who.STAFF, Bringing(owner="anna"))
    assert (handed.owner, handed.since) == ("anna", question.since)
    with pytest.raises(IllegalChange, match="another owner"):
        step(handed, State.WITH_EXPERT, Who.STAFF, Bringing(owner="anna"))
    with pytest.raises(IllegalChange, match="by staff alone"):
        step(question, State.ESCALATED, Who.CUSTOMER, Bringing(Why.OTHER, owner="me"))


def test_only_an_answer_that_there_is_can_have_solved_it() -> None:
    with pytest.raises(IllegalChange, match="no such answer"):
        step(answered(), State.CONFIRMED_SOLVED, Who.CUSTOMER, Bringing(answer_id="a9"))
    solved = step(answered(), State.CONFIRMED_SOLVED, Who.CUSTOMER, Bringing(answer_id="a1"))
    assert solved.solved_by == "a1"


def test_reopening_forgets_what_solved_it() -> None:
    solved = step(answered(), State.CONFIRMED_SOLVED, Who.CUSTOMER, Bringing(answer_id="a1"))
    again = step(solved, State.REOPENED, Who.CUSTOMER)
    assert (again.solved_by, again.answers, again.open) == (None, ("a1",), True)


def test_asking_twice_changes_once() -> None:
    question = with_community()
    brings = Bringing(answer_id="a1")
    made = change(question, State.ANSWERED, Who.COMMUNITY, "mine", START + HOUR, brings)
    after = follow(question, made)
    again = change(after, State.ANSWERED, Who.COMMUNITY, "mine", START + 9 * HOUR, brings)
    assert again == made
    assert follow(after, again) == after
    closed = step(after, State.CLOSED, Who.STAFF, Bringing(Why.OTHER))
    assert change(closed, State.ANSWERED, Who.COMMUNITY, "mine", START, brings) == made


def test_one_id_cannot_ask_for_two_things() -> None:
    question = with_community()
    with pytest.raises(IdempotencyConflict):
        change(question, State.CLOSED, Who.STAFF, question.changes[-1].id, START)
    with pytest.raises(IdempotencyConflict):
        follow(question, replace(question.changes[-1], by="somebody else"))


def test_who_looked_at_an_older_revision_is_told_to_look_again() -> None:
    with pytest.raises(IllegalChange, match="revision 3, not 2; read it again"):
        change(answered(), State.REOPENED, Who.CUSTOMER, "c9", START, expected=2)


def test_a_clock_that_goes_back_does_not_turn_time_round() -> None:
    early = change(
        answered(), State.CONFIRMED_SOLVED, Who.CUSTOMER, "c9", START - timedelta(days=1)
    )
    assert early.at == answered().changes[-1].at


def test_a_history_with_a_hole_or_without_a_beginning_is_refused() -> None:
    changes = answered().changes
    for broken in (changes[:1] + changes[2:], changes[1:], ()):
        with pytest.raises(IllegalChange):
            replay(broken)


def test_two_changes_of_one_revision_are_refused() -> None:
    question = with_community()
    one = change(question, State.CLOSED, Who.STAFF, "x", START, Bringing(Why.OTHER))
    other = change(question, State.ESCALATED, Who.STAFF, "y", START, Bringing(Why.OTHER))
    with pytest.raises(IllegalChange, match="is not next"):
        replay([*question.changes, one, other])


def test_a_change_of_another_question_is_refused() -> None:
    foreign = replace(answered().changes[-1], question_id="q2")
    with pytest.raises(IllegalChange):
        follow(with_community(), foreign)


@some
@given(histories(), st.randoms(use_true_random=False), st.integers(1, 3))
def test_any_order_and_any_repetition_makes_the_same_question(
    question: Posted, chance: random.Random, times: int
) -> None:
    changes = list(question.changes) * times
    chance.shuffle(changes)
    assert replay(changes) == question


@some
@given(histories())
def test_revisions_rise_by_one_and_time_never_falls(question: Posted) -> None:
    assert [c.revision for c in question.changes] == list(range(1, question.revision + 1))
    moments = [c.at for c in question.changes]
    assert moments == sorted(moments)
    assert len({c.id for c in question.changes}) == question.revision


@some
@given(histories())
def test_every_step_of_a_history_is_in_the_table(question: Posted) -> None:
    for before, after in zip(question.changes, question.changes[1:], strict=False):
        assert after.before is before.after
        assert needs(before.after, after.after, after.who) is not None
    assert question.state is question.changes[-1].after
    assert len(set(question.answers)) == len(question.answers)
    assert question.owner
    assert question.solved_by is None or question.solved_by in question.answers


@some
@given(histories(), TRIES)
def test_a_wanted_change_follows_or_is_refused_and_never_half(
    question: Posted, wanted: tuple[State, Who, Bringing, timedelta]
) -> None:
    state, who, brings, later = wanted
    known = state in allowed(question.state, who)
    try:
        made = change(question, state, who, "new", START + later, brings)
    except IllegalChange:
        return
    assert known
    after = follow(question, made)
    assert (after.state, after.revision) == (state, question.revision + 1)
    assert replay(after.changes) == after
    assert follow(after, made) == after


def test_nothing_goes_to_a_community_that_may_not_read_it() -> None:
    with pytest.raises(IllegalChange, match="allowed to read it"):
        posted(shareable=False)


@some
@given(histories())
def test_a_customer_who_is_asked_can_always_reply(question: Posted) -> None:
    if question.state is State.WAITING_FOR_CUSTOMER:
        home = (
            State.WITH_COMMUNITY
            if question.destination is Destination.COMMUNITY
            else State.WITH_EXPERT
        )
        assert step(question, home, Who.CUSTOMER).state is home


def test_a_question_begins_with_one_owner() -> None:
    question = posted()
    assert (question.owner, question.revision, question.open) == ("forum", 1, True)
