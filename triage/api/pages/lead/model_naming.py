"""Heads, labels, slices, verdicts -> what people read, in the page's language.

In: names as a manifest has them. Out: words.
Not here: the numbers beside them (model_figures).
"""

from datetime import UTC, datetime

from triage.api.pages.lead.here import Here
from triage.registry import Verdict
from triage.web.figures import UNKNOWN

ALL = "all"
COST = "cost"
TONES = {"accepted": "good", "refused": "bad", "forced": "warn"}
_LANGUAGE, _KIND, _PRODUCT = "language ", "kind ", "product "
_WHOLE = {
    ALL: "slice_all",
    "severity 1-2": "slice_severe",
    "new accounts": "slice_new",
    "other products": "slice_other_products",
}


def head_of(here: Here, target: str) -> str:
    """Return what a head is called."""
    key = f"lead_models.head_{target}"
    return here.say(key) if here.has(key) else target


def label_of(here: Here, target: str, label: str) -> str:
    """Return what a label is called; topics are what they are."""
    for key in (
        f"lead_models.label_{target}_{label}",
        f"lead_review.{target}_{label}",
        f"value.{target}_{label}",
        f"value.{label}",
    ):
        if target != "topic" and here.has(key):
            return here.say(key)
    return label


def slice_of(here: Here, name: str) -> str:
    """Return what a slice is called, such as Swedish, or Product: go."""
    if name in _WHOLE:
        return here.say(f"lead_models.{_WHOLE[name]}")
    if name.startswith(_LANGUAGE):
        return here.name_of("lang", name.removeprefix(_LANGUAGE))
    if name.startswith(_KIND):
        return label_of(here, "kind", name.removeprefix(_KIND))
    if name.startswith(_PRODUCT):
        return here.say("lead_models.slice_product", name=name.removeprefix(_PRODUCT))
    return name


def verdict_of(here: Here, verdict: Verdict | None) -> str:
    """Return the gate's verdict in a word."""
    if verdict is None:
        return UNKNOWN
    key = f"lead_models.verdict_{verdict.word}"
    return here.say(key) if here.has(key) else verdict.word


def outcome_of(here: Here, verdict: Verdict | None) -> str:
    """Say the gate's verdict in a sentence."""
    key = f"lead_models.outcome_{verdict.word}" if verdict is not None else ""
    return here.say(key) if key and here.has(key) else ""


def tone_of(verdict: Verdict | None) -> str:
    """Return the tone of a verdict's badge."""
    return "plain" if verdict is None else TONES.get(verdict.word, "plain")


def moment(at: datetime) -> str:
    """Return a moment for a cell, as the pages' own filter says it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
