"""Who was erased and when, and what that removed.

In: a keyed hash. Out: one row per erasure, its receipt growing until it is done.
Not here: erasing (privacy), the file that says the same beside the store (privacy).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.engine import RowMapping

from triage.forgotten import Forgotten
from triage.store.batches import record_of, row_of
from triage.store.dialects import insert_if_new
from triage.store.tables.trust import erasures

Receipt = Mapping[str, Any]
# In a receipt: of the person's answers as staff only the author went.
KEEP_STAFF_ANSWERS = "keep_staff_answers"


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """One erasure; `done_at` is None until nothing of the person is left."""

    id: str
    person: str
    asked_at: datetime
    replayed: bool
    done_at: datetime | None = None
    receipt: Receipt | None = None


def begin_erasure(c: Connection, forum_id: int, row: ErasureRow) -> None:
    """Keep that somebody is to be erased; again, it stays as it is."""
    values = {**row_of(row), "receipt": _plain(row.receipt), "forum_id": forum_id}
    insert_if_new(c, erasures, values)


def get_erasure(c: Connection, forum_id: int, erasure_id: str) -> ErasureRow | None:
    """Return one erasure, or None where the forum has it not."""
    query = select(erasures).where(erasures.c.forum_id == forum_id, erasures.c.id == erasure_id)
    row = c.execute(query).mappings().first()
    return None if row is None else _row(row)


def list_erasures(c: Connection, forum_id: int) -> list[ErasureRow]:
    """Return every erasure, oldest first."""
    query = select(erasures).where(erasures.c.forum_id == forum_id)
    query = query.order_by(erasures.c.asked_at, erasures.c.id)
    return [_row(row) for row in c.execute(query).mappings()]


def note_erasure(
    c: Connection,
    forum_id: int,
    erasure_id: str,
    receipt: Receipt,
    done_at: datetime | None = None,
) -> None:
    """Keep what was removed so far, and when nothing was left."""
    mine = [erasures.c.forum_id == forum_id, erasures.c.id == erasure_id]
    c.execute(update(erasures).where(*mine).values(receipt=_plain(receipt), done_at=done_at))


def erased_persons(c: Connection, forum_id: int) -> dict[str, Forgotten]:
    """Return who was erased, and until when what they wrote is not to be kept."""
    return {
        row.person: Forgotten(row.asked_at, bool((row.receipt or {}).get(KEEP_STAFF_ANSWERS)))
        for row in list_erasures(c, forum_id)
    }


def _plain(receipt: Receipt | None) -> dict[str, Any] | None:
    return None if receipt is None else dict(receipt)


def _row(row: RowMapping) -> ErasureRow:
    return record_of(ErasureRow, row)
