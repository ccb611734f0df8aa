"""Cases, threads and questions of people who asked before: perhaps the same problem again.

In: a moment. Out: what they filed or posted since, of which nothing was found yet.
Not here: whether it is the same problem (measuring.returning), what follows from it
(measuring.revisiting).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Connection, Table, exists, or_, select

from triage.records import EventType
from triage.store.simulated import is_real_question
from triage.store.tables.base import asks, cases, events, threads, triages
from triage.store.tables.question import questions

_POSTING = tuple(kind.value for kind in (EventType.POSTED, EventType.FOLLOWED, EventType.ESCALATED))


@dataclass(frozen=True, slots=True)
class Filed:
    """A case, thread or question of somebody known; its words are redacted, as everything kept."""

    kind: str
    id: str
    person: str
    title: str
    body: str
    lang: str | None
    product: str | None
    created: datetime

    @property
    def event_id(self) -> str:
        """The name of the event that this came back to an ask; one for each thing filed."""
        named = hashlib.sha256(f"{self.kind}\n{self.id}".encode()).hexdigest()
        # A space is in no id that a sender may give: nobody can take the name before, so that what
        # was posted after all would be thought to be known.
        return f"returned {named[:32]}"


def filed_since(
    c: Connection, forum_id: int, since: datetime, until: datetime, within: timedelta
) -> Iterator[Filed]:
    """Give what people filed from `since` to `until` who had asked at most `within` before.

    What was found to come back to an ask already is left out.
    """
    period = (since, until, within)
    for found in (
        _filed(c, forum_id, "case", cases, *period),
        _filed(c, forum_id, "thread", threads, *period),
        _posted(c, forum_id, *period),
    ):
        for filed in found:
            known = exists().where(
                events.c.forum_id == forum_id, events.c.event_id == filed.event_id
            )
            if not c.execute(select(known)).scalar_one():
                yield filed


def _filed(
    c: Connection,
    forum_id: int,
    kind: str,
    table: Table,
    since: datetime,
    until: datetime,
    within: timedelta,
) -> list[Filed]:
    names = ("id", "person", "title", "body", "lang", "product", "created")
    query = (
        select(*(table.c[name] for name in names))
        .where(
            table.c.forum_id == forum_id,
            table.c.person.is_not(None),
            table.c.created >= since,
            table.c.created <= until,
            _asked(forum_id, table.c.person, since - within, until),
        )
        .order_by(table.c.created, table.c.id)
    )
    return [Filed(kind, **row) for row in c.execute(query).mappings()]


def _posted(
    c: Connection, forum_id: int, since: datetime, until: datetime, within: timedelta
) -> list[Filed]:
    """Return questions that were posted without a triage; the others are told of as they come."""
    q = questions.c
    title, body = (q.question[name].as_string() for name in ("title", "body"))
    query = (
        select(
            *(q.question_id.label("id"), q.person, title.label("title"), body.label("body")),
            *(q.lang, q.product, q.received_at.label("created")),
        )
        .where(
            q.forum_id == forum_id,
            q.ask_id.is_(None),
            q.test.is_(False),
            is_real_question(q.question_id),
            q.person.is_not(None),
            q.received_at >= since,
            q.received_at <= until,
            # Words that are too old are kept no more, and nothing is like nothing.
            or_(title != "", body != ""),
            _asked(forum_id, q.person, since - within, until),
        )
        .order_by(q.received_at, q.question_id)
    )
    return [Filed("question", **row) for row in c.execute(query).mappings()]


def _asked(
    forum_id: int, person: Column[str], since: datetime, until: datetime
) -> ColumnElement[bool]:
    """Say that a person asked something in a time."""
    return exists().where(
        asks.c.forum_id == forum_id,
        asks.c.person == person,
        asks.c.opened_at >= since,
        asks.c.opened_at <= until,
    )


def open_triage_of(c: Connection, forum_id: int, ask_id: str) -> str | None:
    """Return the last triage of an ask, unless it is known to be posted or a case already."""
    posted = exists().where(
        events.c.forum_id == forum_id,
        events.c.ask_id == ask_id,
        events.c.type.in_(_POSTING),
    )
    query = select(triages.c.triage_id).where(
        triages.c.forum_id == forum_id, triages.c.ask_id == ask_id, ~posted
    )
    found: str | None = c.execute(query.order_by(triages.c.at.desc()).limit(1)).scalar_one_or_none()
    return found
