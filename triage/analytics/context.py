"""What the rows of every table of this room are made from, and what such a table is.

In: nothing. Out: the types.
Not here: which tables there are (tables), any row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from triage import store
from triage.analytics.values import View
from triage.reports.values import Column, Row

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """One forum at one moment: an open connection to its store, and a reading of its asks."""

    database: store.Database
    connection: store.Connection
    forum_id: int
    view: View
    now: datetime
    _found: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what is made of this very context, made when it is asked for first.

        A connection is one state of the store, so that several tables may share what they read.
        """
        if name not in self._found:
            self._found[name] = make()
        found: T = self._found[name]
        return found


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, and what gives its rows as tuples in their order."""

    columns: tuple[Column, ...]
    rows: Callable[[Context], Iterator[Row]]
