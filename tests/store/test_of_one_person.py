"""What is asked of one person with every keystroke is read of that person, not of a forum."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from triage.records import Forum
from triage.store import (
    Connection,
    Database,
    account_behind,
    ask_vectors,
    is_newcomer,
    is_staff,
    open_ask,
)

from .samples import NOON

HOUR = timedelta(hours=1)


def open_one(c: Connection, forum_id: int, session: str | None) -> str:
    who = {"key_id": None, "person": "p", "session": session, "lang": "en", "test": True}
    return open_ask(c, forum_id, **who, at=NOON, window=HOUR, new_id="new")


READ: list[Callable[[Connection, int], object]] = [
    lambda c, forum_id: is_newcomer(c, forum_id, "p", NOON),
    lambda c, forum_id: is_staff(c, forum_id, "p"),
    lambda c, forum_id: account_behind(c, forum_id, None, "p"),
    lambda c, forum_id: open_one(c, forum_id, None),
    lambda c, forum_id: open_one(c, forum_id, "s"),
    lambda c, forum_id: ask_vectors(c, forum_id, "e5", NOON, person="p", include_test=True),
]


@pytest.mark.parametrize("read", READ)
def test_rows_are_sought_by_who_asks(
    database: Database, forum: Forum, read: Callable[[Connection, int], object]
) -> None:
    said: list[tuple[str, Any]] = []
    with database.write() as c:

        @event.listens_for(c, "before_cursor_execute")
        def keep(_c: object, _cursor: object, sql: str, given: object, *_: object) -> None:
            said.append((sql, given))

        read(c, forum.id)
        event.remove(c, "before_cursor_execute", keep)
        cursor = c.connection.cursor()
        for sql, given in said:
            plan = [row[-1] for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}", given)]
            steps = [step for step in plan if step.startswith(("SEARCH", "SCAN "))]
            for step in steps:
                if step == "SCAN CONSTANT ROW":
                    continue
                # Of one row by its key, or of the rows of one person or session.
                by = ("person=?", "session=?", "ask_id=?")
                assert any(f"AND {one}" in step for one in by), step
