"""Every table that the analyst's pages show, by its name: columns and rows.

In: a `Context`. Out: rows as tuples, in the order of the columns.
Not here: what is counted (cards, series, slices, gaps, ...), files of rows (exporting), pages.

A page, the table behind a chart, an exported file and the weekly report all read these rows, so
that none of them can say another number than the others.
"""

from collections.abc import Callable, Iterator, Mapping

from triage.analytics import (
    activity,
    adoption,
    candidates,
    cards,
    faq,
    gaps,
    guarding,
    series,
    slices,
    threads,
    trends,
)
from triage.analytics.context import Context, Table
from triage.analytics.values import View
from triage.reports.values import Column, Row, columns_lines


def _of_view(columns: tuple[Column, ...], rows: Callable[[View], Iterator[Row]]) -> Table:
    return Table(columns, lambda context: rows(context.view))


def _sliced(dimension: str) -> Table:
    return _of_view(slices.SLICE_COLUMNS, lambda view: slices.slice_rows(view, dimension))


TABLES: Mapping[str, Table] = {
    "cards": _of_view(cards.FIGURE_COLUMNS, cards.card_rows),
    "funnel": _of_view(cards.FIGURE_COLUMNS, cards.funnel_rows),
    "weeks": _of_view(series.WEEK_COLUMNS, series.week_rows),
    **{f"slices_{dimension}": _sliced(dimension) for dimension in slices.DIMENSIONS},
    "guardrails": _of_view(guarding.GUARD_COLUMNS, guarding.guard_rows),
    "severity": Table(activity.SEVERITY_COLUMNS, activity.severity_rows),
    "activity": Table(activity.ACTIVITY_COLUMNS, activity.activity_rows),
    "threads": Table(threads.THREAD_COLUMNS, threads.thread_rows),
    "places": Table(threads.PLACE_COLUMNS, threads.place_rows),
    "gaps": Table(gaps.GAP_COLUMNS, gaps.gap_rows),
    "rising": Table(trends.RISING_COLUMNS, trends.rising_rows),
    "issue_candidates": Table(candidates.ISSUE_COLUMNS, candidates.issue_rows),
    "faq": Table(faq.FAQ_COLUMNS, faq.faq_rows),
    "adoption": Table(adoption.ADOPTION_COLUMNS, adoption.adoption_rows),
}


def table_rows(context: Context, name: str) -> list[Row]:
    """Return the rows of a table. Raises KeyError for a name that none has."""
    return list(TABLES[name].rows(context))


def tables_told() -> str:
    """Return the columns of all tables as the documents have them."""
    lines: list[str] = []
    for name, table in TABLES.items():
        lines += [f"### {name}", "", *columns_lines(table.columns), ""]
    return "\n".join(lines)
