"""Once a day, in every forum, what is too old goes.

In: the row of the last run of each forum. Out: an errand for each that is due.
Not here: the work itself (privacy), how long anything is kept (settings).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from triage import store
from triage.api.errands.forum_by_forum import ForumByForum, Pauses
from triage.jobs import is_busy
from triage.records import Forum, JobKind

EVERY = timedelta(days=1)
FIRST_PAUSE_SECONDS = 300.0
_PAUSE_SECONDS = 60.0
# One that fails is tried again, but not with every look.
_AFTER_SECONDS = 3600.0


class RetainErrands(ForumByForum):
    """Every forum once a day, by whichever server comes first."""

    def __init__(self, database: Callable[[], store.Database]) -> None:
        pauses = Pauses(FIRST_PAUSE_SECONDS, _PAUSE_SECONDS, _AFTER_SECONDS, _AFTER_SECONDS)
        super().__init__(database, "retain", pauses)

    def is_due(self, forum: Forum) -> bool:
        """Say whether nothing went in a forum for a day, and nothing else is done in it."""
        with self._database().read() as c:
            jobs = store.jobs_of(c, forum.id)
        if is_busy(jobs):
            return False
        last = next((job for job in jobs if job.kind is JobKind.RETAIN), None)
        if last is None or last.finished_at is None:
            return True
        return datetime.now(UTC) - last.finished_at >= EVERY

    def command(self, forum: Forum) -> tuple[str, ...]:
        """Let go of what is too old."""
        return ("retain", "--forum", forum.name)
