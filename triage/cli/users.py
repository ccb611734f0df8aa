"""`users add|list|role|disable|enable|remove|link`: who may sign in to the pages of a forum."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, say, typist
from triage.errors import BadField
from triage.records import Role
from triage.settings import Settings

# Who was never here has to find the mail first; who forgot a password waits for the link.
_FIRST_LINK = timedelta(hours=72)
_LINK = timedelta(minutes=15)
_ROLES = click.Choice([role.value for role in Role])


@contextmanager
def _opened_user(email: str, forum: str) -> Iterator[tuple[store.Connection, int, store.UserRow]]:
    """Give a connection that may write, the forum's id, and its user of this address."""
    with errors_said(), opened_store(Settings()) as database, database.write() as c:
        forum_id = store.get_forum(c, forum).id
        yield c, forum_id, store.get_user(c, forum_id, email)


@click.group()
def users() -> None:
    """Staff who sign in to the pages of a forum, and links that sign them in once."""


@users.command()
@click.argument("email")
@click.option("--name", default="", help="What to call the person.")
@click.option("--role", type=_ROLES, default=Role.ANALYST.value, show_default=True)
@forum_option
def add(email: str, name: str, role: str, forum: str) -> None:
    """Add a user; their first link is the only thing on standard output."""
    settings = Settings()
    with errors_said(), opened_store(settings) as database, database.write() as c:
        at = datetime.now(UTC)
        forum_id = store.get_forum(c, forum).id
        user = store.add_user(c, forum_id, email=email, name=name, role=Role(role), at=at)
        acting = Acting(forum_id, typist())
        acting.note(c, "user.add", user.email, after={"role": user.role.value})
        link = _link(c, settings, acting, user, at)
    say(f"added {user.email} as {user.role} of forum {forum}")
    _show(settings, link, _life(user))


@users.command("list")
@forum_option
def list_(forum: str) -> None:
    """Show the users of a forum, and how they sign in."""
    with errors_said(), opened_store(Settings()) as database, database.read() as c:
        rows = store.list_users(c, store.get_forum(c, forum).id)
    for row in rows:
        ways = [
            way for way, has in (("password", row.has_password), ("company", row.by_company)) if has
        ]
        marks = [*ways, *(["disabled"] if row.disabled_at is not None else [])]
        last = f"{row.last_in_at:%Y-%m-%d}" if row.last_in_at else "never"
        click.echo(f"{row.email}  {row.role:9} {row.name or '-'}  in {last}  {' '.join(marks)}")


@users.command()
@click.argument("email")
@click.argument("role", type=_ROLES)
@forum_option
def role(email: str, role: str, forum: str) -> None:
    """Give a user another role; it holds at once."""
    with _opened_user(email, forum) as (c, forum_id, user):
        store.set_user_role(c, forum_id, user.id, Role(role))
        before = {"role": user.role.value}
        Acting(forum_id, typist()).note(
            c, "user.role", user.email, before=before, after={"role": role}
        )
    say(f"{user.email} is {role} of forum {forum} now")


@users.command()
@click.argument("email")
@forum_option
def disable(email: str, forum: str) -> None:
    """Shut a user out; their sessions and links end at once."""
    with _opened_user(email, forum) as (c, forum_id, user):
        store.disable_user(c, forum_id, user.id, datetime.now(UTC))
        Acting(forum_id, typist()).note(c, "user.disable", user.email)
    say(f"{user.email} is shut out of forum {forum}")


@users.command()
@click.argument("email")
@forum_option
def enable(email: str, forum: str) -> None:
    """Let a user in again who was shut out."""
    with _opened_user(email, forum) as (c, forum_id, user):
        store.enable_user(c, forum_id, user.id)
        Acting(forum_id, typist()).note(c, "user.enable", user.email)
    say(f"{user.email} may sign in to forum {forum} again")


@users.command()
@click.argument("email")
@forum_option
def remove(email: str, forum: str) -> None:
    """Delete a user; the log of acts keeps what they did under their address."""
    with _opened_user(email, forum) as (c, forum_id, user):
        Acting(forum_id, typist()).note(c, "user.remove", user.email)
        store.remove_user(c, forum_id, user.id)
    say(f"{user.email} is no user of forum {forum} any more")


@users.command()
@click.argument("email")
@forum_option
def link(email: str, forum: str) -> None:
    """Make a link that signs a user in once; those before it work no more."""
    settings = Settings()
    with errors_said(), opened_store(settings) as database, database.write() as c:
        forum_id = store.get_forum(c, forum).id
        user = store.get_user(c, forum_id, email)
        if user.disabled_at is not None:
            raise BadField("email", "is of a user who is shut out; `users enable` comes first")
        made = _link(c, settings, Acting(forum_id, typist()), user, datetime.now(UTC))
    _show(settings, made, _life(user))


def _link(
    c: store.Connection, settings: Settings, acting: Acting, user: store.UserRow, at: datetime
) -> str:
    token = store.make_link(c, acting.forum_id, user.id, at, at + _life(user))
    acting.note(c, "user.link", user.email)
    address = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    return f"{address}/sign-in/link?{urlencode({'token': token})}"


def _life(user: store.UserRow) -> timedelta:
    return _FIRST_LINK if user.last_in_at is None else _LINK


def _show(settings: Settings, link: str, life: timedelta) -> None:
    hours = life / timedelta(hours=1)
    lasts = f"{hours:.0f} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"
    say(f"the link signs in once, within {lasts}; give it to nobody but them")
    if not settings.public_url:
        say("set TRIAGE_PUBLIC_URL for a link that works elsewhere than on this machine")
    click.echo(link)
