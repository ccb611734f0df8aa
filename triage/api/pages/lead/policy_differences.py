"""What differs between two policies, as people read it: a row a field, a line a rule, and the text.

In: how a page speaks, two policies, two texts. Out: values for a template.
Not here: finding the differences (policy.differences), what they would do (policy_trial).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from triage.api.pages.lead.here import Here
from triage.api.pages.lead.policy_words import field_name, section_name, value_said
from triage.api.pages.showing import Cell, Head, Shown
from triage.policy import Differences, Policy, Rule, RuleStep, differences
from triage.policy.filling import fields

_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class RuleShown:
    """What became of one rule, in words; `was` and `is_now` say what it does."""

    step: RuleStep
    said: str
    was: str
    is_now: str


@dataclass(frozen=True, slots=True)
class Differing:
    """All that differs: how much it is, a table of fields, and rules."""

    found: Differences
    said: str
    table: Shown
    rules: tuple[RuleShown, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of two texts beside each other: `+` came, `-` went, blank stayed."""

    sign: str
    text: str
    heading: bool = False


def differing(here: Here, before: Policy, after: Policy) -> Differing:
    """Return what differs."""
    found = differences(before, after)
    keys = dict(fields())
    heads = [
        Head(name, here.part(f"head_{name}")) for name in ("section", "field", "before", "after")
    ]
    rows = [
        (
            Cell(field_name(here, one.path)),
            Cell(section_name(here, one.path.split(".")[0])),
            Cell(value_said(here, one.path, keys[one.path], one.before)),
            Cell(value_said(here, one.path, keys[one.path], one.after)),
        )
        for one in found.fields
    ]
    return Differing(
        found,
        here.counted("lead_policy.differences", len(found)),
        Shown(
            "differences", here.part("what_differs"), (heads[1], heads[0], *heads[2:]), tuple(rows)
        ),
        tuple(_rules(here, found)),
    )


def text_lines(before: str, after: str) -> list[Line]:
    """Return how one text becomes the other, with a little of what stands around."""
    found = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=_CONTEXT)
    told = list(found)[2:]
    return [
        Line("", line.strip("@ "), heading=True)
        if line.startswith("@@")
        else Line(line[0], line[1:])
        for line in told
    ]


def rule_said(here: Here, rule: Rule | None) -> str:
    """Return what a rule does in one line."""
    if rule is None:
        return ""
    where = here.say(f"value.{rule.destination}")
    words = ", ".join(f"“{one}”" for one in (*rule.words, *rule.templates))
    langs = ", ".join(here.name_of("lang", lang) for lang in sorted(rule.languages))
    said = here.part("rule_does", words=words, destination=where)
    return f"{said} ({langs})" if langs else said


def _rules(here: Here, found: Differences) -> Iterator[RuleShown]:
    for one in found.rules:
        said = here.part(
            f"rule_{one.step}", rule=one.name, place=one.place_after or one.place_before
        )
        moved = one.step is RuleStep.MOVED
        was = "" if moved else rule_said(here, one.before)
        yield RuleShown(one.step, said, was, "" if moved else rule_said(here, one.after))
