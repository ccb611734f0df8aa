"""What versions keep of their evaluation -> charts with the tables behind them.

In: one or two versions, each with its name, and a head. Out: how far confidences can be believed,
what each threshold would give, and how slices do. What a version keeps not is not drawn.
Not here: reading what is kept (registry), which labels are mixed up (model_confusion).
"""

from collections.abc import Sequence

from triage.api.pages.lead.here import Here
from triage.api.pages.lead.model_known import Apart, Known
from triage.api.pages.lead.model_naming import head_of, slice_of
from triage.api.pages.showing import Cell, Charted, Head, Shown
from triage.registry.evaluation import CurvePoint, Within
from triage.web import Chart, ChartKind, Series, Unit

# Of a curve of many points the table behind it has every so manieth.
_ROWS = 12


def reliability(here: Here, head: str, known: Sequence[Known]) -> Charted | None:
    """Draw how many guesses of each confidence are right; None where no version keeps it."""
    numbers = here.numbers
    series, rows = [], []
    for tone, (name, measures) in enumerate((one.name, one.measures(head)) for one in known):
        if measures is None:
            continue
        said = []
        for one in measures.bins:
            share, span = numbers.share(one.right.value), numbers.span(*_ends(one.right))
            sure = numbers.share(one.confidence)
            said.append(here.part("bin_said", sure=sure, right=share, span=span))
            rows.append(
                (
                    Cell(name),
                    Cell(sure, number=True),
                    Cell(share, hint=span, number=True),
                    Cell(numbers.count(one.right.n), number=True),
                )
            )
        xs = [one.confidence for one in measures.bins]
        series.append(_curve(name, xs, [one.right for one in measures.bins], said, tone))
    if not series:
        return None
    heads = ("version", "confidence", "right", "cases")
    about = here.part("reliability", head=head_of(here, head))
    chart = _chart(here, about, "reliability_told", series, "axis_confidence", diagonal=True)
    return Charted(chart, Shown("reliability", about, _heads(here, heads), tuple(rows)))


