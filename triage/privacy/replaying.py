"""A store that is opened -> brought up to the erasures that it should know of, before it serves.

In: the store and the log beside it. Out: both say the same, and nobody in either has anything left.
A store restored from before an erasure has the person's text again: the log repeats it. A log that
was lost is written again from the store.
Not here: how a person is erased (erasing).
"""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from triage import store
from triage.audit.acting import Acting
from triage.crypto.signing import Signer
from triage.privacy.erasing import Eraser, begun, entry_of
from triage.privacy.log import Entry, ErasureLog
from triage.privacy.receipts import REMOVED
from triage.records import Actor, ActorKind, Forum

_log = logging.getLogger(__name__)
_US = Actor(ActorKind.PROCESS, "erasures")


def catch_up(
    database: store.Database,
    log: ErasureLog,
    signer: Signer,
    models_dir: Path,
    index_dir: Path | None = None,
    *,
    patience: timedelta = timedelta(0),
) -> int:
    """Repeat and finish every erasure that the store has not done; return how many.

    One whose person is out of the store already is left for so long to whoever is at it.
    Raises ErasuresAltered.
    """
    entries = log.read()
    with database.read() as c:
        forums = store.list_forums(c)
    done = 0
    for forum in forums:
        eraser = Eraser(database, forum, log, signer, models_dir, index_dir)
        done += _agree(eraser, [e for e in entries if e.forum == forum.name], patience)
    return done


def _agree(eraser: Eraser, entries: Iterable[Entry], patience: timedelta) -> int:
    forum, database = eraser.forum, eraser.database
    with database.read() as c:
        rows = {row.id: row for row in store.list_erasures(c, forum.id)}
    logged = {entry.id: entry for entry in entries}
    for row in rows.values():
        if row.id not in logged:
            logged[row.id] = entry_of(forum, row)
            eraser.log.append(logged[row.id])
    left = [entry for entry in logged.values() if _is_left(rows.get(entry.id), patience)]
    for entry in left:
        if entry.id not in rows:
            _begin_again(database, forum, entry)
        eraser.finish(entry)
        _log.warning("erasure_finished forum=%s erasure=%s", forum.name, entry.id)
    return len(left)


def _is_left(row: store.ErasureRow | None, patience: timedelta) -> bool:
    if row is None or REMOVED not in (row.receipt or {}):
        return True
    return row.done_at is None and datetime.now(UTC) - row.asked_at >= patience


def _begin_again(database: store.Database, forum: Forum, entry: Entry) -> None:
    with database.write() as c:
        store.begin_erasure(c, forum.id, begun(entry, replayed=True))
        Acting(forum.id, _US).note(c, "person.erase_again", entry.id)
