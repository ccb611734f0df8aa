"""Every hour, in every forum with a live model: is traffic still what the model was made for.

In: when somebody last looked. Out: an errand for each forum that is due; what has turned is told to
other systems by the process that looks. A server that has just started waits a little.
Not here: the look itself (watching), what is delivered (delivering).
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from triage import store
from triage.api.errands.kinds import Errand
from triage.watching.telling import EVERY

_log = logging.getLogger(__name__)
FIRST_PAUSE_SECONDS = 600.0
_PAUSE_SECONDS = 60.0


class DriftErrands:
    """Every forum once an hour, by whichever server comes first."""

    def __init__(self, database: Callable[[], store.Database]) -> None:
        self._database = database
        self._look_at = time.monotonic() + FIRST_PAUSE_SECONDS
        self._left_alone: dict[int, float] = {}

    def due(self) -> Errand | None:
        """Return a forum with a live model at which nobody looked for an hour."""
        if time.monotonic() < self._look_at:
            return None
        now = datetime.now(UTC)
        with self._database().read() as c:
            for forum in store.list_forums(c):
                if forum.live_version is None or self._is_left_alone(forum.id):
                    continue
                if store.is_drift_look_due(c, forum.id, now, EVERY):
                    return Errand(forum.id, forum.name, ("drift", "--forum", forum.name, "--tell"))
        self._look_at = time.monotonic() + _PAUSE_SECONDS
        return None

    def is_unwanted(self, errand: Errand) -> bool:
        """Leave it to end by itself: it takes seconds."""
        return False

    def ended(self, errand: Errand, code: int, *, stopping: bool) -> None:
        """Leave a forum alone for an hour, above all one in which it failed."""
        if code != 0 and not stopping:
            _log.error("drift_failed forum=%s code=%d", errand.forum, code)
        self._left_alone[errand.forum_id] = time.monotonic() + EVERY.total_seconds()

    def _is_left_alone(self, forum_id: int) -> bool:
        return time.monotonic() < self._left_alone.get(forum_id, 0.0)
