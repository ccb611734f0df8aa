"""Who works on a job: claimed, kept alive, let go.

In: a forum's job, who claims it. Out: the claim, or who has it. A claim is kept alive by beats;
whoever has lost it learns so with the next one and can change nothing any more. Of a forum's jobs
one is worked on at a time, whatever its kind: what they make goes live in the same place.
Not here: asking for a job and giving it up (jobs).
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, null, update

from triage.errors import JobTaken, NoJob
from triage.records import JobKind, JobState
from triage.store.forums import revision_of
from triage.store.jobs import (
    JobRow,
    fresh_job,
    get_job,
    insert_job,
    is_worked_on,
    jobs_of,
    keep_lost_job,
    keep_past_job,
    lock_job,
    of_kind,
    taken_by,
)
from triage.store.tables.base import jobs


def claim_job(
    c: Connection,
    forum_id: int,
    kind: JobKind,
    options: Mapping[str, Any],
    by: str,
    at: datetime,
    *,
    dead: Collection[str] = (),
    unless_asked: bool = False,
) -> None:
    """Take the job for `by`, whatever its options were.

    Raises JobTaken while another holds it or the forum's job of another kind, and with
    `unless_asked` also while it waits for whoever takes up what was asked for.
    """
    is_new = insert_job(c, forum_id, kind, options, at)
    _raise_if_worked_on(c, forum_id, at, dead)
    found = lock_job(c, forum_id, kind)
    if unless_asked and not is_new and found.state is JobState.QUEUED:
        raise taken_by(found)
    _take(c, found, forum_id, options, by, at)


def claim_asked_job(
    c: Connection,
    forum_id: int,
    kind: JobKind,
    by: str,
    at: datetime,
    *,
    dead: Collection[str] = (),
) -> Mapping[str, Any]:
    """Take a job that waits, and return its options. Raises NoJob when none does, and JobTaken."""
    _raise_if_worked_on(c, forum_id, at, dead)
    # It may be cancelled at this moment: once its row is locked that is decided.
    is_there = get_job(c, forum_id, kind) is not None
    found = lock_job(c, forum_id, kind) if is_there else None
    if found is None or found.state is not JobState.QUEUED:
        raise NoJob(kind, "waits to be begun")
    _take(c, found, forum_id, found.options, by, at)
    return found.options


def beat_job(
    c: Connection,
    forum_id: int,
    kind: JobKind,
    by: str,
    at: datetime,
    done: int,
    total: int,
    note: str | None = None,
) -> bool:
    """Say that the job is being worked on; return whether it is to be given up.

    Raises JobTaken when it is no longer held by `by`.
    """
    query = (
        update(jobs)
        .where(*_held(forum_id, kind, by))
        .values(heartbeat_at=at, done=done, total=total, note=note)
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
    result: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
) -> None:
    """Let go of the job; `options` replace those it had. Raises JobTaken when `by` has it not."""
    values: dict[str, Any] = {"state": state.value, "code": code, "cancel_wanted": False}
    values["finished_at"] = None if state is JobState.QUEUED else at
    values["result"] = null() if result is None else dict(result)
    if options is not None:
        values["options"] = dict(options)
    if c.execute(update(jobs).where(*_held(forum_id, kind, by)).values(**values)).rowcount == 0:
        raise _taken(c, forum_id, kind)
    keep_past_job(c, forum_id, kind)


def _held(forum_id: int, kind: JobKind, by: str) -> list[ColumnElement[bool]]:
    running = jobs.c.state == JobState.RUNNING.value
    return [*of_kind(forum_id, kind), running, jobs.c.claimed_by == by]


def _raise_if_worked_on(c: Connection, forum_id: int, at: datetime, dead: Collection[str]) -> None:
    """Raise JobTaken while any job of the forum is held; none can be claimed until the commit."""
    # Claims of two kinds lock two rows; the forum's has them wait for each other.
    revision_of(c, forum_id, lock=True)
    for job in jobs_of(c, forum_id):
        if is_worked_on(job, at, dead):
            raise taken_by(job)


def _take(
    c: Connection,
    found: JobRow,
    forum_id: int,
    options: Mapping[str, Any],
    by: str,
    at: datetime,
) -> None:
    keep_lost_job(c, forum_id, found, at)
    held = {"state": JobState.RUNNING.value, "claimed_by": by, "started_at": at, "heartbeat_at": at}
    # How long it waited is seen from when it was asked for.
    asked = found.queued_at if found.state is JobState.QUEUED else at
    values = {**fresh_job(options, asked), **held}
    c.execute(update(jobs).where(*of_kind(forum_id, found.kind)).values(**values))


def _taken(c: Connection, forum_id: int, kind: JobKind) -> JobTaken:
    found = get_job(c, forum_id, kind)
    return JobTaken(kind, "another process", None) if found is None else taken_by(found)
