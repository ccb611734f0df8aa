"""What has become too old -> gone, or emptied of words and persons where the row stays.

In: a forum, how long each class is kept, the moment. Out: how many rows changed, by table.
Not here: which table is of which class (holdings), when it is done (privacy).
"""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from triage.retention import Retention
from triage.store.batches import pages
from triage.store.holdings.register import BY_TABLE, FIXED
from triage.store.keyed import METADATA
from triage.store.question_aging import (
    blank_changes,
    blank_questions,
    decided_without_words,
    drop_asked_cases,
    drop_question_vectors,
    unlink_questions,
)
from triage.store.tables.base import asks, event_bursts, events, triages
from triage.store.tables.review import review_items
from triage.store.vectors import vectors_nobody_needs

# So many rows in one step: others wait while one writes.
MOST = 1000
# What is kept of a reply whose words are too old: what measures count.
_COUNTED = (
    *("thread_id", "issue_id", "answer_id", "rank", "own_rank", "probability", "propensity"),
    "followers",
)
_SHOWN_IN = ("suggestions", "same_question", "known_issues")
_NAMED_IN_DETAILS = ("product", "account")
_EMPTY_QUESTION: dict[str, Any] = {
    "title": "",
    "body": "",
    "product": None,
    "version": None,
    "context": {"page": None, "form": None, "record_type": None, "error_text": None},
    "attachments": [],
    "person": None,
    "account": None,
    "session": None,
    "sensitive": [],
}


def drop_too_old(
    c: Connection, forum_id: int, retention: Retention, now: datetime, *, most: int = MOST
) -> dict[str, int]:
    """Delete rows that are too old to be kept; return how many, by table; none: all are gone.

    At most so many of each table: others wait while one writes.
    """
    gone: dict[str, int] = {}
    for table in reversed(METADATA.sorted_tables):
        old = _too_old(table, forum_id, retention, now)
        if old is not None:
            gone[table.name] = c.execute(delete(table).where(*_some(table, old, most))).rowcount
    return {name: count for name, count in gone.items() if count}


def count_too_old(
    c: Connection, forum_id: int, retention: Retention, now: datetime
) -> dict[str, int]:
    """Return how many rows `drop_too_old` would delete, those that others still hold left out."""
    counts: dict[str, int] = {}
    for table in METADATA.sorted_tables:
        old = _too_old(table, forum_id, retention, now)
        if old is not None:
            query = select(func.count()).select_from(table).where(*old)
            counts[table.name] = c.execute(query).scalar_one()
    return {name: count for name, count in counts.items() if count}


def blank_too_old(
    c: Connection,
    forum_id: int,
    retention: Retention,
    now: datetime,
    *,
    dry_run: bool = False,
    most: int = MOST,
) -> dict[str, int]:
    """Empty words and persons that are too old in rows that stay; return how many had some.

    At most so many of each table, as `drop_too_old`; a dry run counts them all.
    """
    most = sys.maxsize if dry_run else most
    counts: dict[str, int] = {}
    before = retention.before("asks", now)
    if before is not None:
        counts["triages"] = _blank_triages(c, forum_id, before, dry_run, most)
        texts = {"person": None, "session": None}
        said = {**texts, "product": None, "account": None}
        counts["asks"] = _empty(c, asks, forum_id, asks.c.last_at < before, said, dry_run, most)
        told = {**texts, "value_text": None, "external_id": None, "question_id": None}
        counts["events"] = _empty(
            c, events, forum_id, events.c.received_at < before, told, dry_run, most
        )
        counts["asked_events"] = _blank_details(c, forum_id, before, dry_run, most)
        how: dict[str, Any] = {"dry_run": dry_run, "most": most}
        counts["questions"] = blank_questions(c, forum_id, before, _EMPTY_QUESTION, **how)
        counts["question_changes"] = blank_changes(c, forum_id, before, **how)
        counts["question_vectors"] = drop_question_vectors(c, forum_id, before, **how)
        counts["cases"] = drop_asked_cases(c, forum_id, before, **how)
        drawn = review_items.c.drawn_at < before
        noted = {"note": None, "product": None}
        counts["review_items"] = _empty(c, review_items, forum_id, drawn, noted, dry_run, most)
    before = retention.before("sessions", now)
    if before is not None:
        of = {"session": None}
        counts["sessions"] = _empty(c, asks, forum_id, asks.c.last_at < before, of, dry_run, most)
        counts["sessions"] += _empty(
            c, events, forum_id, events.c.received_at < before, of, dry_run, most
        )
        counts["sessions"] += _empty(
            c, event_bursts, forum_id, event_bursts.c.last_at < before, of, dry_run, most
        )
        counts["sessions"] += _unlink_visits(c, forum_id, before, dry_run, most)
        counts["sessions"] += unlink_questions(c, forum_id, before, dry_run=dry_run, most=most)
    return {name: count for name, count in counts.items() if count}


def drop_orphans(c: Connection, forum_id: int, *, dry_run: bool = False, most: int = MOST) -> int:
    """Delete vectors of texts that nothing has any more; return how many there were.

    At most so many, as `drop_too_old`; a dry run counts them all.
    """
    needless, table = vectors_nobody_needs(forum_id)
    if dry_run:
        return c.execute(select(func.count()).select_from(table).where(*needless)).scalar_one()
    return c.execute(delete(table).where(*_some(table, needless, most))).rowcount


