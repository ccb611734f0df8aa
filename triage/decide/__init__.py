"""Matches and labels -> what is shown, who answers, who may read, and why. Pure.

In: values. Out: one decision with its reasons. The policy, the gate and the circumstances are
values like the others.
Not here: words for people (phrases), probabilities (rank, classify), from which probability on
something is shown (gate), what a wrong way costs (costs), any clock or disk.
"""

from triage.decide.deciding import decide, settles
from triage.decide.labels import expert_probability, severe_probability, sure
from triage.decide.routing import By, Route, secret_types
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
    "secret_types",
    "settles",
    "severe_probability",
    "sure",
    "withhold",
]
