"""The model card: for people, and without a word of any case."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from tests.forum import cases
from tests.learn.contest.test_challenge import asked, judged, said, trial
from triage.classify import UNKNOWN
from triage.learn.card import write_card
from triage.learn.contest.verdict import Outcome, Verdict
from triage.learn.heads.labels import filed_labels
from triage.learn.heads.material import Material

CREATED = datetime(2026, 5, 1, 12, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "data": {"cases": 12, "undated": 12, "first_day": None, "last_day": None},
    "doubts": 3,
    "metrics": {
        "kind": {
            "n": 12,
            "classes": 3,
            "accuracy": 0.9,
            "macro_f1": 0.8,
            "ece": 0.01,
            "coverage": 0.0,
        }
    },
    "abstaining": {"tone": "0 cases have a tone; 20 more are needed."},
    "ranker": "shipped",
    "adaptation": {"kept": False, "why": "it was not asked for"},
    "gate": {"fitted": False, "why": "40 pairs needed"},
}


def card(verdict: Verdict, facts: Mapping[str, Any] = FACTS) -> str:
    some = cases(12)
    material = Material(
        [(case, case.id) for case in some],
        [UNKNOWN] * 12,
        np.arange(12) // 2,
        filed_labels(some),
        None,
        None,
    )
    return write_card("demo", CREATED, material, facts, verdict)


def test_a_card_says_what_was_learnt_and_what_not() -> None:
    text = card(Verdict(Outcome.FIRST))
    assert text.startswith("# Model of forum demo, trained 2026-05-01 12:00 UTC\n")
    assert "12 resolved cases, 12 of them of no known date, no known date; 6 of them repeat" in text
    assert "| language | en 12 |" in text
    assert "| kind | 12 | 3 | 0.900 | 0.800 | 0.010 | 0.000 | - |" in text
    assert "Always unsure, because no threshold is precise enough: kind." in text
    assert "- tone: 0 cases have a tone; 20 more are needed." in text
    assert "3 labels look wrong" in text
    assert "## Not for" in text
    assert "this is the first" in text


def label_row(n: int, shown: str, coverage: float, right: float | None) -> dict[str, object]:
    """What the metrics say of a label."""
    return {
        "n": n,
        "said": n + 1,
        "shown": shown,
        "coverage": coverage,
        "precision_spoken": right,
    }


def with_labels(target: str, rows: dict[str, dict[str, object]], **more: object) -> str:
    """Return a card whose only head has these labels."""
    head = {"n": 12, "coverage": 0.5, "precision_wanted": 0.8, "per_class": rows, **more}
    return card(Verdict(Outcome.FIRST), {**FACTS, "metrics": {target: head}})


def test_a_card_says_of_every_label_what_it_is_worth() -> None:
    rows = {
        "how_to": label_row(9, "alone", 0.75, 0.9),
        "bug": label_row(2, "together", 0.5, 1.0),
        "a|b": label_row(1, "silent", 0.0, None),
    }
    text = with_labels("kind", rows)
    assert "| kind | how_to | 9 | 10 | 0.800 | alone | 0.750 | 0.900 |" in text
    assert "| kind | bug | 2 | 3 | 0.800 | together | 0.500 | 1.000 |" in text
    assert "| kind | a/b | 1 | 2 | 0.800 | silent | 0.000 | - |" in text


def test_a_card_counts_the_labels_where_they_are_many_and_names_the_silent() -> None:
    rows = {f"t{i}": label_row(2, "together", 0.5, 1.0) for i in range(20)}
    rows["left"] = label_row(2, "silent", 0.0, None)
    text = with_labels("topic", rows)
    assert "- topic: 0 alone, 20 together, 1 silent (left)" in text
    assert "| topic | t0 |" not in text


def test_a_card_says_how_many_grave_cases_were_passed_over() -> None:
    missed = {"labels": ["angry", "at_risk"], "n": 67, "share": 0.104, "at_most": 0.2}
    text = with_labels("tone", {"calm": label_row(9, "alone", 0.6, 0.98)}, passed_over=missed)
    assert "- tone: of 67 cases that are angry or at_risk, 10% were surely called" in text


def test_a_card_holds_no_text_of_a_case() -> None:
    text = card(Verdict(Outcome.FIRST))
    for case in cases(12):
        assert case.title not in text
        assert case.id not in text.split()


def test_a_card_has_the_verdict_of_every_slice() -> None:
    some = asked(160)
    finnish = [i for i, case in enumerate(some) if case.lang == "fi"]
    text = card(judged(trial(said(some), said(some, finnish[:16]))))
    assert "**Refused, v1 stays: kind in language fi" in text
    assert "- kind in language fi: right 100% before and 60% now" in text
