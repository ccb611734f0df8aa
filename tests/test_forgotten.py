"""What comes again of persons who were erased is left out; what they write since is new."""

from datetime import UTC, datetime, timedelta

import pytest

from triage.forgotten import Forgotten, cases_left, threads_left, without_person
from triage.records import Answer, Case, Thread

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GONE = {"anna": Forgotten(NOON)}
STAFF = {"anna": Forgotten(NOON, keep_staff_answers=True)}


@pytest.mark.parametrize(
    ("created", "kept"), [(None, 0), (NOON, 0), (NOON + timedelta(seconds=1), 1)]
)
def test_what_was_written_before_is_left_out(created: datetime | None, kept: int) -> None:
    assert len(threads_left([Thread("t", "T", "B", person="anna", created=created)], GONE)) == kept
    assert len(cases_left([Case("c", "T", "B", person="anna", created=created)], GONE)) == kept


def test_what_others_wrote_stays_as_it_is() -> None:
    thread = Thread("t", "T", "B", (Answer("a", "x"), Answer("b", "y", person="bo")), person="bo")
    assert threads_left([thread], GONE) == [thread]
    assert threads_left([thread], {}) == [thread]


def test_an_answer_goes_out_of_a_thread_and_with_it_what_it_settled() -> None:
    answers = (Answer("a", "x", person="anna", accepted=True), Answer("b", "y", person="bo"))
    (left,) = threads_left([Thread("t", "T", "B", answers, solved=True)], GONE)
    assert ([a.id for a in left.answers], left.solved) == (["b"], False)


def test_a_thread_whose_settling_answer_stays_is_still_solved() -> None:
    answers = (Answer("a", "x", person="anna"), Answer("b", "y", person="bo", accepted=True))
    (left,) = threads_left([Thread("t", "T", "B", answers, solved=True)], GONE)
    assert ([a.id for a in left.answers], left.solved) == (["b"], True)


def test_answers_as_staff_may_stay_without_their_author() -> None:
    staff = Answer("a", "x", person="anna", staff=True, accepted=True)
    (left,) = threads_left([Thread("t", "T", "B", (staff,), solved=True)], STAFF)
    assert (left.answers[0].body, left.answers[0].person, left.solved) == ("x", None, True)


def test_whoever_vouched_is_taken_out() -> None:
    thread = Thread("t", "T", "B", verified_by="anna")
    assert without_person(thread, "anna", GONE["anna"]).verified_by is None
    assert without_person(thread, "bo", GONE["anna"]).verified_by == "anna"
