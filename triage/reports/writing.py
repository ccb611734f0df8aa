"""Rows -> one file: CSV, Parquet or JSON Lines.

In: columns, rows in their order. Out: bytes in a file that is open, and how many rows there were.
Not here: which rows (rows, flat), Parquet itself (parquet).
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO

from triage.reports.values import Column, Row


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    PARQUET = "parquet"
    JSONL = "jsonl"


def write_rows(
    file: BinaryIO, how: Format, table: str, columns: Sequence[Column], rows: Iterable[Row]
) -> int:
    """Write the rows of a table to a file; return how many there were."""
    if how is Format.PARQUET:
        # Its library is large, and nothing else here needs it.
        from triage.reports.parquet import write_parquet

        return write_parquet(file, table, columns, rows)
    names = [column.name for column in columns]
    if how is Format.JSONL:
        return write_lines(file, (dict(zip(names, row, strict=True)) for row in rows))
    return _write_csv(file, names, rows)


def write_lines(file: BinaryIO, objects: Iterable[Mapping[str, object]]) -> int:
    """Write JSON Lines; return how many there were."""
    count = 0
    for one in objects:
        told = {name: _moment(value) for name, value in one.items()}
        file.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        count += 1
    return count


def _write_csv(file: BinaryIO, names: Sequence[str], rows: Iterable[Row]) -> int:
    count = 0
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            writer.writerow([_plain(value) for value in row])
            count += 1
    finally:
        text.detach()
    return count


def _moment(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _plain(value: object) -> object:
    """Return a value as CSV has it: nothing is empty, a moment is ISO 8601 in UTC."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value[:1] in _FORMULA:
        # A spreadsheet would take it for a formula.
        return f"'{value}"
    return _moment(value)


_FORMULA = frozenset("=+-@\t\r")
