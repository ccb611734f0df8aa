"""Nothing waits for ever: every open question is due some time, and then something is done."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lifecycle.histories import histories, some
from tests.lifecycle.steps import HOUR, START, answered, step, with_community, with_expert
from triage.lifecycle import (
    Bringing,
    Due,
    Limits,
    Posted,
    State,
    Then,
    Watched,
    Who,
    Why,
    carry_out,
    due,
    follow,
    sweep,
)

HOURS = st.integers(1, 500).map(lambda hours: timedelta(hours=hours))
LIMITS = st.builds(
    Limits,
    community=HOURS,
    by_topic=st.dictionaries(st.sampled_from(["vat", "bank"]), HOURS),
    pressing=HOURS,
    expert=HOURS,
    customer=HOURS,
)
KINDS = st.sampled_from([None, "complaint", "how_to"])
WATCHED = st.builds(
    Watched,
    histories(),
    topic=st.sampled_from([None, "vat", "other"]),
    kind=KINDS,
    severity=st.sampled_from([None, 1, 2, 3, 4]),
)


@some
@given(WATCHED, LIMITS)
def test_every_open_question_has_a_due_moment(watched: Watched, limits: Limits) -> None:
    found = due(watched, limits)
    if watched.question.open or watched.question.state is State.ANSWERED:
        assert found is not None
        assert found.at > watched.question.since
        assert found.at - watched.question.since <= max(
            limits.most, limits.expert, limits.customer, limits.confirming
        )
    else:
        assert found is None


@some
@given(WATCHED, LIMITS)
def test_doing_what_is_due_ends_with_staff_or_closed(watched: Watched, limits: Limits) -> None:
    question = watched.question
    for _ in range(4):
        now = Watched(question, watched.topic, watched.kind, watched.severity)
        found = due(now, limits)
        if found is None or found.then is Then.REMIND:
            break
        made = carry_out(question, found, found.at)
        assert made is not None
        assert carry_out(question, found, found.at + HOUR) is not None
        question = follow(question, made)
    assert question.state in (State.ESCALATED, State.CLOSED, State.CONFIRMED_SOLVED)


@some
@given(histories(), LIMITS, st.sampled_from([1, 2]))
def test_a_severe_question_is_never_closed_on_somebody_who_waits(
    question: Posted, limits: Limits, severity: int
) -> None:
    found = due(Watched(question, severity=severity), limits)
    if found is not None and question.open:
        assert found.then is not Then.CLOSE


def test_what_the_community_leaves_goes_to_staff() -> None:
    question = with_community()
    limits = Limits(community=timedelta(days=2))
    assert sweep([Watched(question)], limits, question.since + timedelta(hours=47)) == ()
    (found,) = sweep([Watched(question)], limits, question.since + timedelta(hours=48))
    assert (found.then, found.why) == (Then.TO_STAFF, Why.UNANSWERED)
    made = carry_out(question, found, found.at)
    assert made is not None
    assert follow(question, made).state is State.ESCALATED


def test_two_sweeps_at_once_make_one_change() -> None:
    question = with_community()
    found = due(Watched(question), Limits())
    assert found is not None
    one, other = (carry_out(question, found, found.at + n * HOUR) for n in (0, 3))
    assert one is not None
    assert other is not None
    after = follow(question, one)
    assert one.id == other.id
    again = carry_out(question, found, found.at)
    assert again == one
    assert after.revision == question.revision + 1


def test_a_complaint_left_with_the_community_goes_to_staff_sooner() -> None:
    question = with_community()
    usual, complaint = (due(Watched(question, kind=kind), Limits()) for kind in (None, "complaint"))
    assert usual is not None
    assert complaint is not None
    assert complaint.at - question.since == timedelta(hours=4) < usual.at - question.since
    assert complaint.then is Then.TO_STAFF


@pytest.mark.parametrize(("learned", "kept"), [(0.1, 1), (30, 30), (9999, 168)])
def test_a_learned_time_counts_within_limits(learned: float, kept: float) -> None:
    limits = Limits(by_topic={"vat": timedelta(hours=learned)})
    question = with_community()
    found = due(Watched(question, topic="vat"), limits)
    assert found is not None
    assert found.at - question.since == timedelta(hours=kept)


def test_staff_who_have_it_are_reminded_again_and_again() -> None:
    late = step(with_expert(), State.ESCALATED, Who.MACHINE, Bringing(Why.UNANSWERED))
    first = due(Watched(late), Limits())
    assert first == Due("q1", 3, late.since + timedelta(days=1), Then.REMIND, Why.UNANSWERED)
    then = due(Watched(late, reminded=first.at), Limits())
    assert then is not None
    assert then.at == first.at + timedelta(days=1)
    assert carry_out(late, first, first.at) is None


def test_a_customer_who_never_replies_is_let_go_but_not_with_a_complaint() -> None:
    asks = Bringing(asked=("ask_error",))
    waiting = step(with_expert(), State.WAITING_FOR_CUSTOMER, Who.STAFF, asks)
    usual, complaint = (due(Watched(waiting, kind=kind), Limits()) for kind in (None, "complaint"))
    assert usual is not None
    assert complaint is not None
    assert (usual.then, complaint.then) == (Then.CLOSE, Then.TO_STAFF)


def test_an_answer_nobody_confirms_is_closed_and_not_called_solved() -> None:
    question = answered()
    (found,) = sweep([Watched(question)], Limits(), START + timedelta(days=99))
    made = carry_out(question, found, START + timedelta(days=99))
    assert made is not None
    closed = follow(question, made)
    assert (closed.state, closed.solved_by) == (State.CLOSED, None)


def test_the_longest_overdue_comes_first() -> None:
    early, late = (
        with_community(),
        step(with_community(), State.ESCALATED, Who.STAFF, Bringing(Why.URGENT), hours=500),
    )
    found = sweep([Watched(late), Watched(early)], Limits(), START + timedelta(days=90))
    assert [one.at for one in found] == sorted(one.at for one in found)


def test_limits_that_never_come_are_refused() -> None:
    with pytest.raises(ValueError, match="longer than none"):
        Limits(expert=timedelta(0))


def test_a_question_that_somebody_else_has_moved_is_left_alone() -> None:
    question = with_community()
    found = due(Watched(question), Limits())
    assert found is not None
    helped = step(question, State.ANSWERED, Who.COMMUNITY, Bringing(answer_id="a1"))
    assert carry_out(helped, found, found.at) is None


def test_staff_get_it_with_an_owner_of_their_own() -> None:
    question = with_community()
    found = due(Watched(question), Limits())
    assert found is not None
    for owner, after in (("nils", "nils"), ("forum", "forum"), (None, "forum")):
        made = carry_out(question, found, found.at, owner)
        assert made is not None
        assert follow(question, made).owner == after


def test_what_is_reopened_before_the_community_waits_no_longer_than_staff_may() -> None:
    again = step(answered(), State.REOPENED, Who.CUSTOMER)
    usual, quick = (due(Watched(again), Limits(community=n * HOUR)) for n in (48, 12))
    assert usual == Due(
        "q1", again.revision, again.since + 24 * HOUR, Then.TO_STAFF, Why.UNANSWERED
    )
    assert quick is not None
    assert quick.at - again.since == 12 * HOUR
