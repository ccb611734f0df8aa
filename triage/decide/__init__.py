"""Matches and labels -> what is shown, who answers, who may read, and why. Pure.

In: values. Out: one decision with its reasons. The policy, the gate and the circumstances are
values like the others.
Not here: words for people (phrases), probabilities (rank, classify), what a wrong way costs
(costs), any clock, and any disk but for a gate's own file.
"""

from triage.decide.deciding import decide, settles
from triage.decide.labels import (
    expert_probability,
    read_label,
    severe_probability,
    sure,
    worst_severity,
)
from triage.decide.routing import By, Route, secret_types
from triage.decide.swapping import swapped
from triage.decide.withholding import withhold
from triage.policy import OPEN_TYPES, Circumstances, Policy

__all__ = [
    "OPEN_TYPES",
    "By",
    "Circumstances",
    "Policy",
    "Route",
    "decide",
    "expert_probability",
    "read_label",
    "secret_types",
    "settles",
    "severe_probability",
    "sure",
    "swapped",
    "withhold",
    "worst_severity",
]
