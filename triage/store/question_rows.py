"""Posted questions: where each stands, and finding those that are wanted.

In: rows, already redacted; what is looked for. Out: rows again.
Not here: changes of a question (question_changes), waiting (question_waits), what a state may
become (lifecycle), who may read (api).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, update
from sqlalchemy.engine import RowMapping

from triage.records import EventType
from triage.store.batches import pages, record_of, row_of
from triage.store.dialects import insert_if_new
from triage.store.simulated import is_real_question
from triage.store.tables.base import asks, events
from triage.store.tables.question import questions
from triage.streams import chunks

# Nobody has anything left to do here.
_ENDED = ("answered", "confirmed_solved", "closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a change may alter of a question's row."""

    destination: str
    state: str
    owner: str
    revision: int
    shareable: bool
    in_community: bool
    asked: tuple[str, ...]
    moved: bool
    since: datetime
    changed_at: datetime
    due_at: datetime | None
    owner_acted_at: datetime | None
    first_person_at: datetime | None
    first_answer_at: datetime | None
    solved_at: datetime | None
    reroutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow(Standing):
    """A posted question. `question`, `decision` and `labels` are as of when it was posted."""

    question_id: str
    external_id: str | None
    triage_id: str | None
    ask_id: str | None
    key_id: int | None
    test: bool
    person: str | None
    session: str | None
    account: str | None
    groups: frozenset[str]
    lang: str | None
    product: str | None
    version: str | None
    visibility: str
    question: dict[str, Any]
    decision: dict[str, Any]
    labels: dict[str, Any]
    kind: str | None
    topic: str | None
    severity: int | None
    customer_severity: int | None
    lacks: tuple[str, ...]
    decided_to: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionsWanted:
    """Which questions are looked for; what is None is not asked about."""

    open: bool | None = None
    state: str | None = None
    destination: str | None = None
    owner: str | None = None
    kind: str | None = None
    topic: str | None = None
    person: str | None = None
    account: str | None = None
    external_id: str | None = None
    test: bool | None = False
    severity: int | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose an ask is."""

    person: str | None
    session: str | None
    test: bool


def put_question(c: Connection, forum_id: int, row: QuestionRow) -> bool:
    """Keep a question that has just been posted; return whether there was none of its id."""
    return insert_if_new(c, questions, {"forum_id": forum_id, **row_of(row)})


def get_question(
    c: Connection, forum_id: int, question_id: str, *, lock: bool = False
) -> QuestionRow | None:
    """Return a question, or None where the forum has it not; `lock` holds others off it."""
    query = select(questions).where(*_of(forum_id, question_id))
    row = c.execute(query.with_for_update() if lock else query).mappings().first()
    return None if row is None else _question(row)


def get_questions(
    c: Connection, forum_id: int, question_ids: Iterable[str]
) -> dict[str, QuestionRow]:
    """Return questions by id; those that the forum has not are left out."""
    found: dict[str, QuestionRow] = {}
    for part in chunks(question_ids):
        query = select(questions).where(
            questions.c.forum_id == forum_id, questions.c.question_id.in_(part)
        )
        found |= {row["question_id"]: _question(row) for row in c.execute(query).mappings()}
    return found


def stand_question(c: Connection, forum_id: int, question_id: str, standing: Standing) -> None:
    """Say where a question stands now."""
    c.execute(update(questions).where(*_of(forum_id, question_id)).values(**row_of(standing)))


def name_question(c: Connection, forum_id: int, question_id: str, external_id: str) -> None:
    """Say by which name the forum knows a question."""
    query = update(questions).where(*_of(forum_id, question_id))
    c.execute(query.values(external_id=external_id))


def retopic_question(c: Connection, forum_id: int, question_id: str, topic: str) -> None:
    """Say what a question is about, as staff have found."""
    c.execute(update(questions).where(*_of(forum_id, question_id)).values(topic=topic))


def due_question(c: Connection, forum_id: int, question_id: str, due_at: datetime | None) -> None:
    """Say when the sweep has to look at a question."""
    c.execute(update(questions).where(*_of(forum_id, question_id)).values(due_at=due_at))


def look_again(c: Connection, forum_id: int, at: datetime) -> None:
    """Have the sweep look at every question that waits for a moment, and find it anew."""
    query = update(questions).where(
        questions.c.forum_id == forum_id, questions.c.due_at.is_not(None)
    )
    c.execute(query.values(due_at=at))


def list_questions(
    c: Connection,
    forum_id: int,
    wanted: QuestionsWanted,
    *,
    after: QuestionRow | None = None,
    limit: int = 50,
) -> list[QuestionRow]:
    """Return the questions that are wanted, newest first, beginning behind `after`."""
    query = select(questions).where(questions.c.forum_id == forum_id, *questions_wanted(wanted))
    if after is not None:
        query = query.where(
            (questions.c.received_at < after.received_at)
            | (
                (questions.c.received_at == after.received_at)
                & (questions.c.question_id < after.question_id)
            )
        )
    query = query.order_by(questions.c.received_at.desc(), questions.c.question_id.desc())
    rows = c.execute(query.limit(limit)).mappings()
    return [_question(row) for row in rows]


def count_questions(c: Connection, forum_id: int, wanted: QuestionsWanted) -> int:
    """Return how many of the wanted questions are open."""
    query = select(func.count()).where(
        questions.c.forum_id == forum_id, *questions_wanted(replace(wanted, open=True))
    )
    return c.execute(query).scalar_one()


def questions_by_external_id(c: Connection, forum_id: int, external_id: str) -> list[QuestionRow]:
    """Return the questions that the forum knows by this name, those of test keys too."""
    wanted = QuestionsWanted(external_id=external_id, test=None)
    return list_questions(c, forum_id, wanted, limit=20)


def due_questions(
    c: Connection, forum_id: int, until: datetime, *, limit: int = 200
) -> list[QuestionRow]:
    """Return the questions whose moment has come, the longest overdue first."""
    query = _due(forum_id, until).order_by(questions.c.due_at, questions.c.question_id)
    return [_question(row) for row in c.execute(query.limit(limit)).mappings()]


def is_any_due(c: Connection, forum_id: int, until: datetime) -> bool:
    """Say whether the moment of any question has come."""
    return c.execute(_due(forum_id, until).limit(1)).first() is not None


def iter_questions(
    c: Connection, forum_id: int, *, since: datetime | None = None, include_test: bool = False
) -> Iterator[QuestionRow]:
    """Give the questions received since then, oldest first."""
    query = select(questions).where(questions.c.forum_id == forum_id)
    if since is not None:
        query = query.where(questions.c.received_at >= since)
    yield from _each(c, query if include_test else query.where(questions.c.test.is_(False)))


def iter_open_questions(c: Connection, forum_id: int) -> Iterator[QuestionRow]:
    """Give the questions with which somebody still has something to do, oldest first."""
    query = select(questions).where(
        questions.c.forum_id == forum_id, *questions_wanted(QuestionsWanted(open=True))
    )
    yield from _each(c, query)


def iter_unended_questions(c: Connection, forum_id: int) -> Iterator[QuestionRow]:
    """Give the questions that some moment waits for, those of test keys and answered ones too."""
    query = select(questions).where(questions.c.forum_id == forum_id)
    real = is_real_question(questions.c.question_id)
    yield from _each(c, query.where(questions.c.due_at.is_not(None), real))


def asker_of(c: Connection, forum_id: int, ask_id: str) -> Asker | None:
    """Return whose an ask is."""
    query = select(asks.c.person, asks.c.session, asks.c.test).where(
        asks.c.forum_id == forum_id, asks.c.ask_id == ask_id
    )
    row = c.execute(query).mappings().first()
    return None if row is None else Asker(row["person"], row["session"], row["test"])


def is_posted(c: Connection, forum_id: int, ask_id: str) -> bool:
    """Say whether an event tells already that something was posted from this ask."""
    query = select(events.c.event_id).where(
        events.c.forum_id == forum_id,
        events.c.ask_id == ask_id,
        events.c.type == EventType.POSTED.value,
    )
    return c.execute(query.limit(1)).first() is not None


def _of(forum_id: int, question_id: str) -> list[ColumnElement[bool]]:
    return [questions.c.forum_id == forum_id, questions.c.question_id == question_id]


def questions_wanted(wanted: QuestionsWanted) -> list[ColumnElement[bool]]:
    """Return what a query asks of questions so that it finds these, and none that is made up."""
    equal = (
        *("state", "destination", "owner", "kind", "topic", "person", "account", "external_id"),
        *("severity", "product"),
    )
    found = [
        questions.c[name] == getattr(wanted, name)
        for name in equal
        if getattr(wanted, name) is not None
    ]
    if wanted.open is not None:
        ended = questions.c.state.in_(_ENDED)
        found.append(~ended if wanted.open else ended)
    if wanted.test is not None:
        found.append(questions.c.test.is_(wanted.test))
    # Nobody is to answer what nobody asked.
    return [*found, is_real_question(questions.c.question_id)]


def _due(forum_id: int, until: datetime) -> Select[Any]:
    real = is_real_question(questions.c.question_id)
    mine = (questions.c.forum_id == forum_id, questions.c.due_at <= until)
    return select(questions).where(*mine, real)


def _each(c: Connection, query: Select[Any]) -> Iterator[QuestionRow]:
    for page in pages(c, query, [questions.c.received_at, questions.c.question_id]):
        yield from map(_question, page)


def _question(row: RowMapping) -> QuestionRow:
    return record_of(QuestionRow, row)
