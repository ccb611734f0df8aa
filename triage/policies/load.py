"""How busy a forum is: how many wait for an expert, and how long its members take to answer.

In: the store. Out: a `Load`, counted seconds ago; the times of members within the last minutes.
Not here: how the cut moves with it (policy, decide), expected times for askers (lifecycle).
"""

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain

from triage import store
from triage.errors import TriageError
from triage.lifecycle import Wait, learn_waits
from triage.records import Destination

_log = logging.getLogger(__name__)
# A question more or less moves nothing that could be felt; a count for each keystroke would.
_QUEUE_SECONDS = 5.0
_TIMES_SECONDS = 600.0
PERIOD = timedelta(days=90)
MOST_WAITS = 5_000
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Load:
    """Questions that wait for an expert; by topic the hours until half have a member's answer.

    What is None or not there is unknown.
    """

    queue: int | None = None
    community_hours: Mapping[str, float] = field(default_factory=dict)


class ForumLoad:
    """The load of one forum, never counted anew for each question.

    The times of members take a while to gather, so a thread does that; until it has done so for
    the first time they are unknown.
    """

    def __init__(self, database: store.Database, forum_id: int) -> None:
        self._database = database
        self._forum_id = forum_id
        self._queue: tuple[float, int | None] = (-_QUEUE_SECONDS, None)
        self._hours: Mapping[str, float] = {}
        self._gathered_at: float | None = None
        self._gathering: threading.Thread | None = None
        self._lock = threading.Lock()

    def now(self) -> Load:
        """Return the load. Raises StoreUnavailable."""
        self._begin()
        counted_at, queue = self._queue
        if time.monotonic() - counted_at >= _QUEUE_SECONDS:
            with self._database.read() as c:
                queue = store.expert_queue(c, self._forum_id)
            self._queue = time.monotonic(), queue
        return Load(queue, self._hours)

    def gather(self) -> None:
        """Measure now how long members take. Raises StoreUnavailable."""
        now = datetime.now(UTC)
        with self._database.read() as c:
            self._hours = community_hours(waits_since(c, self._forum_id, now - PERIOD, now))
        self._gathered_at = time.monotonic()

    def close(self) -> None:
        """Return when nothing is being measured any more."""
        with self._lock:
            thread = self._gathering
        if thread is not None:
            thread.join()

    def _begin(self) -> None:
        at = self._gathered_at
        if at is not None and time.monotonic() - at < _TIMES_SECONDS:
            return
        with self._lock:
            if self._gathering is None or not self._gathering.is_alive():
                self._gathering = threading.Thread(target=self._try, name="load", daemon=True)
                self._gathering.start()

    def _try(self) -> None:
        try:
            self.gather()
        except TriageError as error:
            # What was known stays, and it is tried again in a while.
            self._gathered_at = time.monotonic()
            _log.warning("load_not_measured forum_id=%d code=%s", self._forum_id, error.code)


def waits_since(
    c: store.Connection, forum_id: int, since: datetime, now: datetime, most: int = MOST_WAITS
) -> list[Wait]:
    """Return how long questions waited: those kept here, what events tell of others, old cases.

    Of events at most so many, the newest.
    """
    rows = [
        *store.question_waits(c, forum_id, since, now),
        *store.posted_waits(c, forum_id, since, now, most),
    ]
    known = set(Destination)
    return [
        Wait(Destination(destination), topic, seconds, answered)
        for destination, topic, seconds, answered in chain(
            rows, store.case_waits(c, forum_id, since, now)
        )
        if destination in known and seconds >= 0
    ]


def community_hours(history: Iterable[Wait]) -> dict[str, float]:
    """Return by topic after how many hours half of the members' questions had an answer."""
    found = {}
    for (destination, topic), curve in learn_waits(history).curves.items():
        half = curve.quantile(_HALF)
        if destination is Destination.COMMUNITY and topic is not None and half is not None:
            found[topic] = half / 3600
    return found
