"""The changes of a question say who settled it, when, and how often it was sent on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from triage.lifecycle import State, Who
from triage.records import Case, Destination
from triage.reports.routing import routed_of, routing_of_forum
from triage.store import (
    ChangeRow,
    Database,
    QuestionRow,
    SentQuestion,
    Step,
    add_change,
    ensure_forum,
    put_cases,
    put_question,
    sqlite_url,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SENT = SentQuestion("q", "p", NOON, "community", "costs")


def steps(*told: tuple[str, str, str | None, str | None]) -> list[Step]:
    return [
        Step("q", n, after, who, NOON + timedelta(hours=n), answer, destination)
        for n, (after, who, answer, destination) in enumerate(told)
    ]


@pytest.mark.parametrize(
    ("told", "settled_by"),
    [
        ([("answered", "community", "a", None)], "community"),
        ([("answered", "staff", "a", None)], "expert"),
        ([("answered", "machine", "a", None)], "community"),
        ([("answered", "community", "a", None), ("reopened", "customer", None, None)], None),
        ([("answered", "community", "a", None), ("closed", "machine", None, None)], "community"),
        ([("closed", "customer", None, None)], None),
        (
            [
                ("answered", "community", "a", None),
                ("answered", "staff", "b", None),
                ("confirmed_solved", "customer", "a", None),
            ],
            "community",
        ),
    ],
)
def test_whoever_gave_the_answer_settled_it(
    told: list[tuple[str, str, str | None, str | None]], settled_by: str | None
) -> None:
    found = routed_of(SENT, steps(("received", "machine", None, "community"), *told))
    assert found.settled_by == settled_by


def test_sending_on_and_both_moments_are_read() -> None:
    found = routed_of(
        SENT,
        steps(
            ("received", "machine", None, "community"),
            ("with_expert", "machine", None, "expert"),
            ("answered", "staff", "a", None),
            ("confirmed_solved", "customer", "a", None),
        ),
    )
    hour = NOON.timestamp()
    assert found.sent_on == (hour + 3600,)
    assert (found.first_answer, found.accepted) == (hour + 7200, hour + 10_800)
    assert (found.sent, found.settled_by) == (Destination.COMMUNITY, Destination.EXPERT)


def test_an_acceptance_that_is_taken_back_is_none() -> None:
    told = [("answered", "staff", "a", None), ("confirmed_solved", "customer", None, None)]
    assert routed_of(SENT, steps(*told)).accepted is not None
    assert routed_of(SENT, steps(*told, ("reopened", "customer", None, None))).accepted is None


def test_solved_without_an_answer_is_nobodys_answer() -> None:
    found = routed_of(SENT, steps(("confirmed_solved", "customer", None, None)))
    assert (found.settled_by, found.accepted, found.closed) == (None, None, True)


def test_the_names_are_those_of_the_lifecycle() -> None:
    from triage.reports import routing

    states = {routing._ANSWERED, routing._SOLVED, routing._CLOSED}
    assert states <= set(State)
    assert {routing._COMMUNITY, routing._STAFF} <= set(Who)


def test_questions_cases_and_changes_are_read_as_of_a_moment(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "triage.db"))
    later = NOON + timedelta(days=30)
    with database.write() as c:
        forum = ensure_forum(c, "bikes").id
        for n, test in enumerate((False, False, True)):
            put_question(c, forum, question(f"q{n}", test))
        for revision, after in enumerate(("received", "answered")):
            at = NOON + timedelta(days=9 * revision)
            row = ChangeRow(
                question_id="q0",
                revision=revision,
                change_id=after,
                before=None,
                after=after,
                who="staff",
                at=at,
                destination="expert",
            )
            add_change(c, forum, row)
        case = Case("c1", "t", "b", created=NOON, first_response=later, destination="expert")
        put_cases(c, forum, [(case, "d"), (Case("c2", "t", "b"), "e")])
        early = routing_of_forum(c, forum, None, None, NOON + timedelta(days=1))
        found = routing_of_forum(c, forum, NOON - timedelta(days=1), later, later)
        nothing = routing_of_forum(c, forum, later, None, later)
    database.close()
    assert (early["questions"], early["settled"], found["settled"]) == (2, 0, 1)
    assert found["destinations"]["expert"]["settled_here"] == 1
    assert (early["reroutes"], nothing["questions"]) == (1, 0)
    assert early["cases"]["expert"]["first_answer"]["came"] == 0
    assert found["cases"]["expert"]["first_answer"]["came"] == 1
    assert found["decided_by"][0]["rule"] == "costs"


def question(question_id: str, test: bool) -> QuestionRow:
    """A question that was sent to the community."""
    values = {name: None for name in QuestionRow.__dataclass_fields__}
    given = {
        **{"question_id": question_id, "test": test, "groups": frozenset(), "question": {}},
        **{"visibility": "public", "decision": {"decided_by": "costs"}, "labels": {}},
        **{"lacks": (), "asked": (), "moved": False, "decided_to": "community"},
        **{"destination": "community", "state": "received", "owner": "team", "revision": 0},
        **{"shareable": True, "in_community": True, "received_at": NOON, "since": NOON},
        **{"changed_at": NOON, "reroutes": 0},
    }
    return QuestionRow(**{**values, **given})  # type: ignore[arg-type]
