"""How the cut between community and expert moves with the load. Pure.

In: the length of the experts' queue, how long the community takes, whether experts are there.
Out: by how much the probability from which an expert is asked rises or falls.
Not here: the cut itself (costs), measuring the load.
"""

import math
from dataclasses import dataclass, fields

from triage.errors import BadField

MOST_MOVED = 0.5


@dataclass(frozen=True, slots=True)
class Moving:
    """Steps and limits, all in probability; by default the cut stays where it is.

    For each question in the experts' queue over `queue_from` the cut rises by `per_queued`; for
    each hour that the community takes over `slow_from_hours` it falls by `per_slow_hour`; while
    experts are away it rises by `while_closed`. Whatever the sum, it rises by `most_up` at most and
    falls by `most_down` at most.
    """

    most_up: float = 0.0
    most_down: float = 0.0
    queue_from: int = 20
    per_queued: float = 0.005
    slow_from_hours: float = 24.0
    per_slow_hour: float = 0.002
    while_closed: float = 0.05

    def __post_init__(self) -> None:
        """Refuse steps that would move the cut the wrong way. Raises BadField."""
        for one in fields(self):
            value = getattr(self, one.name)
            if not math.isfinite(value) or value < 0:
                raise BadField(f"load.{one.name}", f"is {value}, and cannot be below 0")
        for name in ("most_up", "most_down"):
            if getattr(self, name) > MOST_MOVED:
                raise BadField(f"load.{name}", f"is {getattr(self, name)}, more than {MOST_MOVED}")

    @property
    def moves(self) -> bool:
        """Whether the load counts at all."""
        return self.most_up > 0 or self.most_down > 0

    def by(self, queue: int | None, hours: float | None, *, closed: bool) -> float:
        """Return by how much the cut moves; what is unknown moves nothing."""
        queued = self.per_queued * max(0.0, (queue or 0) - self.queue_from)
        slow = self.per_slow_hour * max(0.0, (hours or 0.0) - self.slow_from_hours)
        away = self.while_closed if closed else 0.0
        return min(self.most_up, max(-self.most_down, queued + away - slow))
