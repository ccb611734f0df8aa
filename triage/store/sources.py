"""Places that threads or cases are read from again and again, and what has been read of each.

In: a source by name, and its items with the id that they are kept under. Out: the same again, so
that the next run sees what changed. What a source has not put here itself is none of its own.
Not here: reading a source (connect), comparing and keeping (importing).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from triage.store.batches import record_of, row_of
from triage.store.dialects import upsert
from triage.store.tables.base import cases, threads
from triage.store.tables.handing import source_items, sources
from triage.streams import chunks


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source. `cursor` is where its next run begins; `counts` what the last one changed.

    Not finished: the last run was killed, or is under way.
    """

    source: str
    kind: str
    started_at: datetime
    cursor: Mapping[str, Any] = field(default_factory=dict)
    finished_at: datetime | None = None
    whole_at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceItem:
    """What an item is kept as, and the stamp that it had; without one it is read again."""

    kept_as: str
    stamp: str


def get_source(
    c: Connection, forum_id: int, source: str, *, lock: bool = False
) -> SourceRow | None:
    """Return a source, or None where it was never read; `lock` holds others off it."""
    query = select(sources).where(sources.c.forum_id == forum_id, sources.c.source == source)
    row = c.execute(query.with_for_update() if lock else query).mappings().first()
    return None if row is None else record_of(SourceRow, row)


def list_sources(c: Connection, forum_id: int) -> list[SourceRow]:
    """Return the sources of a forum by name."""
    query = select(sources).where(sources.c.forum_id == forum_id).order_by(sources.c.source)
    return [record_of(SourceRow, row) for row in c.execute(query).mappings()]


def put_source(c: Connection, forum_id: int, row: SourceRow) -> None:
    """Keep a source, in place of the one of its name."""
    upsert(c, sources, [{"forum_id": forum_id, **row_of(row)}])


def source_items_of(
    c: Connection, forum_id: int, source: str, item_ids: Collection[str] | None = None
) -> dict[str, SourceItem]:
    """Return what has been read of a source, by its own ids; all of it, or of these ids."""
    query = select(source_items.c.item_id, source_items.c.kept_as, source_items.c.stamp).where(
        source_items.c.forum_id == forum_id, source_items.c.source == source
    )
    if item_ids is None:
        return {row.item_id: SourceItem(row.kept_as, row.stamp) for row in c.execute(query)}
    found: dict[str, SourceItem] = {}
    for part in chunks(dict.fromkeys(item_ids)):
        for row in c.execute(query.where(source_items.c.item_id.in_(part))):
            found[row.item_id] = SourceItem(row.kept_as, row.stamp)
    return found


def put_source_items(
    c: Connection, forum_id: int, source: str, items: Mapping[str, SourceItem]
) -> None:
    """Note what has been read."""
    rows = [
        {
            "forum_id": forum_id,
            "source": source,
            "item_id": item_id,
            "kept_as": item.kept_as,
            "stamp": item.stamp,
        }
        for item_id, item in items.items()
    ]
    upsert(c, source_items, rows)


def drop_source_item(c: Connection, forum_id: int, source: str, item_id: str) -> bool:
    """Forget an item that the source has no more; return whether it was known."""
    query = delete(source_items).where(
        source_items.c.forum_id == forum_id,
        source_items.c.source == source,
        source_items.c.item_id == item_id,
    )
    return c.execute(query).rowcount > 0


def disown(c: Connection, forum_id: int, source: str, kept_as: Iterable[str]) -> None:
    """Have no other source keep what this one takes over."""
    for part in chunks(dict.fromkeys(kept_as)):
        c.execute(
            delete(source_items).where(
                source_items.c.forum_id == forum_id,
                source_items.c.source != source,
                source_items.c.kept_as.in_(part),
            )
        )


def not_of_source(
    c: Connection, forum_id: int, source: str, kind: str, kept_as: Iterable[str]
) -> set[str]:
    """Return which of these threads (`kind` is `threads`) or cases are there by somebody else."""
    table = {"threads": threads, "cases": cases}[kind]
    others: set[str] = set()
    for part in chunks(dict.fromkeys(kept_as)):
        there = select(table.c.id).where(table.c.forum_id == forum_id, table.c.id.in_(part))
        owned = select(source_items.c.kept_as).where(
            source_items.c.forum_id == forum_id,
            source_items.c.source == source,
            source_items.c.kept_as.in_(part),
        )
        others |= set(c.execute(there).scalars()) - set(c.execute(owned).scalars())
    return others


def kept_by_others(c: Connection, forum_id: int, source: str, kept_as: str) -> bool:
    """Whether another source has put something under this id, too."""
    query = select(source_items.c.source).where(
        source_items.c.forum_id == forum_id,
        source_items.c.kept_as == kept_as,
        source_items.c.source != source,
    )
    return c.execute(query.limit(1)).first() is not None
