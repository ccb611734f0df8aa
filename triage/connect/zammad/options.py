"""What a channel to Zammad is told besides its address and token.

In: the options of a channel, as JSON. Out: checked values, or BadField.
Not here: keeping them (store), what follows from them (filing).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from triage.errors import BadField
from triage.records import LANGUAGES, Destination

_LONGEST, _MOST = 300, 500
# Zammad's own names. Severity 1 is the worst.
_PRIORITIES = {1: "3 high", 2: "3 high", 3: "2 normal", 4: "1 low"}
_STATES = {"open": "open", "closed": "closed"}
_KNOWN = frozenset(
    {
        *("group", "customer", "customer_by_email", "tags", "groups", "owners", "priorities"),
        *("states", "phases", "lang"),
    }
)
_OF_GROUP = frozenset({"destination", "topic", "team"})


class Phase(StrEnum):
    """What the states of tickets come down to; a company may name its own as it likes."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Group:
    """What it means that a ticket lies in a group: who answers, about what, or which team."""

    destination: Destination | None = None
    topic: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class ZammadOptions:
    """Where tickets are made, for whom, and what Zammad's names mean here.

    `groups` says what each group means, `owners` which of our owners a login is, `states` what
    Zammad calls those that are set from here, `phases` what states of the company's own come to.
    """

    group: str
    customer: str
    customer_by_email: bool = False
    tags: tuple[str, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[int, str] = field(default_factory=lambda: dict(_PRIORITIES))
    states: Mapping[str, str] = field(default_factory=lambda: dict(_STATES))
    phases: Mapping[str, Phase] = field(default_factory=dict)
    lang: str = "en"

    def group_for(self, topic: str | None, team: str | None) -> str:
        """Return the group of a new ticket: of its team, else of its topic, else the usual one."""
        for name, means in self.groups.items():
            if team is not None and means.team == team:
                return name
        for name, means in self.groups.items():
            if topic is not None and means.topic == topic:
                return name
        return self.group

    def priority_for(self, severity: int | None) -> str:
        """Return the priority of a ticket."""
        return self.priorities.get(severity or 3, _PRIORITIES[3])

    def phase_of(self, state: str) -> Phase:
        """Return what a state comes down to: as is told here, else as Zammad itself names them."""
        told = self.phases.get(state)
        if told is not None:
            return told
        name = state.casefold()
        for phase in (Phase.MERGED, Phase.CLOSED, Phase.NEW):
            if name.startswith(phase):
                return phase
        # `pending close` closes by itself: nobody is waited for.
        if name.startswith(Phase.PENDING):
            return Phase.CLOSED if "close" in name else Phase.PENDING
        return Phase.OPEN


def zammad_options(told: Mapping[str, Any]) -> ZammadOptions:
    """Return the options of a channel. Raises BadField."""
    unknown = set(told) - _KNOWN
    if unknown:
        raise BadField("options", f"has what is not known: {', '.join(sorted(unknown))}")
    by_email = told.get("customer_by_email", False)
    if not isinstance(by_email, bool):
        raise BadField("options.customer_by_email", "is neither true nor false")
    lang = told.get("lang", "en")
    if lang not in LANGUAGES:
        raise BadField("options.lang", f"is none of {', '.join(LANGUAGES)}")
    tags = told.get("tags", [])
    if not isinstance(tags, list) or len(tags) > _MOST:
        raise BadField("options.tags", "is no list of names")
    return ZammadOptions(
        group=_name("options.group", told.get("group")),
        customer=_name("options.customer", told.get("customer")),
        customer_by_email=by_email,
        tags=tuple(_tag(tag) for tag in tags),
        groups={
            _name("options.groups", name): _group(means)
            for name, means in _many("options.groups", told.get("groups")).items()
        },
        owners={
            _name("options.owners", login): _name("options.owners", owner)
            for login, owner in _many("options.owners", told.get("owners")).items()
        },
        priorities={**_PRIORITIES, **_priorities(told.get("priorities"))},
        states={**_STATES, **_states(told.get("states"))},
        phases=_phases(told.get("phases")),
        lang=lang,
    )


def _group(means: object) -> Group:
    if not isinstance(means, dict) or not means or set(means) - _OF_GROUP:
        raise BadField("options.groups", "says of a group `destination`, `topic` or `team`")
    to = means.get("destination")
    if to is not None and to not in set(Destination):
        raise BadField("options.groups", "has a destination that is none of community, expert")
    topic, team = means.get("topic"), means.get("team")
    return Group(
        None if to is None else Destination(to),
        None if topic is None else _name("options.groups", topic),
        None if team is None else _name("options.groups", team),
    )


def _priorities(told: object) -> dict[int, str]:
    found = {}
    for severity, name in _many("options.priorities", told).items():
        if severity not in ("1", "2", "3", "4"):
            raise BadField("options.priorities", "names severities from 1 (worst) to 4")
        found[int(severity)] = _name("options.priorities", name)
    return found


def _states(told: object) -> dict[str, str]:
    found = _many("options.states", told)
    if set(found) - set(_STATES):
        raise BadField("options.states", "names what is set here: `open` and `closed`")
    return {state: _name("options.states", name) for state, name in found.items()}


def _phases(told: object) -> dict[str, Phase]:
    found = _many("options.phases", told)
    if not set(found.values()) <= set(Phase):
        raise BadField("options.phases", f"says of a state one of {', '.join(Phase)}")
    return {_name("options.phases", state): Phase(phase) for state, phase in found.items()}


def _many(where: str, told: object) -> Mapping[str, Any]:
    if told is None:
        return {}
    if not isinstance(told, dict) or len(told) > _MOST:
        raise BadField(where, f"is no list of at most {_MOST} names")
    return told


def _tag(tag: object) -> str:
    name = _name("options.tags", tag)
    if "," in name:
        raise BadField("options.tags", "has a comma in a name")
    return name


def _name(where: str, told: object) -> str:
    if not isinstance(told, str) or not told.strip() or len(told) > _LONGEST:
        raise BadField(where, f"is no name of 1 to {_LONGEST} characters")
    if any(not one.isprintable() for one in told):
        raise BadField(where, "has control characters")
    return told.strip()
