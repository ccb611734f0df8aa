"""What somebody does about a gap: a group of asks that found nothing.

In: what the staff say of a gap. Out: the same.
Not here: which groups are gaps (analytics), the groups (ask_groups).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from triage.store.batches import record_of, row_of
from triage.store.dialects import upsert
from triage.store.tables.groups import gap_tasks


class GapState(StrEnum):
    """How far the answer to a gap is."""

    OPEN = "open"
    DRAFTING = "drafting"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class GapTask:
    """A gap that somebody took, answered or dismissed; `by` is the one of the staff who did so.

    `thread_id` answers it since `answered_at`; both are None for the others.
    """

    gap_id: str
    state: GapState
    by: str
    changed_at: datetime
    answered_at: datetime | None = None
    thread_id: str | None = None


def get_gap_task(c: Connection, forum_id: int, gap_id: str) -> GapTask | None:
    """Return what somebody does about a gap, or None where nobody has done anything."""
    return gap_tasks_of(c, forum_id).get(gap_id)


def gap_tasks_of(c: Connection, forum_id: int) -> dict[str, GapTask]:
    """Return all gaps that somebody has done something about, by their ids."""
    query = select(gap_tasks).where(gap_tasks.c.forum_id == forum_id)
    rows = c.execute(query).mappings().all()
    return {row["gap_id"]: record_of(GapTask, row, state=GapState(row["state"])) for row in rows}


def put_gap_task(c: Connection, forum_id: int, task: GapTask) -> None:
    """Keep what somebody does about a gap, which is a group that there is."""
    upsert(c, gap_tasks, [{**row_of(task), "state": task.state.value, "forum_id": forum_id}])
