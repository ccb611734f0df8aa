"""`sweep`: what has waited too long goes to staff, what is over ends."""

import json
from datetime import UTC, datetime

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, typist
from triage.questions import sweep_forum
from triage.settings import Settings


@click.command("sweep")
@click.option("--dry-run", is_flag=True, help="Count what is due and leave it.")
@forum_option
def sweep(dry_run: bool, forum: str) -> None:
    """Give questions that wait too long to staff, remind owners, end what nobody confirms.

    A server does it every half minute. Twice at once does no more than once.
    """
    with errors_said(), opened_store(Settings()) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
        done = sweep_forum(database, found.id, datetime.now(UTC), dry_run=dry_run)
        if not dry_run:
            with database.write() as c:
                acting = Acting(found.id, typist())
                acting.note(c, "questions.sweep", "questions", after=done.told())
    click.echo(json.dumps({"forum": forum, "dry_run": dry_run, **done.told()}))
