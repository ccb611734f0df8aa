"""Asks of made-up people: put into the store all at once, and taken out again.

In: rows of asks, replies, vectors, events and posted questions, each with its own times. Out: how
many there were. Every ask says that it is simulated, every question by its name.
Not here: making them up (demo), whether a forum has any (simulated).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, func, insert, or_, select

from triage.records import Event
from triage.store.ask_rows import AskRow
from triage.store.asks import TriageRow
from triage.store.batches import row_of
from triage.store.events import event_row
from triage.store.question_changes import ChangeRow
from triage.store.question_rows import QuestionRow
from triage.store.simulated import MADE_UP, made_up
from triage.store.tables.ask import ask_vectors, asks, events, triages
from triage.store.tables.groups import ask_group_members, ask_groups, gap_tasks
from triage.store.tables.question import question_changes, questions
from triage.store.vectors import Vector, stored
from triage.streams import chunks

_MANY = 500


@dataclass(frozen=True, slots=True)
class Noted:
    """An event, when it arrived, and what an `asked` or `shown` one says besides."""

    event: Event
    received_at: datetime
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Simulated:
    """Rows of asks that never were; `vectors` are by ask."""

    asks: Sequence[AskRow]
    triages: Sequence[TriageRow]
    vectors: Mapping[str, Vector]
    events: Sequence[Noted]
    questions: Sequence[QuestionRow]
    changes: Sequence[ChangeRow]


def put_simulated(c: Connection, forum_id: int, rows: Simulated, space: str | None) -> None:
    """Keep made-up asks with all that is of them; `space` names the vectors.

    They are of no API key, so that nothing which is sent later is taken for theirs.
    Raises ValueError for an ask or a question that does not say what it is.
    """
    if not all(one.simulated for one in rows.asks):
        raise ValueError("An ask says that it is simulated, or is put by whoever asks.")
    if not all(one.question_id.startswith(MADE_UP) for one in rows.questions):
        raise ValueError(f"The id of a simulated question begins with {MADE_UP}.")
    mine = {"forum_id": forum_id}
    kept = [{**mine, **row_of(one), "arm": one.arm and one.arm.value} for one in rows.asks]
    _insert(c, asks, kept)
    _insert(
        c,
        triages,
        [
            {**mine, **row_of(one), "stage": one.stage.value, "mode": one.mode.value}
            for one in rows.triages
        ],
    )
    opened = {one.ask_id: one.last_at for one in rows.asks}
    _insert(
        c,
        ask_vectors,
        [
            {**mine, "ask_id": name, "encoder_id": space, "vector": stored(v), "at": opened[name]}
            for name, v in rows.vectors.items()
            if space is not None
        ],
    )
    _insert(c, questions, [{**mine, **row_of(one)} for one in rows.questions])
    _insert(c, question_changes, [{**mine, **row_of(one)} for one in rows.changes])
    _insert(c, events, [_event(forum_id, one) for one in rows.events])


def drop_simulated(c: Connection, forum_id: int) -> dict[str, int]:
    """Delete a forum's made-up asks and questions with all that is of them; return how many."""
    of_asks = made_up(forum_id)
    posted = select(questions.c.question_id).where(
        questions.c.forum_id == forum_id,
        or_(questions.c.question_id.startswith(MADE_UP), questions.c.ask_id.in_(of_asks)),
    )
    going = (
        (question_changes, question_changes.c.question_id.in_(posted)),
        (questions, questions.c.question_id.in_(posted)),
        (events, events.c.ask_id.in_(of_asks)),
        (triages, triages.c.ask_id.in_(of_asks)),
        (asks, asks.c.simulated.is_(True)),
    )
    gone: dict[str, int] = {}
    for table, which in going:
        query = delete(table).where(table.c.forum_id == forum_id, which)
        gone[table.name] = c.execute(query).rowcount
    gone[ask_groups.name] = c.execute(delete(ask_groups).where(*_empty(forum_id))).rowcount
    return gone


def _empty(forum_id: int) -> list[ColumnElement[bool]]:
    """Say which groups have no ask any more, and no task that somebody has taken."""
    group, member, task = ask_groups.c, ask_group_members.c, gap_tasks.c
    kept = (
        exists().where(member.forum_id == forum_id, member.group_id == group.group_id),
        exists().where(task.forum_id == forum_id, task.gap_id == group.group_id),
    )
    return [group.forum_id == forum_id, *(~one for one in kept)]


def count_simulated(c: Connection, forum_id: int) -> int:
    """Return how many asks of a forum are simulated."""
    return c.execute(select(func.count()).select_from(made_up(forum_id).subquery())).scalar_one()


def _event(forum_id: int, noted: Noted) -> dict[str, Any]:
    # Nothing arrives before it happened, as little as from anybody else.
    event = replace(noted.event, occurred_at=min(noted.event.occurred_at, noted.received_at))
    return {
        "forum_id": forum_id,
        **event_row(event),
        "key_id": None,
        "test": False,
        "received_at": noted.received_at,
        "details": None if noted.details is None else dict(noted.details),
    }


def _insert(c: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    for part in chunks(rows, _MANY):
        c.execute(insert(table), part)
