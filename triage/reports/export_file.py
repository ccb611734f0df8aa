"""Rows of a table -> one file, CSV or Parquet.

In: a store, a forum, what is to be exported. Out: bytes in a file that is open.
Not here: which columns there are (rows), Parquet itself (parquet).
"""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from triage import store
from triage.reports.folding import Told, fold
from triage.reports.parquet import write_parquet
from triage.reports.rows import Period, Row, Table, names_of, rows_of


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    PARQUET = "parquet"


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
            return write_parquet(file, table, rows)
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


def _plain(value: object) -> object:
    """Return a value as CSV has it: nothing is empty, a moment is ISO 8601 in UTC."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, str) and value[:1] in _FORMULA:
        # A spreadsheet would take it for a formula.
        return f"'{value}"
    return value


_FORMULA = frozenset("=+-@\t\r")
