"""A table by its name and what was asked for -> one file: those of the store, all that pages show.

In: a store, a forum, a name of EXPORTS, the days and asks that are meant. Out: bytes in a file.
Not here: the rows (tables, reports), who may have them and that it is noted (api, cli).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from triage import store
from triage.analytics.context import Context
from triage.analytics.filters import FROM, TO, ZONE, Filters, read_filters
from triage.analytics.tables import TABLES
from triage.analytics.viewing import view_of
from triage.errors import BadField
from triage.outcomes import WINDOW_DAYS, Only
from triage.reports import Format, Period, Table, day_or_moment, export_table, write_rows

# Of the store: one row an ask or an event. The others are what pages show.
OF_STORE = tuple(table.value for table in Table)
EXPORTS = (*OF_STORE, *TABLES)


@dataclass(frozen=True, slots=True)
class Export:
    """A table of EXPORTS: those of the store of a period, the others of whole days and as of now.

    `noted` is what the log of acts says of it. An account may be one person's and the log is for
    ever, so it says by what asks were chosen, but no value.
    """

    table: str
    of: Period | Filters
    noted: Mapping[str, object]

    def write(
        self, database: store.Database, forum_id: int, file: BinaryIO, how: Format, now: datetime
    ) -> int:
        """Write it to a file; return how many rows it has.

        Raises BadField for a property that no ask has.
        """
        if isinstance(self.of, Period):
            return export_table(database, forum_id, Table(self.table), self.of, file, how)
        table = TABLES[self.table]
        view = view_of(database, forum_id, self.of, now)
        with database.read() as c:
            rows = table.rows(Context(database, c, forum_id, view, now))
            return write_rows(file, how, self.table, table.columns, rows)


def export_of(table: str, filters: Filters, now: datetime) -> Export:
    """Return a table of the asks that filters mean. Raises BadField for one that there is not."""
    _check(table)
    order, said = filters.order(), dict(filters.query())
    period = Period(order.since, order.until, now, only=order.only)
    noted = _noted(said.get(FROM), said.get(TO), filters.only)
    return Export(table, period if table in OF_STORE else filters, noted)


def read_export(
    table: str,
    since: str | None,
    until: str | None,
    as_of: str | None,
    time_zone: str,
    window_days: float,
    only: Only,
    now: datetime,
) -> Export:
    """Read what is asked for as texts. Raises BadField for what there is not, or cannot be."""
    _check(table)
    noted = _noted(since, until, only)
    if table in OF_STORE:
        begin = None if since is None else day_or_moment(since, FROM, time_zone)
        end = None if until is None else day_or_moment(until, TO, time_zone, end=True)
        then = now if as_of is None else day_or_moment(as_of, "as_of", time_zone, end=True)
        return Export(table, Period(begin, end, then, window_days, only), noted)
    if as_of is not None or window_days != WINDOW_DAYS:
        raise BadField("as_of", f"and the window are for {', '.join(OF_STORE)}")
    filters = read_filters({FROM: since or "", TO: until or "", ZONE: time_zone})
    return Export(table, replace(filters, only=only), noted)


def _check(table: str) -> None:
    if table not in EXPORTS:
        raise BadField("table", f"is none of {', '.join(EXPORTS)}")


def _noted(since: str | None, until: str | None, only: Only) -> Mapping[str, object]:
    return {"from": since, "to": until, "where": sorted(only.told) or None}
