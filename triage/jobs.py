"""A job of a forum, held by this process while it works on it.

In: a store, a forum, what is to be done. Out: a `Held` job that says to everyone how far it is,
what it is doing and what came of it, and learns when it is to be given up. Whoever dies loses the
claim and nothing else.
Not here: the row (store), the work (learn).
"""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from triage import store
from triage.errors import JobTaken, StoreUnavailable, TriageError
from triage.records import JobKind, JobState

_log = logging.getLogger(__name__)
# Among the options of a job that waits for a process beside a server.
QUEUED = "queued"
BEAT_SECONDS = 1.0
# How often a job that another holds is asked for again by who waits for it.
_TURN_SECONDS = 1.0
_LONGEST_NOTE = 600


class _Cancelled(Exception):
    """The way out of the work when someone wants it given up; it never leaves `held`."""


class Held:
    """A job that this process holds. `check` is called between two steps of the work."""

    def __init__(self, database: store.Database, forum_id: int, kind: JobKind, by: str) -> None:
        self.options: Mapping[str, Any] = {}
        self.cancelled = False
        self._database = database
        self._row = (forum_id, kind, by)
        self._progress = (0, 0)
        self._note: str | None = None
        self._trouble: Exception | None = None
        self._ended = threading.Event()

    def claim(
        self,
        options: Mapping[str, Any] | None,
        unless_asked: bool,
        waiting: Callable[[JobTaken], None] | None,
        note: store.Note | None,
    ) -> None:
        """Take the job, at once or when its turn has come: see `held`."""
        while True:
            try:
                with self._database.write() as c:
                    self.options = _claimed(c, *self._row, options, unless_asked)
                    if note is not None:
                        note(c)
                return
            except JobTaken as error:
                if waiting is None:
                    raise
                waiting(error)
            time.sleep(_TURN_SECONDS)

    def report(self, done: int, total: int) -> None:
        """Say how far the work is, and go on only if it is still wanted."""
        self._progress = (done, total)
        self.check()

    def tell(self, line: str) -> None:
        """Say to people what is being done, and go on only if it is still wanted.

        A line never holds a question's text.
        """
        self._note = _noted(line)
        self.check()

    def check(self) -> None:
        """Raise what ends the work: JobTaken when another has it, or that it was cancelled."""
        if self._trouble is not None:
            raise self._trouble

    def finish(self, c: store.Connection) -> None:
        """End the job well, in the transaction that makes its result hold. Raises as `check`."""
        if self._beat(c):
            raise _Cancelled
        store.end_job(c, *self._row, JobState.DONE, _now())

    def done(self, result: Mapping[str, Any]) -> None:
        """End the job well, with what came of it, also if someone wanted it given up too late."""
        self._progress = (self._progress[1], self._progress[1])
        with self._database.write() as c:
            self._beat(c)
            store.end_job(c, *self._row, JobState.DONE, _now(), result=result)

    def beat_until_ended(self) -> None:
        """Keep the claim alive; the work hears what was learnt with its next `check`."""
        while not self._ended.wait(BEAT_SECONDS):
            try:
                with self._database.write() as c:
                    wanted_no_more = self._beat(c)
            except JobTaken as error:
                self._trouble = error
                return
            except StoreUnavailable as error:
                # The claim outlasts many missed beats.
                _log.warning("beat_missed code=%s", error.code)
                continue
            if wanted_no_more:
                self._trouble = _Cancelled()

    def end(self, state: JobState, error: TriageError | None = None) -> None:
        """End the job in any other way; a job that has ended, or is another's, is left alone."""
        if error is not None:
            self._note = _noted(str(error))
        with suppress(JobTaken), self._database.write() as c:
            # Who wants it cancelled does not want it taken up again.
            if self._beat(c) and state is JobState.QUEUED:
                state = JobState.CANCELLED
            code = error.code if error is not None else None
            store.end_job(c, *self._row, state, _now(), code=code)

    def stop_beating(self) -> None:
        """Have `beat_until_ended` return."""
        self._ended.set()

    def _beat(self, c: store.Connection) -> bool:
        return store.beat_job(c, *self._row, _now(), *self._progress, self._note)


