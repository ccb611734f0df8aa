"""Rows of tables -> those of their columns that the weekly report shows, in words.

In: a `Context`, the name of a table. Out: a `Shown`.
Not here: the rows (tables), how a value is said (web.cells), what else the report has (weekly).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage import store
from triage.analytics.charting import name_of, rows_by_name
from triage.analytics.context import Context
from triage.analytics.tables import TABLES
from triage.web import between, cell, heading, word

RowMap = Mapping[str, Any]
Spec = str | tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it says, between what it lies, and the very number for programs.

    `number` stands to the right; `day` is never broken over two lines; `lang` is the language of
    what people wrote.
    """

    text: str
    hint: str = ""
    exact: float | int | None = None
    number: bool = False
    day: bool = False
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of the report; `more` rows are left for the exported one, which is `name`."""

    name: str
    title: str
    headings: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which columns of a table, each with those of its interval's ends, and of which rows.

    `table` and `title` are the table's name and the key of its title, where these are others.
    """

    columns: Sequence[Spec]
    most: int = 10
    rows: Callable[[RowMap], bool] = lambda row: True
    table: str | None = None
    title: str | None = None


_NUMBERS = frozenset({"whole", "number"})
_SLICES = "slices_"
_DEFLECTION = ("seen", "deflection_low", "deflection_high")
_LIFT = ("lift", "lift_low", "lift_high")
_SLICE = Wanted(("value", "asks", "persons", *_DEFLECTION, _LIFT, "harmed"))
_SHARE = ("share", "low", "high")
WANTED: Mapping[str, Wanted] = {
    "funnel": Wanted(("name", "part", _SHARE, "persons")),
    "bounds": Wanted(
        ("week", "asks", "persons", *_DEFLECTION, "open"), 53, table="weeks", title="chart.bounds"
    ),
    "lift": Wanted(
        ("week", "problems_treatment", "problems_holdout", _LIFT),
        53,
        table="weeks",
        title="chart.lift",
    ),
    "slices_lang": _SLICE,
    "slices_topic": _SLICE,
    "slices_product": _SLICE,
    "guardrails": Wanted(
        (
            *("name", "value", "part", "whole", _SHARE),
            ("seconds", "seconds_low", "seconds_high"),
            "alarm",
        ),
        most=12,
        # Of slices those alone that want a look.
        rows=lambda row: bool(row["alarm"]) or row["name"] != "harm",
    ),
    "gaps": Wanted(
        (
            *("terms", "lang", "asks", "persons"),
            ("chance", "chance_low", "chance_high"),
            *("prevented", "state"),
        ),
        most=5,
    ),
    "rising": Wanted(
        ("name", "persons", "expected", "ratio", "q_value"),
        most=5,
        rows=lambda row: row["rising"] is True,
    ),
    "issue_candidates": Wanted(
        ("terms", "codes", "products", "persons", "expected", "known_issue_id"), most=5
    ),
    "threads": Wanted(
        (
            *("thread_id", "opened", "posted_after"),
            ("posted_after_share", "posted_after_low", "posted_after_high"),
            ("effect", "effect_low", "effect_high"),
        ),
        most=5,
        rows=lambda row: row["stands_out"] is True,
        title="weekly.often",
    ),
    "faq": Wanted(("terms", "langs", "asks", "persons", "posted_share", "thread_id"), most=5),
    "activity": Wanted(
        (
            *("week", "source", "received", "severe", "waiting", "solved"),
            ("first_answer_seconds", "first_answer_seconds_low", "first_answer_seconds_high"),
        ),
        most=26,
    ),
    "adoption": Wanted(
        (
            *("week", "askers", "helpers", "questions", "by_customers", "by_staff", "by_nobody"),
            *("staff_minutes", "through_ask_page"),
        ),
        most=26,
    ),
}


def table_shown(
    context: Context, name: str, lang: str, rows: Sequence[RowMap] | None = None
) -> Shown:
    """Return what the report shows of a table; `rows` are its rows where they are known."""
    wanted = WANTED[name]
    table = wanted.table or name
    found = rows_by_name(context, table) if rows is None else rows
    chosen = [row for row in found if wanted.rows(row)]
    kinds = {column.name: column.kind for column in TABLES[table].columns}
    first = chosen[: wanted.most]
    titles = _titles(context, [row.get("thread_id") for row in first])
    specs = [one if isinstance(one, tuple) else (one, None, None) for one in wanted.columns]
    return Shown(
        name=table,
        title=word(wanted.title or f"table.{table}", lang),
        headings=tuple(
            Cell(_heading(table, column, lang), number=kinds[column] in _NUMBERS)
            for column, *_ in specs
        ),
        rows=tuple(
            tuple(
                titles[row["thread_id"]]
                if spec[0] == "thread_id" and row["thread_id"] in titles
                else _cell(table, kinds[spec[0]], row, spec, lang)
                for spec in specs
            )
            for row in first
        ),
        more=max(len(chosen) - wanted.most, 0),
    )


def _titles(context: Context, thread_ids: Sequence[str | None]) -> Mapping[str, Cell]:
    """Return the titles of threads that everybody may read: a file goes from hand to hand."""
    ids = [one for one in thread_ids if one]
    found = store.get_threads(context.connection, context.forum_id, ids)
    return {
        name: Cell(thread.title, lang=thread.lang)
        for name, thread in found.items()
        if not thread.groups and thread.title
    }


def _heading(table: str, column: str, lang: str) -> str:
    dimension = table.removeprefix(_SLICES)
    if column == "value" and dimension != table:
        return word(f"analytics.by_{dimension}", lang)
    return heading(column, lang)


def _cell(
    table: str, kind: str, row: RowMap, spec: tuple[str, str | None, str | None], lang: str
) -> Cell:
    column, low, high = spec
    value, number = row[column], kind in _NUMBERS
    if column == "value":
        dimension = row.get("dimension", table.removeprefix(_SLICES))
        return Cell(name_of(dimension, value, lang) if dimension else word("weekly.all", lang))
    if column in ("lang", "langs"):
        return Cell(", ".join(name_of("lang", one, lang) for one in str(value or "").split()))
    if column == "name" and row.get("kind") == "group":
        # The name of a group says nothing to people; the words that they used for it do.
        return Cell(row["terms"] or str(value))
    hint = ""
    if low is not None and high is not None and value is not None:
        hint = between(column, row[low], row[high], lang)
    exact = value if number else None
    return Cell(cell(column, kind, value, lang), hint, exact, number, kind == "day")
