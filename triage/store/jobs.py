"""Work that a process of its own does for a forum: asked for, claimed, told of, ended.

In: a kind, its options, who claims it. Out: the row as it stands. A forum has one job of each
kind: the one under way, or the last one. A claim is kept alive by beats; whoever has lost it
learns so with the next one and can change nothing any more.
Not here: doing the work (learn), who is still alive (jobs).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, null, select, update
from sqlalchemy.engine import RowMapping

from triage.errors import JobTaken
from triage.records import JobKind, JobState
from triage.store.batches import record_of
from triage.store.columns import as_utc
from triage.store.dialects import insert_if_new
from triage.store.tables import jobs

# A claim without a beat for so long belongs to a process that died. It is also how far the clocks
# of two machines may differ before one thinks so too early.
CLAIM_EXPIRES = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class JobRow:
    """One forum's job of one kind; `code` says why it failed, `note` what is being done.

    `result` is what came of it, once it is done.
    """

    kind: JobKind
    options: Mapping[str, Any]
    state: JobState
    done: int
    total: int
    code: str | None
    cancel_wanted: bool
    claimed_by: str | None
    queued_at: datetime
    started_at: datetime | None
    heartbeat_at: datetime | None
    finished_at: datetime | None
    note: str | None = None
    result: Mapping[str, Any] | None = None

    def is_held(self, at: datetime) -> bool:
        """Whether a process holds it and has said so lately."""
        if self.state is not JobState.RUNNING or self.heartbeat_at is None:
            return False
        # A beat far in the future was written by a clock that nobody can wait for.
        return abs(as_utc(at) - self.heartbeat_at) < CLAIM_EXPIRES


def get_job(c: Connection, forum_id: int, kind: JobKind) -> JobRow | None:
    """Return the forum's job of this kind, under way or ended."""
    row = c.execute(select(jobs).where(*_of(forum_id, kind))).mappings().first()
    return None if row is None else _record(row)


def queue_job(
    c: Connection, forum_id: int, kind: JobKind, options: Mapping[str, Any], at: datetime
) -> None:
    """Ask for a job; one that is running is left as it is."""
    if _insert(c, forum_id, kind, options, at):
        return
    again = [*_of(forum_id, kind), jobs.c.state != JobState.RUNNING.value]
    c.execute(update(jobs).where(*again).values(**_fresh(options, at)))


def claim_job(
    c: Connection,
    forum_id: int,
    kind: JobKind,
    options: Mapping[str, Any],
    by: str,
    at: datetime,
    *,
    dead: str | None = None,
) -> None:
    """Take the job for `by`, whatever its options were. Raises JobTaken while another holds it.

    `dead` is a holder that the caller knows to have ended.
    """
    _insert(c, forum_id, kind, options, at)
    mine = _of(forum_id, kind)
    found = _record(c.execute(select(jobs).where(*mine).with_for_update()).mappings().one())
    if found.is_held(at) and found.claimed_by != dead:
        raise JobTaken(kind, found.claimed_by or "")
    held = {"state": JobState.RUNNING.value, "claimed_by": by, "started_at": at, "heartbeat_at": at}
    c.execute(update(jobs).where(*mine).values(**{**_fresh(options, at), **held}))


def beat_job(
    c: Connection, forum_id: int, kind: JobKind, by: str, at: datetime, done: int, total: int
) -> bool:
    """Say that the job is being worked on; return whether it is to be given up.

    Raises JobTaken when it is no longer held by `by`.
    """
    query = (
        update(jobs)
        .where(*_held(forum_id, kind, by))
        .values(heartbeat_at=at, done=done, total=total)
        .returning(jobs.c.cancel_wanted)
    )
    wanted: bool | None = c.execute(query).scalar()
    if wanted is None:
        raise _taken(c, forum_id, kind)
    return wanted


def end_job(
    c: Connection,
    forum_id: int,
    kind: JobKind,
    by: str,
    state: JobState,
    at: datetime,
    *,
    code: str | None = None,
) -> None:
    """Let go of the job. Raises JobTaken when it is no longer held by `by`."""
    ended = None if state is JobState.QUEUED else at
    query = (
        update(jobs)
        .where(*_held(forum_id, kind, by))
        .values(state=state.value, code=code, finished_at=ended, cancel_wanted=False)
    )
    if c.execute(query).rowcount == 0:
        raise _taken(c, forum_id, kind)


def cancel_job(
    c: Connection, forum_id: int, kind: JobKind, at: datetime, *, dead: str | None = None
) -> JobRow | None:
    """Have the job given up: at once where nobody holds it, else by its holder's next beat."""
    # Its row is locked, so that it cannot end between being looked at and being marked.
    query = select(jobs.c.kind).where(*_of(forum_id, kind)).with_for_update()
    c.execute(query).first()
    found = get_job(c, forum_id, kind)
    if found is None or found.state in (JobState.DONE, JobState.CANCELLED):
        return found
    change: dict[str, Any] = {"cancel_wanted": True}
    if not found.is_held(at) or found.claimed_by == dead:
        change = {"state": JobState.CANCELLED.value, "finished_at": at, "cancel_wanted": False}
    c.execute(update(jobs).where(*_of(forum_id, kind)).values(**change))
    return get_job(c, forum_id, kind)


def _insert(
    c: Connection, forum_id: int, kind: JobKind, options: Mapping[str, Any], at: datetime
) -> bool:
    row = {"forum_id": forum_id, "kind": kind.value, **_fresh(options, at)}
    return insert_if_new(c, jobs, row)


def _fresh(options: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "options": dict(options),
        "state": JobState.QUEUED.value,
        "done": 0,
        "total": 0,
        "code": None,
        "cancel_wanted": False,
        "claimed_by": None,
        "queued_at": at,
        "started_at": None,
        "heartbeat_at": None,
        "finished_at": None,
        "note": None,
        "result": null(),
    }


def _of(forum_id: int, kind: JobKind) -> list[ColumnElement[bool]]:
    return [jobs.c.forum_id == forum_id, jobs.c.kind == kind.value]


def _held(forum_id: int, kind: JobKind, by: str) -> list[ColumnElement[bool]]:
    running = jobs.c.state == JobState.RUNNING.value
    return [*_of(forum_id, kind), running, jobs.c.claimed_by == by]


def _taken(c: Connection, forum_id: int, kind: JobKind) -> JobTaken:
    found = get_job(c, forum_id, kind)
    return JobTaken(kind, (found.claimed_by if found else None) or "another process")


def _record(row: RowMapping) -> JobRow:
    return record_of(JobRow, row, kind=JobKind(row["kind"]), state=JobState(row["state"]))