def thresholds(here: Here, head: str, known: Sequence[Known]) -> Charted | None:
    """Draw how many guesses are right against how much is said; where each stands as a point."""
    numbers = here.numbers
    series, rows = [], []
    for tone, one in enumerate(known):
        measures = one.measures(head)
        if measures is None:
            continue
        points = measures.curve
        said = [_point_said(here, point) for point in points]
        xs = [point.coverage for point in points]
        series.append(_curve(one.name, xs, [point.precision for point in points], said, tone))
        if measures.precision is not None:
            told = here.part(
                "point_said",
                said=numbers.share(measures.coverage),
                right=numbers.share(measures.precision.value),
                span=numbers.span(*_ends(measures.precision)),
            )
            now = here.part("as_it_stands", version=one.name)
            series.append(_curve(now, [measures.coverage], [measures.precision], [told], tone))
        every = max(1, len(points) // _ROWS)
        for point in points[every - 1 :: every]:
            rows.append(
                (
                    Cell(one.name),
                    Cell(numbers.share(point.coverage), number=True),
                    Cell(
                        numbers.share(point.precision.value),
                        hint=numbers.span(*_ends(point.precision)),
                        number=True,
                    ),
                    Cell(numbers.number(point.threshold), number=True),
                )
            )
    if not series:
        return None
    heads = ("version", "said", "right_of_it", "threshold")
    about = here.part("thresholds", head=head_of(here, head))
    chart = _chart(here, about, "thresholds_told", series, "axis_said")
    return Charted(chart, Shown("thresholds", about, _heads(here, heads), tuple(rows)))


def slices(here: Here, head: str, one: Known) -> Charted | None:
    """Draw how many guesses of one version are right in each slice."""
    measures = one.measures(head)
    if measures is None:
        return None
    numbers = here.numbers
    rows = tuple(
        (
            Cell(slice_of(here, part.slice)),
            Cell(numbers.count(part.right.n), number=True),
            Cell(
                numbers.share(part.right.value),
                hint=numbers.span(*_ends(part.right)),
                number=True,
            ),
            Cell(numbers.share(part.coverage), number=True),
            Cell(
                numbers.share(part.precision.value if part.precision else None),
                hint=numbers.span(*_ends(part.precision)) if part.precision else "",
                number=True,
            ),
        )
        for part in measures.slices
    )
    names = tuple(slice_of(here, part.slice) for part in measures.slices)
    said = [f"{row[2].text} ({row[2].hint})" for row in rows]
    rights = [part.right for part in measures.slices]
    series = _points(here.part("right"), [r.value for r in rights], said, rights)
    about = here.part("slices", head=head_of(here, head))
    heads = ("slice", "cases", "right", "said", "right_of_it")
    chart = _forest(here, about, "slices_told", names, series, Unit.SHARE)
    return Charted(chart, Shown("slices", about, _heads(here, heads), rows))


def forest(here: Here, head: str, apart: Sequence[Apart]) -> Charted | None:
    """Draw how much better the second version is in each slice."""
    if not apart:
        return None
    numbers = here.numbers
    rows = tuple(
        (
            Cell(slice_of(here, one.slice)),
            Cell(numbers.count(one.n), number=True),
            Cell(numbers.share(one.first), number=True),
            Cell(numbers.share(one.second), number=True),
            difference_cell(here, one),
        )
        for one in apart
    )
    names = tuple(slice_of(here, one.slice) for one in apart)
    said = [f"{row[4].text} ({row[4].hint})" for row in rows]
    ends = [Within(one.difference, one.low, one.high, one.n) for one in apart]
    series = _points(here.part("difference"), [one.difference for one in apart], said, ends)
    about = here.part("forest", head=head_of(here, head))
    told = "forest_paired" if apart[0].paired else "forest_alone"
    chart = _forest(here, about, told, names, series, Unit.POINTS)
    heads = ("slice", "cases", "right_a", "right_b", "difference")
    return Charted(chart, Shown("forest", about, _heads(here, heads), rows))


def difference_cell(here: Here, one: Apart) -> Cell:
    """Return a difference with its interval; one that is clearly a loss is marked."""
    span = here.numbers.points_span(one.low, one.high)
    said = here.numbers.points(one.difference)
    return Cell(said, hint=span, number=True, warn=one.high < 0)


def _point_said(here: Here, point: CurvePoint) -> str:
    numbers = here.numbers
    return here.part(
        "curve_said",
        threshold=numbers.number(point.threshold),
        said=numbers.share(point.coverage),
        right=numbers.share(point.precision.value),
        span=numbers.span(*_ends(point.precision)),
    )


def _ends(within: Within) -> tuple[float, float]:
    return within.low, within.high


def _curve(
    name: str, xs: Sequence[float], right: Sequence[Within], said: Sequence[str], tone: int
) -> Series:
    values, low, high = ([getattr(one, end) for one in right] for end in ("value", "low", "high"))
    return Series(name, values, said, low, high, tone, xs)


def _points(
    name: str, values: Sequence[float], said: Sequence[str], ends: Sequence[Within]
) -> Series:
    return Series(name, values, said, [one.low for one in ends], [one.high for one in ends], 0)


def _chart(
    here: Here, about: str, told: str, series: list[Series], across: str, *, diagonal: bool = False
) -> Chart:
    return Chart(
        about=about,
        told=here.part(told),
        kind=ChartKind.CURVES,
        unit=Unit.SHARE,
        names=(),
        series=series,
        separators=here.numbers.separators,
        title=here.part("axis_right"),
        across=here.part(across),
        diagonal=diagonal,
    )


def _forest(
    here: Here, about: str, told: str, names: Sequence[str], series: Series, unit: Unit
) -> Chart:
    axis = "axis_points" if unit is Unit.POINTS else "axis_right"
    return Chart(
        about=about,
        told=here.part(told),
        kind=ChartKind.INTERVALS,
        unit=unit,
        names=names,
        series=[series],
        separators=here.numbers.separators,
        title=here.part(axis),
    )


def _heads(here: Here, names: Sequence[str]) -> tuple[Head, ...]:
    words = {"version", "slice"}
    return tuple(Head(name, here.part(f"col_{name}"), name not in words) for name in names)
