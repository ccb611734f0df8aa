"""Gaps as they are given, and what becomes of one as it is asked for.

In: rows of the table of gaps. Out: the same as JSON.
Not here: which gaps there are (analytics).
"""

from datetime import datetime
from typing import Any

from pydantic import Field

from triage.analytics.gaps import GAP_COLUMNS
from triage.api.schemas.triage import Received, Told
from triage.reports.values import Row
from triage.store import GapState, GapTask

_NAMES = [column.name for column in GAP_COLUMNS]
_IS = {column.name: column.meaning for column in GAP_COLUMNS}


class GapReply(Told):
    """Asks of one meaning that found nothing, and what an answer is worth."""

    gap_id: str = Field(description=_IS["gap_id"])
    rank: int | None = Field(description=_IS["rank"])
    terms: str = Field(description=_IS["terms"])
    lang: str | None = Field(description=_IS["lang"])
    topic: str | None = Field(description=_IS["topic"])
    asks: int = Field(description=_IS["asks"])
    persons: int = Field(description=_IS["persons"])
    posted: int = Field(description=_IS["posted"])
    chance: float | None = Field(description=_IS["chance"])
    chance_low: float | None = Field(description=_IS["chance_low"])
    chance_high: float | None = Field(description=_IS["chance_high"])
    lift_measured: float | None = Field(description=_IS["lift_measured"])
    prevented: float | None = Field(description=_IS["prevented"])
    state: GapState = Field(description=_IS["state"])
    by: str | None = Field(description=_IS["by"])
    changed_at: datetime | None = Field(description=_IS["changed_at"])
    answered_at: datetime | None = Field(description=_IS["answered_at"])
    thread_id: str | None = Field(description=_IS["thread_id"])
    before: float | None = Field(description=_IS["before"])
    after: float | None = Field(description=_IS["after"])
    change: float | None = Field(description=_IS["change"])
    change_low: float | None = Field(description=_IS["change_low"])
    change_high: float | None = Field(description=_IS["change_high"])
    change_elsewhere: float | None = Field(description=_IS["change_elsewhere"])
    p_value: float | None = Field(description=_IS["p_value"])
    first_at: datetime | None = Field(description=_IS["first_at"])
    last_at: datetime | None = Field(description=_IS["last_at"])
    example_ask_id: str | None = Field(description=_IS["example_ask_id"])

    @classmethod
    def of(cls, row: Row) -> "GapReply":
        """Tell a row."""
        said: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
        return cls(**{name: value for name, value in said.items() if name != "behind"})


class GapsReply(Told):
    """Gaps, those first whose answer spares most persons a post."""

    gaps: list[GapReply]


class GapTaskReply(Told):
    """What somebody does about a gap."""

    gap_id: str
    state: GapState
    by: str
    changed_at: datetime
    answered_at: datetime | None
    thread_id: str | None

    @classmethod
    def of(cls, task: GapTask) -> "GapTaskReply":
        """Tell a task."""
        return cls(
            gap_id=task.gap_id,
            state=task.state,
            by=task.by,
            changed_at=task.changed_at,
            answered_at=task.answered_at,
            thread_id=task.thread_id,
        )


class GapRequest(Received):
    """What becomes of a gap."""

    state: GapState
    thread_id: str | None = Field(
        None, max_length=300, description="The thread that answers it; of `answered` alone."
    )


_GAP = {
    "gap_id": "0a1b2c3d4e5f",
    "rank": 1,
    "terms": "company car charging home",
    "lang": "en",
    "topic": "expenses",
    "asks": 131,
    "persons": 118,
    "posted": 74,
    "chance": 0.565,
    "chance_low": 0.477,
    "chance_high": 0.649,
    "lift_measured": 0.42,
    "prevented": 27.9,
    "state": "open",
    "by": None,
    "changed_at": None,
    "answered_at": None,
    "thread_id": None,
    "before": None,
    "after": None,
    "change": None,
    "change_low": None,
    "change_high": None,
    "change_elsewhere": None,
    "p_value": None,
    "first_at": "2026-07-06T07:12:00Z",
    "last_at": "2026-10-02T15:40:00Z",
    "example_ask_id": "5f0c9e",
}
GAPS = {"gaps": [_GAP]}
TASK = {
    "gap_id": "0a1b2c3d4e5f",
    "state": "answered",
    "by": "mia@forum.example",
    "changed_at": "2026-10-05T09:00:00Z",
    "answered_at": "2026-10-05T09:00:00Z",
    "thread_id": "t-8841",
}
WANTED = {"state": "answered", "thread_id": "t-8841"}
