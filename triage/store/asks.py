"""Asks, and the triages made for each: one person's one problem over all its keystrokes.

In: who asks and when; each question (already redacted) with its reply. Out: the same.
Not here: what came of an ask (outcomes), what happened after a reply (events).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Executable,
    bindparam,
    exists,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.engine import RowMapping

from triage.assigning import Assigned
from triage.records import EventType, Mode, Stage
from triage.store.batches import pages, record_of, row_of
from triage.store.tables.base import asks, events, triages

# Nobody goes back and forth between more problems than that within the window.
_MOST_ALIVE = 5
# Every call needs these: making them anew would take longer than carrying them out.
_OPEN = insert(asks)
_PUT = insert(triages)
_CONTINUE = update(asks).where(
    asks.c.forum_id == bindparam("forum"), asks.c.ask_id == bindparam("ask")
)


@dataclass(frozen=True, slots=True)
class TriageRow:
    """One question and the reply to it, with the parts that made it."""

    triage_id: str
    ask_id: str
    key_id: int | None
    stage: Stage
    at: datetime
    question: dict[str, Any]
    reply: dict[str, Any]
    model_version: str | None
    index_version: str
    mode: Mode


def open_ask(
    c: Connection,
    forum_id: int,
    *,
    key_id: int | None,
    person: str | None,
    session: str | None,
    lang: str | None,
    test: bool,
    at: datetime,
    window: timedelta,
    new_id: str,
    assign: Callable[[], Assigned | None] = lambda: None,
    is_another: Callable[[str], bool] = lambda ask_id: False,
) -> str:
    """Continue the ask that this call belongs to, or open a new one; return its id.

    `is_another` says of one whose question was submitted whether this call is of another problem.

    An ask is assigned once, when it is opened: one that is continued keeps its arm, and `assign`
    is not called.
    It belongs to the latest of the same key and session (without a session: the same person) that
    was alive within the window and that nothing was posted from. With neither it is always new.
    An ask is one person's, so a session that another known person took over opens a new one.
    """
    if session is not None or person is not None:
        told = {
            "forum": forum_id,
            "test": test,
            "since": at - window,
            "until": at + window,
            "key": key_id,
            "session": session,
            "person": person,
        }
        query = _alive(key_id is not None, session is not None, person is not None)
        named = {name: value for name, value in told.items() if value is not None}
        for row in c.execute(query, named).mappings().all():
            if row["submitted_at"] and is_another(row["ask_id"]):
                continue
            _continue(c, forum_id, row, person, at)
            return str(row["ask_id"])
    assigned = assign()
    opened = {
        "forum_id": forum_id,
        "ask_id": new_id,
        "key_id": key_id,
        "person": person,
        "session": session,
        "lang": lang,
        "test": test,
        "opened_at": at,
        "last_at": at,
        "arm": assigned.arm.value if assigned else None,
        "unit": assigned.unit if assigned else None,
        "share": assigned.share if assigned else None,
    }
    c.execute(_OPEN, opened)
    return new_id


def put_triage(c: Connection, forum_id: int, row: TriageRow) -> None:
    """Store what was asked and replied; the ask must be open."""
    values = {**row_of(row), "stage": row.stage.value, "mode": row.mode.value}
    c.execute(_PUT, {"forum_id": forum_id, **values})


def get_triage(c: Connection, forum_id: int, triage_id: str) -> TriageRow | None:
    """Return one triage, or None where the forum has it not."""
    query = select(triages).where(triages.c.forum_id == forum_id, triages.c.triage_id == triage_id)
    row = c.execute(query).mappings().first()
    return None if row is None else _triage(row)


def iter_triages(
    c: Connection, forum_id: int, *, since: datetime | None = None, include_test: bool = False
) -> Iterator[TriageRow]:
    """Give the forum's triages, oldest first; those of test keys only when asked for."""
    query = select(triages).where(triages.c.forum_id == forum_id)
    if since is not None:
        query = query.where(triages.c.at >= since)
    if not include_test:
        ask = (asks.c.forum_id == forum_id) & (asks.c.ask_id == triages.c.ask_id)
        query = query.join(asks, ask).where(asks.c.test.is_(False))
    for page in pages(c, query, [triages.c.at, triages.c.triage_id]):
        yield from map(_triage, page)


def _same_asker(key: bool, session: bool, person: bool) -> list[ColumnElement[bool]]:
    same_key = asks.c.key_id == bindparam("key") if key else asks.c.key_id.is_(None)
    same_person = asks.c.person == bindparam("person")
    if not session:
        return [same_key, same_person]
    same = [same_key, asks.c.session == bindparam("session")]
    return [*same, or_(asks.c.person.is_(None), same_person)] if person else same


@cache
def _alive(key: bool, session: bool, person: bool) -> Executable:
    """Return the query for the asks of somebody of whom these three are known or not."""
    forum: BindParameter[int] = bindparam("forum")
    posted = exists().where(
        events.c.forum_id == forum,
        events.c.ask_id == asks.c.ask_id,
        events.c.type == EventType.POSTED.value,
    )
    return (
        select(asks)
        .where(
            asks.c.forum_id == forum,
            asks.c.test == bindparam("test"),
            asks.c.last_at >= bindparam("since"),
            # A call that arrives out of order belongs to no ask that opened long after it.
            asks.c.opened_at <= bindparam("until"),
            ~posted,
            *_same_asker(key, session, person),
        )
        .order_by(asks.c.last_at.desc(), asks.c.ask_id)
        .limit(_MOST_ALIVE)
    )


def _continue(
    c: Connection, forum_id: int, ask: RowMapping, person: str | None, at: datetime
) -> None:
    # Who logs in on the way becomes known from then on.
    now = {"last_at": max(ask["last_at"], at), "person": ask["person"] or person}
    c.execute(_CONTINUE, {**now, "forum": forum_id, "ask": ask["ask_id"]})


def _triage(row: RowMapping) -> TriageRow:
    return record_of(TriageRow, row, stage=Stage(row["stage"]), mode=Mode(row["mode"]))
