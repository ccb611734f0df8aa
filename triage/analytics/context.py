"""What the rows of every table of this room are made from, and what such a table is.

In: nothing. Out: the types.
Not here: which tables there are (tables), any row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from triage import store
from triage.analytics.values import View
from triage.reports.values import Column, Row


@dataclass(frozen=True, slots=True)
class Context:
    """One forum at one moment: an open connection to its store, and a reading of its asks."""

    database: store.Database
    connection: store.Connection
    forum_id: int
    view: View
    now: datetime


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, and what gives its rows as tuples in their order."""

    columns: tuple[Column, ...]
    rows: Callable[[Context], Iterator[Row]]
