"""What is too old goes, table by table, and what a crash left of erasures with it.

In: a store, a forum, how long each class is kept. Out: how many rows went and how many were
emptied. Small steps, so that nobody waits for long; a run that was killed is finished by the next.
Not here: which table is of which class (store), when it runs (api, cli).
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from triage import store
from triage.reports import fold
from triage.retention import Retention

Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Retained:
    """Rows that went, rows whose words and persons went, vectors that nothing needed."""

    deleted: Mapping[str, int]
    emptied: Mapping[str, int]
    vectors: int
    dry_run: bool

    def told(self) -> dict[str, object]:
        """Return it as it is printed and noted."""
        return {
            "dry_run": self.dry_run,
            "deleted": dict(self.deleted),
            "emptied": dict(self.emptied),
            "vectors": self.vectors,
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
            )
    where = (forum_id, retention, now)
    emptied = _to_the_end(database, lambda c: store.blank_too_old(c, *where), check)
    deleted = _to_the_end(database, lambda c: store.drop_too_old(c, *where), check)
    vectors = _to_the_end(database, lambda c: _orphans(c, forum_id), check)
    # What reports keep follows, and with it whatever else changed since somebody made one.
    fold(database, forum_id, lambda done, total: check())
    done = Retained(deleted, emptied, vectors.total(), dry_run=False)
    if note is not None:
        with database.write() as c:
            note(c, done)
    database.clear_remains()
    return done


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
