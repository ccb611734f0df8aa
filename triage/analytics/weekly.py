"""A week of a forum -> a report of it as one file: verdict, figures, charts, what to write next.

In: a store, a forum, a week, a language. Out: HTML that needs nothing beside it.
Not here: the rows (tables), which columns of them are shown (weekly_tables), the file (cli).

All numbers are those of the analyst's pages with the same filters: the figures and the funnel are
of the week, what needs more askers is of the thirteen weeks that end with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from triage import store, web
from triage.analytics.cards import CARDS, figure_of
from triage.analytics.charting import (
    bounds_chart,
    funnel_chart,
    lift_chart,
    name_of,
    rows_by_name,
    slices_chart,
)
from triage.analytics.context import Context
from triage.analytics.filters import Filters
from triage.analytics.headline import headline
from triage.analytics.report_week import ReportWeek
from triage.analytics.values import FEWEST_PERSONS, Figure
from triage.analytics.verdicts import verdict_shown
from triage.analytics.viewing import view_of
from triage.analytics.weekly_tables import Cell, Shown, table_shown
from triage.records import Forum
from triage.web import Chart, Numbers, word

_STYLES = ("style.css", "panels.css", "weekly.css")
_SCRIPTS = ("plotly.min.js", "charts.js")
# What is of the thirteen weeks, section by section; a table without rows says so.
_WHERE = ("slices_topic", "slices_product")
_NEXT = ("gaps", "rising", "issue_candidates", "threads", "faq")
_FORUM = ("activity", "adoption")


@dataclass(frozen=True, slots=True)
class FigureShown:
    """A figure of the week beside that of the week before."""

    title: str
    meaning: str
    now: Cell
    counted: Cell
    persons: Cell
    before: Cell


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with the table behind it; without a chart nothing of it is known."""

    chart: Chart | None
    table: Shown

    @property
    def block(self) -> dict[str, Any] | None:
        """What the script draws."""
        return None if self.chart is None else self.chart.block()


def weekly_page(
    database: store.Database,
    forum: Forum,
    week: ReportWeek,
    lang: str,
    now: datetime,
    *,
    charts: bool = True,
) -> str:
    """Return the report of a week as HTML; without `charts` it has their tables alone.

    Raises BadField for a property that no ask has.
    """
    filters = (week.filters, week.before, week.quarter)
    views = [view_of(database, forum.id, one, now) for one in filters]
    with database.read() as c:
        mine, before, quarter = (Context(database, c, forum.id, view, now) for view in views)
        values = {
            **_about(forum, week, mine, lang, now),
            "simulated": _simulated((mine, before, quarter), lang),
            "verdict": verdict_shown(headline(quarter.view), lang),
            "figures": [_figure(mine, before, name, lang) for name in CARDS],
            "drawn": _drawn(mine, quarter, lang),
            "held": table_shown(quarter, "guardrails", lang),
            "where": [table_shown(quarter, name, lang) for name in _WHERE],
            "next": [table_shown(quarter, name, lang) for name in _NEXT],
            "forum_tables": [table_shown(quarter, name, lang) for name in _FORUM],
        }
    scripts = _SCRIPTS if charts else ()
    return web.render_alone("analytics/weekly", lang, _STYLES, scripts, charts=charts, **values)


def _about(
    forum: Forum, week: ReportWeek, mine: Context, lang: str, now: datetime
) -> Mapping[str, object]:
    """Return of what the report is, and what of it may not be believed yet."""
    report, numbers, quarter = mine.view.report, Numbers(lang), week.quarter
    return {
        "forum": forum.name,
        "week": week,
        "quarter": quarter,
        "made": now.astimezone(UTC),
        "chosen": [
            f"{word(f'analytics.by_{part}', lang)}: {name_of(part, value, lang)}"
            for part, value in week.filters.query()
            if part in week.only.told
        ],
        "asks": numbers.count(report["asks"]),
        "open": numbers.count(report["open"]) if report["open"] else None,
        "window_days": numbers.count(report["window_days"]),
        "fewest": FEWEST_PERSONS,
        "pages": [_address(week.filters), _address(quarter)],
    }


def _simulated(read: Sequence[Context], lang: str) -> Mapping[str, str] | None:
    """Return how many asks of the last of these readings are made up, if any of any reading is.

    The last is the longest, and holds the others.
    """
    if not any(one.view.report["simulated"] for one in read):
        return None
    report, numbers = read[-1].view.report, Numbers(lang)
    return {"n": numbers.count(report["simulated"]), "of": numbers.count(report["asks"])}


def _address(filters: Filters) -> str:
    return "/analytics?" + "&".join(f"{name}={value}" for name, value in filters.query())


def _figure(mine: Context, before: Context, name: str, lang: str) -> FigureShown:
    figure, numbers = figure_of(mine.view, name), Numbers(lang)
    counted = numbers.count(figure.part)
    if figure.whole is not None:
        counted = word("weekly.of", lang, part=counted, whole=numbers.count(figure.whole))
    return FigureShown(
        title=word(f"card.{name}", lang),
        meaning=word(f"card_is.{name}", lang),
        now=_value(figure, lang),
        counted=Cell(counted, exact=figure.part),
        persons=Cell(numbers.count(figure.persons), exact=figure.persons),
        before=_value(figure_of(before.view, name), lang),
    )


def _value(figure: Figure, lang: str) -> Cell:
    """Return a figure as people read it, or that too few persons are behind it."""
    numbers = Numbers(lang)
    if not figure.enough:
        return Cell(word("analytics.too_few", lang))
    if figure.whole is None:
        return Cell(numbers.count(figure.part), exact=figure.part)
    return Cell(numbers.share(figure.share), numbers.span(figure.low, figure.high), figure.share)


def _drawn(mine: Context, quarter: Context, lang: str) -> Sequence[Drawn]:
    weeks, funnel = rows_by_name(quarter, "weeks"), rows_by_name(mine, "funnel")
    languages = rows_by_name(quarter, "slices_lang")
    by_lang = slices_chart(languages, "lang", lang)
    of_lang = table_shown(quarter, "slices_lang", lang, languages)
    return (
        Drawn(funnel_chart(funnel, lang), table_shown(mine, "funnel", lang, funnel)),
        Drawn(bounds_chart(weeks, lang), table_shown(quarter, "bounds", lang, weeks)),
        Drawn(lift_chart(weeks, lang), table_shown(quarter, "lift", lang, weeks)),
        Drawn(
            None
            if by_lang is None
            else replace(by_lang, about=f"{by_lang.about}: {of_lang.title}"),
            of_lang,
        ),
    )
