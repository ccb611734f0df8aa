"""Rows of a table -> what a page shows of them: which columns, each in its unit, with its interval.

In: rows of `TABLES` with their columns, and which of them are wanted. Out: a `Shown`, for a
template.
Not here: the rows (analytics), how a value is said (web.cells).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage.analytics.charting import RowMap, rows_by_name
from triage.analytics.tables import TABLES
from triage.api.pages.analytics.here import Here
from triage.api.pages.showing import Cell, Charted, Head, Shown
from triage.reports import zone_of
from triage.web.cells import cell, heading

__all__ = ["Cell", "Charted", "Col", "Head", "Shown", "rows_of", "shown"]

Link = Callable[[Here, RowMap], str | None]
Say = Callable[[Here, RowMap], str]

_RIGHT = frozenset({"whole", "number"})
_WARN = frozenset({"harmed", "stands_out", "rising"})
_DIFFERENCES = frozenset({"lift", "change"})


@dataclass(frozen=True, slots=True)
class Col:
    """A column of the page: the column of the rows that it shows, and how.

    `span` names the columns with the ends of its interval. `word` is its heading, where that is not
    that of the column. `link` says where a cell leads, `say` how it reads where that is no plain
    value, `warn` whether it wants a second look.
    """

    name: str
    span: tuple[str, str] | None = None
    link: Link | None = None
    word: str | None = None
    say: Say | None = None
    warn: Callable[[RowMap], bool] | None = None


def rows_of(here: Here, name: str) -> list[RowMap]:
    """Return the rows of a table, each by the names of its columns."""
    return rows_by_name(here.context, name)


def shown(
    here: Here,
    name: str,
    cols: Sequence[Col],
    rows: Iterable[RowMap] | None = None,
    *,
    caption: str | None = None,
    most: int | None = None,
) -> Shown:
    """Return what a page shows of a table: these columns of its first `most` rows."""
    found = rows_of(here, name) if rows is None else list(rows)
    listed = found if most is None else found[:most]
    kinds = {column.name: column.kind for column in TABLES[name].columns}
    heads = tuple(
        Head(col.name, heading(col.word or col.name, here.numbers.lang), _is_number(col, kinds))
        for col in cols
    )
    return Shown(
        name,
        here.say(f"table.{name}") if caption is None else caption,
        heads,
        tuple(tuple(_cell(here, col, kinds, row) for col in cols) for row in listed),
        len(found) - len(listed),
    )


def _cell(here: Here, col: Col, kinds: Mapping[str, str], row: RowMap) -> Cell:
    value = row[col.name]
    if isinstance(value, datetime):
        # Days are those of the time zone that the page is of.
        value = value.astimezone(zone_of(here.filters.time_zone))
    hint = ""
    if col.span is not None and value is not None:
        low, high = (row[end] for end in col.span)
        hint = _interval(here, col.name, low, high)
    kind = kinds[col.name]
    said = cell(col.name, kind, value, here.numbers.lang) if col.say is None else col.say(here, row)
    return Cell(
        text=said,
        hint=hint,
        href=None if col.link is None else col.link(here, row),
        number=_is_number(col, kinds),
        warn=(value is True and col.name in _WARN) if col.warn is None else col.warn(row),
    )


def _interval(here: Here, name: str, low: float | None, high: float | None) -> str:
    numbers = here.numbers
    if name in _DIFFERENCES:
        return numbers.points_span(low, high)
    if "seconds" in name:
        return f"{numbers.wait(low)} … {numbers.wait(high)}"
    return numbers.span(low, high)


def _is_number(col: Col, kinds: Mapping[str, str]) -> bool:
    return kinds[col.name] in _RIGHT and (col.say is None)
