"""A policy's fields, values and rules -> what people read, in their language.

In: how a page speaks, a field, a value as a form has it. Out: names, meanings, what is allowed.
Not here: which fields there are (policy.form), filling them in (policy_fields).
"""

from triage.api.pages.lead.here import Here
from triage.decide import By
from triage.policy.filling import plain_number
from triage.policy.form import Is, Key
from triage.records import Destination, Target
from triage.web.figures import UNKNOWN

_SEVERITY = "severity.expert_from"


def field_name(here: Here, path: str) -> str:
    """Return what a field is called."""
    section, name = path.split(".")
    if section == "precision":
        return here.part("precision_name", target=target_name(here, name))
    return here.part(f"{section}_{name}")


def field_meaning(here: Here, path: str) -> str:
    """Return what a field means."""
    section, name = path.split(".")
    if section == "precision":
        return here.part("precision_is", target=target_name(here, name))
    return here.part(f"{section}_{name}_is")


def section_name(here: Here, section: str) -> str:
    """Return what a section is called."""
    return here.part(f"section_{section}")


def target_name(here: Here, target: str) -> str:
    """Return what a target of labels is called."""
    return here.part(f"target_{Target(target)}")


def allowed(here: Here, path: str, key: Key) -> str:
    """Return what may stand in a field; nothing where its choices are shown at any rate."""
    if key.among or key.is_ is Is.SWITCH or path == _SEVERITY:
        return ""
    if key.is_ is Is.TEXTS:
        return here.part("one_a_line")
    if key.low is None:
        return ""
    what = "whole" if key.is_ is Is.WHOLE else "number"
    low = number_said(here, key.low)
    if key.high is None:
        return here.part(f"allowed_{what}_from", low=low)
    high = number_said(here, key.high)
    return here.part(f"allowed_{'over' if key.over else what}", low=low, high=high)


def number_said(here: Here, value: float) -> str:
    """Return a number with the decimals that it has, as people here write it."""
    return plain_number(value).replace(".", here.numbers.separators[0])


def value_said(here: Here, path: str, key: Key, text: str) -> str:
    """Return a field's text as people read it where they do not write it."""
    if not text:
        return here.part("unsaid") if key.optional else here.part("nobody")
    if path == _SEVERITY:
        return severity_said(here, int(text))
    if key.is_ is Is.SWITCH:
        return here.say(f"lead.{text}")
    if key.is_ in (Is.WHOLE, Is.NUMBER):
        return number_said(here, float(text))
    return ", ".join(choice_said(here, key, one) for one in text.split("\n"))


def choice_said(here: Here, key: Key, value: str) -> str:
    """Return one choice of a field as people read it; what is no closed choice is itself."""
    if not key.among:
        return value
    if value in set(Destination):
        return here.say(f"value.{value}")
    return here.part(f"choice_{value}")


def severity_said(here: Here, worst: int) -> str:
    """Return which severities always go to an expert."""
    if not worst:
        return here.part("severity_none")
    return here.part("severity_one") if worst == 1 else here.part("severity_to", worst=worst)


def decided_said(here: Here, name: str) -> str:
    """Return what decides about an ask, as people call it; `name` is that of a decision."""
    by, _, rule = name.partition(":")
    if by not in set(By):
        return name or UNKNOWN
    return here.part("by_rule", rule=rule) if by == By.RULE else here.part(f"by_{by}")
