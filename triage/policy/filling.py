"""A policy -> the fields of a form, and the fields that came back -> a policy. Pure.

In: a policy; texts by the paths of fields, as people write them. Out: texts; a policy with all
that could be taken, and by field what could not, all at once. What a form leaves out stays.
Not here: what may stand in a policy (form, values), words for people (web).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from triage.errors import BadField
from triage.policy.form import SECTIONS, Is, Key
from triage.policy.reading import policy_of
from triage.policy.rules import Rule
from triage.policy.values import Policy
from triage.records import LANGUAGES, Destination

YES, NO = "yes", "no"
# Parts a field's path from one of the values that may be ticked in it.
_TICK = "+"
# It has no switch.
_FIXED = "sensitive.private"
_PLAIN = re.compile(r"[-+\u2212]?[0-9]{1,15}([.,][0-9]{1,15})?")
_THOUSANDS = re.compile(r"[-+\u2212]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_HOW = "with nothing between thousands"


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of a form: the policy, and by path what is wrong, in the file's own words."""

    policy: Policy
    wrong: Mapping[str, BadField] = field(default_factory=dict)


def fields() -> Iterator[tuple[str, Key]]:
    """Give the paths of all fields that a form has, each with its key."""
    for section, keys in SECTIONS.items():
        for key in keys:
            if f"{section}.{key.name}" != _FIXED:
                yield f"{section}.{key.name}", key


def tick_of(path: str, value: str) -> str:
    """Return the name of the box by which one value of a field is ticked."""
    return f"{path}{_TICK}{value}"


def shown_fields(policy: Policy) -> dict[str, str]:
    """Return the text of each field, as a form shows it; lists have a line for each member."""
    return {path: text_of(key, key.of(policy)) for path, key in fields()}


def text_of(key: Key, value: object) -> str:
    """Return one value as people read and write it; what is unsaid is empty."""
    if value is None:
        return ""
    if key.is_ is Is.SWITCH:
        return YES if value else NO
    if key.is_ is Is.NUMBER and isinstance(value, int | float):
        return plain_number(value)
    return "\n".join(value) if isinstance(value, list) else str(value)


def plain_number(value: float) -> str:
    """Return a number with the decimals that it has, and never with an exponent."""
    return f"{Decimal(f'{value:.10g}'):f}"


def ticked(given: Mapping[str, str], path: str, key: Key) -> list[str]:
    """Return which values of a field are ticked in what came back."""
    return [one for one in key.among if given.get(tick_of(path, one))]


def fill(base: Policy, given: Mapping[str, str], decimal: str = ".") -> Filled:
    """Return the policy of a form that was filled in over another; rules stay as they are.

    `decimal` is the mark that the form writes before decimals: `.` or `,`.
    """
    was = _values_of(base)
    values = {name: dict(section) for name, section in was.items()}
    wrong: dict[str, BadField] = {}
    for path, key in fields():
        if path in given:
            section, name = path.split(".")
            try:
                _put(values[section], name, _read(path, key, given, decimal))
            except BadField as error:
                wrong[path] = error
    return Filled(replace(_fitting(values, was, wrong), rules=base.rules), wrong)


def rule_of(given: Mapping[str, str]) -> Rule:
    """Return the rule of a form. Raises BadField, its field that of the form."""
    destination = given.get("destination", "").strip()
    if destination not in set(Destination):
        raise BadField("destination", "is neither community nor expert")
    reason = {lang: " ".join(given.get(f"reason.{lang}", "").split()) for lang in LANGUAGES}
    return Rule(
        given.get("name", "").strip(),
        Destination(destination),
        tuple(_lines(given.get("words", ""))),
        tuple(_lines(given.get("templates", ""))),
        frozenset(lang for lang in LANGUAGES if given.get(tick_of("languages", lang))),
        {lang: said for lang, said in reason.items() if said},
    )


def shown_rule(rule: Rule) -> dict[str, str]:
    """Return the fields of a rule, as a form shows them."""
    return {
        "name": rule.name,
        "destination": str(rule.destination),
        "words": "\n".join(rule.words),
        "templates": "\n".join(rule.templates),
        **{tick_of("languages", lang): "on" for lang in sorted(rule.languages)},
        **{f"reason.{lang}": said for lang, said in rule.reason.items()},
    }


def _values_of(policy: Policy) -> dict[str, dict[str, Any]]:
    return {
        section: {key.name: key.of(policy) for key in keys if key.of(policy) is not None}
        for section, keys in SECTIONS.items()
    }


def _put(section: dict[str, Any], name: str, value: object) -> None:
    if value is None:
        section.pop(name, None)
    else:
        section[name] = value


def _read(path: str, key: Key, given: Mapping[str, str], decimal: str) -> object:
    """Return what a field says, None where nothing is. Raises BadField."""
    said = given[path].strip()
    match key.is_:
        case Is.SWITCH:
            if said not in (YES, NO):
                raise BadField(path, f"is {said!r}, neither {YES} nor {NO}")
            return said == YES
        case Is.TEXTS:
            listed = ticked(given, path, key) if key.among else _lines(said)
            return None if key.optional and not listed else listed
        case Is.TEXT:
            return None if key.optional and not said else said
        case Is.WHOLE | Is.NUMBER:
            return None if key.optional and not said else _number(path, key, said, decimal)


def _number(path: str, key: Key, said: str, decimal: str) -> float | int:
    """Return a number as half of the languages write it, with a point, or as the others do.

    The other mark than the form's is taken where it cannot part thousands: `0,5` is read in
    English, `1,000` is not.
    """
    if not _PLAIN.fullmatch(said):
        raise BadField(path, f"must be {key.is_}, written {_HOW}")
    mark = "," if "," in said else "."
    if mark != decimal and _THOUSANDS.fullmatch(said):
        raise BadField(path, f"is {said}, which may be thousands; write {key.is_} {_HOW}")
    value = float(said.replace(",", ".").replace("\u2212", "-"))
    if key.is_ is Is.WHOLE and (mark in said or value != int(value)):
        raise BadField(path, f"must be {key.is_}, written {_HOW}")
    if not key.allows(value):
        raise BadField(path, f"is {value:g}, which is not allowed")
    return int(value) if key.is_ is Is.WHOLE else value


def _fitting(
    values: dict[str, dict[str, Any]],
    was: Mapping[str, Mapping[str, Any]],
    wrong: dict[str, BadField],
) -> Policy:
    """Return the policy of the values, those that cannot be taken back to what they were."""
    taken_back: set[str] = set()
    while True:
        try:
            return policy_of(values)
        except BadField as error:
            section, _, name = error.field.partition(".")
            wrong.setdefault(error.field, error)
            # What stays wrong by itself does not fit to another of its section.
            if name and error.field not in taken_back:
                taken_back.add(error.field)
                _put(values[section], name, was[section].get(name))
            elif section not in taken_back and section in values:
                taken_back.add(section)
                values[section] = dict(was[section])
            else:
                raise


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
