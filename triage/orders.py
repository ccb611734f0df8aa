"""What a training run is asked for: written into a job's row by one process, read by another.

In: what a person chose. Out: the same, as plain JSON and back.
Not here: the row (store), checking what was sent (api, cli), training (learn).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from triage.records import Actor, ActorKind


@dataclass(frozen=True, slots=True)
class TrainingOrder:
    """What one run is to do; `force` is the reason for publishing what the gate refuses.

    `precision` and `risk` are None where the settings decide. `by` names who asked, through which
    `door`.
    """

    by: str
    door: str = ActorKind.COMMAND.value
    since: datetime | None = None
    seed: int = 0
    dry_run: bool = False
    adapt: bool = True
    force: str | None = None
    precision: str | None = None
    risk: float | None = None

    @property
    def actor(self) -> Actor:
        """Who asked."""
        return Actor(ActorKind(self.door), self.by)

    def as_options(self) -> dict[str, Any]:
        """Return it as a job's options."""
        return {**asdict(self), "since": self.since.isoformat() if self.since else None}

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "TrainingOrder":
        """Read it from a job's options, which may hold more."""
        known = {name: options[name] for name in cls.__slots__ if name in options}
        since = known.get("since")
        return cls(**{**known, "since": datetime.fromisoformat(since) if since else None})
