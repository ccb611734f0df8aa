"""What a forum's texts share and is therefore discounted, as it was last learnt.

In: segments with how many documents have them. Out: the same. A segment is what different people
wrote alike; of one person's signature only a digest comes here.
Not here: learning (text), what is discounted in a text (text).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Float, Integer, Table, Text, delete, insert, select

from triage.store.batches import record_of, row_of
from triage.store.columns import UtcDateTime
from triage.store.keyed import METADATA, forum_column
from triage.streams import chunks

# Beside its queries, where the other tables have a file to themselves: that file is full.
boilerplate = Table(
    "boilerplate",
    METADATA,
    forum_column(),
    # A segment may be longer than what a database takes as a key.
    Column("position", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("segment", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("product", Text),
    Column("documents", Integer, nullable=False),
    Column("share", Float(53), nullable=False),
    Column("learned_at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class BoilerplateRow:
    """A segment: `documents` texts of its source have it, which is this `share` of them."""

    kind: str
    segment: str
    source: str
    product: str | None
    documents: int
    share: float
    learned_at: datetime


def replace_boilerplate(c: Connection, forum_id: int, rows: Sequence[BoilerplateRow]) -> None:
    """Keep these segments and no others, in their order."""
    c.execute(delete(boilerplate).where(boilerplate.c.forum_id == forum_id))
    for part in chunks(enumerate(rows)):
        mine = [{**row_of(row), "forum_id": forum_id, "position": i} for i, row in part]
        c.execute(insert(boilerplate), mine)


def list_boilerplate(c: Connection, forum_id: int) -> list[BoilerplateRow]:
    """Return every segment as it was kept."""
    query = select(boilerplate).where(boilerplate.c.forum_id == forum_id)
    query = query.order_by(boilerplate.c.position)
    return [record_of(BoilerplateRow, row) for row in c.execute(query).mappings()]


def boilerplate_segments(c: Connection, forum_id: int) -> list[tuple[str, str]]:
    """Return the kind of every segment and the segment, which is all that discounting needs."""
    query = select(boilerplate.c.kind, boilerplate.c.segment).where(
        boilerplate.c.forum_id == forum_id
    )
    return [(row.kind, row.segment) for row in c.execute(query)]
