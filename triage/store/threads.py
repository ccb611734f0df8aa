"""Threads and their answers, and which of them changed since when.

In: Threads as a forum gives them. Out: the same Threads, exactly.
Not here: what is embedded of them (units, vectors), who may read them (decided by the callers).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.engine import RowMapping

from triage.errors import NoForum
from triage.records import Answer, Thread
from triage.store.batches import (
    PutCounts,
    digest_of,
    kept_so,
    pages,
    put_by_digest,
    record_of,
    row_of,
)
from triage.store.dialects import upsert
from triage.store.tables import base as tables
from triage.streams import chunks

# Every draft needs them: making them anew would take longer than carrying them out.
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_THREAD = tuple(field.name for field in fields(Thread) if field.name != "answers")
_ANSWER = tuple(field.name for field in fields(Answer))
_THREADS = select(*(tables.threads.c[name] for name in _THREAD)).where(
    tables.threads.c.forum_id == bindparam("forum"), tables.threads.c.id.in_(_IDS)
)
_ANSWERS = (
    select(tables.answers.c.thread_id, *(tables.answers.c[name] for name in _ANSWER))
    .where(tables.answers.c.forum_id == bindparam("forum"), tables.answers.c.thread_id.in_(_IDS))
    .order_by(tables.answers.c.thread_id, tables.answers.c.position)
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed after a revision; of what was removed only the id is known.

    `changed` is read page by page, while the transaction lasts that it was asked for in.
    """

    revision: int
    changed: Iterator[Thread]
    removed: tuple[str, ...]


def put_threads(
    c: Connection, forum_id: int, threads: Sequence[Thread], revision: int
) -> PutCounts:
    """Store the threads under a revision; of two with one id the last counts.

    A thread that is as it was keeps the revision that it has.
    """
    latest = {thread.id: thread for thread in threads}
    counts = PutCounts()
    for ids in chunks(latest):
        rows = {key: _thread_row(latest[key], revision) for key in ids}
        put, changed = put_by_digest(c, tables.threads, forum_id, rows)
        _replace_answers(c, forum_id, [latest[key] for key in changed])
        c.execute(
            delete(tables.removed_threads).where(
                tables.removed_threads.c.forum_id == forum_id,
                tables.removed_threads.c.id.in_(changed),
            )
        )
        counts += put
    return counts


def threads_kept_so(c: Connection, forum_id: int, threads: Sequence[Thread]) -> set[str]:
    """Return the ids of those of the threads that are kept exactly so."""
    return kept_so(c, tables.threads, forum_id, {t.id: digest_of(t) for t in threads})


def get_thread(c: Connection, forum_id: int, thread_id: str) -> Thread | None:
    """Return one thread, or None where the forum has it not."""
    return get_threads(c, forum_id, [thread_id]).get(thread_id)


def get_threads(c: Connection, forum_id: int, thread_ids: Collection[str]) -> dict[str, Thread]:
    """Return those of the threads that the forum has, by id."""
    found: dict[str, Thread] = {}
    for ids in chunks(dict.fromkeys(thread_ids)):
        read = c.execute(_THREADS, {"forum": forum_id, "ids": ids})
        rows = [dict(zip(_THREAD, row, strict=True)) for row in read]
        found |= {thread.id: thread for thread in _with_answers(c, forum_id, rows)}
    return found


def thread_languages(
    c: Connection, forum_id: int, thread_ids: Collection[str]
) -> dict[str, str | None]:
    """Return the language of those of the threads that the forum has, by id."""
    found: dict[str, str | None] = {}
    for ids in chunks(dict.fromkeys(thread_ids)):
        query = select(tables.threads.c.id, tables.threads.c.lang).where(
            tables.threads.c.forum_id == forum_id, tables.threads.c.id.in_(ids)
        )
        found |= {row.id: row.lang for row in c.execute(query)}
    return found


def delete_thread(c: Connection, forum_id: int, thread_id: str, revision: int) -> bool:
    """Delete a thread with its answers and units; only its id and the revision are kept."""
    query = delete(tables.threads).where(
        tables.threads.c.forum_id == forum_id, tables.threads.c.id == thread_id
    )
    if c.execute(query).rowcount == 0:
        return False
    row = {"forum_id": forum_id, "id": thread_id, "revision": revision}
    upsert(c, tables.removed_threads, [row])
    return True


