"""Once a day, in every forum with a live model: what a lead should look at next is drawn.

In: when it was drawn last. Out: an errand for each forum that is due. A day is drawn once, by
whichever server comes first; one that has just started waits a little.
Not here: the draw itself (reviewing), what becomes of the items (reviewing, api).
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from triage import store
from triage.api.errands.kinds import Errand

_log = logging.getLogger(__name__)
FIRST_PAUSE_SECONDS = 300.0
_PAUSE_SECONDS = 60.0
# Whoever failed is left alone for so long.
_REST_SECONDS = 3600.0


class ReviewErrands:
    """Every forum once a day (UTC), by whichever server comes first."""

    def __init__(self, database: Callable[[], store.Database]) -> None:
        self._database = database
        self._look_at = time.monotonic() + FIRST_PAUSE_SECONDS
        self._left_alone: dict[int, float] = {}

    def due(self) -> Errand | None:
        """Return a forum with a live model whose queue nobody has filled today."""
        if time.monotonic() < self._look_at:
            return None
        today = datetime.now(UTC).date()
        with self._database().read() as c:
            for forum in store.list_forums(c):
                if forum.live_version is None or self._is_left_alone(forum.id):
                    continue
                last = store.last_review_draw(c, forum.id)
                if last is None or last.drawn_on < today:
                    arguments = ("reviews", "draw", "--forum", forum.name)
                    return Errand(forum.id, forum.name, arguments)
        self._look_at = time.monotonic() + _PAUSE_SECONDS
        return None

    def is_unwanted(self, errand: Errand) -> bool:
        """Leave it to end by itself: it takes seconds."""
        return False

    def ended(self, errand: Errand, code: int, *, stopping: bool) -> None:
        """Leave a forum alone in which it failed."""
        if code != 0 and not stopping:
            _log.error("reviews_failed forum=%s code=%d", errand.forum, code)
            self._left_alone[errand.forum_id] = time.monotonic() + _REST_SECONDS

    def _is_left_alone(self, forum_id: int) -> bool:
        return time.monotonic() < self._left_alone.get(forum_id, 0.0)
