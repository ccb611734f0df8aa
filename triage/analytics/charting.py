"""Rows of a table -> the chart that is drawn of them, in the words of a language.

In: the rows that a page, a file and the table behind the chart show. Out: a `web.Chart`, or None
where nothing of it is known.
Not here: the rows (tables), drawing (web), the table behind it (api).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from triage.analytics.context import Context
from triage.analytics.tables import TABLES, table_rows
from triage.reports import zone_of
from triage.web import Chart, ChartKind, Numbers, Series, Unit, language_name, word

RowMap = Mapping[str, Any]
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One series: the column that it is of, the ends of its interval, its word and colour."""

    column: str
    span: tuple[str, str] | None = None
    word: str | None = None
    tone: int | None = None


def rows_by_name(context: Context, name: str) -> list[RowMap]:
    """Return the rows of a table of TABLES, each by the names of its columns."""
    names = [column.name for column in TABLES[name].columns]
    return [dict(zip(names, row, strict=True)) for row in table_rows(context, name)]


def over_weeks(context: Context, rows: Sequence[RowMap]) -> list[RowMap]:
    """Return the rows of weeks that are over: half a week would look like a fall."""
    zone = zone_of(context.view.filters.time_zone)
    today = context.now.astimezone(zone).date()
    return [row for row in rows if row["week"] + _WEEK <= today]


def funnel_chart(rows: Sequence[RowMap], lang: str) -> Chart | None:
    """Return the way from asks to what was opened; rows of `funnel`."""
    if not rows or not rows[0]["part"]:
        return None
    numbers = Numbers(lang)
    parts = [row["part"] for row in rows]
    said = [
        numbers.count(row["part"])
        + ("" if row["share"] is None else f" ({numbers.share(row['share'])})")
        for row in rows
    ]
    names = [word(f"card.{row['name']}", lang) for row in rows]
    series = [Series(word("column.asks", lang), parts, said)]
    return _chart("funnel", lang, ChartKind.STEPS, Unit.COUNT, names, series)


def bounds_chart(rows: Sequence[RowMap], lang: str) -> Chart | None:
    """Return between what deflection lies, week by week; rows of `weeks`."""
    drawn = (Drawn("deflection_low", tone=0), Drawn("deflection_high", tone=1))
    return _weekly("bounds", lang, Unit.SHARE, _whole(rows), drawn)


def lift_chart(rows: Sequence[RowMap], lang: str) -> Chart | None:
    """Return the lift of the problems that began in each week; rows of `weeks`."""
    drawn = (Drawn("lift", ("lift_low", "lift_high"), tone=2),)
    return _weekly("lift", lang, Unit.POINTS, _whole(rows), drawn)


def asks_chart(rows: Sequence[RowMap], lang: str) -> Chart | None:
    """Return how many asked, week by week; rows of `weeks`."""
    return _weekly("asks", lang, Unit.COUNT, _whole(rows), (Drawn("asks"), Drawn("persons")))


def slices_chart(rows: Sequence[RowMap], dimension: str, lang: str) -> Chart | None:
    """Return the lift of each slice with its interval; rows of `slices_...`."""
    known = [row for row in rows if row["lift"] is not None]
    if not known:
        return None
    names = [name_of(dimension, row["value"], lang) for row in known]
    drawn = Drawn("lift", ("lift_low", "lift_high"), tone=0)
    series = [_series(drawn, known, Unit.POINTS, lang)]
    found = _chart("slices", lang, ChartKind.INTERVALS, Unit.POINTS, names, series)
    cut = word(f"table.slices_{dimension}", lang)
    return replace(found, about=word("chart.slices_of", lang, cut=cut))


def severity_chart(rows: Sequence[RowMap], lang: str) -> Chart | None:
    """Return the questions of each week by severity, stacked; rows of `severity`."""
    told = [row for row in rows if row["questions"]]
    if not told:
        return None
    found = {(row["week"], row["severity"]): row["questions"] for row in told}
    weeks = _all_weeks([row["week"] for row in told])
    # The worst at the bottom, where they can be compared.
    levels = sorted({row["severity"] for row in told}, key=lambda level: (level is None, level))
    series = []
    for level in levels:
        values = [found.get((week, level), 0) for week in weeks]
        said = [Numbers(lang).count(value) for value in values]
        series.append(Series(word(f"value.severity_{level or 'unknown'}", lang), values, said))
    days = [str(week) for week in weeks]
    kind, unit = ChartKind.BARS, Unit.COUNT
    return _chart("severity", lang, kind, unit, days, series, dates=True, stacked=True)


def activity_chart(rows: Sequence[RowMap], source: str, lang: str) -> Chart | None:
    """Return what came in each week and what became of it; rows of `activity` of one source."""
    mine = [row for row in rows if row["source"] == source]
    drawn = (Drawn("settled", tone=0), Drawn("waiting", tone=1))
    return _weekly(source, lang, Unit.COUNT, mine, drawn, stacked=True)


