"""API keys: made, found, revoked. A secret is shown once and never kept.

In: a role, or a caller's secret. Out: an ApiKey with its forum.
Not here: what a role may do (api).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, insert, or_, select, update
from sqlalchemy.engine import RowMapping

from triage.errors import BadField, NoForum
from triage.records import ApiKey, Forum, Role
from triage.store.batches import record_of
from triage.store.tables import api_keys, forums

PREFIX_LENGTH = 10
_USE_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class KeyRow(ApiKey):
    """A key with its history."""

    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def create_key(
    c: Connection,
    forum_id: int,
    *,
    name: str,
    role: Role,
    publishable: bool,
    test: bool,
    at: datetime,
) -> tuple[str, ApiKey]:
    """Make a key; return its secret, which cannot be had again, and the key.

    A publishable key is readable in every browser, so only a front end may have one.
    """
    if publishable and role is not Role.FRONTEND:
        raise BadField("publishable", f"must be false for a key of role `{role}`")
    row = c.execute(select(forums).where(forums.c.id == forum_id)).mappings().first()
    if row is None:
        raise NoForum(str(forum_id))
    secret = ("pk_" if publishable else "sk_") + secrets.token_urlsafe(32)
    prefix = secret[:PREFIX_LENGTH]
    query = insert(api_keys).values(
        forum_id=forum_id,
        name=name,
        prefix=prefix,
        secret_hash=_hash(secret),
        role=role.value,
        publishable=publishable,
        test=test,
        created_at=at,
    )
    key_id: int = c.execute(query.returning(api_keys.c.id)).scalar_one()
    forum = record_of(Forum, row)
    return secret, ApiKey(key_id, forum, prefix, role, publishable, test, name)


def find_key(c: Connection, secret: str) -> ApiKey | None:
    """Return the key of this secret with its forum, or None if it is unknown or revoked."""
    query = _with_forum().where(
        api_keys.c.secret_hash == _hash(secret), api_keys.c.revoked_at.is_(None)
    )
    row = c.execute(query).mappings().first()
    if row is None:
        return None
    return record_of(ApiKey, row, forum=_forum(row), role=Role(row["role"]))


def list_keys(c: Connection, forum_id: int) -> list[KeyRow]:
    """Return the forum's keys, revoked ones too, oldest first."""
    query = _with_forum().where(api_keys.c.forum_id == forum_id).order_by(api_keys.c.id)
    return [
        record_of(KeyRow, row, forum=_forum(row), role=Role(row["role"]))
        for row in c.execute(query).mappings()
    ]


def revoke_key(c: Connection, forum_id: int, prefix: str, at: datetime) -> bool:
    """Revoke the key of this prefix; return whether there was one that was not revoked yet."""
    query = (
        update(api_keys)
        .where(
            api_keys.c.forum_id == forum_id,
            api_keys.c.prefix == prefix,
            api_keys.c.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
    return c.execute(query).rowcount > 0


def note_key_use(c: Connection, forum_id: int, key_id: int, at: datetime) -> None:
    """Note that a key is in use, to the hour, so that it costs no write on every request."""
    query = update(api_keys).where(
        api_keys.c.forum_id == forum_id,
        api_keys.c.id == key_id,
        or_(
            api_keys.c.last_used_at.is_(None),
            api_keys.c.last_used_at <= at - _USE_NOTED_EVERY,
        ),
    )
    c.execute(query.values(last_used_at=at))


def _hash(secret: str) -> str:
    # A slow hash protects what people think up. A secret is 256 random bits, which nobody can
    # guess however fast the hash is, and this runs on every request.
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _with_forum() -> Select[tuple[object, ...]]:
    return select(
        api_keys,
        forums.c.name.label("forum_name"),
        forums.c.revision.label("forum_revision"),
        forums.c.live_version.label("forum_live_version"),
        forums.c.encoder.label("forum_encoder"),
        forums.c.encoder_id.label("forum_encoder_id"),
        forums.c.encoder_prompts.label("forum_encoder_prompts"),
    ).join(forums, forums.c.id == api_keys.c.forum_id)


def _forum(row: RowMapping) -> Forum:
    return Forum(
        id=row["forum_id"],
        name=row["forum_name"],
        revision=row["forum_revision"],
        live_version=row["forum_live_version"],
        encoder=row["forum_encoder"],
        encoder_id=row["forum_encoder_id"],
        encoder_prompts=row["forum_encoder_prompts"],
    )
