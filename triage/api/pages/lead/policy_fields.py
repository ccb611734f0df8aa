"""The form of a policy's named values: each with its meaning, its limits, and what decides now.

In: the policy that is changed, the one that decides, what was typed and what was wrong with it.
Out: sections of fields for a template.
Not here: reading what comes back (policy.filling), the forum's own rules (policy_rules).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from triage.api.pages.lead.here import Here
from triage.api.pages.lead.policy_words import (
    allowed,
    choice_said,
    field_meaning,
    field_name,
    number_said,
    section_name,
    severity_said,
    value_said,
)
from triage.errors import BadField
from triage.policy import Policy
from triage.policy.filling import NO, YES, fields, shown_fields, tick_of, ticked
from triage.policy.form import SECTIONS, Is, Key

# What a browser may offer beside a field that is typed.
_LISTED = {"hours.time_zone": "policy-zones"}
ZONES = (
    *("Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen", "Europe/Helsinki", "Europe/Berlin"),
    *("Europe/Vienna", "Europe/Zurich", "Europe/London", "UTC"),
)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field."""

    value: str
    said: str
    on: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `how` is `typed`, `lines`, `choice` or `ticks`. `error` says what is wrong."""

    path: str
    id: str
    name: str
    meaning: str
    allowed: str
    how: str
    value: str
    options: tuple[Option, ...]
    default: str
    now: str
    changed: bool
    error: str
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together; `changed` of them differ from what decides."""

    id: str
    name: str
    about: str
    fields: tuple[Field, ...]
    changed: int
    open: bool


def sections(
    here: Here,
    base: Policy,
    live: Policy,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, BadField] | None = None,
) -> list[Section]:
    """Return the form: what was typed, else what the base says."""
    shown, lives, plain = shown_fields(base), shown_fields(live), shown_fields(Policy())
    by_section: dict[str, list[Field]] = {section: [] for section in SECTIONS}
    for path, key in fields():
        given = _typed(path, key, typed, shown[path])
        by_section[path.split(".")[0]].append(
            _field(here, path, key, given, (plain[path], lives[path]), (wrong or {}).get(path))
        )
    return [_section(here, name, found, wrong or {}) for name, found in by_section.items()]


def problems(here: Here, wrong: Mapping[str, BadField]) -> list[tuple[str, str, str]]:
    """Return what is wrong: the name of each field, the place of the form, the sentence."""
    keys = dict(fields())
    return [
        (
            field_name(here, path) if path in keys else section_name(here, path.split(".")[0]),
            _id(path) if path in keys else f"s-{path.split('.')[0]}",
            _wrong(here, path, keys.get(path)),
        )
        for path in wrong
    ]


def _section(here: Here, name: str, found: list[Field], wrong: Mapping[str, BadField]) -> Section:
    changed = sum(one.changed for one in found)
    troubled = any(path.split(".")[0] == name for path in wrong)
    about = here.part(f"about_{name}")
    return Section(
        f"s-{name}", section_name(here, name), about, tuple(found), changed, troubled or changed > 0
    )


def _typed(path: str, key: Key, typed: Mapping[str, str] | None, shown: str) -> str:
    if typed is None or path not in typed:
        return shown
    return "\n".join(ticked(typed, path, key)) if key.is_ is Is.TEXTS and key.among else typed[path]


def _field(
    here: Here,
    path: str,
    key: Key,
    value: str,
    others: tuple[str, str],
    error: BadField | None,
) -> Field:
    plain, live = others
    if key.is_ is Is.NUMBER and error is None and value:
        value = value.replace(".", here.numbers.separators[0])
    how, options = _choices(here, path, key, value)
    is_number = key.is_ is Is.NUMBER and bool(live)
    return Field(
        path=path,
        id=_id(path),
        name=field_name(here, path),
        meaning=field_meaning(here, path),
        allowed=allowed(here, path, key),
        how=how,
        value=value,
        options=options,
        default=value_said(here, path, key, plain),
        now=value_said(here, path, key, live),
        changed=value != (number_said(here, float(live)) if is_number else live),
        error="" if error is None else _wrong(here, path, key),
        listed=_LISTED.get(path, ""),
    )


def _choices(here: Here, path: str, key: Key, value: str) -> tuple[str, tuple[Option, ...]]:
    if path == "severity.expert_from":
        levels = range(int(key.high or 0) + 1)
        told = [(str(level), severity_said(here, level)) for level in levels]
        return "choice", tuple(Option(one, said, one == value) for one, said in told)
    if key.is_ is Is.SWITCH:
        told = [(one, here.say(f"lead.{one}")) for one in (YES, NO)]
        return "choice", tuple(Option(one, said, one == value) for one, said in told)
    if key.among and key.is_ is Is.TEXTS:
        on = set(value.split("\n"))
        return "ticks", tuple(
            Option("on", choice_said(here, key, one), one in on, tick_of(path, one))
            for one in key.among
        )
    if key.among:
        return "choice", tuple(
            Option(one, choice_said(here, key, one), one == value) for one in key.among
        )
    return ("lines" if key.is_ is Is.TEXTS else "typed"), ()


def _wrong(here: Here, path: str, key: Key | None) -> str:
    """Return the sentence for what cannot be, by what kind of field it is."""
    own = f"wrong_{path.replace('.', '_')}"
    if here.has(f"lead_policy.{own}"):
        return here.part(own)
    may = "" if key is None else allowed(here, path, key)
    is_number = key is not None and key.is_ in (Is.WHOLE, Is.NUMBER)
    return f"{here.part('wrong_number' if is_number else 'wrong_other')} {may}".strip()


def _id(path: str) -> str:
    return "p-" + path.replace(".", "-").replace("_", "-")
