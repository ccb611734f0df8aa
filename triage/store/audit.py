"""Every privileged act, in order, for ever: who did what to what, and how it was before and after.

In: an `Act`. Out: the same, numbered, each with a digest over itself and the one before it. Rows
are only added: the database itself refuses to change one. Who could alter the file could make all
digests anew, so an export is signed and tells the last number and digest (audit export).
Not here: what is worth noting (the doors), signatures (crypto.signing).
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.engine import RowMapping

from triage.records import Act, Actor, ActorKind
from triage.store.batches import pages
from triage.store.columns import as_utc
from triage.store.tables.trust import audit

FIRST_DIGEST = "0" * 64

# What notes an act, called in the transaction that does it, before anything is changed.
Note = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act as it was noted."""

    number: int
    act: Act
    digest: str


def note_act(c: Connection, forum_id: int, act: Act) -> int:
    """Append an act, in the transaction of the act itself; return its number."""
    last = _last(c, forum_id)
    number, previous = (last.number + 1, last.digest) if last else (1, FIRST_DIGEST)
    c.execute(
        insert(audit).values(
            forum_id=forum_id,
            number=number,
            at=act.at,
            actor_kind=act.actor.kind.value,
            actor=act.actor.name,
            act=act.act,
            object=act.object,
            before=None if act.before is None else dict(act.before),
            after=None if act.after is None else dict(act.after),
            digest=act_digest(previous, number, act),
        )
    )
    return number


def iter_acts(c: Connection, forum_id: int, after: int = 0) -> Iterator[AuditRow]:
    """Give the forum's acts whose number is above `after`, oldest first."""
    query = select(audit).where(audit.c.forum_id == forum_id, audit.c.number > after)
    for page in pages(c, query, [audit.c.number]):
        yield from map(_row, page)


def last_act(c: Connection, forum_id: int) -> int:
    """Return the number of the forum's last act; 0 when nothing was ever noted."""
    last = _last(c, forum_id)
    return 0 if last is None else last.number


def broken_act(c: Connection, forum_id: int) -> int | None:
    """Return the number of the first act that is altered or missing, or None if all hold."""
    previous, expected = FIRST_DIGEST, 1
    for row in iter_acts(c, forum_id):
        if row.number != expected or row.digest != act_digest(previous, row.number, row.act):
            return expected
        previous, expected = row.digest, expected + 1
    return None


def act_digest(previous: str, number: int, act: Act) -> str:
    """Return SHA-256 over an act and the digest of the one before it."""
    told: dict[str, Any] = {
        "number": number,
        "at": as_utc(act.at).isoformat(),
        "actor": [act.actor.kind.value, act.actor.name],
        "act": act.act,
        "object": act.object,
        "before": None if act.before is None else dict(act.before),
        "after": None if act.after is None else dict(act.after),
    }
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def _last(c: Connection, forum_id: int) -> AuditRow | None:
    query = select(audit).where(audit.c.forum_id == forum_id).order_by(audit.c.number.desc())
    row = c.execute(query.limit(1)).mappings().first()
    return None if row is None else _row(row)


def _row(row: RowMapping) -> AuditRow:
    actor = Actor(ActorKind(row["actor_kind"]), row["actor"])
    act = Act(row["at"], actor, row["act"], row["object"], row["before"], row["after"])
    return AuditRow(row["number"], act, row["digest"])
