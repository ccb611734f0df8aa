"""What a table of an export is: its columns, and of which asks its rows are.

In: nothing. Out: the values that rows, files and documents share.
Not here: which tables there are (rows, flat), writing them (writing).

A change of a column's name, type or meaning raises VERSION; a column that is added does not.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from triage.outcomes import WINDOW_DAYS, Only
from triage.outcomes.only import ALL

VERSION = 1

Kind = Literal["text", "yes", "whole", "number", "moment", "day"]
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `yes` is true or false, a `moment` is in UTC; any may be empty."""

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, slots=True)
class Period:
    """Of which asks: those of `only` that began from `since` to before `until`; as of when."""

    since: datetime | None
    until: datetime | None
    as_of: datetime
    window_days: float = WINDOW_DAYS
    only: Only = ALL


def columns_lines(columns: tuple[Column, ...]) -> list[str]:
    """Return the columns of a table as the documents have them."""
    return [
        "| column | type | meaning |",
        "| --- | --- | --- |",
        *(f"| `{one.name}` | {one.kind} | {one.meaning} |" for one in columns),
    ]
