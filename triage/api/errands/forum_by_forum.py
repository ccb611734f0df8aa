"""An errand that every forum is due for now and then: forums looked through, failures rested from.

In: which forum is due, and its command. Out: one errand at a time. A server that has just started
waits a little: whoever starts it wants it to answer first.
Not here: when a forum is due (retain, drift, reviewing, indexing).
"""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from triage import store
from triage.api.errands.kinds import Errand
from triage.records import Forum

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds: before the first look, between looks, and of a forum after its errand ended."""

    first: float
    between: float
    after: float
    after_failure: float


class ForumByForum(ABC):
    """One kind of errand, for whichever forum is due first."""

    def __init__(self, database: Callable[[], store.Database], called: str, pauses: Pauses) -> None:
        self._database = database
        self._called = called
        self._pauses = pauses
        self._look_at = time.monotonic() + pauses.first
        self._left_alone: dict[int, float] = {}

    @abstractmethod
    def is_due(self, forum: Forum) -> bool:
        """Say whether it is to be done for a forum now."""

    @abstractmethod
    def command(self, forum: Forum) -> tuple[str, ...]:
        """Return what `python -m triage` is told to do for a forum."""

    def due(self) -> Errand | None:
        """Return the errand of a forum that is due, if any is."""
        if time.monotonic() < self._look_at:
            return None
        with self._database().read() as c:
            forums = store.list_forums(c)
        for forum in forums:
            if time.monotonic() >= self._left_alone.get(forum.id, 0.0) and self.is_due(forum):
                return Errand(forum.id, forum.name, self.command(forum))
        self._look_at = time.monotonic() + self._pauses.between
        return None

    def is_unwanted(self, errand: Errand) -> bool:
        """Leave it to end by itself: it takes small steps, or what it has done is of use."""
        return False

    def ended(self, errand: Errand, code: int, *, stopping: bool) -> None:
        """Leave a forum alone for a while, above all one in which it failed."""
        pause = self._pauses.after
        if code != 0 and not stopping:
            _log.error("%s_failed forum=%s code=%d", self._called, errand.forum, code)
            pause = self._pauses.after_failure
        self._left_alone[errand.forum_id] = time.monotonic() + pause
