"""How long what is kept is kept: a few classes, each with its days.

In: the setting, such as `asks=365,cases=never`. Out: a `Retention`; what it does not name has its
default. A class is a promise to the people whose data it is, so an unknown one is refused.
Not here: which table is of which class (store.holdings), enforcing it (privacy).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

NEVER = "never"
# What is only kept for a purpose that passes cannot be kept for ever; originals need not be at all.
_PASSING = frozenset({"originals", "sessions", "idempotency", "sign_ins"})
_OPTIONAL = frozenset({"originals"})
# A delivery is tried for three days: nothing goes while that is under way.
_LEAST = MappingProxyType({"messages": 4})
_MOST_DAYS = 36_500

# Days (None: until somebody removes it), and what the class is, as people are told.
CLASSES: Mapping[str, tuple[int | None, str]] = MappingProxyType(
    {
        "asks": (365, "the text of questions and replies, and who asked"),
        "events": (730, "what people did after a reply, and that there was an ask"),
        "messages": (
            30,
            "what other systems and people's own addresses were told, and whether it arrived",
        ),
        "originals": (30, "what only an expert may read of a question, encrypted"),
        "sessions": (30, "which visit of a browser a question came from"),
        "idempotency": (1, "replies that are given again to a repeated request"),
        "sign_ins": (30, "ended sessions and used links of the staff"),
        "cases": (None, "resolved questions that the model learns from"),
    }
)


@dataclass(frozen=True, slots=True)
class Retention:
    """The days of every class; None: until somebody removes it."""

    days: Mapping[str, int | None]

    def before(self, name: str, now: datetime) -> datetime | None:
        """Return the moment before which what is of a class is too old; None: nothing ever is."""
        days = self.days[name]
        return None if days is None else now - timedelta(days=days)


def parse_retention(setting: str) -> Retention:
    """Read the setting. Raises ValueError with a sentence that says what is wrong in it."""
    days = {name: default for name, (default, _) in CLASSES.items()}
    for part in filter(None, (piece.strip() for piece in setting.split(","))):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in CLASSES:
            raise ValueError(f"`{name}` is none of {', '.join(CLASSES)}")
        days[name] = _read_days(name, value)
    return Retention(MappingProxyType(days))


def _read_days(name: str, value: str) -> int | None:
    if value == NEVER and name not in _PASSING:
        return None
    least = 0 if name in _OPTIONAL else _LEAST.get(name, 1)
    if value.isascii() and value.isdigit() and least <= int(value) <= _MOST_DAYS:
        return int(value)
    never = "" if name in _PASSING else f", or `{NEVER}`"
    raise ValueError(f"`{name}` takes days from {least} to {_MOST_DAYS}{never}")
