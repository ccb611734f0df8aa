"""Charts of activity get lean rows of one forum; a listed ask says where it can be looked at."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert

from triage.records import Case, Forum
from triage.store import (
    Activity,
    Database,
    case_activity,
    links_of_asks,
    put_cases,
    put_question,
    question_activity,
)
from triage.store.tables.base import asks, triages

from .posting import question_row

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
MOMENTS = [
    MIDNIGHT,
    MIDNIGHT + timedelta(milliseconds=1),
    MIDNIGHT - timedelta(milliseconds=1),
    datetime(2026, 3, 29, 2, 30, 0, 999_000, tzinfo=timezone(timedelta(hours=2))),
    datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
]


@pytest.mark.parametrize("at", MOMENTS, ids=str)
def test_a_moment_is_given_to_the_thousandth(
    database: Database, forum: Forum, at: datetime
) -> None:
    with database.write() as c:
        put_cases(c, forum.id, [(Case("c", "t", "b", created=at, severity=2), "d")])
        found = case_activity(c, forum.id, None, at + timedelta(days=1), {})
    assert found == Activity((None,), (2,), (None,), (at.timestamp(),), (None,), (None,))


def test_questions_are_those_of_the_forum_the_period_and_no_test(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    at = {"received_at": MIDNIGHT, "changed_at": MIDNIGHT + timedelta(hours=1)}
    of = {"ask_id": None, "triage_id": None, "key_id": None, **at}
    with database.write() as c:
        for name, more in (
            ("kept", {"test": False}),
            ("test", {"test": True}),
            ("late", {"test": False, "received_at": MIDNIGHT + timedelta(days=2)}),
        ):
            put_question(c, forum.id, question_row(question_id=name, **{**of, **more}))
        put_question(c, other_forum.id, question_row(question_id="else", **of, test=False))
        until = MIDNIGHT + timedelta(days=1)
        found = question_activity(c, forum.id, MIDNIGHT, until, {})
        assert question_activity(c, forum.id, None, MIDNIGHT, {}) == Activity()
        assert question_activity(c, forum.id, until, until, {}) == Activity()
    assert found.came == (MIDNIGHT.timestamp(),)
    assert found.changed == (MIDNIGHT.timestamp() + 3600,)


def test_an_ask_is_looked_at_by_its_last_reply_and_first_question(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    with database.write() as c:
        for forum_id in (forum.id, other_forum.id):
            mine = {"forum_id": forum_id, "ask_id": "a"}
            times = {"opened_at": MIDNIGHT, "last_at": MIDNIGHT}
            c.execute(insert(asks).values(**mine, **times, test=False))
        for number in (1, 0, 2):
            c.execute(
                insert(triages).values(
                    forum_id=forum.id,
                    ask_id="a",
                    triage_id=f"t{number}",
                    stage="draft",
                    at=MIDNIGHT + timedelta(minutes=number),
                    question={},
                    reply={},
                    index_version="1",
                    mode="hybrid",
                )
            )
        for number in (1, 0):
            at = MIDNIGHT + timedelta(minutes=number)
            row = question_row(
                question_id=f"q{number}", ask_id="a", triage_id=None, key_id=None, received_at=at
            )
            put_question(c, forum.id, row)
        found = links_of_asks(c, forum.id, ["a", "gone"])
        elsewhere = links_of_asks(c, other_forum.id, ["a"])
    assert (found["a"].triage_id, found["a"].question_id) == ("t2", "q0")
    assert (found["gone"].triage_id, elsewhere["a"].question_id) == (None, None)
