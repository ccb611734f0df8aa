"""The vectors of asks: what was asked, in meaning, for as long as the ask is kept.

In: one vector of an ask and encoder. Out: the asks since a moment, each with its vector.
Not here: vectors of what is known (vectors), what is near to what (insight, measuring.returning).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, select

from triage.store.batches import record_of
from triage.store.dialects import unsought, upsert
from triage.store.tables.base import ask_vectors as table
from triage.store.tables.base import asks, cases, vectors
from triage.store.vectors import Vector, Vectors, stored, vectors_of
from triage.streams import chunks


@dataclass(frozen=True, slots=True, eq=False)
class AskVector:
    """An ask and the vector (dimension,) of its question as the last call had it."""

    ask_id: str
    person: str | None
    session: str | None
    lang: str | None
    product: str | None
    opened_at: datetime
    at: datetime
    test: bool
    vector: Vector


def put_ask_vector(
    c: Connection, forum_id: int, ask_id: str, encoder_id: str, vector: Vector, at: datetime
) -> None:
    """Keep the vector of an ask, instead of the one of an earlier call."""
    row = {
        "forum_id": forum_id,
        "ask_id": ask_id,
        "encoder_id": encoder_id,
        "vector": stored(vector),
        "at": at,
    }
    upsert(c, table, [row])


def ask_vectors(
    c: Connection,
    forum_id: int,
    encoder_id: str,
    since: datetime,
    *,
    person: str | None = None,
    include_test: bool = False,
    include_simulated: bool = False,
) -> list[AskVector]:
    """Return the asks with a vector of this encoder made since a moment, in the order they began.

    With `person` only theirs; those of test keys, and simulated ones, only when asked for.
    """
    query = _since(person is not None, include_test, include_simulated)
    told = {"forum": forum_id, "encoder": encoder_id, "since": since, "person": person}
    rows = c.execute(query, told).mappings().all()
    if not rows:
        return []
    together = vectors_of([row["vector"] for row in rows])
    return [
        record_of(AskVector, row, vector=vector) for row, vector in zip(rows, together, strict=True)
    ]


@cache
def _since(of_person: bool, include_test: bool, include_simulated: bool) -> Select[Any]:
    forum: BindParameter[int] = bindparam("forum")
    since: BindParameter[datetime] = bindparam("since")
    at: ColumnElement[Any] = table.c.at
    opened: ColumnElement[Any] = asks.c.opened_at
    conditions = []
    if of_person:
        # The few asks of one person are where to begin, not all that the forum was asked. No
        # vector is younger than the last call of its ask.
        at, opened = unsought(table.c.at), unsought(asks.c.opened_at)
        conditions += [asks.c.person == bindparam("person"), asks.c.last_at >= since]
    if not include_test:
        conditions.append(asks.c.test.is_(False))
    if not include_simulated:
        conditions.append(asks.c.simulated.is_not(True))
    return (
        select(table.c.vector, table.c.at, asks)
        .join(asks, (asks.c.forum_id == forum) & (asks.c.ask_id == table.c.ask_id))
        .where(table.c.forum_id == forum, table.c.encoder_id == bindparam("encoder"))
        .where(at >= since, *conditions)
        .order_by(opened, asks.c.ask_id)
    )


def vectors_of_asks(
    c: Connection, forum_id: int, encoder_id: str, ask_ids: Sequence[str]
) -> dict[str, Vector]:
    """Return the vectors of these asks by their ids; those without one are left out."""
    found: dict[str, Vector] = {}
    for part in chunks(ask_ids):
        query = select(table.c.ask_id, table.c.vector).where(
            table.c.forum_id == forum_id,
            table.c.encoder_id == encoder_id,
            table.c.ask_id.in_(part),
        )
        for ask_id, kept in c.execute(query):
            found[ask_id] = np.asarray(vectors_of([kept])[0])
    return found


def other_questions(
    c: Connection, forum_id: int, space: str, lang: str | None, most: int
) -> Vectors:
    """Return vectors (n, dimension) of what is asked in a language: the latest asks, then cases."""
    mine = [table.c.forum_id == forum_id, table.c.encoder_id == space, asks.c.lang == lang]
    latest = (
        select(table.c.vector)
        .join(asks, (asks.c.forum_id == forum_id) & (asks.c.ask_id == table.c.ask_id))
        .where(*mine, asks.c.simulated.is_not(True))
        .order_by(table.c.at.desc())
        .limit(most)
    )
    found = list(c.execute(latest).scalars())
    if len(found) < most:
        read = (vectors.c.forum_id == forum_id) & (vectors.c.text_digest == cases.c.text_digest)
        filed = (
            select(vectors.c.vector)
            .join(cases, read & (vectors.c.encoder_id == space))
            .where(cases.c.forum_id == forum_id, cases.c.lang == lang)
            .order_by(cases.c.id.desc())
            .limit(most - len(found))
        )
        found += c.execute(filed).scalars()
    return vectors_of(found) if found else np.zeros((0, 0), dtype=np.float32)
