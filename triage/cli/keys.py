"""`keys create|list|revoke`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from triage import store
from triage.cli.common import errors_said, forum_option, opened_store, say
from triage.records import Role
from triage.settings import Settings


@click.group()
def keys() -> None:
    """API keys of a forum. A secret is shown once, at its creation."""


@keys.command()
@click.option("--role", type=click.Choice([r.value for r in Role]), default=Role.FRONTEND.value)
@click.option("--name", default="", help="What the key is for.")
@click.option(
    "--publishable",
    is_flag=True,
    help="For browsers: may triage and send events; person and groups are not believed.",
)
@click.option("--test", is_flag=True, help="Keep its asks out of measures and training.")
@click.option(
    "--keep-in",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the secret to this file (mode 0600) instead; a file whose key works is left alone.",
)
@forum_option
def create(
    role: str, name: str, publishable: bool, test: bool, keep_in: Path | None, forum: str
) -> None:
    """Make a key; the secret is the only thing on standard output."""
    with errors_said(), opened_store(Settings()) as database:
        if keep_in is not None and _works(database, keep_in, forum):
            say(f"the key in {keep_in} works")
            return
        with database.write() as c:
            secret, key = store.create_key(
                c,
                store.ensure_forum(c, forum).id,
                name=name,
                role=Role(role),
                publishable=publishable,
                test=test,
                at=datetime.now(UTC),
            )
    say(f"{key.role} key {key.prefix}… for forum {forum}; the secret is not kept, note it now")
    if keep_in is None:
        click.echo(secret)
    else:
        keep_in.touch(mode=0o600)
        keep_in.write_text(secret + "\n", encoding="ascii")


def _works(database: store.Database, file: Path, forum: str) -> bool:
    if not file.exists():
        return False
    with database.read() as c:
        key = store.find_key(c, file.read_text(encoding="ascii").strip())
    return key is not None and key.forum.name == forum


@keys.command("list")
@forum_option
def list_(forum: str) -> None:
    """Show the keys of a forum, without their secrets."""
    with errors_said(), opened_store(Settings()) as database, database.read() as c:
        rows = store.list_keys(c, store.get_forum(c, forum).id)
    for row in rows:
        marks = [m for m, on in (("publishable", row.publishable), ("test", row.test)) if on]
        if row.revoked_at is not None:
            marks.append("revoked")
        used = f"{row.last_used_at:%Y-%m-%d}" if row.last_used_at else "never"
        click.echo(f"{row.prefix}…  {row.role:9} {row.name or '-'}  used {used}  {' '.join(marks)}")


@keys.command()
@click.argument("prefix")
@forum_option
def revoke(prefix: str, forum: str) -> None:
    """Revoke the key with this prefix; it stops working at once."""
    with errors_said(), opened_store(Settings()) as database, database.write() as c:
        known = store.revoke_key(c, store.get_forum(c, forum).id, prefix, datetime.now(UTC))
    if not known:
        say(f"no key {prefix} in forum {forum}")
        raise SystemExit(1)
    say(f"revoked {prefix}")
