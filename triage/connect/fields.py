"""The value of one field -> a value of the type that its format says.

In: a record's mapping and a field's name. Out: texts, numbers, dates, lists; None where the field
is absent, null or an empty text. What fits no type raises BadField.
Not here: which fields a format has (threads, cases, accounts, judgements).
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from triage.errors import BadField
from triage.languages import UNKNOWN, language_code
from triage.versions import is_range

Values = Mapping[str, object]
Choice = TypeVar("Choice", bound=StrEnum)

LONGEST_NAME = 300
LONGEST_ADDRESS = 4000

_TRUE = frozenset({"true", "yes", "1", "t", "y"})
_FALSE = frozenset({"false", "no", "0", "f", "n"})
_INTEGER = re.compile(r"[+-]?[0-9]{1,12}")
_LARGEST = 2_000_000_000
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].{1,40})?")
_SHORT_ZONE = re.compile(r"(?<=[0-9:.])\s?[zZ]\Z")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f]")
_LINK = re.compile(r"https?://|/(?!/)", re.IGNORECASE)
_UNSTORABLE = re.compile("[\ud800-\udfff]")


def text(values: Values, name: str) -> str | None:
    """Return a text as it is; a number counts as its digits.

    NUL is dropped and half a surrogate pair replaced: no database takes them.
    """
    value = values.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, float) and math.isfinite(value):
        value = str(int(value)) if value.is_integer() else str(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadField(name, "is no text")
    value = _UNSTORABLE.sub("\ufffd", value.replace("\x00", ""))
    return value if value.strip() else None


def short(values: Values, name: str, longest: int = LONGEST_NAME) -> str | None:
    """Return a name or id: one line with single spaces, at most 300 characters."""
    value = text(values, name)
    if value is None:
        return None
    value = " ".join(value.split())
    if len(value) > longest:
        raise BadField(name, f"is longer than {longest} characters")
    if _UNPRINTABLE.search(value):
        raise BadField(name, "has control characters")
    return value


def required(values: Values, name: str) -> str:
    """Return an id; raise BadField without one."""
    value = short(values, name)
    if value is None:
        raise BadField(name, "is missing")
    return value


def boolean(values: Values, name: str) -> bool | None:
    """Return true or false, also from yes, no, 1, 0 in any case."""
    value = values.get(name)
    if value is None or isinstance(value, bool):
        return value
    word = str(value).strip().lower() if isinstance(value, str | int) else None
    if word == "":
        return None
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise BadField(name, "is neither true nor false")


def integer(values: Values, name: str, least: int = -_LARGEST, most: int = _LARGEST) -> int | None:
    """Return a whole number between two bounds."""
    value = values.get(name)
    if isinstance(value, str):
        if not value.strip():
            return None
        value = int(value) if _INTEGER.fullmatch(value.strip()) else value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadField(name, "is no whole number")
    if not least <= value <= most:
        raise BadField(name, f"is not between {least} and {most}")
    return value


def number(values: Values, name: str, least: float, most: float) -> float | None:
    """Return a number between two bounds."""
    value = values.get(name)
    if isinstance(value, str):
        if not value.strip():
            return None
        try:
            value = float(value)
        except ValueError:
            raise BadField(name, "is no number") from None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadField(name, "is no number")
    # NaN is between nothing.
    if not least <= value <= most:
        raise BadField(name, f"is not between {least:g} and {most:g}")
    return float(value)


def moment(values: Values, name: str) -> datetime | None:
    """Return an ISO 8601 date or date and time, in UTC; one without a zone is UTC."""
    value = values.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _DATE.fullmatch(value.strip()):
        raise BadField(name, "is no date in ISO 8601, such as 2024-05-31T12:00:00Z")
    try:
        moment = datetime.fromisoformat(_SHORT_ZONE.sub("+00:00", value.strip()))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadField(name, "is no date that exists") from None


def names(values: Values, name: str) -> tuple[str, ...]:
    """Return one or many names, each once, in their order; blank ones are left out."""
    value = values.get(name)
    if value is None:
        return ()
    members = value if isinstance(value, list) else [value]
    found = (short({name: member}, name) for member in members)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def groups(values: Values, name: str = "groups") -> frozenset[str]:
    """Return the groups that may read; none means everyone.

    A list in which every name is blank is refused: read as no groups it would make public what
    was meant for some.
    """
    found = frozenset(names(values, name))
    if not found and isinstance(values.get(name), list) and values[name]:
        raise BadField(name, "holds only blank names; leave it out if everyone may read")
    return found


def address(values: Values, name: str = "url") -> str | None:
    """Return an address that a link may lead to: http, https or a path on the forum's own site."""
    value = short(values, name, longest=LONGEST_ADDRESS)
    if value is not None and not _LINK.match(value):
        raise BadField(name, "is no address that begins with https://, http:// or /")
    return value


def language(values: Values, name: str = "lang") -> str | None:
    """Return a language's primary code; Norwegian without a written form, and Nynorsk, are `nb`."""
    value = short(values, name)
    if value is None:
        return None
    code = language_code(value)
    if code is None and value.lower() != UNKNOWN:
        raise BadField(name, "is no language code, such as en, sv or nb-NO")
    return code


def choice(values: Values, name: str, choices: type[Choice]) -> Choice | None:
    """Return the member of a closed choice."""
    value = short(values, name)
    if value is None:
        return None
    try:
        return choices(value.lower())
    except ValueError:
        raise BadField(name, f"is none of {', '.join(choices)}") from None


def versions(values: Values, name: str) -> str | None:
    """Return a range of versions in the syntax of PEP 440, such as `>=8.0,<9`."""
    value = short(values, name)
    if value is not None and not is_range(value):
        raise BadField(name, "is no range of versions, such as >=8.0,<9 or ==8.*")
    return value