@contextmanager
def held(
    database: store.Database,
    forum_id: int,
    kind: JobKind,
    options: Mapping[str, Any] | None,
    *,
    stopped: JobState = JobState.QUEUED,
    unless_asked: bool = False,
    waiting: Callable[[JobTaken], None] | None = None,
    note: store.Note | None = None,
) -> Iterator[Held]:
    """Hold a forum's job: claimed, kept alive, and ended as the block ends.

    A cancelled job ends the block silently, with `cancelled` set; one whose process is told to
    stop is left as `stopped`. Without `options` the job is the one that was asked for, with its
    own, and NoJob is raised when none waits. Raises JobTaken while another process works for the
    forum, or, with `unless_asked`, while such a job waits; `waiting` hears of that instead, with
    every try, and the job is held when its turn has come. `note` is called as it is claimed.
    """
    by = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    job = Held(database, forum_id, kind, by)
    beating = threading.Thread(target=job.beat_until_ended, name="beat", daemon=True)
    try:
        # Who is told to stop between claiming and working gives the job back, too.
        job.claim(options, unless_asked, waiting, note)
        beating.start()
        yield job
    except _Cancelled:
        job.cancelled = True
        job.end(JobState.CANCELLED)
    except TriageError as error:
        job.end(JobState.FAILED, error)
        raise
    except Exception as error:
        # Its message may quote what people wrote.
        job.end(JobState.FAILED, TriageError(type(error).__name__))
        raise
    except BaseException:
        # Told to stop: the next process need not wait for the claim to expire.
        job.end(stopped)
        raise
    finally:
        job.stop_beating()
        if beating.ident is not None:
            beating.join()


def _claimed(
    c: store.Connection,
    forum_id: int,
    kind: JobKind,
    by: str,
    options: Mapping[str, Any] | None,
    unless_asked: bool,
) -> Mapping[str, Any]:
    where, dead = (c, forum_id, kind), all_gone(store.jobs_of(c, forum_id))
    if options is None:
        return store.claim_asked_job(*where, by, _now(), dead=dead)
    store.claim_job(*where, options, by, _now(), dead=dead, unless_asked=unless_asked)
    return options


def ask_for(
    database: store.Database,
    forum_id: int,
    kind: JobKind,
    options: Mapping[str, Any],
    note: store.Note,
) -> store.JobRow:
    """Ask for a job that a process beside a server does; return it as it waits.

    Raises JobTaken while one waits or is worked on; then nothing is noted either.
    """
    with database.write() as c:
        dead = all_gone(store.jobs_of(c, forum_id))
        note(c)
        return store.ask_job(c, forum_id, kind, {**options, QUEUED: True}, _now(), dead=dead)


def give_up(
    database: store.Database, forum_id: int, kind: JobKind, note: store.Note
) -> store.JobRow | None:
    """Have a job given up, whoever holds it; return it as it is then."""
    with database.write() as c:
        dead = all_gone(store.jobs_of(c, forum_id))
        found = store.get_job(c, forum_id, kind)
        if found is not None and not found.is_over:
            note(c)
        return store.cancel_job(c, forum_id, kind, _now(), dead=dead)


def told_of(job: store.JobRow) -> dict[str, Any]:
    """Return what people and health checks are told of a job."""
    return {
        "encoder": job.options.get("encoder"),
        "state": state_of(job),
        "done": job.done,
        "total": job.total,
        "code": job.code,
        "started_at": job.started_at.isoformat() if job.started_at else None,
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
    }


def state_of(job: store.JobRow) -> str:
    """Name the state of a job to people; `stalled`: its process is gone, or silent."""
    return "stalled" if is_lost(job) else job.state.value


def is_lost(job: store.JobRow) -> bool:
    """Say whether a job should be worked on and nobody does."""
    if job.state is not JobState.RUNNING:
        return False
    return gone(job) is not None or not job.is_held(_now())


def is_busy(jobs: Iterable[store.JobRow]) -> bool:
    """Say whether a process works on any of these."""
    return any(job.state is JobState.RUNNING and not is_lost(job) for job in jobs)


def all_gone(jobs: Iterable[store.JobRow]) -> list[str]:
    """Return the holders among these that were processes of this machine and are no more."""
    return [by for by in map(gone, jobs) if by is not None]


def gone(job: store.JobRow | None) -> str | None:
    """Return who holds the job, if that was a process of this machine that is no more."""
    if job is None or job.state is not JobState.RUNNING or job.claimed_by is None:
        return None
    return job.claimed_by if is_gone(job.claimed_by) else None


def is_gone(holder: str) -> bool:
    """Say whether a holder was a process of this machine and is no more."""
    host, process, _ = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _noted(line: str) -> str:
    return line if len(line) <= _LONGEST_NOTE else line[: _LONGEST_NOTE - 1] + "…"


def _now() -> datetime:
    return datetime.now(UTC)
