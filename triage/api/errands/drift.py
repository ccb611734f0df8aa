"""Every hour, in every forum with a live model: is traffic still what the model was made for.

In: when somebody last looked. Out: an errand for each forum that is due; what has turned is told to
other systems by the process that looks.
Not here: the look itself (watching), what is delivered (delivering).
"""

from collections.abc import Callable
from datetime import UTC, datetime

from triage import store
from triage.api.errands.forum_by_forum import ForumByForum, Pauses
from triage.records import Forum
from triage.watching.telling import EVERY

FIRST_PAUSE_SECONDS = 600.0
_PAUSE_SECONDS = 60.0


class DriftErrands(ForumByForum):
    """Every forum once an hour, by whichever server comes first."""

    def __init__(self, database: Callable[[], store.Database]) -> None:
        rest = EVERY.total_seconds()
        super().__init__(database, "drift", Pauses(FIRST_PAUSE_SECONDS, _PAUSE_SECONDS, rest, rest))

    def is_due(self, forum: Forum) -> bool:
        """Say whether a forum has a live model at which nobody looked for an hour."""
        if forum.live_version is None:
            return False
        with self._database().read() as c:
            return store.is_drift_look_due(c, forum.id, datetime.now(UTC), EVERY)

    def command(self, forum: Forum) -> tuple[str, ...]:
        """Look, and tell."""
        return ("drift", "--forum", forum.name, "--tell")
