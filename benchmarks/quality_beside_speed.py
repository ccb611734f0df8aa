"""What was measured of quality and of load -> one picture: how right beside how dear.

    python -m benchmarks.quality_beside_speed

In: what `peer_quality` and `load --write` left under build/. Out:
docs/pictures/quality-beside-cost.webp, each engine as it is used: the peers with MiniLM, ours with
the shipped encoder. Not here: measuring.
"""

import json
from typing import Any

import numpy as np

from benchmarks.line_picture import Axes, Line, draw
from benchmarks.load.__main__ import KEPT as LOADS
from benchmarks.load.measuring import WHOLE
from benchmarks.peer_quality import KEPT as QUALITY

PICTURE = "quality-beside-cost"
# As it is named under load, as it is named in quality, the encoder that its users have.
ENGINES = (
    ("txtai", "txtai", "MiniLM", "txtai: searches"),
    ("chroma", "Chroma", "MiniLM", "Chroma: searches"),
    ("triage", "ours", "shipped", "ours: searches, decides, keeps"),
)
_NONE = np.zeros(1)


def main() -> None:
    """Draw one point an engine, at eight connections."""
    loads: list[dict[str, Any]] = json.loads(LOADS.read_text(encoding="utf-8"))
    means = json.loads(QUALITY.read_text(encoding="utf-8"))
    busiest = max(load["connections"] for load in loads)
    cost = {
        load["name"]: load["processor"]
        for load in loads
        if (load["what"], load["connections"]) == (WHOLE, busiest)
    }
    lines = [
        Line(told, [cost[name]], np.asarray([means[encoder][engine]]), _NONE)
        for name, engine, encoder, told in ENGINES
    ]
    draw(lines, Axes("seconds of processor for 1,000 requests", "mean nDCG@10"), PICTURE)


if __name__ == "__main__":
    main()
