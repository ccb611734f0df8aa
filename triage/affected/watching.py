"""A look at one forum, again and again: what came since, and what follows from it.

In: a moment, the encoder that serves the forum. Out: questions gathered, answers passed on that
nobody passed on, asks held against the live issues, bursts proposed. Of several servers of one
store one looks at a time.
Not here: when that is (api), each of these steps (gathering, answering, reaching, bursting).
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage import store
from triage.affected.answering import pass_on_missed
from triage.affected.bursting import Watch
from triage.affected.gathering import Gathering
from triage.affected.issues import LiveIssues
from triage.affected.reaching import asks_about
from triage.encode import Encoder

_log = logging.getLogger(__name__)
EVERY = timedelta(seconds=10)
# Who was still typing at the last look has said by now what it is about.
_OVERLAP = timedelta(minutes=15)
# After a pause, what came in it is looked at, but not all of time.
_LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found; `looked` says whether it was this process's turn."""

    looked: bool = False
    gathered: int = 0
    answered: int = 0
    affected: int = 0
    proposed: tuple[str, ...] = ()


class Watcher:
    """Looks at one forum."""

    def __init__(self, database: store.Database, forum_id: int) -> None:
        self._database = database
        self._forum_id = forum_id
        self._gathering = Gathering(database, forum_id)
        self._live = LiveIssues(forum_id)
        self._watch = Watch(database, forum_id)

    def look(self, encoder: Encoder | None, now: datetime, every: timedelta = EVERY) -> Seen:
        """Look once, where nobody has just done so. Raises StoreUnavailable."""
        with self._database.write() as c:
            mine, last = store.take_watch(c, self._forum_id, now, every)
        if not mine:
            return Seen()
        since = max(last - _OVERLAP, now - _LONGEST) if last is not None else None
        if encoder is None:
            # Without one nothing is known of meanings; what stands together already stays so.
            return Seen(True, answered=self._pass_on(None, now))
        gathered = self._gathering.gather(encoder, now)
        answered = self._pass_on(encoder, now)
        affected = self._reach(encoder, since or now - _LONGEST)
        proposed = self._watch.look(encoder, since, now)
        for row in proposed:
            _log.info("burst_proposed issue=%s", row.issue_id)
        ids = tuple(row.issue_id for row in proposed)
        return Seen(True, gathered, answered, affected, ids)

    def _pass_on(self, encoder: Encoder | None, now: datetime) -> int:
        with self._database.read() as c:
            waiting = [row.question_id for row in store.iter_open_questions(c, self._forum_id)]
            standing = store.list_clusters(c, self._forum_id) if waiting else {}
        mixed = any(
            not set(waiting).isdisjoint(members) and not set(waiting).issuperset(members)
            for members in standing.values()
        )
        if not mixed:
            return 0
        with self._database.write() as c:
            return pass_on_missed(c, self._forum_id, waiting, encoder, now)

    def _reach(self, encoder: Encoder, since: datetime) -> int:
        with self._database.read() as c:
            live = self._live.now(c, encoder)
            asks = asks_about(c, self._forum_id, live, encoder, since)
        if asks:
            with self._database.write() as c:
                there = {row.issue_id for row in store.list_issues(c, self._forum_id)}
                kept = [one for one in asks if one.issue_id in there]
                store.put_affected(c, self._forum_id, kept)
        return len(asks)
