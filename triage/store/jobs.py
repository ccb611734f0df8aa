"""Work that a process of its own does for a forum: asked for, told of, cancelled.

In: a kind and its options. Out: the row as it stands. A forum has one job of each kind: the one
under way, or the last one. Of what people ask for, such as training, those before are kept, too.
Not here: who works on it (claims), doing the work (learn), who is still alive (jobs).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, null, select, update
from sqlalchemy.engine import RowMapping

from triage.errors import JobLost, JobTaken
from triage.records import JobKind, JobState
from triage.store.batches import record_of
from triage.store.columns import as_utc
from triage.store.dialects import insert_if_new, upsert
from triage.store.tables.base import forums, jobs, past_jobs

# A claim without a beat for so long belongs to a process that died. It is also how far the clocks
# of two machines may differ before one thinks so too early.
CLAIM_EXPIRES = timedelta(minutes=2)
# What nobody asked for runs every hour, and what came of it stands elsewhere.
_KEPT = frozenset({JobKind.TRAIN})
_MOST_KEPT = 200


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

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it: what people ask for is not begun anew."""
        if self.state is JobState.FAILED:
            return self.kind in _KEPT
        return self.state in (JobState.DONE, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class ForumJob:
    """A job, and which forum it is of."""

    forum_id: int
    forum: str
    job: JobRow


def list_jobs(c: Connection, kind: JobKind, states: Collection[JobState]) -> list[ForumJob]:
    """Return the jobs of a kind in these states, of all forums, first asked for first."""
    query = (
        select(forums.c.name, jobs)
        .join_from(jobs, forums)
        .where(jobs.c.kind == kind.value, jobs.c.state.in_([s.value for s in states]))
        .order_by(jobs.c.queued_at, jobs.c.forum_id)
    )
    rows = c.execute(query).mappings()
    return [ForumJob(row["forum_id"], row["name"], _record(row)) for row in rows]


def jobs_of(c: Connection, forum_id: int) -> list[JobRow]:
    """Return the forum's jobs of every kind."""
    query = select(jobs).where(jobs.c.forum_id == forum_id).order_by(jobs.c.kind)
    return [_record(row) for row in c.execute(query).mappings()]


def get_job(c: Connection, forum_id: int, kind: JobKind) -> JobRow | None:
    """Return the forum's job of this kind, under way or ended."""
    row = c.execute(select(jobs).where(*of_kind(forum_id, kind))).mappings().first()
    return None if row is None else _record(row)


def queue_job(
    c: Connection, forum_id: int, kind: JobKind, options: Mapping[str, Any], at: datetime
) -> None:
    """Ask for a job; one that is running is left as it is."""
    if insert_job(c, forum_id, kind, options, at):
        return
    again = [*of_kind(forum_id, kind), jobs.c.state != JobState.RUNNING.value]
    c.execute(update(jobs).where(*again).values(**fresh_job(options, at)))


def ask_job(
    c: Connection,
    forum_id: int,
    kind: JobKind,
    options: Mapping[str, Any],
    at: datetime,
    *,
    dead: Collection[str] = (),
) -> JobRow:
    """Ask for a job unless one waits or is worked on, which raises JobTaken.

    `dead` are holders that the caller knows to have ended.
    """
    if not insert_job(c, forum_id, kind, options, at):
        found = lock_job(c, forum_id, kind)
        if found.state is JobState.QUEUED or is_worked_on(found, at, dead):
            raise taken_by(found)
        keep_lost_job(c, forum_id, found, at)
        c.execute(update(jobs).where(*of_kind(forum_id, kind)).values(**fresh_job(options, at)))
    return lock_job(c, forum_id, kind)


def cancel_job(
    c: Connection, forum_id: int, kind: JobKind, at: datetime, *, dead: Collection[str] = ()
) -> JobRow | None:
    """Have the job given up: at once where nobody holds it, else by its holder's next beat."""
    # Its row is locked, so that it cannot end between being looked at and being marked.
    query = select(jobs.c.kind).where(*of_kind(forum_id, kind)).with_for_update()
    c.execute(query).first()
    found = get_job(c, forum_id, kind)
    if found is None or found.is_over:
        return found
    change: dict[str, Any] = {"cancel_wanted": True}
    if not is_worked_on(found, at, dead):
        change = {"state": JobState.CANCELLED.value, "finished_at": at, "cancel_wanted": False}
    c.execute(update(jobs).where(*of_kind(forum_id, kind)).values(**change))
    keep_past_job(c, forum_id, kind)
    return get_job(c, forum_id, kind)


def keep_lost_job(c: Connection, forum_id: int, found: JobRow, at: datetime) -> None:
    """End a job whose process is gone before another takes its row; any other is left alone."""
    if found.state is not JobState.RUNNING:
        return
    beat = found.heartbeat_at or found.started_at or at
    # Somebody wanted it given up, or nobody knows why it ended. It lived until its last beat, if
    # that is not of a clock that nobody can believe.
    values: dict[str, Any] = {"state": JobState.FAILED.value, "code": JobLost.code}
    if found.cancel_wanted:
        values = {"state": JobState.CANCELLED.value}
    values["finished_at"] = min(beat, as_utc(at))
    c.execute(update(jobs).where(*of_kind(forum_id, found.kind)).values(**values))
    keep_past_job(c, forum_id, found.kind)


def keep_past_job(c: Connection, forum_id: int, kind: JobKind) -> None:
    """Keep what came of a job that has just ended, if it is of a kind that people ask for."""
    found = get_job(c, forum_id, kind)
    if kind not in _KEPT or found is None or found.finished_at is None:
        return
    columns = {column.name: getattr(found, column.name, None) for column in past_jobs.columns}
    row = {"forum_id": forum_id, "kind": kind.value, "state": found.state.value}
    result = null() if found.result is None else dict(found.result)
    upsert(c, past_jobs, [{**columns, **row, "result": result}])
    kept = [past_jobs.c.forum_id == forum_id, past_jobs.c.kind == kind.value]
    newest = select(past_jobs.c.queued_at).where(*kept).order_by(past_jobs.c.queued_at.desc())
    oldest = c.execute(newest.offset(_MOST_KEPT).limit(1)).scalar()
    if oldest is not None:
        c.execute(delete(past_jobs).where(*kept, past_jobs.c.queued_at <= oldest))


def list_past_jobs(
    c: Connection, forum_id: int, kind: JobKind, limit: int = _MOST_KEPT
) -> list[JobRow]:
    """Return the forum's jobs of a kind that have ended, the last one asked for first."""
    query = (
        select(past_jobs)
        .where(past_jobs.c.forum_id == forum_id, past_jobs.c.kind == kind.value)
        .order_by(past_jobs.c.queued_at.desc())
        .limit(limit)
    )
    rows = c.execute(query).mappings()
    ended = {"cancel_wanted": False, "heartbeat_at": None}
    return [_record(row, **ended) for row in rows]


def insert_job(
    c: Connection, forum_id: int, kind: JobKind, options: Mapping[str, Any], at: datetime
) -> bool:
    """Ask for a job of a kind that the forum never had; return whether that was so."""
    row = {"forum_id": forum_id, "kind": kind.value, **fresh_job(options, at)}
    return insert_if_new(c, jobs, row)


def fresh_job(options: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Return the columns of a job that was asked for just now."""
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


def of_kind(forum_id: int, kind: JobKind) -> list[ColumnElement[bool]]:
    """Return what picks a forum's job of a kind."""
    return [jobs.c.forum_id == forum_id, jobs.c.kind == kind.value]


def lock_job(c: Connection, forum_id: int, kind: JobKind) -> JobRow:
    """Return a job that is there; it stays as it is until the transaction ends."""
    query = select(jobs).where(*of_kind(forum_id, kind)).with_for_update()
    return _record(c.execute(query).mappings().one())


def is_worked_on(job: JobRow, at: datetime, dead: Collection[str]) -> bool:
    """Say whether somebody works on a job who is not known to have ended."""
    return job.is_held(at) and job.claimed_by not in dead


def taken_by(job: JobRow) -> JobTaken:
    """Return the error that names who has a job and since when."""
    if job.state is JobState.QUEUED:
        return JobTaken(job.kind, None, job.queued_at)
    return JobTaken(job.kind, job.claimed_by or "another process", job.started_at)


def _record(row: RowMapping, **more: object) -> JobRow:
    states = {"kind": JobKind(row["kind"]), "state": JobState(row["state"])}
    return record_of(JobRow, row, **states, **more)
