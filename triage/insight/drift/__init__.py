"""Recent traffic beside that of a model's own time -> whether it is still the same. Pure.

In: asks as columns, what a model said of cases that people labelled. Out: a verdict for each
measure and slice: inputs, predictions, precision. docs/watching.md tells how well.
Not here: SQL, HTTP, settings, clocks, what is done about it.
"""

from triage.insight.drift.looking import look
from triage.insight.drift.promised import precise
from triage.insight.drift.values import (
    ALL,
    WEEK,
    Drift,
    Judged,
    Looking,
    Moved,
    Part,
    Span,
    Traffic,
    Verdict,
)
from triage.insight.drift.wording import strange

__all__ = [
    "ALL",
    "WEEK",
    "Drift",
    "Judged",
    "Looking",
    "Moved",
    "Part",
    "Span",
    "Traffic",
    "Verdict",
    "look",
    "precise",
    "strange",
]
