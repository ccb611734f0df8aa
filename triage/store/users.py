"""Staff who sign in to the pages of a forum: added, found, changed, shut out.

In: an e-mail address and a role, or what somebody is known by. Out: users, never their passwords'
hashes but to whoever checks one. Shutting somebody out ends their sessions and links at once.
Not here: sessions (web_sessions), one-time links (sign_in_links), hashing (crypto.passwords).
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Update, delete, insert, select, update
from sqlalchemy.engine import RowMapping

from triage.errors import BadField, NoUser, UserTaken
from triage.records import Role, WebUser
from triage.store.batches import record_of
from triage.store.forums import FORUM_COLUMNS, forum_beside
from triage.store.tables.base import forums
from triage.store.tables.trust import sign_in_links, users, web_sessions

_EMAIL = re.compile(r"[^\s@\x00-\x1f]{1,64}@[^\s@\x00-\x1f]{1,189}")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow(WebUser):
    """A user with their history, and how they may sign in."""

    has_password: bool
    by_company: bool
    created_at: datetime
    last_in_at: datetime | None
    disabled_at: datetime | None


def plain_email(given: str) -> str:
    """Return an address as it is kept: lower case, without spaces around it. Raises BadField."""
    email = given.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise BadField("email", "is no e-mail address")
    return email


def add_user(
    c: Connection, forum_id: int, *, email: str, name: str, role: Role, at: datetime
) -> UserRow:
    """Add somebody who has not signed in yet. Raises UserTaken and BadField."""
    email, name = plain_email(email), name.strip()
    if len(name) > _LONGEST_NAME:
        raise BadField("name", f"is longer than {_LONGEST_NAME} characters")
    if _row(c, forum_id, users.c.email == email) is not None:
        raise UserTaken(email)
    user_id = f"u_{secrets.token_hex(8)}"
    values = {"id": user_id, "email": email, "name": name, "role": role.value, "created_at": at}
    c.execute(insert(users).values(forum_id=forum_id, **values))
    return get_user(c, forum_id, email)


def get_user(c: Connection, forum_id: int, email: str) -> UserRow:
    """Return the user of this address, disabled or not. Raises NoUser."""
    row = _row(c, forum_id, users.c.email == email.strip().lower())
    if row is None:
        raise NoUser(email.strip())
    return _user(row)


def user_of(c: Connection, forum_id: int, user_id: str) -> UserRow:
    """Return the user of this id, disabled or not. Raises NoUser."""
    row = _row(c, forum_id, users.c.id == user_id)
    if row is None:
        raise NoUser(user_id)
    return _user(row)


def list_users(c: Connection, forum_id: int) -> list[UserRow]:
    """Return the forum's users by address, those who were shut out too."""
    query = with_user().where(users.c.forum_id == forum_id).order_by(users.c.email)
    return [_user(row) for row in c.execute(query).mappings()]


def password_hash_of(c: Connection, forum_id: int, email: str) -> tuple[WebUser, str | None] | None:
    """Return who may sign in by this address and the hash of their password, or None."""
    row = _row(c, forum_id, users.c.email == email.strip().lower())
    if row is None or row["disabled_at"] is not None:
        return None
    return web_user(row), row["password_hash"]


def user_of_issuer(c: Connection, forum_id: int, issuer: str, subject: str) -> WebUser | None:
    """Return who may sign in as this subject of this issuer, or None."""
    known = (users.c.oidc_issuer == issuer) & (users.c.oidc_subject == subject)
    row = _row(c, forum_id, known)
    return None if row is None or row["disabled_at"] is not None else web_user(row)


def bind_issuer(c: Connection, forum_id: int, email: str, issuer: str, subject: str) -> bool:
    """Have a user recognised by an issuer's subject from now on; False if bound or shut out."""
    query = update(users).where(
        users.c.forum_id == forum_id,
        users.c.email == email.strip().lower(),
        users.c.disabled_at.is_(None),
        users.c.oidc_subject.is_(None),
    )
    return c.execute(query.values(oidc_issuer=issuer, oidc_subject=subject)).rowcount > 0


def set_password(c: Connection, forum_id: int, user_id: str, password_hash: str) -> None:
    """Keep the hash of a new password; open links are used up by it."""
    c.execute(_one(forum_id, user_id).values(password_hash=password_hash))
    c.execute(
        delete(sign_in_links).where(
            sign_in_links.c.forum_id == forum_id, sign_in_links.c.user_id == user_id
        )
    )


def set_user_role(c: Connection, forum_id: int, user_id: str, role: Role) -> None:
    """Give a user another role; it holds from their next request on."""
    c.execute(_one(forum_id, user_id).values(role=role.value))


def disable_user(c: Connection, forum_id: int, user_id: str, at: datetime) -> None:
    """Shut a user out: nothing of theirs signs in any more, and their sessions end."""
    c.execute(_one(forum_id, user_id).values(disabled_at=at))
    for table in (web_sessions, sign_in_links):
        c.execute(delete(table).where(table.c.forum_id == forum_id, table.c.user_id == user_id))


def enable_user(c: Connection, forum_id: int, user_id: str) -> None:
    """Let a user in again, who needs a new link or their password."""
    c.execute(_one(forum_id, user_id).values(disabled_at=None))


def remove_user(c: Connection, forum_id: int, user_id: str) -> None:
    """Delete a user with all that is theirs; what they did stays in the log of acts."""
    c.execute(delete(users).where(users.c.forum_id == forum_id, users.c.id == user_id))


def note_sign_in(c: Connection, forum_id: int, user_id: str, at: datetime) -> None:
    """Note that somebody signed in."""
    c.execute(_one(forum_id, user_id).values(last_in_at=at))


def with_user() -> Select[tuple[Any, ...]]:
    """Return the query of users beside their forum; whoever uses it names the forum or a token."""
    query = select(users, *FORUM_COLUMNS)
    return query.join_from(users, forums, forums.c.id == users.c.forum_id)


def web_user(row: RowMapping) -> WebUser:
    """Return the user of a row of `with_user`."""
    return record_of(WebUser, row, forum=forum_beside(row), role=Role(row["role"]))


def _row(c: Connection, forum_id: int, condition: ColumnElement[bool]) -> RowMapping | None:
    query = with_user().where(users.c.forum_id == forum_id, condition)
    return c.execute(query).mappings().first()


def _user(row: RowMapping) -> UserRow:
    return record_of(
        UserRow,
        row,
        forum=forum_beside(row),
        role=Role(row["role"]),
        has_password=row["password_hash"] is not None,
        by_company=row["oidc_subject"] is not None,
    )


def _one(forum_id: int, user_id: str) -> Update:
    return update(users).where(users.c.forum_id == forum_id, users.c.id == user_id)
