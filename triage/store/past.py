"""Asks as they were decided about, and what became of them: what a policy is tried on.

In: a forum and a stretch of time. Out: each ask's last triage before it was sent, who asked, and
what came of it by its events and its question: posted, answered, escalated, how long the staff
took. Test keys, bots and staff are left out, and simulated asks but where a demo wants them.
Not here: what that means (policies.trial), how long answers take (question_waits, waits).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Text, cast, select, true

from triage.records import Account, Destination, EventType, Stage
from triage.store.batches import pages, record_of
from triage.store.simulated import is_real
from triage.store.tables.base import account_members, accounts, asks, events, triages
from triage.store.tables.question import questions

# Of a hundred thousand, fewer and larger pages.
_PAGE = 5_000
_ANSWERS = frozenset({EventType.ANSWERED.value, EventType.ACCEPTED.value})
_CAME = (
    EventType.POSTED,
    EventType.ANSWERED,
    EventType.ACCEPTED,
    EventType.ESCALATED,
    EventType.STAFF_TIME,
)


@dataclass(slots=True)
class Came:
    """What became of one ask, as far as it is told; minutes are those of the staff."""

    posted_at: datetime | None = None
    answered_at: datetime | None = None
    escalated: bool = False
    minutes: float | None = None
    # Who has to answer now, where the question is kept here.
    destination: str | None = None


@dataclass(frozen=True, slots=True)
class PastAsk:
    """One ask that was sent: as it was decided about last, and what became of it.

    `person` tells persons apart; who asked under no name is told by the visit, else by the ask.
    """

    ask_id: str
    at: datetime
    person: str
    question: Mapping[str, Any]
    reply: Mapping[str, Any]
    came: Came
    simulated: bool = False


def iter_past_asks(
    c: Connection,
    forum_id: int,
    since: datetime,
    until: datetime,
    *,
    include_simulated: bool = False,
) -> Iterator[PastAsk]:
    """Give the asks that were sent in that time, oldest triage first.

    Whoever sent twice has two of one `ask_id`: the later one counts.
    """
    came = _came(c, forum_id, since)
    ask = (asks.c.forum_id == forum_id) & (asks.c.ask_id == triages.c.ask_id)
    query = (
        select(
            triages.c.triage_id,
            triages.c.ask_id,
            triages.c.at,
            cast(triages.c.question, Text).label("question"),
            cast(triages.c.reply, Text).label("reply"),
            asks.c.person,
            asks.c.session,
            asks.c.simulated,
        )
        .join(asks, ask)
        .where(
            triages.c.forum_id == forum_id,
            triages.c.stage == Stage.SUBMIT.value,
            triages.c.at >= since,
            triages.c.at < until,
            asks.c.test.is_(False),
            asks.c.barred.is_(None),
            true() if include_simulated else asks.c.simulated.is_not(True),
        )
    )
    for page in pages(c, query, [triages.c.at, triages.c.triage_id], _PAGE):
        for row in page:
            yield PastAsk(
                row["ask_id"],
                row["at"],
                row["person"] or row["session"] or row["ask_id"],
                orjson.loads(row["question"]),
                orjson.loads(row["reply"]),
                came.get(row["ask_id"]) or Came(),
                bool(row["simulated"]),
            )


def count_sent(
    c: Connection, forum_id: int, since: datetime, most: int, *, include_simulated: bool = False
) -> int:
    """Return how many triages were sent since then, counted up to `most`."""
    query = select(triages.c.triage_id).where(
        triages.c.forum_id == forum_id,
        triages.c.stage == Stage.SUBMIT.value,
        triages.c.at >= since,
        true() if include_simulated else is_real(triages.c.ask_id, forum_id),
    )
    return len(c.execute(query.limit(most)).all())


def accounts_by_id(c: Connection, forum_id: int) -> dict[str, Account]:
    """Return all of the forum's accounts."""
    rows = c.execute(select(accounts).where(accounts.c.forum_id == forum_id)).mappings()
    return {row["id"]: record_of(Account, row) for row in rows}


def account_ids_by_person(c: Connection, forum_id: int) -> dict[str, str]:
    """Return which account each person belongs to."""
    query = select(account_members.c.person, account_members.c.account_id).where(
        account_members.c.forum_id == forum_id
    )
    return {row.person: row.account_id for row in c.execute(query)}


def _came(c: Connection, forum_id: int, since: datetime) -> dict[str, Came]:
    query = (
        select(events.c.ask_id, events.c.type, events.c.occurred_at, events.c.value_number)
        .where(
            events.c.forum_id == forum_id,
            events.c.occurred_at >= since,
            events.c.type.in_([kind.value for kind in _CAME]),
            events.c.test.is_(False),
        )
        .order_by(events.c.occurred_at, events.c.event_id)
    )
    found: dict[str, Came] = {}
    for ask_id, kind, at, value in c.execute(query):
        came = found.setdefault(ask_id, Came())
        if kind == EventType.POSTED.value:
            came.posted_at = came.posted_at or at
        elif kind in _ANSWERS:
            came.answered_at = came.answered_at or at
        elif kind == EventType.ESCALATED.value:
            came.escalated = True
        elif value is not None:
            came.minutes = (came.minutes or 0.0) + value
    _add_questions(c, forum_id, since, found)
    return found


def _add_questions(c: Connection, forum_id: int, since: datetime, found: dict[str, Came]) -> None:
    """Add what is known of questions that are kept here, which know more than events."""
    asked = questions.c
    query = (
        select(
            asked.ask_id,
            asked.received_at,
            asked.first_answer_at,
            asked.decided_to,
            asked.destination,
        )
        .where(
            asked.forum_id == forum_id,
            asked.received_at >= since,
            asked.ask_id.is_not(None),
            asked.test.is_(False),
        )
        .order_by(asked.received_at, asked.question_id)
    )
    for ask_id, received, answered, decided, now in c.execute(query):
        came = found.setdefault(ask_id, Came())
        came.posted_at, came.answered_at = received, answered or came.answered_at
        came.destination = now
        came.escalated |= now != decided and now == Destination.EXPERT.value
