"""The holdout and bursts of events, as they are taken and told.

In: JSON, rows of the store. Out: checked values, JSON.
Not here: what they mean (assigning, store.bursts).
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from triage import store
from triage.api.schemas.bases import Received, Told
from triage.assigning import LARGEST_SHARE, Shares
from triage.records import LANGUAGES, Arm


def _languages(shares: dict[str, float]) -> dict[str, float]:
    if not set(shares) <= set(LANGUAGES):
        raise ValueError(f"should name languages of {', '.join(LANGUAGES)}")
    return shares


Share = Annotated[float, Field(ge=0, le=LARGEST_SHARE)]


class HoldoutRequest(Received):
    """From now on so many of those who ask are in the holdout; 0: nobody."""

    share: Share
    by_language: Annotated[dict[str, Share], AfterValidator(_languages)] = Field(
        default_factory=dict, description="Where a language has another share, as `fi`: 0."
    )


class HoldoutChange(Told):
    """Shares that somebody set."""

    share: float
    by_language: dict[str, float]
    at: datetime
    by: str

    @classmethod
    def of(cls, row: store.HoldoutRow) -> "HoldoutChange":
        """Tell a change."""
        shares = row.shares
        return cls(share=shares.share, by_language=dict(shares.by_language), at=row.at, by=row.by)


class HoldoutReply(Told):
    """The shares that hold, and every change of them."""

    share: float
    by_language: dict[str, float]
    since: datetime | None = Field(description="Null: nobody set it, it is the installation's.")
    persons: dict[str, int] = Field(
        description="Persons who began to ask within 28 days, by their arm."
    )
    changes: list[HoldoutChange]

    @classmethod
    def of(
        cls, rows: list[store.HoldoutRow], default: Shares, arms: dict[str, int]
    ) -> "HoldoutReply":
        """Tell what holds, which is the last change or the default."""
        last = rows[-1] if rows else None
        shares = last.shares if last else default
        return cls(
            share=shares.share,
            by_language=dict(shares.by_language),
            since=last.at if last else None,
            persons={arm.value: arms.get(arm.value, 0) for arm in Arm},
            changes=[HoldoutChange.of(row) for row in rows],
        )


class BurstEvents(Told):
    """How many events of a type are in a burst, and on how many threads."""

    type: str
    events: int
    threads: int


class BurstReply(Told):
    """More events of one person than a person makes. Who it is, is not said."""

    id: str
    known: bool = Field(description="Whether it was somebody known, rather than a session.")
    first_at: datetime
    last_at: datetime
    events: int
    state: store.BurstState
    decided_at: datetime | None
    held: list[BurstEvents] = Field(description="What is put aside now, by type.")

    @classmethod
    def of(cls, row: store.BurstRow, held: list[tuple[str, int, int]]) -> "BurstReply":
        """Tell a burst."""
        return cls(
            id=row.id,
            known=row.person is not None,
            first_at=row.first_at,
            last_at=row.last_at,
            events=row.events,
            state=row.state,
            decided_at=row.decided_at,
            held=[BurstEvents(type=t, events=n, threads=m) for t, n, m in held],
        )


class BurstsReply(Told):
    """A page of bursts, the latest first."""

    bursts: list[BurstReply]
    next_after: str | None = Field(description="Send it as `after`; null: that was all.")


class SettleRequest(Received):
    """What becomes of a burst."""

    counts: bool = Field(description="Whether its events count after all.")


HOLDOUT_REQUEST: dict[str, Any] = {"share": 0.05, "by_language": {"fi": 0.0}}
_CHANGE = {**HOLDOUT_REQUEST, "at": "2026-03-02T12:00:00Z", "by": "lead@forum.example"}
HOLDOUT_REPLY: dict[str, Any] = {
    **HOLDOUT_REQUEST,
    "since": "2026-03-02T12:00:00Z",
    "persons": {"treatment": 1893, "holdout": 101},
    "changes": [_CHANGE],
}
BURST_REPLY: dict[str, Any] = {
    "id": "5b0c7e6f2a914d38",
    "known": True,
    "first_at": "2026-03-02T12:00:00Z",
    "last_at": "2026-03-02T12:04:10Z",
    "events": 64,
    "state": "open",
    "decided_at": None,
    "held": [{"type": "solved", "events": 64, "threads": 61}],
}
BURSTS_REPLY: dict[str, Any] = {"bursts": [BURST_REPLY], "next_after": None}
SETTLED_REPLY: dict[str, Any] = {
    **BURST_REPLY,
    "state": "left_out",
    "decided_at": "2026-03-03T08:00:00Z",
}
