"""Many records at once: cut in chunks, told apart by digest, read in pages.

In: frozen records, tables. Out: rows, and records again.
Not here: any one table's meaning (threads, cases, accounts, ...).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Protocol, TypeVar

from sqlalchemy import Column, Connection, Select, Table, literal, select, tuple_
from sqlalchemy.engine import RowMapping

from triage.store.columns import as_utc
from triage.store.dialects import upsert
from triage.streams import CHUNK, chunks


class Record(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class PutCounts:
    """What a put did. Records that are as they were stay untouched."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "PutCounts") -> "PutCounts":
        """Count two puts as one."""
        return PutCounts(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
        )


def row_of(record: Record) -> dict[str, Any]:
    """Return a record's fields by name, as its table's column types take them."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def record_of(kind: type[R], row: RowMapping | Mapping[str, Any], /, **more: object) -> R:
    """Make a record of the row's columns that bear its fields' names, and of what `more` says."""
    return kind(**{name: row[name] for name in _names(kind) if name not in more}, **more)


@cache
def _names(kind: type[Record]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def digest_of(record: Record, *more: str) -> str:
    """Return SHA-256 over the record's canonical JSON: equal records, equal digests."""
    canonical = json.dumps([_plain(record), *more], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return as_utc(value).isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(item) for name, item in row_of(value).items()}
    return value


def put_by_digest(
    c: Connection, table: Table, forum_id: int, rows: Mapping[str, dict[str, Any]]
) -> tuple[PutCounts, list[str]]:
    """Upsert the rows (by id) whose digest is not the stored one; return counts and their ids."""
    counts, changed = PutCounts(), []
    for ids in chunks(rows):
        query = select(table.c.id, table.c.digest).where(
            table.c.forum_id == forum_id, table.c.id.in_(ids)
        )
        stored = {row.id: row.digest for row in c.execute(query)}
        new = [key for key in ids if key not in stored]
        other = [key for key in ids if key in stored and stored[key] != rows[key]["digest"]]
        upsert(c, table, [{**rows[key], "forum_id": forum_id} for key in new + other])
        counts += PutCounts(len(new), len(other), len(ids) - len(new) - len(other))
        changed += new + other
    return counts, changed


def kept_so(c: Connection, table: Table, forum_id: int, digests: Mapping[str, str]) -> set[str]:
    """Return which of the records (by id) are kept with these very digests."""
    same: set[str] = set()
    for ids in chunks(digests):
        query = select(table.c.id, table.c.digest).where(
            table.c.forum_id == forum_id, table.c.id.in_(ids)
        )
        same |= {row.id for row in c.execute(query) if row.digest == digests[row.id]}
    return same


def pages(
    c: Connection, query: Select[Any], order: Sequence[Column[Any]], size: int = CHUNK
) -> Iterator[list[RowMapping]]:
    """Read a query page by page, each beginning after the last row of the one before.

    `order` names columns of the query that are never null and together unique. Between two pages
    the caller may write.
    """
    page_query = query.order_by(*order).limit(size)
    page = c.execute(page_query).mappings().all()
    while page:
        yield list(page)
        if len(page) < size:
            return
        last = tuple_(*(literal(page[-1][column.name], column.type) for column in order))
        page = c.execute(page_query.where(tuple_(*order) > last)).mappings().all()
