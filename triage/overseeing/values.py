"""What is said of one part of a service: a standing, a code, and what belongs to it.

In: nothing. Out: the types.
Not here: words of it (web), how it is found (checking, silence).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from triage.records import JobState
from triage.store import Stream

Fact = int | float | str | datetime | timedelta


class Standing(StrEnum):
    """How a part stands; `resting` is a part that nobody uses here, or of which little is known."""

    BAD = "bad"
    SOON = "soon"
    GOOD = "good"
    RESTING = "resting"


# What has to be seen first.
WORST_FIRST = tuple(Standing)


_STREAMS = frozenset(map(str, Stream))
# What may be said of each part that is no stream: pages have words for all of it.
CODES: Mapping[str, frozenset[str]] = {
    "alerts": frozenset({"fine", "unseen"}),
    "channels": frozenset({"disabled", "fine", "none", "resting", "untold"}),
    "deliveries": frozenset({"dead", "fine"}),
    "drift": frozenset({"drifted", "fine", "late", "never", "unseen"}),
    "encoder": frozenset({"fine", "missing"}),
    "errand": frozenset({"failing", "late"}),
    "index": frozenset({"fresh"}),
    "knowledge": frozenset({"empty", "there"}),
    "late": frozenset({"fine", "late"}),
    "model": frozenset({"live", "none", "old", "refused"}),
    "reviews": frozenset({"drawn", "late", "never"}),
    "training": frozenset({"never", "stuck", *map(str, JobState)}),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One part: `code` says why it stands so, `facts` what its sentence names.

    `at` is when it last did what it is for. Of a part that is no stream, only what `CODES` has is
    said: ValueError else.
    """

    name: str
    standing: Standing
    code: str
    at: datetime | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let nobody be told what no page has words for."""
        if self.name not in _STREAMS and self.code not in CODES.get(self.name, ()):
            raise ValueError(f"no words for {self.name} {self.code}")
