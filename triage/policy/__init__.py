"""The rules of one forum as one frozen, checked value, and its form as a file. Pure.

In: nothing, or the text of a `policy.toml`. Out: a Policy, what holds around an ask
(Circumstances), and the file's text again. docs/policy.md says what each field means.
Not here: deciding (decide), trying a policy on past asks (policies.simulation), keeping versions
(store).
"""

from triage.policy.circumstances import Circumstances
from triage.policy.differences import Differences, RuleStep, differences
from triage.policy.filling import Filled, fill
from triage.policy.hours import Hours, Opening, opening_of
from triage.policy.moving import Moving
from triage.policy.reading import read_policy
from triage.policy.rules import Rule, Words, words_of
from triage.policy.values import OPEN_TYPES, Policy
from triage.policy.writing import write_policy

__all__ = [
    "OPEN_TYPES",
    "Circumstances",
    "Differences",
    "Filled",
    "Hours",
    "Moving",
    "Opening",
    "Policy",
    "Rule",
    "RuleStep",
    "Words",
    "differences",
    "fill",
    "opening_of",
    "read_policy",
    "words_of",
    "write_policy",
]
