"""Rows of a table -> one file: CSV, Parquet or JSON Lines.

In: a store, a forum, what is to be exported. Out: bytes in a file that is open.
Not here: which columns there are (rows), Parquet itself (parquet).
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from triage import store
from triage.reports.contract import contract_events
from triage.reports.folding import Told, fold
from triage.reports.rows import Period, Row, Table, names_of, rows_of


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    PARQUET = "parquet"
    JSONL = "jsonl"


def export_table(
    database: store.Database,
    forum_id: int,
    table: Table,
    period: Period,
    file: BinaryIO,
    how: Format,
    *,
    tell: Told = lambda done, total: None,
) -> int:
    """Write a table of a forum to a file; return how many rows it has."""
    if table is Table.OUTCOMES:
        fold(database, forum_id, tell)
    with database.read() as c:
        rows = rows_of(c, forum_id, table, period)
        if how is Format.PARQUET:
            # Its library is large, and nothing else here needs it.
            from triage.reports.parquet import write_parquet

            return write_parquet(file, table, rows)
        if how is Format.JSONL:
            return _write_lines(file, _objects(c, forum_id, table, period, rows))
        return _write_csv(file, table, rows)


def _write_csv(file: BinaryIO, table: Table, rows: Iterable[Row]) -> int:
    count = 0
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names_of(table))
        for row in rows:
            writer.writerow([_plain(value) for value in row])
            count += 1
    finally:
        text.detach()
    return count


def _objects(
    c: store.Connection, forum_id: int, table: Table, period: Period, rows: Iterable[Row]
) -> Iterator[Mapping[str, object]]:
    """Give what the lines hold: of events what the contract has, so that they can be measured."""
    if table is Table.EVENTS:
        yield from contract_events(c, forum_id, period.since, period.until, period.as_of)
        return
    names = names_of(table)
    for row in rows:
        yield dict(zip(names, row, strict=True))


def _write_lines(file: BinaryIO, objects: Iterable[Mapping[str, object]]) -> int:
    count = 0
    for one in objects:
        told = {name: _moment(value) for name, value in one.items()}
        file.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        count += 1
    return count


def _moment(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value


def _plain(value: object) -> object:
    """Return a value as CSV has it: nothing is empty, a moment is ISO 8601 in UTC."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value[:1] in _FORMULA:
        # A spreadsheet would take it for a formula.
        return f"'{value}"
    return _moment(value)


_FORMULA = frozenset("=+-@\t\r")
