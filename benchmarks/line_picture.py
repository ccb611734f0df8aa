"""Lines with their intervals -> a small picture in docs/pictures, drawn by the system's Chromium.

In: per line its name, where it goes and half its intervals; what the axes say. Out: a WebP file.
Not here: what was measured (review_queue, load).
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import sync_playwright

from benchmarks.pictures import PICTURES, keep
from triage.web.assets import PLOTTING, asset

# Told apart without colours, too: by the dash and the marker.
_LOOKS = (
    ("110, 110, 110", "dash", "circle"),
    ("0, 98, 155", "solid", "square"),
    ("166, 54, 3", "dot", "diamond"),
    ("35, 120, 60", "dashdot", "cross"),
    ("110, 60, 150", "longdash", "x"),
)


_TOP_LEFT = {"x": 0.02, "xanchor": "left", "y": 0.98}
_BOTTOM_RIGHT = {"x": 0.98, "xanchor": "right", "y": 0.05}


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Values by what stands below, each with half of its 95 % interval (0 where there is none)."""

    name: str
    at: Sequence[float]
    values: NDArray[np.float64]
    half: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Axes:
    """What two axes say, how their numbers are written (d3-format); `log`: both by powers."""

    below: str
    beside: str
    format_below: str = ",d"
    format_beside: str = ""
    log: bool = False


def draw(lines: Sequence[Line], axes: Axes, name: str) -> None:
    """Draw them and keep the picture by its name."""
    series = [one for line, look in zip(lines, _LOOKS, strict=False) for one in _drawn(line, *look)]
    layout = {
        "width": 760,
        "height": 440,
        "margin": {"l": 70, "r": 20, "t": 20, "b": 60},
        "font": {"family": "sans-serif", "size": 15, "color": "#222"},
        "xaxis": _axis(axes.below, axes.format_below, log=axes.log),
        "yaxis": _axis(axes.beside, axes.format_beside, log=axes.log),
        "legend": _TOP_LEFT if axes.log else _BOTTOM_RIGHT,
    }
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable)
        page = browser.new_page(viewport={"width": 760, "height": 440})
        page.set_content("<style>body{margin:0}</style><div id=chart></div>")
        page.add_script_tag(content=asset(PLOTTING).content.decode())
        page.evaluate(
            "([series, layout]) => Plotly.newPlot('chart', series, layout, { staticPlot: true })",
            [series, layout],
        )
        page.wait_for_selector("#chart .legend")
        keep(page, name)
        browser.close()


def _axis(title: str, number: str, *, log: bool) -> dict[str, Any]:
    kind = {"type": "log", "dtick": 1} if log else {}
    return {"title": {"text": title}, "tickformat": number, **kind}


def _drawn(line: Line, colour: str, dash: str, symbol: str) -> list[dict[str, Any]]:
    at = list(line.at)
    low, high = line.values - line.half, line.values + line.half
    band = {
        "x": [*at, *at[::-1]],
        "y": [*high.tolist(), *low.tolist()[::-1]],
        "fill": "toself",
        "fillcolor": f"rgba({colour}, 0.18)",
        "line": {"width": 0},
        "mode": "lines",
        "showlegend": False,
    }
    told = {
        "x": at,
        "y": line.values.tolist(),
        "name": line.name,
        "mode": "lines+markers",
        "line": {"color": f"rgb({colour})", "dash": dash, "width": 2.5},
        "marker": {"symbol": symbol, "size": 8},
    }
    return [band, told]
