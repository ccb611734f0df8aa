"""What is too old goes, table by table, and what a crash left of erasures with it.

In: a store, a forum, how long each class is kept. Out: how many rows went, how many were emptied,
and how many months were closed before their persons went. Small steps, so that nobody waits for
long; a run that was killed is finished by the next.
Not here: which table is of which class (store), when it runs (api, cli).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage import store
from triage.records import Actor, ActorKind
from triage.reports import close_due, fold, months_due
from triage.retention import Retention

Check = Callable[[], None]
BY = Actor(ActorKind.PROCESS, "retain")


@dataclass(frozen=True, slots=True)
class Retained:
    """Rows that went, rows whose words and persons went, vectors that nothing needed."""

    deleted: Mapping[str, int]
    emptied: Mapping[str, int]
    vectors: int
    dry_run: bool
    # Months that nobody had closed, and that were before their persons went.
    closed: int = 0

    def told(self) -> dict[str, object]:
        """Return it as it is printed and noted."""
        return {
            "dry_run": self.dry_run,
            "deleted": dict(self.deleted),
            "emptied": dict(self.emptied),
            "vectors": self.vectors,
            "closed": self.closed,
        }


def retain(
    database: store.Database,
    forum_id: int,
    retention: Retention,
    now: datetime,
    *,
    dry_run: bool = False,
    check: Check = lambda: None,
    note: Callable[[store.Connection, Retained], None] | None = None,
) -> Retained:
    """Remove what is too old; with `dry_run` only count it. `check` may end it between two steps.

    `note` is called in a transaction of its own with what was done.
    """
    if dry_run:
        with database.read() as c:
            return Retained(
                store.count_too_old(c, forum_id, retention, now),
                store.blank_too_old(c, forum_id, retention, now, dry_run=True),
                store.drop_orphans(c, forum_id, dry_run=True),
                dry_run=True,
                closed=len(_due(c, forum_id, retention, now)),
            )
    where = (forum_id, retention, now)
    before = _persons_go(retention, now)
    closed = 0 if before is None else close_due(database, forum_id, BY, before, now)
    check()
    emptied = _to_the_end(database, lambda c: store.blank_too_old(c, *where), check)
    deleted = _to_the_end(database, lambda c: store.drop_too_old(c, *where), check)
    vectors = _to_the_end(database, lambda c: _orphans(c, forum_id), check)
    # What reports keep follows, and with it whatever else changed since somebody made one.
    fold(database, forum_id, lambda done, total: check())
    done = Retained(deleted, emptied, vectors.total(), dry_run=False, closed=closed)
    if note is not None:
        with database.write() as c:
            note(c, done)
    database.clear_remains()
    return done


def _due(
    c: store.Connection, forum_id: int, retention: Retention, now: datetime
) -> Sequence[tuple[datetime, datetime]]:
    before = _persons_go(retention, now)
    return [] if before is None else months_due(c, forum_id, before, now)


def _persons_go(retention: Retention, now: datetime) -> datetime | None:
    """Return before when no ask has a person: taken out of it, or gone with it."""
    moments = (retention.before(name, now) for name in ("asks", "events"))
    return max((moment for moment in moments if moment is not None), default=None)


def _orphans(c: store.Connection, forum_id: int) -> dict[str, int]:
    gone = store.drop_orphans(c, forum_id)
    return {"vectors": gone} if gone else {}


def _to_the_end(
    database: store.Database, step: Callable[[store.Connection], dict[str, int]], check: Check
) -> Counter[str]:
    """Take a step, each in a transaction of its own, until one finds nothing."""
    counts: Counter[str] = Counter()
    while True:
        with database.write() as c:
            found = step(c)
        if not found:
            return counts
        counts.update(found)
        check()
