"""Which passages each thread was cut into, by the digest of their text.

In: kinds, answer ids and digests. Out: kept rows; vectors are looked up by the same digests.
Not here: the passages' text (a thread already holds it), cutting a thread up.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, insert, select

from triage.errors import NoThread
from triage.records import UnitKind
from triage.store.tables import base as tables
from triage.streams import chunks


def put_units(
    c: Connection,
    forum_id: int,
    thread_id: str,
    units: Sequence[tuple[UnitKind, str | None, str]],
) -> None:
    """Replace a thread's units; each is its kind, its answer's id and its text's digest.

    Raises NoThread where the thread was deleted while it was being cut up.
    """
    known = select(tables.threads.c.id).where(
        tables.threads.c.forum_id == forum_id, tables.threads.c.id == thread_id
    )
    if c.execute(known).first() is None:
        raise NoThread(thread_id)
    c.execute(
        delete(tables.units).where(
            tables.units.c.forum_id == forum_id, tables.units.c.thread_id == thread_id
        )
    )
    rows = [
        {
            "forum_id": forum_id,
            "thread_id": thread_id,
            "position": position,
            "kind": kind.value,
            "answer_id": answer_id,
            "text_digest": digest,
        }
        for position, (kind, answer_id, digest) in enumerate(units)
    ]
    if rows:
        c.execute(insert(tables.units), rows)


def unit_digests(c: Connection, forum_id: int, thread_ids: Collection[str]) -> set[str]:
    """Return the digests of these threads' passages; unknown threads have none."""
    digests: set[str] = set()
    for ids in chunks(sorted(thread_ids)):
        query = select(tables.units.c.text_digest).where(
            tables.units.c.forum_id == forum_id, tables.units.c.thread_id.in_(ids)
        )
        digests.update(c.execute(query).scalars())
    return digests
