"""Posted questions that are too old -> without words and persons; the rows stay for measures.

In: a forum, the moment before which. Out: how many rows changed. Their vectors go with the words,
and the cases that were made of nothing but words and labels.
Not here: deleting rows (aging), when it is done (privacy).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from triage.store.tables.base import asks, cases
from triage.store.tables.insight import question_vectors
from triage.store.tables.question import question_changes, questions

_WORDS = ("person", "session", "product", "version", "external_id")


def blank_questions(
    c: Connection,
    forum_id: int,
    before: datetime,
    empty: Mapping[str, Any],
    *,
    dry_run: bool,
    most: int,
) -> int:
    """Empty questions that nothing changed since then; `empty` is laid over what was asked."""
    told = [questions.c.question[name].as_string() != "" for name in ("title", "body")]
    named = [questions.c[name].is_not(None) for name in _WORDS]
    old = [questions.c.forum_id == forum_id, questions.c.changed_at < before]
    kept = (questions.c.question_id, questions.c.question, questions.c.decision)
    query = select(*kept).where(*old, or_(*told, *named))
    rows = c.execute(query.limit(most)).all()
    for row in () if dry_run else rows:
        mine = [questions.c.forum_id == forum_id, questions.c.question_id == row.question_id]
        values: dict[str, Any] = {**dict.fromkeys(_WORDS), "question": {**row.question, **empty}}
        values["decision"] = decided_without_words(row.decision)
        c.execute(update(questions).where(*mine).values(**values))
    return len(rows)


def decided_without_words(decision: Mapping[str, Any]) -> dict[str, Any]:
    """Return a decision without what would have changed it: that names words of the question."""
    return {**decision, "would_change": []} if "would_change" in decision else dict(decision)


def blank_changes(
    c: Connection, forum_id: int, before: datetime, *, dry_run: bool, most: int
) -> int:
    """Take out what was said with the changes of such questions."""
    row = question_changes.c
    old = exists().where(
        questions.c.forum_id == forum_id,
        questions.c.question_id == row.question_id,
        questions.c.changed_at < before,
    )
    said = or_(row.words.is_not(None), row.note.is_not(None))
    mine: list[ColumnElement[bool]] = [row.forum_id == forum_id, old, said]
    if dry_run:
        return c.execute(
            select(func.count()).select_from(question_changes).where(*mine)
        ).scalar_one()
    keys = list(question_changes.primary_key)
    some = tuple_(*keys).in_(select(*keys).where(*mine).limit(most))
    query = update(question_changes).where(row.forum_id == forum_id, some)
    return c.execute(query.values(words=None, note=None)).rowcount


def drop_asked_cases(
    c: Connection, forum_id: int, before: datetime, *, dry_run: bool, most: int
) -> int:
    """Delete the cases of asks and questions whose words are too old, but for those that ended.

    Labels alone made them cases: they hold the words of an ask, and are kept as long as these.
    """
    row = cases.c
    held = or_(
        _still(asks, asks.c.ask_id, asks.c.last_at, forum_id, "ask:", before),
        _still(
            questions,
            questions.c.question_id,
            questions.c.changed_at,
            forum_id,
            "question:",
            before,
        ),
    )
    ours = or_(*(row.id.startswith(kind, autoescape=True) for kind in ("ask:", "question:")))
    ended = or_(row.closed.is_not(None), row.answer.is_not(None))
    mine: list[ColumnElement[bool]] = [row.forum_id == forum_id, ours, ~ended, ~held]
    if dry_run:
        return c.execute(select(func.count()).select_from(cases).where(*mine)).scalar_one()
    some = select(row.id).where(*mine).limit(most)
    query = delete(cases).where(row.forum_id == forum_id, row.id.in_(some))
    return c.execute(query).rowcount


def _still(
    table: Table,
    key: Column[str],
    aged: Column[datetime],
    forum_id: int,
    prefix: str,
    before: datetime,
) -> ColumnElement[bool]:
    """Say that what a case was made of is there, and not too old."""
    named = func.substr(cases.c.id, len(prefix) + 1)
    ours = cases.c.id.startswith(prefix, autoescape=True)
    return ours & exists().where(table.c.forum_id == forum_id, key == named, aged >= before)


def drop_question_vectors(
    c: Connection, forum_id: int, before: datetime, *, dry_run: bool, most: int
) -> int:
    """Delete what the encoder made of such questions: words could be guessed from it."""
    row = question_vectors.c
    old = exists().where(
        questions.c.forum_id == forum_id,
        questions.c.question_id == row.question_id,
        questions.c.changed_at < before,
    )
    mine: list[ColumnElement[bool]] = [row.forum_id == forum_id, old]
    if dry_run:
        query = select(func.count()).select_from(question_vectors)
        return c.execute(query.where(*mine)).scalar_one()
    keys = list(question_vectors.primary_key)
    some = tuple_(*keys).in_(select(*keys).where(*mine).limit(most))
    return c.execute(delete(question_vectors).where(row.forum_id == forum_id, some)).rowcount


def unlink_questions(
    c: Connection, forum_id: int, before: datetime, *, dry_run: bool, most: int
) -> int:
    """Forget from which visit of a browser such questions came."""
    visited = or_(
        questions.c.session.is_not(None), questions.c.question["session"].as_string().is_not(None)
    )
    old = [questions.c.forum_id == forum_id, questions.c.changed_at < before, visited]
    rows = c.execute(select(questions.c.question_id, questions.c.question).where(*old).limit(most))
    count = 0
    for row in rows.all():
        count += 1
        if not dry_run:
            mine = [questions.c.forum_id == forum_id, questions.c.question_id == row.question_id]
            asked = {**row.question, "session": None}
            c.execute(update(questions).where(*mine).values(session=None, question=asked))
    return count
