"""Everything that the analyst's pages can show has words, and every card stands on the page."""

import re
from importlib.resources import files

from triage.analytics.cards import CARDS
from triage.analytics.exporting import EXPORTS
from triage.analytics.filters import PARTS
from triage.analytics.guarding import GUARDED
from triage.analytics.headline import Verdict
from triage.analytics.tables import TABLES
from triage.analytics.thread_asks import SIDES
from triage.api.pages.analytics.here import TABS
from triage.api.pages.analytics.overview import GROUPS
from triage.api.pages.analytics.standing import SORTS
from triage.api.pages.analytics.working import MOVES
from triage.store import GapState
from triage.web import asset
from triage.web.cells import cell
from triage.web.words import words_of

WORDS = words_of("en")


def missing(section: str, names: object) -> list[str]:
    assert names
    return [name for name in names if f"{section}.{name}" not in WORDS]  # type: ignore[attr-defined]


def test_every_card_table_and_column_has_words() -> None:
    columns = {column.name for table in TABLES.values() for column in table.columns}
    assert missing("column", columns | set(SORTS)) == []
    assert missing("card", CARDS) == []
    assert missing("card_is", CARDS) == []
    assert missing("table", EXPORTS) == []
    assert missing("table_is", EXPORTS) == []
    assert missing("guard", GUARDED) == []


def test_every_state_side_and_verdict_has_words() -> None:
    assert missing("value", GapState) == []
    assert missing("gaps", {f"to_{move}" for moves in MOVES.values() for move in moves}) == []
    assert missing("verdict", Verdict) == []
    assert missing("verdict", [f"{verdict}_title" for verdict in Verdict]) == []
    held = (Verdict.PREVENTS, Verdict.CAUSES)
    assert missing("verdict", [f"lift_{verdict}" for verdict in (*held, Verdict.UNDECIDED)]) == []
    assert missing("verdict", [f"worth_{verdict}" for verdict in held]) == []
    assert missing("analytics", [f"thread_{side}" for side in SIDES]) == []
    assert missing("analytics", [f"by_{part}" for part in PARTS]) == []
    assert missing("analytics", [f"tab_{tab}" for tab in TABS]) == []


def test_every_card_stands_on_the_overview_once() -> None:
    shown = [name for names in GROUPS.values() for name in names]
    assert sorted(shown) == sorted(CARDS)


def test_a_gap_may_go_on_from_every_state() -> None:
    assert set(MOVES) == set(GapState)
    assert {move for moves in MOVES.values() for move in moves} == set(GapState)


def test_a_share_of_posts_is_no_difference_of_shares() -> None:
    assert cell("lift_measured", "number", 0.58, "en") == "58%"
    assert cell("lift", "number", 0.058, "en") == "+5.8\u00a0pp"
    assert cell("p_value", "number", 0.0, "en") == "<\u00a00.001"


def test_the_library_is_told_not_to_write_styles() -> None:
    script = asset("plotly.min.js").content.decode()
    html = (files("triage.web") / "templates" / "panels.html").read_text("utf-8")
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == 2
    # It makes the one of a stem and a name.
    assert all(one.removesuffix("global") in script for one in ids)
