"""What was posted and filed, week after week: by severity, still waiting, and how long."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.reports.months import Kept
from tests.store.posting import question_row
from triage import store
from triage.analytics.activity import (
    ACTIVITY_COLUMNS,
    SEVERITY_COLUMNS,
    activity_rows,
    severity_rows,
)
from triage.analytics.context import Context
from triage.lifecycle import State
from triage.records import Case

from .forum import view

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = MONDAY + timedelta(days=20)
HOUR = timedelta(hours=1)


def put_questions(kept: Kept, many: int, **fields: Any) -> None:  # noqa: ANN401
    with kept.database.write() as c:
        for number in range(many):
            name = f"{fields.get('state', 'q')}-{fields.get('topic')}-{number}"
            row = question_row(
                **{
                    "question_id": name,
                    "ask_id": None,
                    "triage_id": None,
                    "external_id": None,
                    "key_id": None,
                    "person": f"p{number}",
                    "received_at": MONDAY,
                    "test": False,
                    **fields,
                }
            )
            assert store.put_question(c, kept.forum_id, row)


def put_cases(kept: Kept, *cases: Case) -> None:
    with kept.database.write() as c:
        store.put_cases(c, kept.forum_id, [(case, case.id) for case in cases])


def told(kept: Kept, rows: Any, columns: Any, **given: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    found = view(kept, NOW, **given)
    with kept.database.read() as c:
        context = Context(kept.database, c, kept.forum_id, found, NOW)
        for row in rows(context):
            yield dict(zip([column.name for column in columns], row, strict=True))


def activity(kept: Kept, **given: str) -> list[dict[str, Any]]:
    return list(told(kept, activity_rows, ACTIVITY_COLUMNS, **given))


def severities(kept: Kept, **given: str) -> list[dict[str, Any]]:
    return list(told(kept, severity_rows, SEVERITY_COLUMNS, **given))


def test_the_names_are_those_of_the_lifecycle() -> None:
    from triage.analytics import activity as ours

    assert {ours._ANSWERED, ours._SOLVED, ours._CLOSED} <= set(State)


def test_questions_by_where_they_stand_and_how_long_they_waited(empty: Kept) -> None:
    answered = {"first_answer_at": MONDAY + 2 * HOUR}
    put_questions(empty, 15, state="answered", severity=2, **answered)
    put_questions(empty, 10, state="confirmed_solved", severity=4, **answered)
    put_questions(empty, 15, state="with_expert", severity=1)
    (row,) = activity(empty)
    assert row["week"] == date(2026, 3, 2)
    assert row["source"] == "questions"
    names = ("received", "persons", "severe", "waiting", "settled", "solved")
    assert tuple(row[name] for name in names) == (40, 15, 30, 15, 25, 10)
    assert not row["enough"]
    assert row["first_answer_seconds"] is None


def test_the_wait_counts_those_who_still_wait(empty: Kept) -> None:
    put_questions(empty, 30, state="answered", first_answer_at=MONDAY + 2 * HOUR)
    (row,) = activity(empty)
    assert row["first_answer_seconds"] == pytest.approx(7200)
    put_questions(empty, 90, state="with_expert", topic="login")
    (row,) = activity(empty)
    assert row["enough"]
    assert row["first_answer_seconds"] is None


def test_cases_and_weeks_without_any(empty: Kept) -> None:
    later = MONDAY + timedelta(days=14)
    put_cases(
        empty,
        Case("c1", "t", "b", created=MONDAY, closed=MONDAY + HOUR, severity=1, person="p"),
        Case("c2", "t", "b", created=later, severity=3),
        # After the moment of the view, and of no known date.
        Case("c3", "t", "b", created=NOW + HOUR),
        Case("c4", "t", "b"),
    )
    rows = activity(empty)
    assert [(row["week"], row["source"], row["settled"], row["waiting"]) for row in rows] == [
        (date(2026, 3, 2), "cases", 1, 0),
        (date(2026, 3, 16), "cases", 0, 1),
    ]
    assert [
        (row["severity"], row["questions"], row["cases"], row["persons"])
        for row in severities(empty)
    ] == [(1, 0, 1, 1), (3, 0, 1, 1)]


def test_a_case_that_was_closed_after_the_view_still_waits(empty: Kept) -> None:
    put_cases(empty, Case("c1", "t", "b", created=MONDAY, closed=NOW + HOUR))
    assert activity(empty)[0]["waiting"] == 1


def test_the_worst_come_first_and_the_unknown_last(empty: Kept) -> None:
    for severity in (None, 3, 1):
        put_questions(empty, 2, severity=severity, topic=str(severity))
    assert [row["severity"] for row in severities(empty)] == [1, 3, None]


def test_filters_choose_questions_and_cases(empty: Kept) -> None:
    empty.put([asked("nb", "login"), asked("sv", "reports")])
    put_questions(empty, 3, lang="nb", topic="login", decided_to="expert")
    put_questions(empty, 2, lang="sv", topic="reports", decided_to="community")
    put_cases(empty, Case("c1", "t", "b", created=MONDAY, lang="nb", topic="login"))

    def counted(**given: str) -> tuple[int, int]:
        rows = severities(empty, **given)
        return sum(row["questions"] for row in rows), sum(row["cases"] for row in rows)

    assert counted() == (5, 1)
    assert counted(lang="nb") == (3, 1)
    assert counted(topic="reports") == (2, 0)
    assert counted(destination="expert") == (3, 0)
    # Of a question that had no ask, and of a case, nobody knows whether a newcomer came with it.
    assert counted(newcomer="yes") == (0, 0)
    assert counted(since="2026-03-03") == (0, 0)
    assert counted(until="2026-03-02") == (5, 1)


def test_newcomers_questions_are_those_of_their_asks(empty: Kept) -> None:
    empty.put([{**asked("nb", "login"), "ask_id": "a-new"}, asked("sv", "login")])
    with empty.database.write() as c:
        store.tell_ask(c, empty.forum_id, "a-new", store.AskFacts(newcomer=True))
    put_questions(empty, 1, ask_id="a-new", topic="new")
    put_questions(empty, 1, ask_id="a-sv", topic="old")
    assert [row["questions"] for row in severities(empty, newcomer="yes")] == [1]


def asked(lang: str, topic: str) -> dict[str, Any]:
    at = MONDAY.isoformat()
    return {
        "event_id": f"asked-{lang}",
        "type": "asked",
        "ask_id": f"a-{lang}",
        "occurred_at": at,
        "received_at": at,
        "lang": lang,
        "topic": topic,
    }


def test_weeks_are_those_of_the_time_zone(empty: Kept) -> None:
    # Sunday evening in UTC is Monday in Helsinki.
    put_questions(empty, 1, received_at=datetime(2026, 3, 8, 23, 30, tzinfo=UTC))
    assert [row["week"] for row in activity(empty)] == [date(2026, 3, 2)]
    assert [row["week"] for row in activity(empty, zone="Europe/Helsinki")] == [date(2026, 3, 9)]
