"""What measures of routing need of posted questions and of cases, and nothing of their words.

In: a forum and a period. Out: lean rows, oldest first.
Not here: what they mean (outcomes.routing), the questions themselves (question_rows).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, select

from triage.store.batches import pages, record_of
from triage.store.tables.base import cases
from triage.store.tables.question import question_changes, questions
from triage.streams import chunks


@dataclass(frozen=True, slots=True)
class SentQuestion:
    """Where a question was sent at first, and by what."""

    question_id: str
    person: str | None
    received_at: datetime
    decided_to: str
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a question, without anybody's words."""

    question_id: str
    revision: int
    after: str
    who: str
    at: datetime
    answer_id: str | None
    destination: str | None


@dataclass(frozen=True, slots=True)
class CaseTimes:
    """When a case came, was answered and closed."""

    id: str
    person: str | None
    created: datetime
    first_response: datetime | None
    closed: datetime | None
    escalated: bool | None
    destination: str | None


def iter_sent(
    c: Connection, forum_id: int, since: datetime | None, until: datetime
) -> Iterator[SentQuestion]:
    """Give the questions received from `since` to before `until`; those of test keys left out."""
    decided_by = questions.c.decision["decided_by"].as_string().label("decided_by")
    columns = [questions.c[name] for name in ("question_id", "person", "received_at", "decided_to")]
    query = select(*columns, decided_by).where(
        *_within(questions, questions.c.received_at, forum_id, since, until),
        questions.c.test.is_(False),
    )
    for page in pages(c, query, [questions.c.received_at, questions.c.question_id]):
        yield from (record_of(SentQuestion, row) for row in page)


def iter_steps(
    c: Connection, forum_id: int, since: datetime | None, until: datetime, as_of: datetime
) -> Iterator[Step]:
    """Give what was changed by `as_of` in the questions of that period, each in its order."""
    within = _within(questions, questions.c.received_at, forum_id, since, until)
    received = select(questions.c.question_id).where(*within, questions.c.test.is_(False))
    # Joined, SQLite looks for each change at all questions of the period.
    ids = c.execute(received.order_by(questions.c.question_id)).scalars().all()
    yield from steps_of(c, forum_id, ids, as_of)


def steps_of(
    c: Connection, forum_id: int, question_ids: Iterable[str], as_of: datetime
) -> Iterator[Step]:
    """Give what was changed by `as_of` in some questions, each in its order."""
    columns = [question_changes.c[name] for name in Step.__dataclass_fields__]
    order = (question_changes.c.question_id, question_changes.c.revision)
    for ids in chunks(question_ids):
        query = select(*columns).where(
            question_changes.c.forum_id == forum_id, question_changes.c.question_id.in_(ids)
        )
        # Told the moment too, SQLite looks at all changes of the forum by it, once a chunk.
        for step in c.execute(query.order_by(*order)).all():
            if step.at <= as_of:
                yield Step(*step)


def iter_case_times(
    c: Connection, forum_id: int, since: datetime | None, until: datetime
) -> Iterator[CaseTimes]:
    """Give the cases created from `since` to before `until`."""
    columns = [cases.c[name] for name in CaseTimes.__dataclass_fields__]
    query = select(*columns).where(*_within(cases, cases.c.created, forum_id, since, until))
    for page in pages(c, query, [cases.c.created, cases.c.id]):
        yield from (record_of(CaseTimes, row) for row in page)


def _within(
    table: FromClause,
    at: ColumnElement[datetime],
    forum_id: int,
    since: datetime | None,
    until: datetime,
) -> list[ColumnElement[bool]]:
    found = [table.c.forum_id == forum_id, at < until]
    return found if since is None else [*found, at >= since]
