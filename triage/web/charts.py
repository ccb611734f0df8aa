"""What a chart shows -> the JSON block that the page's script draws it from.

In: names, series with their bounds, how each point is said. Out: a mapping that is JSON.
Not here: the rows (analytics), drawing (static/charts.js), the table behind it (templates).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Any

Value = float | int | None


class ChartKind(StrEnum):
    """How it is drawn: over time, in columns, as steps of one way, as points with intervals, or
    over numbers (each series has its own `xs`).
    """

    LINES = "lines"
    BARS = "bars"
    STEPS = "steps"
    INTERVALS = "intervals"
    CURVES = "curves"


class Unit(StrEnum):
    """Of what the values are; shares and points are of 1."""

    COUNT = "count"
    SHARE = "share"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Series:
    """Values in the order of the names; None is not known. `said` is each as people read it.

    `low` and `high` are the ends of their intervals, where there are any; `xs` is where each value
    of a curve stands.
    """

    name: str
    values: Sequence[Value]
    said: Sequence[str]
    low: Sequence[Value] | None = None
    high: Sequence[Value] | None = None
    tone: int | None = None
    xs: Sequence[Value] | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `about` is its caption, `told` what it shows for whoever does not see it.

    `names` are categories, or days as ISO says them where `dates`; `title` is that of the values'
    axis, `across` of the other one. With `diagonal` a curve's points are to lie where both are
    equal; their intervals stand at each of them.
    """

    about: str
    told: str
    kind: ChartKind
    unit: Unit
    names: Sequence[str]
    series: Sequence[Series]
    separators: str
    title: str = ""
    dates: bool = False
    stacked: bool = False
    across: str = ""
    diagonal: bool = False

    def block(self) -> dict[str, Any]:
        """Return what the script reads."""
        return {
            "kind": self.kind.value,
            "unit": self.unit.value,
            "x": list(self.names),
            "dates": self.dates,
            "stacked": self.stacked,
            "title": self.title,
            "across": self.across,
            "diagonal": self.diagonal,
            "separators": self.separators,
            "series": [_told(one) for one in self.series],
        }


def _told(series: Series) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": series.name,
        "y": _numbers(series.values),
        "said": list(series.said),
    }
    if series.low is not None and series.high is not None:
        told |= {"low": _numbers(series.low), "high": _numbers(series.high)}
    if series.xs is not None:
        told["x"] = _numbers(series.xs)
    if series.tone is not None:
        told["tone"] = series.tone
    return told


def _numbers(values: Sequence[Value]) -> list[Value]:
    # JSON knows neither infinity nor what is no number.
    return [None if one is None or not isfinite(one) else one for one in values]
