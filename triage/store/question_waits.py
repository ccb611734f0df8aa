"""How long questions wait and waited, how many wait for an expert, and what had to be asked back.

In: a forum, a moment. Out: plain rows of numbers. Before the first question that was posted here,
the forum's cases are its history.
Not here: what follows from waiting (lifecycle, policy).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from triage.store.columns import as_utc
from triage.store.simulated import is_real_question
from triage.store.tables.base import cases
from triage.store.tables.question import questions

_WITH_EXPERTS = ("received", "with_expert", "reopened", "escalated")
_ENDED = ("confirmed_solved", "closed")

# Destination, topic, seconds, and whether that is until an answer or only so far.
WaitRow = tuple[str, str | None, float, bool]


@dataclass(frozen=True, slots=True)
class LackRow:
    """What one question did not tell, what staff asked back, and whether that moved it."""

    kind: str | None
    topic: str | None
    lacks: tuple[str, ...]
    asked: tuple[str, ...]
    moved: bool


def expert_queue(c: Connection, forum_id: int) -> int:
    """Return how many open questions wait for an expert at this moment."""
    query = select(func.count()).where(
        questions.c.forum_id == forum_id,
        questions.c.test.is_(False),
        is_real_question(questions.c.question_id),
        questions.c.destination == "expert",
        questions.c.state.in_(_WITH_EXPERTS),
    )
    return c.execute(query).scalar_one()


def question_waits(
    c: Connection, forum_id: int, since: datetime | None = None, now: datetime | None = None
) -> Iterator[WaitRow]:
    """Give how long each question received since then waited for its first answer.

    One without an answer counts until now, or until it ended without one.
    """
    row = questions.c
    query = select(
        row.decided_to, row.topic, row.received_at, row.first_answer_at, row.state, row.changed_at
    ).where(row.forum_id == forum_id, row.test.is_(False), is_real_question(row.question_id))
    if since is not None:
        query = query.where(row.received_at >= since)
    moment = now or datetime.now(UTC)
    for destination, topic, received, answered, state, changed in c.execute(query):
        end = answered or (changed if state in _ENDED else moment)
        yield destination, topic, (end - received).total_seconds(), answered is not None


def case_waits(
    c: Connection, forum_id: int, since: datetime | None = None, now: datetime | None = None
) -> Iterator[WaitRow]:
    """Give the same of the cases filed before any question was posted here."""
    row = cases.c
    first = select(func.min(questions.c.received_at)).where(
        questions.c.forum_id == forum_id, is_real_question(questions.c.question_id)
    )
    begun: datetime | None = c.execute(first).scalar()
    query = select(row.destination, row.topic, row.created, row.first_response, row.closed).where(
        row.forum_id == forum_id, row.created.is_not(None), row.destination.is_not(None)
    )
    if since is not None:
        query = query.where(row.created >= since)
    if begun is not None:
        query = query.where(row.created < as_utc(begun))
    moment = now or datetime.now(UTC)
    for destination, topic, created, answered, closed in c.execute(query):
        end = answered or closed or moment
        yield destination, topic, (end - created).total_seconds(), answered is not None


def question_lacks(c: Connection, forum_id: int, since: datetime | None = None) -> list[LackRow]:
    """Return what the questions received since then lacked when they were posted.

    Of those that a person has done something for: nobody could ask before.
    """
    row = questions.c
    query = select(row.kind, row.topic, row.lacks, row.asked, row.moved).where(
        row.forum_id == forum_id,
        row.test.is_(False),
        is_real_question(row.question_id),
        row.first_person_at.is_not(None),
    )
    if since is not None:
        query = query.where(row.received_at >= since)
    return [LackRow(*found) for found in c.execute(query)]