def changes_since(c: Connection, forum_id: int, revision: int, batch: int = 500) -> Changes:
    """Return what was put or removed after a revision, oldest first."""
    t = tables.threads.c
    query = select(tables.threads).where(t.forum_id == forum_id, t.revision > revision)
    changed = (
        thread
        for page in pages(c, query, [t.revision, t.id], batch)
        for thread in _with_answers(c, forum_id, page)
    )
    gone = (
        select(tables.removed_threads.c.id)
        .where(
            tables.removed_threads.c.forum_id == forum_id,
            tables.removed_threads.c.revision > revision,
        )
        .order_by(tables.removed_threads.c.revision, tables.removed_threads.c.id)
    )
    return Changes(_revision(c, forum_id), changed, tuple(c.execute(gone).scalars()))


def thread_digests(
    c: Connection, forum_id: int, batch: int = 5000
) -> Iterator[tuple[str, str, int]]:
    """Give every thread's id, the digest of all that it says, and its revision, by id."""
    t = tables.threads.c
    query = select(t.id, t.digest, t.revision).where(t.forum_id == forum_id)
    for page in pages(c, query, [t.id], batch):
        yield from ((row["id"], row["digest"], row["revision"]) for row in page)


def iter_threads(c: Connection, forum_id: int, batch: int = 500) -> Iterator[Thread]:
    """Give every thread, by id, with no more than a batch in memory."""
    query = select(tables.threads).where(tables.threads.c.forum_id == forum_id)
    for page in pages(c, query, [tables.threads.c.id], batch):
        yield from _with_answers(c, forum_id, page)


def solved_threads(c: Connection, forum_id: int, most: int) -> list[Thread]:
    """Return solved threads for everyone: those that changed last, then those that never do."""
    t = tables.threads.c
    # A set is read as text, which is the same in every database for an empty one.
    everyone = cast(t.groups, Text) == "[]"
    query = select(tables.threads).where(t.forum_id == forum_id, t.solved, everyone).limit(most)
    rows: dict[str, RowMapping] = {}
    for order in ((t.revision.desc(), t.id), (t.revision, t.id)):
        rows |= {row["id"]: row for row in c.execute(query.order_by(*order)).mappings()}
    found = _with_answers(c, forum_id, list(rows.values()))
    return [thread for thread in found if thread.answers]


def thread_state(c: Connection, forum_id: int) -> dict[str, int]:
    """Return the revision at which each thread last changed."""
    query = select(tables.threads.c.id, tables.threads.c.revision).where(
        tables.threads.c.forum_id == forum_id
    )
    return {row.id: row.revision for row in c.execute(query)}


def count_threads(c: Connection, forum_id: int) -> int:
    """Return how many threads the forum has."""
    query = (
        select(func.count())
        .select_from(tables.threads)
        .where(tables.threads.c.forum_id == forum_id)
    )
    return c.execute(query).scalar_one()


def _thread_row(thread: Thread, revision: int) -> dict[str, Any]:
    row = {**row_of(thread), "digest": digest_of(thread), "revision": revision}
    del row["answers"]
    return row


def _replace_answers(c: Connection, forum_id: int, changed: Sequence[Thread]) -> None:
    ids = [thread.id for thread in changed]
    c.execute(
        delete(tables.answers).where(
            tables.answers.c.forum_id == forum_id, tables.answers.c.thread_id.in_(ids)
        )
    )
    rows = [
        {**row_of(answer), "forum_id": forum_id, "thread_id": thread.id, "position": position}
        for thread in changed
        for position, answer in enumerate(thread.answers)
    ]
    if rows:
        c.execute(insert(tables.answers), rows)


def _with_answers(
    c: Connection, forum_id: int, rows: Sequence[RowMapping | Mapping[str, Any]]
) -> list[Thread]:
    of_thread: dict[str, list[Answer]] = {row["id"]: [] for row in rows}
    told = {"forum": forum_id, "ids": list(of_thread)}
    for thread_id, *values in c.execute(_ANSWERS, told):
        of_thread[thread_id].append(Answer(**dict(zip(_ANSWER, values, strict=True))))
    return [record_of(Thread, row, answers=tuple(of_thread[row["id"]])) for row in rows]


def _revision(c: Connection, forum_id: int) -> int:
    revision: int | None = c.execute(
        select(tables.forums.c.revision).where(tables.forums.c.id == forum_id)
    ).scalar()
    if revision is None:
        raise NoForum(str(forum_id))
    return revision
