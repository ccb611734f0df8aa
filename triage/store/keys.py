"""API keys: made, found, rotated, revoked. A secret is shown once and never kept.

In: a role, or a caller's secret. Out: an ApiKey with its forum.
Not here: what a role may do (api).
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.engine import RowMapping

from triage.errors import BadField, NoForum
from triage.origins import read_origin
from triage.records import ApiKey, Role
from triage.store.batches import record_of
from triage.store.columns import as_utc
from triage.store.forums import FORUM_COLUMNS, forum_beside
from triage.store.tables.base import api_keys, forums

PREFIX_LENGTH = 10
_USE_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow(ApiKey):
    """A key with its history; `replaces` is the prefix of the one that it was rotated from."""

    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    expires_at: datetime | None
    replaces: str | None

    def works(self, at: datetime) -> bool:
        """Say whether the key opens anything."""
        alive = self.expires_at is None or self.expires_at > as_utc(at)
        return self.revoked_at is None and alive


def create_key(
    c: Connection,
    forum_id: int,
    *,
    name: str,
    role: Role,
    publishable: bool,
    test: bool,
    at: datetime,
    expires_at: datetime | None = None,
    origins: Collection[str] = (),
) -> tuple[str, ApiKey]:
    """Make a key; return its secret, which cannot be had again, and the key.

    A publishable key is readable in every browser, so only a front end may have one; `origins`
    are the sites whose pages may bring it. Raises BadField.
    """
    if publishable and role is not Role.FRONTEND:
        raise BadField("publishable", f"must be false for a key of role `{role}`")
    if origins and not publishable:
        raise BadField("origin", "is for publishable keys; a secret key never goes to a browser")
    values = {
        "name": name,
        "role": role.value,
        "publishable": publishable,
        "test": test,
        "created_at": at,
        "expires_at": expires_at,
        "origins": {read_origin(origin) for origin in origins},
    }
    return _add(c, forum_id, values)


def rotate_key(
    c: Connection,
    forum_id: int,
    prefix: str,
    *,
    at: datetime,
    grace: timedelta,
    expires_at: datetime | None = None,
) -> tuple[str, ApiKey]:
    """Make the key that follows the one of this prefix, which works until the grace is over.

    Without another moment the new one lasts as long as the old one was made for. Raises BadField
    where no such key works, or it was rotated already.
    """
    row = c.execute(_of(forum_id, prefix).with_for_update(of=api_keys)).mappings().first()
    old = None if row is None else _row(row)
    follows = select(api_keys.c.id).where(
        api_keys.c.forum_id == forum_id, api_keys.c.replaces == prefix
    )
    if row is None or old is None or not old.works(at) or c.execute(follows).first() is not None:
        raise BadField("prefix", "is of no key that works and was not rotated yet: see `keys list`")
    ends = min(as_utc(at) + grace, old.expires_at or as_utc(at) + grace)
    c.execute(
        update(api_keys)
        .where(api_keys.c.forum_id == forum_id, api_keys.c.prefix == prefix)
        .values(expires_at=ends)
    )
    if expires_at is None and old.expires_at is not None:
        expires_at = as_utc(at) + (old.expires_at - old.created_at)
    kept = {name: row[name] for name in ("name", "role", "publishable", "test", "origins")}
    fresh = {"created_at": at, "expires_at": expires_at, "replaces": prefix, "line_id": old.id}
    return _add(c, forum_id, {**kept, **fresh})


def _add(c: Connection, forum_id: int, values: dict[str, Any]) -> tuple[str, ApiKey]:
    row = c.execute(select(forums.c.id).where(forums.c.id == forum_id)).first()
    if row is None:
        raise NoForum(str(forum_id))
    secret = ("pk_" if values["publishable"] else "sk_") + secrets.token_urlsafe(32)
    prefix = secret[:PREFIX_LENGTH]
    told = {"forum_id": forum_id, "prefix": prefix, "secret_hash": _hash(secret)}
    c.execute(insert(api_keys).values(**values, **told))
    made = c.execute(_of(forum_id, prefix)).mappings().one()
    return secret, record_of(ApiKey, made, **_told(made))


def find_key(c: Connection, secret: str, at: datetime) -> ApiKey | None:
    """Return the key of this secret with its forum; None if it is unknown, revoked or expired."""
    row = c.execute(_FIND, {"hash": _hash(secret), "at": at}).mappings().first()
    return None if row is None else record_of(ApiKey, row, **_told(row))


def listed_origins(c: Connection, at: datetime) -> frozenset[str]:
    """Return every site that may bring a publishable key of any forum."""
    query = select(api_keys.c.origins).where(api_keys.c.publishable, *_working(at))
    return frozenset().union(*(origins or () for origins in c.execute(query).scalars()))


def list_keys(c: Connection, forum_id: int) -> list[KeyRow]:
    """Return the forum's keys, revoked ones too, oldest first."""
    query = _with_forum().where(api_keys.c.forum_id == forum_id).order_by(api_keys.c.id)
    return [_row(row) for row in c.execute(query).mappings()]


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


def note_key_use(c: Connection, forum_id: int, prefix: str, at: datetime) -> None:
    """Note that a key is in use, to the hour, so that it costs no write on every request."""
    query = update(api_keys).where(
        api_keys.c.forum_id == forum_id,
        api_keys.c.prefix == prefix,
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


def _working(at: datetime | BindParameter[datetime]) -> list[ColumnElement[bool]]:
    expires = api_keys.c.expires_at
    return [api_keys.c.revoked_at.is_(None), or_(expires.is_(None), expires > at)]


def _of(forum_id: int, prefix: str) -> Select[tuple[object, ...]]:
    return _with_forum().where(api_keys.c.forum_id == forum_id, api_keys.c.prefix == prefix)


def _row(row: RowMapping) -> KeyRow:
    return record_of(KeyRow, row, **_told(row))


def _told(row: RowMapping) -> dict[str, Any]:
    return {
        "id": row["line_id"] or row["id"],
        "forum": forum_beside(row),
        "role": Role(row["role"]),
        "origins": row["origins"] or frozenset(),
    }


def _with_forum() -> Select[tuple[object, ...]]:
    query = select(api_keys, *FORUM_COLUMNS)
    return query.join(forums, forums.c.id == api_keys.c.forum_id)


# Every request needs it: making it anew would take longer than carrying it out.
_FIND = _with_forum().where(api_keys.c.secret_hash == bindparam("hash"), *_working(bindparam("at")))
