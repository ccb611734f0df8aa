"""Measures, slices, verdicts and what moved -> what people read.

In: what a look found. Out: words and cells in the page's language.
Not here: finding it (watching), which of it a page shows (drift).
"""

from triage.api.pages.lead.here import Here
from triage.api.pages.showing import Cell
from triage.insight.drift import ALL, Drift, Moved, Part, Verdict
from triage.watching.reading import SILENT
from triage.web.figures import UNKNOWN

# What is said of these are the words that rose.
_WORDS = frozenset({"words", "meaning"})
TONES = {
    Verdict.DRIFTED: "bad",
    Verdict.WATCH: "soon",
    Verdict.STEADY: "good",
    Verdict.TOO_FEW: "plain",
}


def measure_of(here: Here, measure: str) -> str:
    """Return what a measure is called."""
    key = f"lead_drift.m_{measure}"
    return here.say(key) if here.has(key) else measure


def slice_of(here: Here, name: str) -> str:
    """Return what a slice is called, such as Swedish, or Product: go."""
    if name == ALL:
        return here.part("all")
    kind, _, value = name.partition("=")
    told = label_of(here, kind, value)
    return told if kind == "lang" else f"{measure_of(here, kind)}: {told}"


def label_of(here: Here, kind: str, value: str) -> str:
    """Return what a label, a language, a product is called; others are what they are."""
    if value == SILENT:
        return here.part("silent")
    key = f"lead_review.kind_{value}"
    if kind == "kind" and here.has(key):
        return here.say(key)
    if kind == "offered":
        return here.say(f"value.{value}")
    return here.name_of(kind, value or None)


def verdict_cell(here: Here, verdict: Verdict) -> Cell:
    """Return a verdict as a badge."""
    return Cell(here.part(f"v_{verdict}"), mark=TONES[verdict])


def moved_of(here: Here, one: Drift) -> str:
    """Return what moved most, each with its share or its mean before and after."""
    if one.part is Part.PRECISION:
        moved = one.what[0] if one.what else Moved(one.measure, None, None)
        wanted, right = here.numbers.share(moved.before), here.numbers.share(moved.after)
        return here.part("promised_now", wanted=wanted, right=right)
    return "; ".join(_moved(here, one, moved) for moved in one.what) or UNKNOWN


def chance_of(here: Here, one: Drift) -> str:
    """Return how likely so much is by chance alone.

    Of a stake that was won e times that is at most 1 in e, however often one looked.
    """
    if one.e_value is not None:
        return here.numbers.chance(min(1.0, 1 / one.e_value) if one.e_value > 0 else 1.0)
    return here.numbers.chance(one.p_value)


def _moved(here: Here, one: Drift, moved: Moved) -> str:
    before, after = here.numbers.share(moved.before), here.numbers.share(moved.after)
    # Of a number there is only its mean; of what people used, the word itself.
    if moved.name == one.measure:
        return f"{before} → {after}"
    named = moved.name if one.measure in _WORDS else label_of(here, one.measure, moved.name)
    return f"{named}: {before} → {after}"
