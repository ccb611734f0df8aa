"""A forum's rules about its questions: who owns what, how long what may wait, where staff are met.

In: the row that keeps them, or what a lead sends. Out: `Owners` and `Limits` as values.
Not here: what follows from them (lifecycle), which times were learnt (foresight).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from triage import store
from triage.errors import BadField
from triage.lifecycle import Limits, Owners
from triage.lifecycle.linking import check_template

# Whoever of the staff looks first, until a forum names somebody.
STAFF = "staff"
_HOUR = timedelta(hours=1)
# Those that are one time each; `by_topic` is set apart.
_TIMES = tuple(one.name for one in fields(Limits) if one.name != "by_topic")
_MOST_HOURS = 24.0 * 365
_MOST_NAMES, _LONGEST = 2_000, 300
_STAFF_NAME = re.compile(r"[\w.@+' -]{1,100}")


@dataclass(frozen=True, slots=True)
class Rules:
    """Who owns what, how long what may wait, and by topic what a forum itself has set.

    `handover_url` is a template of the address where a person of the company is met.
    """

    owners: Owners
    limits: Limits
    set_topics: Mapping[str, timedelta]
    handover_url: str | None = None


def rules_of(c: store.Connection, forum_id: int) -> Rules:
    """Return the rules of a forum; what it has not set is as it is everywhere.

    A topic's time is the one that was set, else the one that was learnt of its answers.
    """
    row = store.get_question_rules(c, forum_id)
    return replace(_read(row.owners, row.limits, row.learned), handover_url=row.handover_url)


def rules_from(
    owners: Mapping[str, Any], limits: Mapping[str, Any], handover_url: str | None = None
) -> Rules:
    """Return the rules that somebody sends. Raises BadField."""
    return replace(_read(owners, limits, {}), handover_url=check_template(handover_url))


def put_rules(c: store.Connection, forum_id: int, rules: Rules, now: datetime) -> None:
    """Keep rules in place of those before; what was learnt stays, moments are found anew."""
    former = store.get_question_rules(c, forum_id)
    told = told_rules(rules)
    row = store.QuestionRules(
        told["owners"], told["limits"], former.learned, former.learned_at, rules.handover_url
    )
    store.put_question_rules(c, forum_id, row)
    store.look_again(c, forum_id, now)


def told_rules(rules: Rules) -> dict[str, dict[str, Any]]:
    """Return rules as JSON: names, and times in hours."""
    owners, limits = rules.owners, rules.limits
    return {
        "owners": {
            "forum": owners.forum,
            "accounts": dict(owners.accounts),
            "teams": dict(owners.teams),
            "topics": dict(owners.topics),
            "away": sorted(owners.away),
        },
        "limits": {
            **{name: getattr(limits, name) / _HOUR for name in _TIMES},
            "by_topic": {topic: time / _HOUR for topic, time in rules.set_topics.items()},
        },
    }


def _read(
    owners: Mapping[str, Any], limits: Mapping[str, Any], learned: Mapping[str, Any]
) -> Rules:
    set_topics = _times("limits.by_topic", limits.get("by_topic") or {})
    given = {name: limits[name] for name in _TIMES if limits.get(name) is not None}
    times = _times("limits", given)
    learnt = {topic: hours * _HOUR for topic, hours in learned.items()}
    try:
        found = Limits(by_topic={**learnt, **set_topics}, **times)
    except ValueError as error:
        raise BadField("limits", "are no times: `most` is at least `least`") from error
    named = Owners(
        forum=owner_name("owners.forum", owners.get("forum") or STAFF),
        accounts=_names("owners.accounts", owners.get("accounts") or {}),
        teams=_names("owners.teams", owners.get("teams") or {}),
        topics=_names("owners.topics", owners.get("topics") or {}),
        away=frozenset(owner_name("owners.away", one) for one in owners.get("away") or ()),
    )
    return Rules(named, found, set_topics)


def _times(field: str, given: Mapping[str, Any]) -> dict[str, timedelta]:
    if len(given) > _MOST_NAMES:
        raise BadField(field, f"has more than {_MOST_NAMES} names")
    found = {}
    for name, hours in given.items():
        if not isinstance(hours, int | float) or not 0 < hours <= _MOST_HOURS:
            raise BadField(field, f"has a time that is not within 0 and {_MOST_HOURS:.0f} hours")
        found[_name(field, name)] = hours * _HOUR
    return found


def _names(field: str, given: Mapping[str, Any]) -> dict[str, str]:
    if len(given) > _MOST_NAMES:
        raise BadField(field, f"has more than {_MOST_NAMES} names")
    return {_name(field, name): owner_name(field, owner) for name, owner in given.items()}


def _name(field: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST:
        raise BadField(field, f"holds what is no name of 1 to {_LONGEST} characters")
    return value.strip()


def owner_name(field: str, value: object) -> str:
    """Return what somebody of the staff is called: an address or a name, no sentence."""
    name = _name(field, value)
    if not _STAFF_NAME.fullmatch(name):
        raise BadField(field, "holds what is no name or address of somebody of the staff")
    return name
