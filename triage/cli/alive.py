"""`alive`: is everything of a forum alive, as far as its store can say.

In: a forum. Out: a line for each part, the worst first; exit code 1 where a part is not alive.
Not here: what only a running server knows of itself (its page /lead, GET /ready).
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from triage import store
from triage.cli.common import errors_said, forum_option, opened_store
from triage.overseeing import Check, Standing, check_forum
from triage.overseeing.values import Fact
from triage.settings import Settings


@click.command("alive")
@forum_option
@click.option("--simulated", is_flag=True, help="Count asks that a simulation made, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
@click.pass_context
def alive(context: click.Context, forum: str, simulated: bool, as_json: bool) -> None:
    """Say of each part whether it is alive; exit with 1 where one is not.

    Whether asks, offers, events and posted questions still come as they usually do at this time of
    the week, the live model, training, channels, deliveries, alerts, the watch on drift, reviews.
    """
    with errors_said(), opened_store(Settings()) as database, database.read() as c:
        found = store.get_forum(c, forum)
        checks = check_forum(c, found, datetime.now(UTC), include_simulated=simulated)
    if as_json:
        click.echo(json.dumps([told(check) for check in checks], allow_nan=False))
    else:
        for check in checks:
            click.echo(_line(check))
    if any(check.standing is Standing.BAD for check in checks):
        context.exit(1)


def told(check: Check) -> dict[str, Any]:
    """Return a check as JSON; spans of time in seconds."""
    return {
        "part": check.name,
        "standing": check.standing.value,
        "code": check.code,
        "at": None if check.at is None else check.at.isoformat(),
        "facts": {name: _plain(fact) for name, fact in check.facts.items()},
    }


def _line(check: Check) -> str:
    facts = "".join(f" {name}={_plain(fact)}" for name, fact in check.facts.items())
    at = f" at={check.at.isoformat(timespec='seconds')}" if check.at else ""
    return f"{check.standing} {check.name} {check.code}{at}{facts}"


def _plain(fact: Fact) -> int | float | str:
    if isinstance(fact, datetime):
        return fact.isoformat(timespec="seconds")
    return fact.total_seconds() if isinstance(fact, timedelta) else fact
