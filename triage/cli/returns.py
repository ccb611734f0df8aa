"""`returns`: cases, threads and questions that come back to what was asked before."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from triage import store
from triage.cli.common import errors_said, forum_option, opened_store, serving_encoder
from triage.measuring.revisiting import find_returns
from triage.settings import Settings


@click.command("returns")
@forum_option
def returns_(forum: str) -> None:
    """Find cases, threads and questions of people who had asked the same; so does a server hourly.

    Each is written down once, as an event of the ask that it comes back to.
    """
    settings = Settings()
    with errors_said(), opened_store(settings) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
        encoder = serving_encoder(settings, database, found)
        done = find_returns(database, found.id, encoder, datetime.now(UTC))
    click.echo(json.dumps({"forum": forum, **asdict(done)}))
