"""What a forum's server signs the tokens of its visitors with, kept sealed.

In: sealed secrets. Out: the same, and when they were made, used and revoked.
Not here: sealing, tokens (visitors).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, or_, select, update

from triage.store.batches import record_of
from triage.store.tables.trust import visitor_secrets

_USE_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class VisitorSecret:
    """One secret; tokens name it by its id."""

    id: str
    name: str
    sealed: bytes
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def add_visitor_secret(
    c: Connection, forum_id: int, secret_id: str, name: str, sealed: bytes, at: datetime
) -> None:
    """Keep a secret that is sealed."""
    row = {"id": secret_id, "name": name, "sealed": sealed, "created_at": at}
    c.execute(insert(visitor_secrets).values(forum_id=forum_id, **row))


def find_visitor_secret(c: Connection, forum_id: int, secret_id: str) -> VisitorSecret | None:
    """Return the forum's secret of this id, or None if it is unknown or revoked."""
    query = select(visitor_secrets).where(
        visitor_secrets.c.forum_id == forum_id,
        visitor_secrets.c.id == secret_id,
        visitor_secrets.c.revoked_at.is_(None),
    )
    row = c.execute(query).mappings().first()
    return None if row is None else record_of(VisitorSecret, row)


def list_visitor_secrets(c: Connection, forum_id: int) -> list[VisitorSecret]:
    """Return the forum's secrets, revoked ones too, oldest first."""
    query = select(visitor_secrets).where(visitor_secrets.c.forum_id == forum_id)
    ordered = query.order_by(visitor_secrets.c.created_at, visitor_secrets.c.id)
    return [record_of(VisitorSecret, row) for row in c.execute(ordered).mappings()]


def revoke_visitor_secret(c: Connection, forum_id: int, secret_id: str, at: datetime) -> bool:
    """Revoke a secret; return whether there was one that was not revoked yet."""
    query = update(visitor_secrets).where(
        visitor_secrets.c.forum_id == forum_id,
        visitor_secrets.c.id == secret_id,
        visitor_secrets.c.revoked_at.is_(None),
    )
    return c.execute(query.values(revoked_at=at)).rowcount > 0


def note_visitor_use(c: Connection, forum_id: int, secret_id: str, at: datetime) -> None:
    """Note that a secret is in use, to the hour."""
    last = visitor_secrets.c.last_used_at
    query = update(visitor_secrets).where(
        visitor_secrets.c.forum_id == forum_id,
        visitor_secrets.c.id == secret_id,
        or_(last.is_(None), last <= at - _USE_NOTED_EVERY),
    )
    c.execute(query.values(last_used_at=at))
