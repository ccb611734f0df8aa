"""Once a day, in every forum, what is too old goes.

In: the row of the last run of each forum. Out: an errand for each that is due. A server that has
just started waits a little: whoever starts it wants it to answer first.
Not here: the work itself (privacy), how long anything is kept (settings).
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from triage import store
from triage.api.errands.kinds import Errand
from triage.jobs import is_busy
from triage.records import JobKind

_log = logging.getLogger(__name__)
EVERY = timedelta(days=1)
FIRST_PAUSE_SECONDS = 300.0
_PAUSE_SECONDS = 60.0
# One that fails is tried again, but not with every look.
_AFTER_FAILURE_SECONDS = 3600.0


class RetainErrands:
    """Every forum once a day, by whichever server comes first."""

    def __init__(self, database: Callable[[], store.Database]) -> None:
        self._database = database
        self._look_at = time.monotonic() + FIRST_PAUSE_SECONDS
        self._left_alone: dict[int, float] = {}

    def due(self) -> Errand | None:
        """Return a forum in which nothing went for a day."""
        if time.monotonic() < self._look_at:
            return None
        now = datetime.now(UTC)
        with self._database().read() as c:
            forums = store.list_forums(c)
            for forum in forums:
                if self._is_due(store.jobs_of(c, forum.id), forum.id, now):
                    arguments = ("retain", "--forum", forum.name)
                    return Errand(forum.id, forum.name, arguments)
        self._look_at = time.monotonic() + _PAUSE_SECONDS
        return None

    def is_unwanted(self, errand: Errand) -> bool:
        """Leave one that is cancelled to end by itself: it takes small steps."""
        return False

    def ended(self, errand: Errand, code: int, *, stopping: bool) -> None:
        """Leave a forum alone for a while in which it failed."""
        if code != 0 and not stopping:
            _log.error("retain_failed forum=%s code=%d", errand.forum, code)
        self._left_alone[errand.forum_id] = time.monotonic() + _AFTER_FAILURE_SECONDS

    def _is_due(self, jobs: list[store.JobRow], forum_id: int, now: datetime) -> bool:
        if is_busy(jobs) or time.monotonic() < self._left_alone.get(forum_id, 0.0):
            return False
        last = next((job for job in jobs if job.kind is JobKind.RETAIN), None)
        return last is None or last.finished_at is None or now - last.finished_at >= EVERY
