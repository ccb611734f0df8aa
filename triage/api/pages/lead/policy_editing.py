"""The pages on which a policy is changed: the form, the text, one rule of the forum's own.

In: how a page speaks, from which version one starts, what was typed and what is wrong with it.
Out: values for templates.
Not here: reading what comes back (policy.filling), keeping it (policies.drafting).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from triage.api.pages.lead.here import Here, href
from triage.api.pages.lead.policy import policies_of, version_name
from triage.api.pages.lead.policy_differences import rule_said
from triage.api.pages.lead.policy_fields import ZONES, problems, sections
from triage.errors import BadField, NoPolicy
from triage.policies.in_force import of_row
from triage.policy import Policy, Rule, read_policy
from triage.policy.filling import shown_rule, tick_of
from triage.policy.rules import MOST_RULES
from triage.records import LANGUAGES, Destination

NEW = "new"
# Room to write on below the last line, so that numbers stand there without a script.
_ROOM = 12


@dataclass(frozen=True, slots=True)
class Start:
    """What a change begins with: a policy and its text, what decides, which draft was there."""

    policy: Policy
    toml: str
    live: Policy
    version: str
    draft: int | None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One of the forum's own rules in the list of them."""

    place: int
    name: str
    said: str
    href: str
    first: bool
    last: bool


def start(here: Here, version: str = "") -> Start:
    """Return what a change begins with: a version, else the draft, else what decides.

    Raises NoPolicy.
    """
    policies = policies_of(here)
    shown = policies.show()
    live, draft = read_policy(shown.toml), shown.draft
    drafted = None if draft is None else draft.version
    if version and version != shown.version:
        if not version.isdecimal() or len(version) > 9:
            raise NoPolicy
        row = policies.find(int(version))
        return Start(of_row(row).policy, row.toml, live, version, drafted)
    if version or draft is None:
        return Start(live, shown.toml, live, shown.version, drafted)
    return Start(of_row(draft).policy, draft.toml, live, str(draft.version), drafted)


def form_page(
    here: Here,
    begun: Start,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, BadField] | None = None,
) -> Mapping[str, Any]:
    """Return the form of the named values and the list of the forum's own rules."""
    rules = begun.policy.rules
    return {
        **_begun(here, begun, typed),
        "sections": sections(here, begun.policy, begun.live, typed, wrong),
        "problems": problems(here, wrong or {}),
        "zones": ZONES,
        "rules": [
            RuleRow(
                place,
                rule.name,
                rule_said(here, rule),
                href("policy", "rules", str(place)),
                place == 1,
                place == len(rules),
            )
            for place, rule in enumerate(rules, start=1)
        ],
        "may_add": len(rules) < MOST_RULES,
        "add_href": href("policy", "rules", NEW),
    }


def text_page(
    here: Here,
    begun: Start,
    typed: Mapping[str, str] | None = None,
    error: BadField | None = None,
) -> Mapping[str, Any]:
    """Return the text with the numbers of its lines, and the fields that may stand in it."""
    text = begun.toml if typed is None else typed.get("toml", "")
    many = len(text.splitlines())
    line = None if error is None else error.line
    problem = ""
    if error is not None:
        problem = error.problem.removesuffix(f" (line {line})")
    return {
        **_begun(here, begun, typed),
        "text": text,
        "numbers": range(1, many + _ROOM + 1),
        "rows": many + _ROOM,
        "line": line,
        "field": None if error is None else error.field,
        "problem": problem,
        "sections": sections(here, begun.live, begun.live),
    }


def rule_page(
    here: Here, begun: Start, place: str, typed: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """Return the form of one rule. Raises NoPolicy for a place where there is none."""
    rule = rule_at(begun.policy, place)
    fields = shown_rule(rule) if rule is not None else {"destination": str(Destination.EXPERT)}
    shown = fields if typed is None else typed
    return {
        **_begun(here, begun, typed),
        "place": place,
        "is_new": rule is None,
        "rule_name": "" if rule is None else rule.name,
        "fields": {
            name: shown.get(name, "") for name in ("name", "destination", "words", "templates")
        },
        "destinations": [
            (one.value, here.say(f"value.{one}"))
            for one in (Destination.EXPERT, Destination.COMMUNITY)
        ],
        "languages_of": [
            (
                tick_of("languages", lang),
                here.name_of("lang", lang),
                bool(shown.get(tick_of("languages", lang))),
            )
            for lang in LANGUAGES
        ],
        "reasons": [
            (f"reason.{lang}", lang, here.name_of("lang", lang), shown.get(f"reason.{lang}", ""))
            for lang in LANGUAGES
        ],
    }


def rule_at(policy: Policy, place: str) -> Rule | None:
    """Return the rule of a place, None for a new one. Raises NoPolicy where there is none."""
    if place == NEW:
        return None
    if not place.isdecimal() or not 1 <= int(place[:6]) <= len(policy.rules):
        raise NoPolicy
    return policy.rules[int(place) - 1]


def with_rule(policy: Policy, place: str, rule: Rule) -> Policy:
    """Return the policy with a rule in its place, the last where it is new. Raises BadField."""
    rules = list(policy.rules)
    if rule_at(policy, place) is None:
        rules.append(rule)
    else:
        rules[int(place) - 1] = rule
    return replace(policy, rules=tuple(rules))


def with_rules_moved(policy: Policy, place: str, do: str) -> Policy:
    """Return the policy with a rule one place `up` or `down`, or without it (`remove`)."""
    rule = rule_at(policy, place)
    if rule is None:
        raise NoPolicy
    rules = list(policy.rules)
    at = int(place) - 1
    del rules[at]
    if do != "remove":
        rules.insert(max(0, at - 1) if do == "up" else at + 1, rule)
    return replace(policy, rules=tuple(rules))


def _begun(here: Here, begun: Start, typed: Mapping[str, str] | None) -> dict[str, Any]:
    return {
        "begun": begun.version,
        "begun_said": version_name(here, begun.version),
        "seen": str(begun.draft or "") if typed is None else typed.get("seen", ""),
        "reason": "" if typed is None else typed.get("reason", ""),
        "form_href": href("policy", "edit", **{"from": begun.version}),
        "text_href": href("policy", "text", **{"from": begun.version}),
    }
