"""`group`: asks of one meaning are put together, for gaps, trends and what most people ask."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from triage import store
from triage.affected import sameness_of, space
from triage.analytics.grouping import Grouped, group_asks
from triage.cli.common import errors_said, forum_option, opened_store, serving_encoder
from triage.settings import Settings


@click.command("group")
@forum_option
def group(forum: str) -> None:
    """Put asks that mean the same together, as far as nobody has looked at them yet.

    A server does it every ten minutes. Without an encoder nothing is known of meanings.
    """
    settings = Settings()
    with errors_said(), opened_store(settings) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
        encoder = serving_encoder(settings, database, found)
        done = Grouped()
        if encoder is not None:
            now, alike = datetime.now(UTC), sameness_of(encoder)
            done = group_asks(database, found.id, space(encoder), alike, now)
    click.echo(json.dumps({"forum": forum, **asdict(done)}))
