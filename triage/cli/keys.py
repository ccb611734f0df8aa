"""`keys create|list|rotate|revoke`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, say, typist
from triage.errors import BadField
from triage.records import ApiKey, Role
from triage.settings import Settings

_DAYS = click.IntRange(1, 3650)


def _plain(context: click.Context, parameter: click.Parameter, value: str) -> str:
    # As it stands in the list, where it ends in dots.
    return value.rstrip("….")


_prefix = click.argument("prefix", callback=_plain)


@click.group()
def keys() -> None:
    """API keys of a forum. A secret is shown once, at its creation."""


@keys.command()
@click.option("--role", type=click.Choice([r.value for r in Role]), default=Role.FRONTEND.value)
@click.option("--name", default="", help="What the key is for.")
@click.option(
    "--publishable",
    is_flag=True,
    help="For web pages: reaches what docs/access.md marks for browsers; person and groups are"
    " not believed.",
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    help="A site whose pages may bring a publishable key, as `https://forum.example.com`;"
    " repeatable. Without one no browser may.",
)
@click.option("--days", type=_DAYS, help="Days after which it expires; without it, never.")
@click.option("--test", is_flag=True, help="Keep its asks out of measures and training.")
@click.option(
    "--keep-in",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the secret to this file (mode 0600) instead; a file whose key works is left alone.",
)
@forum_option
def create(
    role: str,
    name: str,
    publishable: bool,
    origins: tuple[str, ...],
    days: int | None,
    test: bool,
    keep_in: Path | None,
    forum: str,
) -> None:
    """Make a key; the secret is the only thing on standard output."""
    with errors_said(), opened_store(Settings()) as database:
        if keep_in is not None and _works(database, keep_in, forum):
            say(f"the key in {keep_in} works")
            return
        now = datetime.now(UTC)
        ends = _after(now, days)
        with database.write() as c:
            found = store.ensure_forum(c, forum)
            secret, key = store.create_key(
                c,
                found.id,
                name=name,
                role=Role(role),
                publishable=publishable,
                test=test,
                at=now,
                expires_at=ends,
                origins=origins,
            )
            after = {**_facts(key), "expires": ends and ends.isoformat()}
            Acting(found.id, typist()).note(c, "key.create", key.prefix, after=after)
    if publishable and not origins:
        say("no browser may bring it: make it with --origin SITE for the pages of a site")
    _tell(secret, key, keep_in)


@keys.command()
@_prefix
@click.option(
    "--grace",
    type=click.IntRange(0, 24 * 90),
    default=24,
    show_default=True,
    help="Hours for which the old key goes on working.",
)
@click.option("--days", type=_DAYS, help="Days of the new one; without it, as many as the old one.")
@click.option(
    "--keep-in",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the secret to this file (mode 0600) instead.",
)
@forum_option
def rotate(prefix: str, grace: int, days: int | None, keep_in: Path | None, forum: str) -> None:
    """Make the key that follows the one with this prefix, of the same role, kind and sites."""
    with errors_said(), opened_store(Settings()) as database, database.write() as c:
        now = datetime.now(UTC)
        found = store.get_forum(c, forum)
        secret, key = store.rotate_key(
            c,
            found.id,
            prefix,
            at=now,
            grace=timedelta(hours=grace),
            expires_at=_after(now, days),
        )
        rows = {row.prefix: row for row in store.list_keys(c, found.id)}
        ends = rows[prefix].expires_at or now
        Acting(found.id, typist()).note(
            c, "key.rotate", prefix, after={"to": key.prefix, "expires": ends.isoformat()}
        )
    say(f"{prefix}… works until {ends:%Y-%m-%d %H:%M} UTC")
    _tell(secret, key, keep_in)


@keys.command("list")
@forum_option
def list_(forum: str) -> None:
    """Show the keys of a forum, without their secrets."""
    with errors_said(), opened_store(Settings()) as database, database.read() as c:
        rows = store.list_keys(c, store.get_forum(c, forum).id)
    now = datetime.now(UTC)
    for row in rows:
        used = f"{row.last_used_at:%Y-%m-%d}" if row.last_used_at else "never"
        marks = "  ".join(_marks(row, now))
        click.echo(f"{row.prefix}…  {row.role:9} {row.name or '-'}  used {used}  {marks}".rstrip())


@keys.command()
@_prefix
@forum_option
def revoke(prefix: str, forum: str) -> None:
    """Revoke the key with this prefix; it stops working at once."""
    with errors_said(), opened_store(Settings()) as database, database.write() as c:
        found = store.get_forum(c, forum)
        if not store.revoke_key(c, found.id, prefix, datetime.now(UTC)):
            raise BadField(
                "prefix", f"is of no key of forum {forum} that was not revoked yet: see `keys list`"
            )
        Acting(found.id, typist()).note(c, "key.revoke", prefix)
    say(f"revoked {prefix}")


def _after(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now + timedelta(days=days)


def _facts(key: ApiKey) -> dict[str, object]:
    return {
        "role": key.role.value,
        "name": key.name,
        "publishable": key.publishable,
        "test": key.test,
        "origins": sorted(key.origins),
    }


def _marks(row: store.KeyRow, now: datetime) -> list[str]:
    marks = [m for m, on in (("publishable", row.publishable), ("test", row.test)) if on]
    marks += sorted(row.origins)
    if row.revoked_at is not None:
        return [*marks, "revoked"]
    if row.expires_at is not None:
        word = "expires" if row.works(now) else "expired"
        marks.append(f"{word} {row.expires_at:%Y-%m-%d %H:%M}")
    return marks


def _tell(secret: str, key: ApiKey, keep_in: Path | None) -> None:
    say(
        f"{key.role} key {key.prefix}… for forum {key.forum.name}; the secret is kept nowhere"
        f" {f'but in {keep_in}' if keep_in else 'here, note it now'}"
    )
    if keep_in is None:
        click.echo(secret)
    else:
        keep_in.touch(mode=0o600)
        keep_in.write_text(secret + "\n", encoding="ascii")


def _works(database: store.Database, file: Path, forum: str) -> bool:
    if not file.exists():
        return False
    with database.read() as c:
        secret = file.read_text(encoding="ascii").strip()
        key = store.find_key(c, secret, datetime.now(UTC))
    return key is not None and key.forum.name == forum
