"""/analytics/slices: where suggestions work, and whom they fail.

In: a reading. Out: for each thing to cut by the lift of its slices, drawn and as a table.
Not here: the slices (analytics.slices), who is clearly harmed by language (overview, guardrails).
"""

from collections.abc import Callable

from triage.analytics.charting import RowMap, slices_chart
from triage.analytics.values import FEWEST_PERSONS
from triage.api.pages.analytics.cells import Charted, Col, rows_of, shown
from triage.api.pages.analytics.here import Here, Values

# In the order in which they are asked for.
CUTS = ("lang", "topic", "product", "account", "destination", "newcomer")
_MOST_DRAWN, _MOST_ROWS = 20, 50


def slices(here: Here) -> Values:
    """Return what the tab of slices shows."""
    return {"cuts": [(cut, _cut(here, cut)) for cut in CUTS], "fewest": FEWEST_PERSONS}


def _cut(here: Here, cut: str) -> Charted:
    rows = rows_of(here, f"slices_{cut}")
    chart = slices_chart(rows[:_MOST_DRAWN], cut, here.numbers.lang)
    return Charted(chart, shown(here, f"slices_{cut}", _cols(cut), rows, most=_MOST_ROWS))


def _cols(cut: str) -> tuple[Col, ...]:
    return (
        Col(
            "value",
            say=lambda here, row: here.name_of(cut, row["value"]),
            link=_narrowed(cut),
            word=cut,
        ),
        Col("asks", link=_behind(cut)),
        Col("persons"),
        Col("seen"),
        Col("deflection_low"),
        Col("deflection_high"),
        Col("still_need_help", ("still_need_help_low", "still_need_help_high")),
        Col("contradicted", ("contradicted_low", "contradicted_high")),
        Col("lift", ("lift_low", "lift_high")),
        Col("harmed"),
    )


def _narrowed(cut: str) -> Callable[[Here, RowMap], str | None]:
    """Return where the whole dashboard of one slice is; there is none of what is not known."""

    def link(here: Here, row: RowMap) -> str | None:
        return None if row["value"] is None else here.link_only(cut, row["value"])

    return link


def _behind(cut: str) -> Callable[[Here, RowMap], str | None]:
    def link(here: Here, row: RowMap) -> str:
        return here.link("/analytics/asks", behind=f"slice:{cut}:{row['value'] or ''}")

    return link
