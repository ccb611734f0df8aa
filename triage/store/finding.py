"""Words -> where in the store they still stand, whatever the table.

In: stretches of text. Out: tables and columns that hold them, with how many rows.
Not here: searching by meaning (retrieve), the files below the store (privacy).
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import JSON, Column, ColumnElement, Connection, Text, case, cast, func, select

from triage.store.holdings.register import BY_TABLE
from triage.store.keyed import METADATA


class Place(NamedTuple):
    """Where words stand, and in how many rows."""

    table: str
    column: str
    rows: int


def find_words(
    c: Connection, forum_id: int, marks: Sequence[str], *, everywhere: bool = False
) -> dict[str, list[Place]]:
    """Return, of the marks that stand in the forum's rows exactly as they are, where they do.

    Looked for in the columns that hold texts, or `everywhere`: in ids, codes and names as well.
    """
    found: dict[str, list[Place]] = {}
    for table in METADATA.sorted_tables:
        texts = BY_TABLE[table.name].texts
        wordy = [column for column in table.columns if _is_json(column) or _is_text(column)]
        wordy = [column for column in wordy if everywhere or column.name in texts]
        if "forum_id" not in table.c or not wordy or not marks:
            continue
        # One look at each row, whatever the number of columns and marks.
        asked = [(column, mark) for column in wordy for mark in marks]
        counts = [func.sum(_holds(column, mark)) for column, mark in asked]
        row = c.execute(select(*counts).where(table.c.forum_id == forum_id)).one()
        for (column, mark), rows in zip(asked, row, strict=True):
            if rows:
                found.setdefault(mark, []).append(Place(table.name, column.name, int(rows)))
    return found


def _holds(column: Column[object], mark: str) -> ColumnElement[int]:
    # In JSON, characters beyond ASCII are written by their numbers.
    sought = json.dumps(mark)[1:-1] if _is_json(column) else mark
    return case((cast(column, Text).contains(sought, autoescape=True), 1), else_=0)


def _is_json(column: Column[object]) -> bool:
    kind = column.type
    return isinstance(kind, JSON) or isinstance(getattr(kind, "impl", None), JSON)


def _is_text(column: Column[object]) -> bool:
    return isinstance(column.type, Text)
