"""Every figure that pages show is defined where it says it is."""

from pathlib import Path

import pytest

from triage.analytics.cards import CARDS
from triage.analytics.guarding import GUARDED
from triage.analytics.headline import Verdict
from triage.analytics.values import FEWEST_PERSONS

MEASURES = (Path(__file__).resolve().parents[2] / "docs" / "measures.md").read_text("utf-8")


@pytest.mark.parametrize("name", [*CARDS, *Verdict])
def test_a_card_and_a_verdict_are_in_the_measures(name: str) -> None:
    assert f"`{name}`" in MEASURES


def test_guardrails_are_cards() -> None:
    assert GUARDED.keys() <= CARDS.keys()


def test_how_few_are_too_few_is_said() -> None:
    assert f"Of fewer than {FEWEST_PERSONS} persons no rate is told" in MEASURES
