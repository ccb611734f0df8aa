"""The vectors of texts, by encoder and digest, so that nothing is embedded twice.

In: one-dimensional arrays. Out: the same numbers as float32.
Not here: embedding (encode), searching (retrieve).
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Table, delete, exists, func, select

from triage.errors import BadField
from triage.records import UnitKind
from triage.store.dialects import insert_new
from triage.store.tables import base as tables
from triage.streams import chunks

# Little endian whatever the machine, so that a file can be carried to another.
_STORED = np.dtype("<f4")

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]


def known_digests(
    c: Connection, forum_id: int, encoder_id: str, digests: Collection[str]
) -> set[str]:
    """Return those of the digests that this encoder's vectors are kept of."""
    known: set[str] = set()
    for part in chunks(digests):
        query = select(tables.vectors.c.text_digest).where(
            tables.vectors.c.forum_id == forum_id,
            tables.vectors.c.encoder_id == encoder_id,
            tables.vectors.c.text_digest.in_(part),
        )
        known.update(c.execute(query).scalars())
    return known


def get_vectors(
    c: Connection, forum_id: int, encoder_id: str, digests: Collection[str]
) -> dict[str, Vector]:
    """Return the kept vectors by digest; those that are not kept are left out."""
    found: dict[str, Vector] = {}
    for part in chunks(digests):
        query = select(tables.vectors.c.text_digest, tables.vectors.c.vector).where(
            tables.vectors.c.forum_id == forum_id,
            tables.vectors.c.encoder_id == encoder_id,
            tables.vectors.c.text_digest.in_(part),
        )
        for digest, stored in c.execute(query):
            found[digest] = np.frombuffer(stored, dtype=_STORED).astype(np.float32)
    return found


def put_vectors(
    c: Connection, forum_id: int, encoder_id: str, vectors: Mapping[str, Vector]
) -> None:
    """Keep the vectors; one that is already there stays, for equal text has an equal vector."""
    for part in chunks(vectors.items()):
        rows = [
            {
                "forum_id": forum_id,
                "encoder_id": encoder_id,
                "text_digest": digest,
                "vector": stored(vector),
            }
            for digest, vector in part
        ]
        insert_new(c, tables.vectors, rows)


def drop_orphan_vectors(
    c: Connection, forum_id: int, encoder_id: str | None, digests: Collection[str]
) -> int:
    """Delete those of the digests' vectors that no unit and no case needs; return how many.

    Without an encoder, those of every encoder.
    """
    dropped = 0
    for part in chunks(digests):
        needless, _ = vectors_nobody_needs(forum_id)
        query = delete(tables.vectors).where(*needless, tables.vectors.c.text_digest.in_(part))
        if encoder_id is not None:
            query = query.where(tables.vectors.c.encoder_id == encoder_id)
        dropped += c.execute(query).rowcount
    return dropped


def vectors_nobody_needs(forum_id: int) -> tuple[list[ColumnElement[bool]], Table]:
    """Return what tells the vectors of texts that no unit and no case has, and their table."""
    needless = [
        tables.vectors.c.forum_id == forum_id,
        ~exists().where(
            tables.units.c.forum_id == forum_id,
            tables.units.c.text_digest == tables.vectors.c.text_digest,
        ),
        ~exists().where(
            tables.cases.c.forum_id == forum_id,
            tables.cases.c.text_digest == tables.vectors.c.text_digest,
        ),
    ]
    return needless, tables.vectors


def count_vectors(c: Connection, forum_id: int, encoder_id: str) -> int:
    """Return how many vectors of this encoder the forum has."""
    query = select(func.count()).where(
        tables.vectors.c.forum_id == forum_id, tables.vectors.c.encoder_id == encoder_id
    )
    return c.execute(query).scalar_one()


def count_texts(c: Connection, forum_id: int, asking: Collection[UnitKind] = ()) -> tuple[int, int]:
    """Return how many different texts the forum's passages have, and its cases.

    Passages of the kinds that are `asking` count with the cases.
    """
    units, cases = tables.units.c, tables.cases.c
    mine, asks = units.forum_id == forum_id, units.kind.in_(list(asking))
    replying = select(units.text_digest).where(mine, ~asks).distinct()
    # A union holds each once.
    asked = select(units.text_digest).where(mine, asks)
    asked_or_told = asked.union(select(cases.text_digest).where(cases.forum_id == forum_id))
    first, second = (
        c.execute(select(func.count()).select_from(found.subquery())).scalar_one()
        for found in (replying, asked_or_told)
    )
    return first, second


def list_encoders(c: Connection, forum_id: int) -> list[str]:
    """Return the encoders, as `put_vectors` was told them, that the forum has vectors of."""
    query = select(tables.vectors.c.encoder_id).where(tables.vectors.c.forum_id == forum_id)
    return sorted(c.execute(query.distinct()).scalars())


def drop_vectors(c: Connection, forum_id: int, encoder_id: str, most: int = 1000) -> int:
    """Delete some of an encoder's vectors, at most so many; return how many.

    Others wait while one writes, so that a large number goes in many small steps.
    """
    mine = [tables.vectors.c.forum_id == forum_id, tables.vectors.c.encoder_id == encoder_id]
    some = select(tables.vectors.c.text_digest).where(*mine).limit(most)
    query = delete(tables.vectors).where(*mine, tables.vectors.c.text_digest.in_(some))
    return c.execute(query).rowcount


def vectors_of(stored: Sequence[bytes]) -> Vectors:
    """Return vectors of one encoder as they were kept, shape (len(stored), dimension)."""
    together = np.frombuffer(b"".join(stored), dtype=_STORED)
    return together.astype(np.float32).reshape(len(stored), -1)


def stored(vector: Vector) -> bytes:
    """Return a vector as it is kept. Raises BadField for what is not one."""
    if vector.ndim != 1:
        raise BadField("vector", f"has {vector.ndim} dimensions instead of one")
    return vector.astype(_STORED).tobytes()
