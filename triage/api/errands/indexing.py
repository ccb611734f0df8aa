"""Snapshots of every forum's index: written and taken over in rounds, made anew by a process.

In: a way to a forum's desk. Out: a round that tends the index of each forum; an errand for each
whose index holds what nobody may find any more, or was made with other boilerplate.
Not here: when either is due (knowledge), building (knowledge, cli.index).
"""

import logging
from collections.abc import Callable
from datetime import datetime

from triage import store
from triage.api.errands.forum_by_forum import ForumByForum, Pauses
from triage.api.errands.rounds import Round
from triage.desk import Desk
from triage.errors import Unavailable
from triage.records import Forum

_log = logging.getLogger(__name__)
EVERY_SECONDS = 30.0
_PAUSE_SECONDS = 30.0
# One that fails is tried again, but not with every look; a new one is taken over within a round.
_AFTER_SECONDS = 120.0
_AFTER_FAILURE_SECONDS = 3600.0


def index_round(desk_of: Callable[[Forum], Desk], every_seconds: float = EVERY_SECONDS) -> Round:
    """Return the round that writes snapshots and takes over better ones."""

    def work(database: store.Database, forum: Forum, now: datetime) -> None:
        desk_of(forum).knowledge.tend()

    return Round("snapshots", every_seconds, work)


class IndexErrands(ForumByForum):
    """Every forum whose index is to be made from the store alone."""

    def __init__(
        self, database: Callable[[], store.Database], desk_of: Callable[[Forum], Desk]
    ) -> None:
        pauses = Pauses(_PAUSE_SECONDS, _PAUSE_SECONDS, _AFTER_SECONDS, _AFTER_FAILURE_SECONDS)
        super().__init__(database, "index", pauses)
        self._desk_of = desk_of

    def is_due(self, forum: Forum) -> bool:
        """Say whether a forum's index is worn."""
        try:
            return self._desk_of(forum).knowledge.is_worn()
        except Unavailable as error:
            _log.info("index_waits forum=%s code=%s", forum.name, error.code)
            return False

    def command(self, forum: Forum) -> tuple[str, ...]:
        """Make its index anew."""
        return ("index", "--forum", forum.name, "--rebuild")
