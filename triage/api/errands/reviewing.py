"""Once a day, in every forum with a live model: what a lead should look at next is drawn.

In: when it was drawn last. Out: an errand for each forum that is due. A day is drawn once, by
whichever server comes first.
Not here: the draw itself (reviewing), what becomes of the items (reviewing, api).
"""

from collections.abc import Callable
from datetime import UTC, datetime

from triage import store
from triage.api.errands.forum_by_forum import ForumByForum, Pauses
from triage.records import Forum

FIRST_PAUSE_SECONDS = 300.0
_PAUSE_SECONDS = 60.0
# Whoever failed is left alone for so long.
_REST_SECONDS = 3600.0


class ReviewErrands(ForumByForum):
    """Every forum once a day (UTC), by whichever server comes first."""

    def __init__(self, database: Callable[[], store.Database]) -> None:
        pauses = Pauses(FIRST_PAUSE_SECONDS, _PAUSE_SECONDS, 0.0, _REST_SECONDS)
        super().__init__(database, "reviews", pauses)

    def is_due(self, forum: Forum) -> bool:
        """Say whether a forum has a live model, and a queue that nobody has filled today."""
        if forum.live_version is None:
            return False
        with self._database().read() as c:
            last = store.last_review_draw(c, forum.id)
        return last is None or last.drawn_on < datetime.now(UTC).date()

    def command(self, forum: Forum) -> tuple[str, ...]:
        """Draw."""
        return ("reviews", "draw", "--forum", forum.name)