def settled_by_chart(rows: Sequence[RowMap], lang: str) -> Chart | None:
    """Return who answered the questions of each week; rows of `adoption`."""
    drawn = tuple(
        Drawn(name, tone=tone)
        for tone, name in enumerate(("by_customers", "by_staff", "by_nobody"))
    )
    return _weekly("settled_by", lang, Unit.SHARE, rows, drawn)


def people_chart(rows: Sequence[RowMap], lang: str) -> Chart | None:
    """Return how many asked and how many helped in each week; rows of `adoption`."""
    return _weekly("people", lang, Unit.COUNT, rows, (Drawn("askers"), Drawn("helpers")))


def places_chart(rows: Sequence[RowMap], lang: str) -> Chart | None:
    """Return how often each place is looked at, beside the first; rows of `places`."""
    known = [row for row in rows if row["looked"] is not None]
    if not known:
        return None
    names = [word("chart.place", lang, rank=row["rank"]) for row in known]
    drawn = Drawn("looked", ("looked_low", "looked_high"), tone=0)
    series = [_series(drawn, known, Unit.SHARE, lang)]
    return _chart("places", lang, ChartKind.INTERVALS, Unit.SHARE, names, series)


def name_of(dimension: str, value: str | None, lang: str) -> str:
    """Return what a language, a destination, a topic is called; others are what they are."""
    if value is None:
        return word("analytics.unknown", lang)
    if dimension == "lang":
        return language_name(value) or value
    if dimension in ("destination", "newcomer"):
        return word(f"value.{value}", lang)
    return value


def _weekly(
    name: str,
    lang: str,
    unit: Unit,
    rows: Sequence[RowMap],
    drawn: Sequence[Drawn],
    *,
    stacked: bool = False,
) -> Chart | None:
    """Return columns of rows of weeks over time; of a week without a row nothing is known."""
    known = [one for one in drawn if any(row[one.column] is not None for row in rows)]
    if not known:
        return None
    # Where none is counted nothing came.
    empty = dict.fromkeys((column for row in rows for column in row), None)
    if unit is Unit.COUNT:
        empty |= dict.fromkeys((one.column for one in known), 0)
    found = {row["week"]: row for row in rows}
    weeks = _all_weeks(list(found))
    told = [found.get(week, empty) for week in weeks]
    kind = ChartKind.BARS if stacked else ChartKind.LINES
    series = [_series(one, told, unit, lang) for one in known]
    days = [str(week) for week in weeks]
    return _chart(name, lang, kind, unit, days, series, dates=True, stacked=stacked)


def _whole(rows: Sequence[RowMap]) -> list[RowMap]:
    """Return the rows of whole weeks: half a week would look like a fall."""
    return [row for row in rows if row["complete"]]


def _all_weeks(weeks: Sequence[date]) -> list[date]:
    """Return every Monday from the first to the last of these."""
    first, last = min(weeks), max(weeks)
    return [first + at * _WEEK for at in range((last - first) // _WEEK + 1)]


def _chart(
    name: str,
    lang: str,
    kind: ChartKind,
    unit: Unit,
    names: Sequence[str],
    series: Sequence[Series],
    *,
    dates: bool = False,
    stacked: bool = False,
) -> Chart:
    return Chart(
        about=word(f"chart.{name}", lang),
        told=word(f"chart.{name}_told", lang),
        kind=kind,
        unit=unit,
        names=names,
        series=series,
        separators=Numbers(lang).separators,
        title=word(f"chart.{name}_axis", lang),
        dates=dates,
        stacked=stacked,
    )


def _series(drawn: Drawn, rows: Sequence[RowMap], unit: Unit, lang: str) -> Series:
    low, high = (
        (None, None)
        if drawn.span is None
        else ([row[drawn.span[0]] for row in rows], [row[drawn.span[1]] for row in rows])
    )
    return Series(
        name=word(f"column.{drawn.word or drawn.column}", lang),
        values=[row[drawn.column] for row in rows],
        said=[_said(drawn, row, unit, Numbers(lang)) for row in rows],
        low=low,
        high=high,
        tone=drawn.tone,
    )


def _said(drawn: Drawn, row: RowMap, unit: Unit, numbers: Numbers) -> str:
    value = row[drawn.column]
    if unit is Unit.COUNT:
        return numbers.count(value)
    say, span = (
        (numbers.points, numbers.points_span)
        if unit is Unit.POINTS
        else (numbers.share, numbers.span)
    )
    if drawn.span is None or value is None:
        return say(value)
    return f"{say(value)} ({span(row[drawn.span[0]], row[drawn.span[1]])})"
