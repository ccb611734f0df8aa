"""Snapshots of every forum's index: written and taken over in rounds, made anew by a process.

In: a way to a forum's desk. Out: a round that tends the index of each forum; an errand for each
whose index holds what nobody may find any more, or was made with other boilerplate.
Not here: when either is due (knowledge), building (knowledge, cli.index).
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from triage import store
from triage.api.errands.kinds import Errand
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


class IndexErrands:
    """Every forum whose index is to be made from the store alone."""

    def __init__(
        self, database: Callable[[], store.Database], desk_of: Callable[[Forum], Desk]
    ) -> None:
        self._database = database
        self._desk_of = desk_of
        self._look_at = time.monotonic() + _PAUSE_SECONDS
        self._left_alone: dict[int, float] = {}

    def due(self) -> Errand | None:
        """Return a forum whose index is worn."""
        if time.monotonic() < self._look_at:
            return None
        with self._database().read() as c:
            forums = store.list_forums(c)
        for forum in forums:
            if time.monotonic() < self._left_alone.get(forum.id, 0.0):
                continue
            if self._is_worn(forum):
                return Errand(forum.id, forum.name, ("index", "--forum", forum.name, "--rebuild"))
        self._look_at = time.monotonic() + _PAUSE_SECONDS
        return None

    def is_unwanted(self, errand: Errand) -> bool:
        """Leave it to its end: what it has done is of use to whoever opens the index next."""
        return False

    def ended(self, errand: Errand, code: int, *, stopping: bool) -> None:
        """Leave a forum alone for a while, longer where it failed."""
        pause = _AFTER_SECONDS
        if code != 0 and not stopping:
            _log.error("index_failed forum=%s code=%d", errand.forum, code)
            pause = _AFTER_FAILURE_SECONDS
        self._left_alone[errand.forum_id] = time.monotonic() + pause

    def _is_worn(self, forum: Forum) -> bool:
        try:
            return self._desk_of(forum).knowledge.is_worn()
        except Unavailable as error:
            _log.info("index_waits forum=%s code=%s", forum.name, error.code)
            return False
