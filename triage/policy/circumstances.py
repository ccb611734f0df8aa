"""What holds around an ask when it is decided about, beside its words and labels.

Not here: measuring any of it (store, lifecycle), what follows from it (decide).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from triage.records import Account


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The hour, the load, whose question it is, and under which version of the policy.

    What is None or not there is unknown, and nothing follows from it. `queue` counts the questions
    that wait for an expert; `community_hours` tells by topic how long the forum's own members
    take to answer, in the median.
    """

    now: datetime | None = None
    queue: int | None = None
    community_hours: Mapping[str, float] = field(default_factory=dict)
    account: Account | None = None
    policy_version: str | None = None
