"""A policy -> its file: every field with what it means, so that the file explains itself. Pure.

In: a policy. Out: the text of a `policy.toml` that reads back as the same policy.
Not here: what may stand in it (form), reading it (reading).
"""

import json
from collections.abc import Iterator

from triage.policy.form import REASON, RULE_KEYS, SECTIONS, Is
from triage.policy.rules import Rule
from triage.policy.values import Policy

_EXAMPLES = {"time_zone": "Europe/Stockholm", "open": ["mon-fri 08:00-17:00"], "holidays": []}


def write_policy(policy: Policy) -> str:
    """Return the policy as TOML; what it does not set stands there as a comment."""
    lines: list[str] = []
    for section, keys in SECTIONS.items():
        lines += ["", f"[{section}]"]
        for key in keys:
            value = key.of(policy)
            lines.append(f"# {key.meaning}")
            if value is None:
                lines.append(f"# {key.name} = {_shown(_EXAMPLES.get(key.name, 0.8))}")
            else:
                lines.append(
                    f"{key.name} = {_shown(float(value) if key.is_ is Is.NUMBER else value)}"
                )
    lines += ["", "# Rules of this forum's own; the first that applies decides."]
    for place, rule in enumerate(policy.rules):
        lines += _rule(rule, explained=place == 0)
    return "\n".join(lines).lstrip("\n") + "\n"


def _rule(rule: Rule, *, explained: bool) -> Iterator[str]:
    values = {
        "name": rule.name,
        "destination": str(rule.destination),
        "words": list(rule.words),
        "templates": list(rule.templates),
        "languages": sorted(rule.languages),
    }
    yield from ("", "[[rules]]")
    for name, (_, meaning) in RULE_KEYS.items():
        if explained:
            yield f"# {meaning}"
        yield f"{name} = {_shown(values[name])}"
    if rule.reason:
        if explained:
            yield "# What the asker is told, by language; English for those that are not here."
        yield f"[rules.{REASON}]"
        yield from (f"{lang} = {_shown(said)}" for lang, said in sorted(rule.reason.items()))


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_shown(one) for one in value) + "]"
    # A text of JSON is one of TOML too, but for one character, which JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
