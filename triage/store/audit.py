"""Every privileged act, in order, for ever: who did what to what, and how it was before and after.

In: an `Act`. Out: the same, numbered, each with a digest over itself and the one before it. Rows
are only added: the database itself refuses to change one. Who could alter the file could make all
digests anew, so an export is signed and tells the last number and digest (audit export).
Not here: what is worth noting (the doors), signatures (crypto.signing).
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, func, insert, or_, select
from sqlalchemy.engine import RowMapping

from triage.records import Act, Actor, ActorKind
from triage.store.batches import pages
from triage.store.columns import as_utc
from triage.store.tables.trust import audit

FIRST_DIGEST = "0" * 64
_USER = ActorKind.USER.value

# What notes an act, called in the transaction that does it, before anything is changed.
Note = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act as it was noted."""

    number: int
    act: Act
    digest: str


@dataclass(frozen=True, slots=True)
class ActsWanted:
    """Which acts are looked for; what is None is not asked about.

    `subjects` are first words of acts' names: `model` finds `model.activate`.
    """

    subjects: Collection[str] | None = None
    act: str | None = None
    actor: str | None = None
    object: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActsDone:
    """An act that was done `n` times, the last time `at`; who did it last comes first.

    `objects` is what it was done to, where that is one alone, else two of them.
    """

    act: str
    n: int
    at: datetime
    by: tuple[str, ...]
    objects: tuple[str, ...]
    by_people: bool


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


def list_acts(
    c: Connection, forum_id: int, wanted: ActsWanted, *, below: int | None = None, limit: int = 50
) -> list[AuditRow]:
    """Return the acts that are wanted, newest first, beginning below a number."""
    query = select(audit).where(audit.c.forum_id == forum_id, *_wanted(wanted))
    if below is not None:
        query = query.where(audit.c.number < below)
    rows = c.execute(query.order_by(audit.c.number.desc()).limit(limit)).mappings()
    return [_row(row) for row in rows]


def count_acts(c: Connection, forum_id: int, wanted: ActsWanted) -> list[ActsDone]:
    """Return how often each of the acts that are wanted was done, by whom; the latest first."""
    columns = audit.c
    who = (columns.act, columns.actor, columns.actor_kind)
    ends = func.min(columns.object), func.max(columns.object)
    query = (
        select(*who, func.count(), func.max(columns.at), *ends)
        .where(columns.forum_id == forum_id, *_wanted(wanted))
        .group_by(*who)
        .order_by(func.max(columns.number).desc())
    )
    found: dict[str, ActsDone] = {}
    for act, actor, kind, n, at, *objects in c.execute(query):
        some = ActsDone(act, n, at, (actor,), tuple(dict.fromkeys(objects)), kind == _USER)
        found[act] = _together(found[act], some) if act in found else some
    return list(found.values())


def actors_among(c: Connection, forum_id: int, wanted: ActsWanted, newest: int) -> list[str]:
    """Return who did the newest of the acts that are wanted, by name."""
    query = select(audit.c.actor).where(audit.c.forum_id == forum_id, *_wanted(wanted))
    some = query.order_by(audit.c.number.desc()).limit(newest).subquery()
    return sorted(c.execute(select(some.c.actor).distinct()).scalars())


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


def _wanted(wanted: ActsWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        audit.c[name] == getattr(wanted, name)
        for name in ("act", "actor", "object")
        if getattr(wanted, name) is not None
    ]
    if wanted.subjects is not None:
        names = (audit.c.act.startswith(f"{one}.", autoescape=True) for one in wanted.subjects)
        found.append(or_(false(), *names))
    if wanted.since is not None:
        found.append(audit.c.at >= wanted.since)
    if wanted.until is not None:
        found.append(audit.c.at < wanted.until)
    return found


def _together(one: ActsDone, other: ActsDone) -> ActsDone:
    objects = dict.fromkeys((*one.objects, *other.objects))
    return ActsDone(
        one.act,
        one.n + other.n,
        max(one.at, other.at),
        tuple(dict.fromkeys((*one.by, *other.by))),
        tuple(objects)[:2],
        one.by_people or other.by_people,
    )


def _last(c: Connection, forum_id: int) -> AuditRow | None:
    query = select(audit).where(audit.c.forum_id == forum_id).order_by(audit.c.number.desc())
    row = c.execute(query.limit(1)).mappings().first()
    return None if row is None else _row(row)


def _row(row: RowMapping) -> AuditRow:
    actor = Actor(ActorKind(row["actor_kind"]), row["actor"])
    act = Act(row["at"], actor, row["act"], row["object"], row["before"], row["after"])
    return AuditRow(row["number"], act, row["digest"])
