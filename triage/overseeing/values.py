"""What is said of one part of a service: a standing, a code, and what belongs to it.

In: nothing. Out: the types.
Not here: words of it (web), how it is found (checking, silence).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

Fact = int | float | str | datetime | timedelta


class Standing(StrEnum):
    """How a part stands; `resting` is a part that nobody uses here, or of which little is known."""

    BAD = "bad"
    SOON = "soon"
    GOOD = "good"
    RESTING = "resting"


# What has to be seen first.
WORST_FIRST = tuple(Standing)


@dataclass(frozen=True, slots=True)
class Check:
    """One part: `code` says why it stands so, `facts` what its sentence names.

    `at` is when it last did what it is for.
    """

    name: str
    standing: Standing
    code: str
    at: datetime | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
