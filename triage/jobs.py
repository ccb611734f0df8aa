"""A job of a forum, held by this process while it works on it.

In: a store, a forum, what is to be done. Out: a `Held` job that says to everyone how far it is and
learns when it is to be given up. Whoever dies loses the claim and nothing else.
Not here: the row (store), the work (learn).
"""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from triage import store
from triage.errors import JobTaken, StoreUnavailable, TriageError
from triage.records import JobKind, JobState

_log = logging.getLogger(__name__)
BEAT_SECONDS = 2.0


class _Cancelled(Exception):
    """The way out of the work when someone wants it given up; it never leaves `held`."""


class Held:
    """A job that this process holds. `check` is called between two steps of the work."""

    def __init__(self, database: store.Database, forum_id: int, kind: JobKind, by: str) -> None:
        self.cancelled = False
        self._database = database
        self._row = (forum_id, kind, by)
        self._progress = (0, 0)
        self._trouble: Exception | None = None
        self._ended = threading.Event()

    def report(self, done: int, total: int) -> None:
        """Say how far the work is, and go on only if it is still wanted."""
        self._progress = (done, total)
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

    def end(self, state: JobState, code: str | None = None) -> None:
        """End the job in any other way; a job that has ended, or is another's, is left alone."""
        with suppress(JobTaken), self._database.write() as c:
            self._beat(c)
            store.end_job(c, *self._row, state, _now(), code=code)

    def stop_beating(self) -> None:
        """Have `beat_until_ended` return."""
        self._ended.set()

    def _beat(self, c: store.Connection) -> bool:
        return store.beat_job(c, *self._row, _now(), *self._progress)


@contextmanager
def held(
    database: store.Database, forum_id: int, kind: JobKind, options: Mapping[str, Any]
) -> Iterator[Held]:
    """Hold a forum's job: claimed, kept alive, and ended as the block ends.

    A cancelled job ends the block silently, with `cancelled` set. Raises JobTaken while another
    process holds the job.
    """
    by = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    with database.write() as c:
        dead = gone(store.get_job(c, forum_id, kind))
        store.claim_job(c, forum_id, kind, options, by, _now(), dead=dead)
    job = Held(database, forum_id, kind, by)
    beating = threading.Thread(target=job.beat_until_ended, name="beat", daemon=True)
    beating.start()
    try:
        yield job
    except _Cancelled:
        job.cancelled = True
        job.end(JobState.CANCELLED)
    except TriageError as error:
        job.end(JobState.FAILED, error.code)
        raise
    except Exception:
        job.end(JobState.FAILED, TriageError.code)
        raise
    except BaseException:
        # Told to stop: the next process need not wait for the claim to expire.
        job.end(JobState.QUEUED)
        raise
    finally:
        job.stop_beating()
        beating.join()


def told_of(job: store.JobRow) -> dict[str, Any]:
    """Return what people and health checks are told of a job."""
    state = job.state.value
    if job.state is JobState.RUNNING and (gone(job) is not None or not job.is_held(_now())):
        state = "stalled"
    return {
        "encoder": job.options.get("encoder"),
        "state": state,
        "done": job.done,
        "total": job.total,
        "code": job.code,
        "started_at": job.started_at.isoformat() if job.started_at else None,
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
    }


def gone(job: store.JobRow | None) -> str | None:
    """Return who holds the job, if that was a process of this machine that is no more."""
    if job is None or job.state is not JobState.RUNNING or job.claimed_by is None:
        return None
    host, process, _ = job.claimed_by.rsplit(":", 2)
    if host != socket.gethostname():
        return None
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return job.claimed_by
    except PermissionError:
        return None
    return None


def _now() -> datetime:
    return datetime.now(UTC)
