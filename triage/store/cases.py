"""Resolved cases, each with the digest of the text that was embedded of it.

In: Cases. Out: the same Cases, oldest first.
Not here: learning from them (learn), their vectors (vectors).
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection, delete, func, or_, select

from triage.records import Case
from triage.store.batches import (
    PutCounts,
    digest_of,
    kept_so,
    pages,
    put_by_digest,
    record_of,
    row_of,
)
from triage.store.tables import base as tables
from triage.store.vectors import Vectors, vectors_of
from triage.streams import chunks

_LABELS = ("kind", "topic", "severity", "difficulty", "destination", "tone")


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


def cases_kept_so(c: Connection, forum_id: int, cases: Sequence[tuple[Case, str]]) -> set[str]:
    """Return the ids of those of the cases that are kept exactly so."""
    digests = {case.id: digest_of(case, text_digest) for case, text_digest in cases}
    return kept_so(c, tables.cases, forum_id, digests)


def delete_case(c: Connection, forum_id: int, case_id: str) -> str | None:
    """Delete a case; return the digest of its text, or None where the forum has it not."""
    query = delete(tables.cases).where(
        tables.cases.c.forum_id == forum_id, tables.cases.c.id == case_id
    )
    digest: str | None = c.execute(query.returning(tables.cases.c.text_digest)).scalar()
    return digest


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


def get_cases(c: Connection, forum_id: int, case_ids: Collection[str]) -> dict[str, Case]:
    """Return the cases by id; those that the forum has not are left out."""
    found: dict[str, Case] = {}
    for part in chunks(case_ids):
        query = select(tables.cases).where(
            tables.cases.c.forum_id == forum_id, tables.cases.c.id.in_(part)
        )
        for row in c.execute(query).mappings():
            found[row["id"]] = record_of(Case, row)
    return found


def iter_case_vectors(
    c: Connection,
    forum_id: int,
    encoder_id: str,
    groups: frozenset[str] | None,
    batch: int = 2_000,
) -> Iterator[tuple[list[str], Vectors]]:
    """Give ids and vectors of the labelled cases that this encoder has read, in pages.

    Those of groups are only for a reader who has one of `groups`; None reads all. A page's vectors
    have the shape (number of its cases, dimension).
    """
    cases, vectors = tables.cases.c, tables.vectors.c
    read = (
        (vectors.forum_id == cases.forum_id)
        & (vectors.encoder_id == encoder_id)
        & (vectors.text_digest == cases.text_digest)
    )
    # Sets of groups are slow to read, so they are left alone where they close nothing.
    columns = [cases.id, vectors.vector, *([] if groups is None else [cases.groups])]
    query = (
        select(*columns)
        .join(tables.vectors, read)
        .where(cases.forum_id == forum_id, or_(*(cases[name].is_not(None) for name in _LABELS)))
    )
    for page in pages(c, query, [cases.id], batch):
        rows = page
        if groups is not None:
            rows = [row for row in page if not row["groups"] or row["groups"] & groups]
        if rows:
            yield [row["id"] for row in rows], vectors_of([row["vector"] for row in rows])


def count_cases(c: Connection, forum_id: int) -> int:
    """Return how many cases the forum has."""
    query = (
        select(func.count()).select_from(tables.cases).where(tables.cases.c.forum_id == forum_id)
    )
    return c.execute(query).scalar_one()
