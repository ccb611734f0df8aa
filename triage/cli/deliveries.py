"""`deliveries list|replay|skip`: what was handed over, and what becomes of what was given up."""

import json
from datetime import UTC, datetime

import click

from triage import store
from triage.api.schemas.delivery import DeliveryReply
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, say, typist
from triage.delivering.tending import replay_all, replay_one, skip_one, system_channel
from triage.records import DeliveryState
from triage.settings import Settings
from triage.store import DeliveryRow

_STATES = click.Choice([state.value for state in DeliveryState])


@click.group()
def deliveries() -> None:
    """Messages on their way to other systems: what arrived, waits, was given up."""


@deliveries.command("list")
@click.option("--state", type=_STATES, help="Only of this state.")
@click.option("--channel", help="Only through this channel.")
@click.option("--question", help="Only about this question.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="As the API tells them.")
@forum_option
def list_(
    state: str | None,
    channel: str | None,
    question: str | None,
    limit: int,
    as_json: bool,
    forum: str,
) -> None:
    """Show deliveries, newest first."""
    with errors_said(), opened_store(Settings()) as database, database.read() as c:
        rows = store.list_deliveries(
            c,
            store.get_forum(c, forum).id,
            state=None if state is None else DeliveryState(state),
            channel_id=channel,
            question_id=question,
            limit=limit,
        )
    if as_json:
        click.echo(json.dumps([DeliveryReply.of(row).model_dump(mode="json") for row in rows]))
        return
    for row in rows:
        click.echo(_line(row))


@deliveries.command()
@click.argument("channel")
@click.argument("message", required=False)
@forum_option
def replay(channel: str, message: str | None, forum: str) -> None:
    """Try anew what CHANNEL gave up: one MESSAGE, or all of it."""
    with errors_said(), opened_store(Settings()) as database, database.write() as c:
        forum_id, now = store.get_forum(c, forum).id, datetime.now(UTC)
        acting = Acting(forum_id, typist())
        if message is None:
            count = replay_all(c, acting, channel, now)
        else:
            system_channel(c, forum_id, channel)
            replay_one(c, acting, channel, message, now)
            count = 1
    say(f"{count} to be tried anew")


@deliveries.command()
@click.argument("channel")
@click.argument("message")
@forum_option
def skip(channel: str, message: str, forum: str) -> None:
    """Let MESSAGE not be delivered through CHANNEL; what is behind it goes on."""
    with errors_said(), opened_store(Settings()) as database, database.write() as c:
        forum_id = store.get_forum(c, forum).id
        system_channel(c, forum_id, channel)
        skip_one(c, Acting(forum_id, typist()), channel, message, datetime.now(UTC))
    say(f"skipped {message}")


def _line(row: DeliveryRow) -> str:
    why = f"  {row.code}" if row.code else ""
    about = f"  question {row.question_id}" if row.question_id else ""
    return (
        f"{row.created_at:%Y-%m-%d %H:%M:%S}  {row.channel_id}  {row.message_id}  {row.type.value}"
        f"  {row.state.value} after {row.attempts}{why}{about}"
    )
