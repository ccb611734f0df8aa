"""Training runs that were asked for through the API, of whichever server.

In: the rows of runs that wait, and of those whose process is gone. Out: an errand for each that
waits. A failed run waits for a person; one that only the server's end interrupted is taken up.
Not here: the work itself, which the server never imports (learn), asking for it (routes.training).
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from triage import store
from triage.api.errands.kinds import Errand
from triage.errors import JobLost, JobTaken, NoJob
from triage.jobs import QUEUED, all_gone, is_busy, is_lost
from triage.records import JobKind, JobState

_log = logging.getLogger(__name__)
# A process that ends before it has taken the run is tried again, but not for ever.
_TRIES = 3
_PAUSE_SECONDS = 5.0
_US = "server"
# How often a run was taken up after its process had vanished: what kills it may do so again.
_TAKEN_UP = "taken_up"


@dataclass(slots=True)
class _Tries:
    """How often a run that waits was begun in vain, and until when it is left alone."""

    count: int = 0
    due: float = 0.0


class TrainErrands:
    """Every run that waits is done once, by whoever takes it first."""

    def __init__(self, database: Callable[[], store.Database]) -> None:
        self._database = database
        self._tries: dict[int, _Tries] = {}

    def due(self) -> Errand | None:
        """Return the run that waits longest; tidy up after those whose process is gone."""
        with self._database().read() as c:
            found = store.list_jobs(c, JobKind.TRAIN, (JobState.QUEUED, JobState.RUNNING))
        for row in found:
            if is_lost(row.job) and row.job.options.get(QUEUED):
                self._let_go(row.forum_id, row.job, count=True)
            elif row.job.state is JobState.QUEUED and self._may_begin(row.forum_id):
                return Errand(row.forum_id, row.forum, ("train", "--forum", row.forum, "--queued"))
        return None

    def is_unwanted(self, errand: Errand) -> bool:
        """Say whether someone has cancelled the run that is under way."""
        job = self._job(errand.forum_id)
        return job is not None and job.cancel_wanted

    def ended(self, errand: Errand, code: int, *, stopping: bool) -> None:
        """Say of a run whose process ended without a word what that means."""
        job = self._job(errand.forum_id)
        if job is None:
            return
        if is_lost(job) and job.options.get(QUEUED):
            self._let_go(errand.forum_id, job, count=False, failed=not stopping)
        elif job.state is JobState.QUEUED and not stopping:
            self._count(errand)
        else:
            self._tries.pop(errand.forum_id, None)
            _log.info("train_ended forum=%s state=%s code=%s", errand.forum, job.state, job.code)

    def _may_begin(self, forum_id: int) -> bool:
        tries = self._tries.get(forum_id)
        if tries is not None and time.monotonic() < tries.due:
            return False
        with self._database().read() as c:
            return not is_busy(store.jobs_of(c, forum_id))

    def _count(self, errand: Errand) -> None:
        """Leave a run alone for a while that its process did not even take, or give it up."""
        tries = self._tries.setdefault(errand.forum_id, _Tries())
        tries.count, tries.due = tries.count + 1, time.monotonic() + _PAUSE_SECONDS
        if tries.count < _TRIES:
            return
        del self._tries[errand.forum_id]
        job = (errand.forum_id, JobKind.TRAIN, _US)
        now = datetime.now(UTC)
        with suppress(JobTaken, NoJob), self._database().write() as c:
            store.claim_asked_job(c, *job, now, dead=all_gone(store.jobs_of(c, errand.forum_id)))
            store.end_job(c, *job, JobState.FAILED, now, code=JobLost.code)
        _log.error("train_failed forum=%s code=%s", errand.forum, JobLost.code)

    def _let_go(
        self, forum_id: int, job: store.JobRow, *, count: bool, failed: bool = False
    ) -> None:
        """End the row of a run whose process is gone, or have the run taken up again."""
        before = int(job.options.get(_TAKEN_UP, 0))
        state, code, options = JobState.QUEUED, None, None
        if job.cancel_wanted:
            state = JobState.CANCELLED
        elif failed or (count and before >= 1):
            state, code = JobState.FAILED, JobLost.code
        elif count:
            options = {**job.options, _TAKEN_UP: before + 1}
        # Another server may have been faster.
        with suppress(JobTaken), self._database().write() as c:
            mine = (forum_id, JobKind.TRAIN, job.claimed_by or "")
            now = datetime.now(UTC)
            store.end_job(c, *mine, state, now, code=code, options=options)
        _log.warning("train_interrupted forum_id=%d then=%s", forum_id, state)

    def _job(self, forum_id: int) -> store.JobRow | None:
        with self._database().read() as c:
            return store.get_job(c, forum_id, JobKind.TRAIN)
