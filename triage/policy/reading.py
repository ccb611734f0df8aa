"""The text of a `policy.toml` -> a checked policy. Pure.

In: text. Out: a policy; what it does not set is as by default. An error names the field by its
path and line; a name that is not known is refused with the nearest one that is.
Not here: what may stand in it (form), what a policy may be (values).
"""

import difflib
import math
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from triage.costs import Costs
from triage.errors import BadField
from triage.policy.form import MOST_SEVERITY, REASON, RULE_KEYS, SECTIONS, Is
from triage.policy.hours import Hours, opening_of
from triage.policy.moving import Moving
from triage.policy.rules import Rule
from triage.policy.values import Policy
from triage.records import Destination, Target, Tone

_RULES = "rules"
_LONGEST = 500_000


Values = Mapping[str, Any]


def read_policy(text: str) -> Policy:
    """Read a policy. Raises BadField, its field a path as `costs.expert` or `rules.2.words`."""
    if len(text) > _LONGEST:
        raise BadField("policy", f"is longer than {_LONGEST} characters")
    try:
        return policy_of(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        problem = f"is no TOML: {str(error).rstrip('.')}"
        raise BadField("policy", problem, _line_said(str(error), text)) from None
    except RecursionError:
        raise BadField("policy", "nests too deep") from None
    except BadField as error:
        line = _line_of(text, error.field)
        where = f" (line {line})" if line else ""
        raise BadField(error.field, f"{error.problem}{where}", line) from None


def policy_of(given: Values) -> Policy:
    """Return the policy of sections with their keys, as a file has them. Raises BadField."""
    _refuse_unknown("", given, {*SECTIONS, _RULES})
    told = {name: _section(name, given.get(name, {})) for name in SECTIONS}
    plain = Policy()
    if told["sensitive"].get("private") is False:
        problem = "is false, but what is sensitive is private under every policy"
        raise BadField("sensitive.private", problem)
    routing, accounts = told["routing"], told["accounts"]
    precision = {Target(name): value for name, value in told["precision"].items()}
    return Policy(
        most_shown=told["shown"].get("most", plain.most_shown),
        same_question_from=told["shown"].get("same_question_from", plain.same_question_from),
        swaps=told["shown"].get("swaps", plain.swaps),
        costs=_costs(told["costs"]),
        default_destination=_destination("routing.default", routing.get("default", "community")),
        severe=_severe(told["severity"].get("expert_from", len(plain.severe))),
        closed_groups=frozenset(told["groups"].get("closed", ())),
        cared_for=_tones(routing.get("cared_for", plain.cared_for)),
        novel_to_expert=routing.get("novel_to_expert", plain.novel_to_expert),
        open_types=frozenset(told["sensitive"].get("open", plain.open_types)),
        confidential_from=told["sensitive"].get("confidential_from", plain.confidential_from),
        precision=precision,
        customised_to_expert=accounts.get("customised_to_expert", plain.customised_to_expert),
        company_products=frozenset(accounts.get("company_products", ())),
        expert_levels=frozenset(accounts.get("expert_levels", ())),
        community_levels=frozenset(accounts.get("community_levels", ())),
        rules=_rules(given.get(_RULES, [])),
        hours=_hours(told["hours"]),
        moving=Moving(**told["load"]),
    )


def _section(name: str, given: object) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise BadField(name, f"must be a section, written as [{name}]")
    keys = {key.name: key for key in SECTIONS[name]}
    _refuse_unknown(f"{name}.", given, keys)
    return {one: _value(f"{name}.{one}", keys[one].is_, value) for one, value in given.items()}


def _value(path: str, is_: Is, value: object) -> Any:  # noqa: ANN401 - what `is_` says
    if is_ is Is.TEXTS and isinstance(value, list):
        # A day without quotes is a date of TOML.
        texts = [str(one) if isinstance(one, date) else one for one in value]
        if all(isinstance(one, str) for one in texts):
            return texts
    if (is_ is Is.SWITCH and isinstance(value, bool)) or (
        is_ is Is.TEXT and isinstance(value, str)
    ):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if is_ is Is.WHOLE and isinstance(value, int):
            return value
        if is_ is Is.NUMBER and math.isfinite(value):
            return float(value)
    raise BadField(path, f"must be {is_}")


def _costs(given: Values) -> Costs:
    for name, value in given.items():
        if value < 0:
            raise BadField(f"costs.{name}", "cannot be below 0")
    try:
        return Costs(**given)
    except ValueError as error:
        raise BadField("costs", f"do not fit together: {str(error).rstrip('.')}") from None


def _severe(given: int) -> frozenset[int]:
    if not 0 <= given <= MOST_SEVERITY:
        raise BadField("severity.expert_from", f"is {given}, not from 0 to {MOST_SEVERITY}")
    return frozenset(range(1, given + 1))


def _tones(given: Iterable[str]) -> frozenset[Tone]:
    known = [str(tone) for tone in Tone]
    for one in given:
        if one not in known:
            problem = f"holds {one!r}, which is none of {', '.join(known)}"
            raise BadField("routing.cared_for", problem)
    return frozenset(Tone(one) for one in given)


def _destination(path: str, given: str) -> Destination:
    if given not in set(Destination):
        raise BadField(path, f"is {given!r}; write community or expert")
    return Destination(given)


def _hours(given: Values) -> Hours | None:
    if not given:
        return None
    for name in ("time_zone", "open"):
        if name not in given:
            raise BadField(f"hours.{name}", "is missing; hours need a time zone and ranges")
    days = []
    for day in given.get("holidays", ()):
        try:
            days.append(date.fromisoformat(day))
        except ValueError:
            raise BadField("hours.holidays", f"holds {day!r}; write a day as 2026-12-24") from None
    return Hours(given["time_zone"], tuple(map(opening_of, given["open"])), frozenset(days))


def _rules(given: object) -> tuple[Rule, ...]:
    if not isinstance(given, list):
        raise BadField(_RULES, "must be written as [[rules]], one for each rule")
    found = []
    for place, one in enumerate(given, start=1):
        try:
            found.append(_rule(one))
        except BadField as error:
            raise BadField(f"{_RULES}.{place}.{error.field}", error.problem) from None
    return tuple(found)


def _rule(given: object) -> Rule:
    if not isinstance(given, Mapping):
        raise BadField("name", "is missing; a rule is written as [[rules]]")
    _refuse_unknown("", given, {*RULE_KEYS, REASON})
    told = {n: _value(n, is_, given[n]) for n, (is_, _) in RULE_KEYS.items() if n in given}
    for name in ("name", "destination"):
        if name not in told:
            raise BadField(name, "is missing")
    reason = given.get(REASON, {})
    if not isinstance(reason, Mapping):
        raise BadField(REASON, "must be a section of texts by language")
    return Rule(
        told["name"],
        _destination("destination", told["destination"]),
        tuple(told.get("words", ())),
        tuple(told.get("templates", ())),
        frozenset(told.get("languages", ())),
        {lang: _value(f"{REASON}.{lang}", Is.TEXT, said) for lang, said in reason.items()},
    )


def _refuse_unknown(before: str, given: Iterable[str], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            raise BadField(f"{before}{name}", f"is not known; the nearest name is `{near[0]}`")


def _line_said(problem: str, text: str) -> int:
    """Return the line that a parser's own words name, the last one where they name its end."""
    found = re.search(r"at line (\d+)", problem)
    return int(found[1]) if found else max(1, len(text.splitlines()))


def _line_of(text: str, path: str) -> int | None:
    """Return the line of a field, as far as plain looking finds it; that of its section else."""
    section, *rest = path.split(".")
    place = int(rest.pop(0)) if section == _RULES and rest and rest[0].isdigit() else 0
    name, found, rules, inside = (rest[-1] if rest else section), None, 0, not rest
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[+\s*([^\]#]*?)\s*\]", line):
            opened = header[1].split(".")
            rules += header[1] == _RULES
            inside = opened[0] == section and (not place or rules == place)
            if inside:
                found = found or number
        elif inside and re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*[.=]", line):
            return number
    return found
