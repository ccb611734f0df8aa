"""`visitors create|list|revoke`."""

import json
from datetime import UTC, datetime

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, say, typist
from triage.errors import BadField
from triage.settings import Settings
from triage.visitors import create_secret


@click.group()
def visitors() -> None:
    """Secrets with which a forum's own server signs tokens for its visitors."""


@visitors.command()
@click.option("--name", default="", help="Which server it is for.")
@forum_option
def create(name: str, forum: str) -> None:
    """Make a secret; prints `kid`, `secret` and `aud`, which every token needs, as JSON."""
    settings = Settings()
    with errors_said(), opened_store(settings) as database, database.write() as c:
        found = store.ensure_forum(c, forum)
        now = datetime.now(UTC)
        secret_id, secret = create_secret(c, found, settings.person_key, name, now)
        after = {"name": name}
        Acting(found.id, typist()).note(c, "visitor_secret.create", secret_id, after=after)
    say(f"secret {secret_id} for forum {forum}; it is not shown again, note it now")
    click.echo(json.dumps({"kid": secret_id, "secret": secret, "aud": forum}))


@visitors.command("list")
@forum_option
def list_(forum: str) -> None:
    """Show the secrets of a forum by their `kid`."""
    with errors_said(), opened_store(Settings()) as database, database.read() as c:
        rows = store.list_visitor_secrets(c, store.get_forum(c, forum).id)
    for row in rows:
        used = f"{row.last_used_at:%Y-%m-%d}" if row.last_used_at else "never"
        mark = "  revoked" if row.revoked_at is not None else ""
        click.echo(
            f"{row.id}  {row.name or '-'}  made {row.created_at:%Y-%m-%d}  used {used}{mark}"
        )


@visitors.command()
@click.argument("kid")
@forum_option
def revoke(kid: str, forum: str) -> None:
    """Revoke a secret; every token that is signed with it stops holding at once."""
    with errors_said(), opened_store(Settings()) as database, database.write() as c:
        found = store.get_forum(c, forum)
        if not store.revoke_visitor_secret(c, found.id, kid, datetime.now(UTC)):
            raise BadField("kid", f"is of no secret of forum {forum} that was not revoked yet")
        Acting(found.id, typist()).note(c, "visitor_secret.revoke", kid)
    say(f"revoked {kid}")