def _too_old(
    table: Table, forum_id: int, retention: Retention, now: datetime
) -> list[ColumnElement[bool]] | None:
    """Return what tells the rows of a table that are too old; None where none ever is."""
    holding = BY_TABLE[table.name]
    if holding.aged is None or holding.kept in FIXED:
        return None
    names = {holding.kept, holding.blanked if holding.waits else None}
    moments = [retention.before(name, now) for name in names if name is not None]
    if any(moment is None for moment in moments):
        return None
    # Words that are still to be kept keep their row.
    before = min(moment for moment in moments if moment is not None)
    return [
        table.c.forum_id == forum_id,
        table.c[holding.aged] < before,
        *_unneeded(table, forum_id),
    ]


def _unneeded(table: Table, forum_id: int) -> Iterable[ColumnElement[bool]]:
    """Say that no row which stays refers to this one; what goes with it does not hold it."""
    for holder in METADATA.sorted_tables:
        for reference in holder.foreign_key_constraints:
            if reference.referred_table is table and reference.ondelete is None:
                pairs = [
                    e.parent == e.column for e in reference.elements if e.column.table is table
                ]
                yield ~exists().where(holder.c.forum_id == forum_id, and_(*pairs))


def _some(
    table: Table, conditions: Sequence[ColumnElement[bool]], most: int
) -> list[ColumnElement[bool]]:
    """Narrow conditions to so many rows."""
    keys = list(table.primary_key)
    some = select(*keys).where(*conditions).limit(most)
    return [conditions[0], tuple_(*keys).in_(some)]


def _empty(
    c: Connection,
    table: Table,
    forum_id: int,
    old: ColumnElement[bool],
    values: dict[str, None],
    dry_run: bool,
    most: int,
) -> int:
    has = or_(*(table.c[name].is_not(None) for name in values))
    mine = [table.c.forum_id == forum_id, old, has]
    if dry_run:
        return c.execute(select(func.count()).select_from(table).where(*mine)).scalar_one()
    return c.execute(update(table).where(*_some(table, mine, most)).values(**values)).rowcount


def _blank_triages(c: Connection, forum_id: int, before: datetime, dry_run: bool, most: int) -> int:
    count = 0
    words = [triages.c.question[name].as_string() != "" for name in ("title", "body")]
    query = select(triages).where(
        triages.c.forum_id == forum_id, triages.c.at < before, or_(*words)
    )
    for page in pages(c, query, [triages.c.at, triages.c.triage_id]):
        if count >= most:
            break
        for row in page[: most - count]:
            question = {**row["question"], **_EMPTY_QUESTION}
            reply = _without_words(row["reply"])
            count += 1
            if not dry_run:
                _put(c, forum_id, row["triage_id"], question=question, reply=reply)
    return count


def _blank_details(c: Connection, forum_id: int, before: datetime, dry_run: bool, most: int) -> int:
    """Take out of what asks said of themselves what they named: the rest is codes and numbers."""
    said = [events.c.details[name].as_string().is_not(None) for name in _NAMED_IN_DETAILS]
    mine = [events.c.forum_id == forum_id, events.c.received_at < before, or_(*said)]
    rows = c.execute(select(events.c.event_id, events.c.details).where(*mine).limit(most)).all()
    for row in () if dry_run else rows:
        kept = {k: v for k, v in row.details.items() if k not in _NAMED_IN_DETAILS}
        one = [events.c.forum_id == forum_id, events.c.event_id == row.event_id]
        c.execute(update(events).where(*one).values(details=kept))
    return len(rows)


def _unlink_visits(c: Connection, forum_id: int, before: datetime, dry_run: bool, most: int) -> int:
    count = 0
    visited = triages.c.question["session"].as_string().is_not(None)
    query = select(triages).where(triages.c.forum_id == forum_id, triages.c.at < before, visited)
    for page in pages(c, query, [triages.c.at, triages.c.triage_id]):
        if count >= most:
            break
        for row in page[: most - count]:
            count += 1
            if not dry_run:
                question = {**row["question"], "session": None}
                _put(c, forum_id, row["triage_id"], question=question)
    return count


def _put(c: Connection, forum_id: int, triage_id: str, **values: object) -> None:
    mine = [triages.c.forum_id == forum_id, triages.c.triage_id == triage_id]
    c.execute(update(triages).where(*mine).values(**values))


def _without_words(reply: dict[str, Any]) -> dict[str, Any]:
    """Return of a reply what measures count; what was withheld from it is a reply like it."""
    counted = {**reply, **{part: _counted(reply.get(part)) for part in _SHOWN_IN}}
    if reply.get("decision"):
        counted["decision"] = decided_without_words(reply["decision"])
    if reply.get("withheld"):
        hidden = reply["withheld"]
        counted["withheld"] = {part: _counted(hidden[part]) for part in hidden}
    return counted


def _counted(shown: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [{name: one[name] for name in _COUNTED if name in one} for one in shown or ()]
