"""`retain`: what is too old goes."""

import json
from datetime import UTC, datetime

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, typist
from triage.cli.working import beside_option, working
from triage.jobs import held
from triage.privacy import Retained, retain
from triage.records import Actor, ActorKind, JobKind
from triage.settings import Settings

_BESIDE = Actor(ActorKind.PROCESS, "retain")


@click.command("retain")
@click.option("--dry-run", is_flag=True, help="Count what is too old and leave it.")
@beside_option
@forum_option
def retain_(dry_run: bool, beside: int | None, forum: str) -> None:
    """Remove what is kept longer than TRIAGE_RETENTION says; a server does it every day."""
    settings = Settings()
    with errors_said(), opened_store(settings) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
        now = datetime.now(UTC)
        if dry_run:
            done = retain(database, found.id, settings.kept, now, dry_run=True)
            click.echo(json.dumps({"forum": forum, **done.told()}))
            return
        acting = Acting(found.id, typist() if beside is None else _BESIDE)

        def note(c: store.Connection, done: Retained) -> None:
            acting.note(c, "retention.run", "store", after=done.told())

        with working(beside), held(database, found.id, JobKind.RETAIN, {}) as job:
            done = retain(database, found.id, settings.kept, now, check=job.check, note=note)
            job.done(done.told())
        if job.cancelled:
            raise SystemExit(1)
    click.echo(json.dumps({"forum": forum, **done.told()}))
