"""Resolved cases, each with the digest of the text that was embedded of it.

In: Cases. Out: the same Cases, oldest first.
Not here: learning from them (learn), their vectors (vectors).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection, func, select

from triage.records import Case
from triage.store import tables
from triage.store.batches import (
    PutCounts,
    digest_of,
    pages,
    put_by_digest,
    record_of,
    row_of,
)


def put_cases(c: Connection, forum_id: int, cases: Sequence[tuple[Case, str]]) -> PutCounts:
    """Store cases, each with its text's digest; of two with one id the last counts."""
    rows = {
        case.id: {
            **row_of(case),
            "text_digest": text_digest,
            "digest": digest_of(case, text_digest),
        }
        for case, text_digest in cases
    }
    counts, _ = put_by_digest(c, tables.cases, forum_id, rows)
    return counts


def iter_cases(
    c: Connection, forum_id: int, since: datetime | None = None, batch: int = 500
) -> Iterator[tuple[Case, str]]:
    """Give cases with their text's digest, oldest first; those of no known date come before.

    With `since`, those created then or later, so none of unknown date.
    """
    query = select(tables.cases).where(tables.cases.c.forum_id == forum_id)
    dated = query.where(tables.cases.c.created.is_not(None))
    if since is not None:
        dated = dated.where(tables.cases.c.created >= since)
    found = pages(c, dated, [tables.cases.c.created, tables.cases.c.id], batch)
    if since is None:
        # Apart from the dated ones, because databases disagree where an unknown date sorts.
        undated = query.where(tables.cases.c.created.is_(None))
        found = chain(pages(c, undated, [tables.cases.c.id], batch), found)
    for page in found:
        for row in page:
            yield record_of(Case, row), row["text_digest"]


def count_cases(c: Connection, forum_id: int) -> int:
    """Return how many cases the forum has."""
    query = (
        select(func.count()).select_from(tables.cases).where(tables.cases.c.forum_id == forum_id)
    )
    return c.execute(query).scalar_one()
