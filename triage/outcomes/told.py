"""The fields of one event -> the few that outcomes are made of.

In: a mapping with the fields of the event contract, whoever wrote it: names of persons may differ,
fields nobody knows are left alone. Out: codes, moments, and what an `asked` row says of its ask.
Not here: files and lines (connect), what events mean together (asks, outcome).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import IntEnum
from typing import NamedTuple

from triage.errors import BadField
from triage.records import Arm, Destination, EventType

# To follow an unsolved question of the same problem is to ask it: an expert or helper has the work.
# So it has no code of its own, and those that are kept in columns stay what they were.
TYPES = tuple(kind for kind in EventType if kind is not EventType.FOLLOWED)
CODE_OF = {kind.value: code for code, kind in enumerate(TYPES)}
CODE_OF[EventType.FOLLOWED] = CODE_OF[EventType.POSTED]
ASKED = CODE_OF[EventType.ASKED]
# Types of our own: the same person came back with the same problem; what was shown, unseen.
RETURNED = len(TYPES)
UNSEEN = len(TYPES) + 1

# The severity of an ask that says none: worse is lower.
MILD = 9
# That of an ask of which nobody says how likely the holdout was.
NO_SHARE = -1.0
NO_ARM, HOLDOUT, TREATMENT = -1, 0, 1
_DESTINATIONS = frozenset(one.value for one in Destination)
_ARMS = {Arm.HOLDOUT.value: HOLDOUT, Arm.TREATMENT.value: TREATMENT}

_PERSON = ("person", "user", "person_id", "user_id", "person_hash", "user_hash")
_SESSION = ("session", "session_id", "session_hash")
_NOBODY = frozenset({"", "-", "anon", "anonymous", "guest", "none", "null", "unknown"})
_MOMENT = ("occurred_at", "at", "timestamp")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
_LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()
_YES = frozenset({"true", "yes", "1", "solved"})
_NO = frozenset({"false", "no", "0", "not_solved"})


class Barred(IntEnum):
    """Why an ask counts in no measure, as its `asked` row says."""

    NOT = 0
    BOT = 1
    STAFF = 2
    TEST = 3


_BARRING = {
    Barred.BOT: ("bot", "is_bot"),
    Barred.STAFF: ("staff", "is_staff"),
    Barred.TEST: ("test", "is_test", "test_key"),
}
_ROLE = ("role", "user_type", "actor")
_MARKS = frozenset({*_ROLE, *(name for names in _BARRING.values() for name in names)})
_BARRED_ROLES = {"bot": Barred.BOT, "staff": Barred.STAFF, "test": Barred.TEST}


class AskedRow(NamedTuple):
    """What one `asked` event says; of several of an ask the first one assigns it.

    Every field can be compared, so that two rows of one moment have an order of their own,
    whichever came first. An empty text and a number below the real ones stand for not known.
    """

    at: float
    arm: int
    person: str
    session: str
    offered: bool
    return_of: str
    lang: str
    topic: str
    newcomer: int
    severity: int
    sensitive: bool
    barred: int
    share: float = NO_SHARE
    product: str = ""
    account: str = ""
    destination: str = ""
    simulated: bool = False


def asked_row(values: Mapping[str, object], at: float) -> AskedRow:
    """Return what an `asked` event says of its ask. Raises BadField for an arm that is none."""
    get = values.get
    severity = get("severity")
    sensitive = get("sensitive")
    # By place, not by name: this is done a million times.
    return AskedRow(
        at,
        _arm(get("arm")),
        _who(get, _PERSON),
        _who(get, _SESSION),
        said(get("offered")) == 1,
        _text(get("return_of")),
        _text(get("lang")).lower(),
        _text(get("topic")),
        said(get("newcomer")),
        severity if isinstance(severity, int) and 1 <= severity <= 4 else MILD,
        bool(sensitive) if isinstance(sensitive, list) else said(sensitive) == 1,
        Barred.NOT if _MARKS.isdisjoint(values) else _barred(values),
        _share(get("share")),
        _text(get("product")),
        _text(get("account")),
        _destination(get("destination")),
        get("simulated") is True,
    )


def moment(values: Mapping[str, object]) -> float:
    """Return when it happened, in seconds since 1970 UTC; a moment without a zone is UTC."""
    for name in _MOMENT:
        found = values.get(name)
        if found is not None:
            return seconds(found, name)
    raise BadField("occurred_at", "is missing")


def seconds(value: object, name: str) -> float:
    """Read one ISO 8601 moment. Raises BadField for what is none of 2000 to 2199."""
    if not isinstance(value, str):
        raise BadField(name, "is not an ISO 8601 date")
    try:
        read = datetime.fromisoformat(value.strip())
        at = (read if read.tzinfo is not None else read.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError) as error:
        raise BadField(name, "is not an ISO 8601 date") from error
    if not _EARLIEST <= at < _LATEST:
        raise BadField(name, "is not of this century or the next")
    return at


def probability(values: Mapping[str, object]) -> float | None:
    """Return with which probability an ask was drawn for a survey; None where nobody says.

    Raises BadField for what is no probability above 0.
    """
    found = values.get("probability")
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found <= 1:
        raise BadField("probability", "is not above 0 and at most 1")
    return float(found)


def identity(value: object) -> str:
    """Return an id as text; empty when there is none."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return ""


def said(value: object) -> int:
    """Read a yes (1) or no (0); -1 is neither."""
    if value is True or value is False:
        return int(value)
    if value is None:
        return -1
    if isinstance(value, int | float) and value in (0, 1):
        return int(value)
    text = value.strip().lower() if isinstance(value, str) else ""
    return 1 if text in _YES else 0 if text in _NO else -1


def _text(value: object) -> str:
    return "" if value is None else identity(value)[:300]


def _who(get: Callable[[str], object], names: tuple[str, ...]) -> str:
    for name in names:
        given = get(name)
        found = "" if given is None else identity(given)
        if found and found.lower() not in _NOBODY:
            return found
    return ""


def _arm(value: object) -> int:
    if value is None:
        return NO_ARM
    arm = _ARMS.get(value.strip().lower()) if isinstance(value, str) else None
    if arm is None:
        raise BadField("arm", f"is not one of {', '.join(_ARMS)}")
    return arm


def _share(value: object) -> float:
    """Return the chance of the holdout that an ask was assigned with, where it says one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return NO_SHARE
    return float(value)


def _destination(value: object) -> str:
    found = value.strip().lower() if isinstance(value, str) else ""
    return found if found in _DESTINATIONS else ""


def _barred(values: Mapping[str, object]) -> Barred:
    for why, names in _BARRING.items():
        if any(said(values[name]) == 1 for name in names if name in values):
            return why
    roles = (values.get(name) for name in _ROLE)
    told = (_BARRED_ROLES.get(role.strip().lower()) for role in roles if isinstance(role, str))
    return next((why for why in told if why is not None), Barred.NOT)
