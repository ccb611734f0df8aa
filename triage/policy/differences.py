"""Two policies -> what differs between them: fields, and the forum's own rules. Pure.

In: a policy and another. Out: fields with both values as people read them; rules that came, went,
changed or stand elsewhere.
Not here: what differs in what they do (policies.simulation), words for people (web).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from triage.policy.filling import fields, text_of
from triage.policy.rules import Rule
from triage.policy.values import Policy


class RuleStep(StrEnum):
    """What became of a rule."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of both; what is unsaid is empty, a list has a line for each member."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """One rule of either; places count from 1."""

    step: RuleStep
    name: str
    before: Rule | None
    after: Rule | None
    place_before: int | None = None
    place_after: int | None = None


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs."""

    fields: tuple[FieldDifference, ...]
    rules: tuple[RuleDifference, ...]

    def __len__(self) -> int:
        return len(self.fields) + len(self.rules)


def differences(before: Policy, after: Policy) -> Differences:
    """Return what differs, in the order of the file."""
    found = []
    for path, key in fields():
        was, is_now = (text_of(key, key.of(policy)) for policy in (before, after))
        if was != is_now:
            found.append(FieldDifference(path, was, is_now))
    return Differences(tuple(found), tuple(_rules(before.rules, after.rules)))


def _rules(before: Sequence[Rule], after: Sequence[Rule]) -> list[RuleDifference]:
    was = {rule.name: (place, rule) for place, rule in enumerate(before, start=1)}
    is_now = {rule.name: (place, rule) for place, rule in enumerate(after, start=1)}
    both_before = [rule.name for rule in before if rule.name in is_now]
    both_after = [rule.name for rule in after if rule.name in was]
    blocks = SequenceMatcher(None, both_before, both_after, autojunk=False).get_matching_blocks()
    stayed = {name for block in blocks for name in both_before[block.a : block.a + block.size]}
    found = []
    for name, (place, rule) in is_now.items():
        if name not in was:
            found.append(RuleDifference(RuleStep.ADDED, name, None, rule, None, place))
            continue
        place_before, rule_before = was[name]
        places = (place_before, place)
        if rule != rule_before:
            found.append(RuleDifference(RuleStep.CHANGED, name, rule_before, rule, *places))
        elif name not in stayed:
            found.append(RuleDifference(RuleStep.MOVED, name, rule_before, rule, *places))
    gone = [(name, *told) for name, told in was.items() if name not in is_now]
    return [
        *found,
        *(RuleDifference(RuleStep.REMOVED, name, rule, None, place) for name, place, rule in gone),
    ]
