"""Who is signed in: a session for each browser. Its token stands in a cookie and is never kept.

In: a user, or the token of a cookie. Out: sessions that are neither ended nor too old.
Not here: cookies and forged requests (api).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Select, and_, delete, insert, update

from triage.records import WebUser
from triage.store.tables.trust import users, web_sessions
from triage.store.tokens import fresh_token, token_hash
from triage.store.users import web_user, with_user


class Means(StrEnum):
    """How somebody proved who they are."""

    PASSWORD = "password"
    LINK = "link"
    COMPANY = "company"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class WebSession:
    """One browser in which a user is signed in; `id` is the hash of its token."""

    id: str
    user: WebUser
    means: Means
    created_at: datetime
    last_at: datetime
    expires_at: datetime


def open_session(
    c: Connection, user: WebUser, means: Means, at: datetime, expires_at: datetime
) -> str:
    """Open a session for a user who has just shown who they are; return its token."""
    token = fresh_token()
    c.execute(
        insert(web_sessions).values(
            forum_id=user.forum.id,
            token_hash=token_hash(token),
            user_id=user.id,
            means=means.value,
            created_at=at,
            last_at=at,
            expires_at=expires_at,
        )
    )
    return token


def find_session(c: Connection, token: str, at: datetime, idle: timedelta) -> WebSession | None:
    """Return the session of this token, unless it ended, was idle too long, or is too old."""
    query = _with_session().where(
        web_sessions.c.token_hash == token_hash(token),
        web_sessions.c.expires_at > at,
        web_sessions.c.last_at > at - idle,
        users.c.disabled_at.is_(None),
    )
    return next(iter(_sessions(c, query)), None)


def list_sessions(
    c: Connection, forum_id: int, user_id: str, at: datetime, idle: timedelta
) -> list[WebSession]:
    """Return a user's sessions that still hold, the last used first."""
    query = _with_session().where(
        web_sessions.c.forum_id == forum_id,
        web_sessions.c.user_id == user_id,
        web_sessions.c.expires_at > at,
        web_sessions.c.last_at > at - idle,
    )
    return _sessions(c, query.order_by(web_sessions.c.last_at.desc(), web_sessions.c.token_hash))


def touch_session(c: Connection, forum_id: int, session_id: str, at: datetime) -> None:
    """Note that a session is in use."""
    query = update(web_sessions).where(
        web_sessions.c.forum_id == forum_id, web_sessions.c.token_hash == session_id
    )
    c.execute(query.values(last_at=at))


def end_session(c: Connection, forum_id: int, user_id: str, session_id: str) -> bool:
    """End one session of a user; return whether there was one."""
    query = delete(web_sessions).where(
        web_sessions.c.forum_id == forum_id,
        web_sessions.c.user_id == user_id,
        web_sessions.c.token_hash == session_id,
    )
    return c.execute(query).rowcount > 0


def end_sessions(c: Connection, forum_id: int, user_id: str, but: str | None = None) -> int:
    """End a user's sessions, all or all but one; return how many ended."""
    query = delete(web_sessions).where(
        web_sessions.c.forum_id == forum_id, web_sessions.c.user_id == user_id
    )
    if but is not None:
        query = query.where(web_sessions.c.token_hash != but)
    return c.execute(query).rowcount


def drop_old_sessions(c: Connection, forum_id: int, at: datetime) -> int:
    """Delete the sessions whose last moment has come; return how many."""
    query = delete(web_sessions).where(
        web_sessions.c.forum_id == forum_id, web_sessions.c.expires_at <= at
    )
    return c.execute(query).rowcount


def _with_session() -> Select[tuple[object, ...]]:
    mine = and_(web_sessions.c.forum_id == users.c.forum_id, web_sessions.c.user_id == users.c.id)
    return (
        with_user()
        .join(web_sessions, mine)
        .add_columns(
            web_sessions.c.token_hash,
            web_sessions.c.means,
            web_sessions.c.created_at.label("opened_at"),
            web_sessions.c.last_at,
            web_sessions.c.expires_at,
        )
    )


def _sessions(c: Connection, query: Select[tuple[object, ...]]) -> list[WebSession]:
    return [
        WebSession(
            row["token_hash"],
            web_user(row),
            Means(row["means"]),
            row["opened_at"],
            row["last_at"],
            row["expires_at"],
        )
        for row in c.execute(query).mappings()
    ]
