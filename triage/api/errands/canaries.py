"""Every minute, in every forum: do questions with known answers still find them?

In: a way to a forum's desk. Out: a round for the server's rounds, and what came of it last.
Not here: the questions (canaries), what a caller is told (routes.health).
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from triage import store
from triage.api.errands.rounds import Round
from triage.canaries import Canaries, Song
from triage.desk import Desk
from triage.errors import CanariesFailed
from triage.records import Forum
from triage.store.threads import solved_threads

_log = logging.getLogger(__name__)
EVERY_SECONDS = 60.0
_CANDIDATES = 25


class Aviary:
    """The canaries of every forum of one server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._canaries: dict[str, Canaries] = {}
        self._songs: dict[str, Song] = {}

    @property
    def trouble(self) -> CanariesFailed | None:
        """Why the server had better answer nobody; None while all is found that is known."""
        with self._lock:
            songs = dict(self._songs)
        for forum, song in songs.items():
            if song.failed:
                return CanariesFailed(forum, song.failed, song.asked)
        return None

    def told(self, forum: str) -> Mapping[str, object] | None:
        """Return what came of a forum's canaries last; None before they were asked."""
        with self._lock:
            song = self._songs.get(forum)
        return song.told() if song is not None else None

    def sing(self, database: store.Database, desk: Desk, forum: Forum, now: datetime) -> Song:
        """Ask a forum's canaries, those that fail once more, and remember what came of it."""
        canaries = self._canaries.setdefault(forum.name, Canaries())
        with database.read() as c:
            solved = solved_threads(c, forum.id, _CANDIDATES)
        song = canaries.sing(desk.parts(), solved, now)
        if song.failed:
            # A thread may have changed between two looks; then it is well a moment later.
            song = canaries.sing(desk.parts(), solved, now)
        with self._lock:
            self._songs[forum.name] = song
        if song.failed:
            counts = song.asked, song.failed
            _log.error("canaries_failed forum=%s asked=%d failed=%d", forum.name, *counts)
        return song


def canary_round(
    aviary: Aviary, desk_of: Callable[[Forum], Desk], every_seconds: float = EVERY_SECONDS
) -> Round:
    """Return the round that asks what is known; it raises CanariesFailed where that is lost."""

    def work(database: store.Database, forum: Forum, now: datetime) -> None:
        song = aviary.sing(database, desk_of(forum), forum, now)
        if song.failed:
            # So that it stands among what fails in the leads' console, too.
            raise CanariesFailed(forum.name, song.failed, song.asked)

    return Round("canaries", every_seconds, work)
