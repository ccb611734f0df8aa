"""The asker is told what happens, in words; what is the house's own stays with staff."""

from datetime import timedelta

import pytest
from hypothesis import given

from tests.lifecycle.histories import histories, some
from tests.lifecycle.steps import answered, step, with_community
from triage.lifecycle import (
    Bringing,
    Expected,
    Piece,
    Posted,
    State,
    Who,
    Why,
    tell_asker,
    tell_expected,
    tell_staff,
)
from triage.phrases import PHRASES, say
from triage.records import LANGUAGES, Reason


@some
@given(histories())
def test_the_asker_hears_of_every_new_state_and_answer_in_every_language(question: Posted) -> None:
    told = tell_asker(question.changes)
    moves = [c for c in question.changes if c.after is not c.before or c.after is State.ANSWERED]
    assert [t.at for t in told] == [c.at for c in moves]
    assert [t.state for t in told] == [c.after for c in moves]
    for one in told:
        assert all(say(one.reason, lang) for lang in LANGUAGES)


@some
@given(histories())
def test_no_name_and_no_owner_is_told(question: Posted) -> None:
    shown = repr(tell_asker(question.changes))
    assert "anna" not in shown
    assert "forum'" not in shown
    assert tell_staff(question) == question.changes


def test_a_hand_over_is_not_told() -> None:
    question = with_community()
    handed = step(question, State.WITH_COMMUNITY, Who.STAFF, Bringing(owner="anna"))
    assert tell_asker(handed.changes) == tell_asker(question.changes)


def test_why_is_told_where_the_state_alone_would_leave_one_guessing() -> None:
    late = step(with_community(), State.ESCALATED, Who.MACHINE, Bringing(Why.UNANSWERED))
    urgent = step(with_community(), State.ESCALATED, Who.STAFF, Bringing(Why.COMPLAINT))
    assert tell_asker(late.changes)[-1].reason.code == "question_escalated_unanswered"
    assert tell_asker(urgent.changes)[-1].reason.code == "question_escalated"
    more = step(answered(), State.ANSWERED, Who.STAFF, Bringing(answer_id="a2"))
    assert tell_asker(more.changes)[-1].reason.code == "question_another_answer"


def test_what_is_asked_back_is_told_in_words() -> None:
    asks = Bringing(asked=("ask_version", "ask_error"))
    waiting = step(with_community(), State.WAITING_FOR_CUSTOMER, Who.STAFF, asks)
    told = tell_asker(waiting.changes)[-1]
    assert [say(one, "sv") for one in told.asked] == [
        "Vilken version använder du?",
        "Vad står det exakt i felmeddelandet?",
    ]


def test_every_piece_can_be_asked_for() -> None:
    assert {f"ask_{piece}" for piece in Piece} <= set(PHRASES)


@pytest.mark.parametrize(
    ("half", "most", "reason"),
    [
        (None, None, Reason("answer_time_unknown")),
        (3.2, 20, Reason("answer_in_hours", {"half": 4, "most": 20})),
        (0.01, 0.5, Reason("answer_in_hours", {"half": 1, "most": 1})),
        (30, 100, Reason("answer_in_days", {"half": 2, "most": 5})),
        (5, None, Reason("answer_half_in_hours", {"half": 5})),
        (90, None, Reason("answer_half_in_days", {"half": 4})),
    ],
)
def test_the_expected_time_is_rounded_up_and_unknown_is_said(
    half: float | None, most: float | None, reason: Reason
) -> None:
    hours = [None if one is None else timedelta(hours=one) for one in (half, most)]
    told = tell_expected(Expected(*hours))
    assert told == reason
    assert all(say(told, lang) for lang in LANGUAGES)
