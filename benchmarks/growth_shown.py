"""What was measured of a growing index -> a table of docs/benchmarks.md, and a picture.

In: the lines of `index_growth`. Out: Markdown; docs/pictures/index-growth.webp.
Not here: measuring.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.line_picture import Axes, Line, draw

Row = dict[str, Any]
PICTURE = "index-growth"


def table(grown: Sequence[Row], found: Row) -> str:
    """Return a row a size, how much longer each takes than the one before, and the recall."""
    lines = [
        "| threads | search ms p50 / p95 | of the size before | own memory | mapped | on disk"
        " | built in | opened in |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    longer = ["", *(f"{_middle(now) / _middle(then):.2f}" for then, now in pairwise(grown))]
    for row, times in zip(grown, longer, strict=True):
        took = row["search_ms"]["again"]
        lines.append(
            f"| {row['threads']:,} | {took['p50']:.1f} / {took['p95']:.1f} | {times}"
            f" | {row['own_mb']} MB | {row['mapped_mb']} MB"
            f" | {sum(row['disk_mb'].values()):,.0f} MB"
            f" | {row['build_cpu_seconds'] + row['learn_cpu_seconds']:,.0f} s"
            f" | {row['open_seconds']:.1f} s |"
        )
    ten, fifty = found["recall_at_10_and_50_compared_exactly"]
    alone = found["recall_at_10_and_50_of_codes_alone"][0]
    lines.append(
        f"\nOf the ten nearest of {found['real_vectors']:,} real passages the proposals for"
        f" {found['drafts']} drafts have {ten:.3f}, of the fifty nearest {fifty:.3f}; the codes"
        f" alone have {alone:.3f} of the ten."
    )
    return "\n".join(lines)


def picture(grown: Sequence[Row]) -> None:
    """Draw how search time grows, beside what it may be: three times as much a decade."""
    at = [row["threads"] for row in grown]
    none = np.zeros(len(at))
    first = _middle(grown[0])
    allowed = np.asarray([first * 3 ** np.log10(size / at[0]) for size in at])
    lines = [Line("three times as long a decade (allowed)", at, allowed, none)]
    for name, quantile in (("search, median", "p50"), ("search, 95th percentile", "p95")):
        values = np.asarray([row["search_ms"]["again"][quantile] for row in grown])
        lines.append(Line(name, at, values, none))
    draw(lines, Axes("threads", "ms of processor", log=True), PICTURE)


def _middle(row: Row) -> float:
    return float(row["search_ms"]["again"]["p50"])
