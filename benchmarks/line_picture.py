"""Lines with their intervals -> a small picture in docs/pictures, drawn by the system's Chromium.

In: per line its name, how many labels, the shares and half their intervals. Out: a WebP file.
Not here: what was measured (review_queue).
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


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Shares by how many labels, each with half of its 95 % interval."""

    name: str
    labels: Sequence[int]
    shares: NDArray[np.float64]
    half: NDArray[np.float64]


def draw(lines: Sequence[Line], name: str) -> None:
    """Draw them and keep the picture by its name."""
    series = [one for line, look in zip(lines, _LOOKS, strict=False) for one in _drawn(line, *look)]
    layout = {
        "width": 760,
        "height": 440,
        "margin": {"l": 70, "r": 20, "t": 20, "b": 60},
        "font": {"family": "sans-serif", "size": 15, "color": "#222"},
        "xaxis": {"title": {"text": "labelled questions"}, "tickformat": ",d"},
        "yaxis": {"title": {"text": "test questions with the right topic"}, "tickformat": ".0%"},
        "legend": {"x": 0.98, "xanchor": "right", "y": 0.05},
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


def _drawn(line: Line, colour: str, dash: str, symbol: str) -> list[dict[str, Any]]:
    labels = list(line.labels)
    low, high = line.shares - line.half, line.shares + line.half
    band = {
        "x": [*labels, *labels[::-1]],
        "y": [*high.tolist(), *low.tolist()[::-1]],
        "fill": "toself",
        "fillcolor": f"rgba({colour}, 0.18)",
        "line": {"width": 0},
        "mode": "lines",
        "showlegend": False,
    }
    told = {
        "x": labels,
        "y": line.shares.tolist(),
        "name": line.name,
        "mode": "lines+markers",
        "line": {"color": f"rgb({colour})", "dash": dash, "width": 2.5},
        "marker": {"symbol": symbol, "size": 8},
    }
    return [band, told]
