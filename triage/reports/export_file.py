"""A table of the store -> one file, of a period and of some asks alone where that is meant.

In: a store, a forum, what is to be exported. Out: bytes in a file that is open.
Not here: which columns there are (rows, flat), the forms of files (writing).
"""

from collections.abc import Iterator, Mapping, Set
from typing import BinaryIO

from triage import store
from triage.reports.contract import contract_events
from triage.reports.folding import Told, fold
from triage.reports.rows import COLUMNS, Period, Table, asks_meant, rows_of
from triage.reports.writing import Format, write_lines, write_rows


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
    if table in (Table.OUTCOMES, Table.FLAT) or period.only.told:
        fold(database, forum_id, tell)
    with database.read() as c:
        meant = asks_meant(c, forum_id, period)
        if table is Table.EVENTS and how is Format.JSONL:
            return write_lines(file, _events(c, forum_id, period, meant))
        rows = rows_of(c, forum_id, table, period, meant)
        return write_rows(file, how, table.value, COLUMNS[table], rows)


def _events(
    c: store.Connection, forum_id: int, period: Period, meant: Set[str] | None
) -> Iterator[Mapping[str, object]]:
    """Give events as the contract has them, so that they can be measured."""
    for event in contract_events(c, forum_id, period.since, period.until, period.as_of):
        if meant is None or event["ask_id"] in meant:
            yield event
