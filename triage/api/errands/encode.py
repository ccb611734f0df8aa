"""Forums that are served with another encoder than the wished one, one after another.

In: the forums that differ when the server starts. Out: a job row and an errand for each, tried
again later when it fails, and not once someone has cancelled it.
Not here: the work itself, which the server never imports (learn), following its outcome (desk).
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from triage import store
from triage.api.errands.kinds import Errand
from triage.encoders import EncoderName
from triage.jobs import is_busy
from triage.records import Forum, JobKind, JobState

_log = logging.getLogger(__name__)
FIRST_PAUSE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 600.0


@dataclass(slots=True)
class _Left:
    """A forum that still differs: when it is tried next, and how long after a failure again."""

    forum: Forum
    due: float
    pause: float = FIRST_PAUSE_SECONDS


class EncodeErrands:
    """Every forum that differs is encoded anew, until it is done or cancelled."""

    def __init__(
        self,
        wish: EncoderName,
        database: Callable[[], store.Database],
        differing: Callable[[], list[Forum]],
    ) -> None:
        self._wish = wish
        self._database = database
        self._differing = differing
        self._left: dict[int, _Left] | None = None

    def due(self) -> Errand | None:
        """Return the forum whose turn it is, asked for in its row."""
        if self._left is None:
            now = time.monotonic()
            self._left = {forum.id: _Left(forum, now) for forum in self._differing()}
        waiting = sorted(self._left.values(), key=lambda left: left.due)
        if not waiting or waiting[0].due > time.monotonic():
            return None
        left = waiting[0]
        forum = left.forum
        with self._database().read() as c:
            jobs = store.jobs_of(c, forum.id)
        if self._is_cancelled(jobs):
            _log.info("encode_cancelled forum=%s", forum.name)
            del self._left[forum.id]
            return None
        if is_busy(jobs):
            left.due = time.monotonic() + FIRST_PAUSE_SECONDS
            return None
        with self._database().write() as c:
            store.queue_job(c, forum.id, JobKind.ENCODE, self._wish.options, datetime.now(UTC))
        arguments = ("encode", "--forum", forum.name, "--to", self._wish.name)
        return Errand(forum.id, forum.name, arguments)

    def is_unwanted(self, errand: Errand) -> bool:
        """Leave a cancelled one to end by itself: what it has encoded is kept."""
        return False

    def ended(self, errand: Errand, code: int, *, stopping: bool) -> None:
        """Have a failure tried again later."""
        left = (self._left or {}).get(errand.forum_id)
        if left is None or stopping:
            return
        # Before the store is asked, which may be what fails.
        left.due = time.monotonic() + left.pause
        with self._database().read() as c:
            jobs = store.jobs_of(c, errand.forum_id)
        if code == 0 or self._is_cancelled(jobs):
            assert self._left is not None
            del self._left[errand.forum_id]
            return
        why = next((job.code for job in jobs if job.kind is JobKind.ENCODE), None)
        said = "encode_failed forum=%s to=%s code=%s next_try_seconds=%.0f"
        _log.error(said, errand.forum, self._wish, why, left.pause)
        left.pause = min(2 * left.pause, _LONGEST_PAUSE_SECONDS)

    def _is_cancelled(self, jobs: list[store.JobRow]) -> bool:
        for job in jobs:
            if job.kind is JobKind.ENCODE and job.options == self._wish.options:
                return job.cancel_wanted or job.state is JobState.CANCELLED
        return False
