"""Links that sign in once. The token is shown once and never kept.

In: a user and how long a link lives. Out: its token; later, whose it is, at most one time.
Not here: the address that holds the token (api), who may have a link (cli).
"""

from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, update

from triage.records import WebUser
from triage.store.tables.trust import sign_in_links, users
from triage.store.tokens import fresh_token, token_hash
from triage.store.users import web_user, with_user


def make_link(
    c: Connection, forum_id: int, user_id: str, at: datetime, expires_at: datetime
) -> str:
    """Make a link for a user and return its token; the links before it work no more."""
    c.execute(
        delete(sign_in_links).where(
            sign_in_links.c.forum_id == forum_id, sign_in_links.c.user_id == user_id
        )
    )
    token = fresh_token()
    values = {"token_hash": token_hash(token), "created_at": at, "expires_at": expires_at}
    c.execute(insert(sign_in_links).values(forum_id=forum_id, user_id=user_id, **values))
    return token


def link_user(c: Connection, token: str, at: datetime) -> WebUser | None:
    """Return whom a link that still works would sign in; like a key, it fixes the forum."""
    mine = and_(sign_in_links.c.forum_id == users.c.forum_id, sign_in_links.c.user_id == users.c.id)
    query = (
        with_user()
        .join(sign_in_links, mine)
        .where(
            sign_in_links.c.token_hash == token_hash(token),
            sign_in_links.c.used_at.is_(None),
            sign_in_links.c.expires_at > at,
            users.c.disabled_at.is_(None),
        )
    )
    row = c.execute(query).mappings().first()
    return None if row is None else web_user(row)


def use_link(c: Connection, token: str, at: datetime) -> WebUser | None:
    """Use a link up and return whom it signs in; None if it was used, is too old or no link."""
    user = link_user(c, token, at)
    if user is None:
        return None
    query = update(sign_in_links).where(
        sign_in_links.c.forum_id == user.forum.id,
        sign_in_links.c.token_hash == token_hash(token),
        sign_in_links.c.used_at.is_(None),
    )
    # Of two who use it at once, one changes the row.
    return user if c.execute(query.values(used_at=at)).rowcount else None
