"""`deliver`: what other systems and people's own addresses are told is sent."""

import asyncio
import json
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import click

from triage import store
from triage.cli.common import any_forum_option, errors_said, opened_store, say
from triage.cli.working import beside_option, working
from triage.connect.outgoing import Allowed, Outgoing
from triage.delivering import Engine, Opened, PersonMailSender, Turn, WebhookSender
from triage.records import ChannelKind
from triage.settings import Settings

# As many as may be under way at once; a mail takes a thread while it is handed in.
_AT_ONCE, _MAILS_AT_ONCE = 500, 32


@click.command("deliver")
@click.option("--once", is_flag=True, help="End when nothing more is due.")
@beside_option
@any_forum_option
def deliver(once: bool, beside: int | None) -> None:
    """Send webhooks and people's own notifications, until stopped; a server does it by itself.

    Two at once do no more than one.
    """
    settings = Settings()
    with errors_said(), opened_store(settings) as database, working(beside):
        if not once and beside is None:
            say("delivering; stop with Ctrl-C")
        done = asyncio.run(_deliver(settings, database, once))
    told = {"delivered": done.delivered, "failed": done.failed, "dead": done.dead}
    click.echo(json.dumps(told))


async def _deliver(settings: Settings, database: store.Database, once: bool) -> Turn:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(_MAILS_AT_ONCE, thread_name_prefix="mails"))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    opened = Opened(settings.person_key)
    async with (
        Outgoing(settings.outbound, at_once=_AT_ONCE) as outgoing,
        Outgoing(Allowed(), at_once=_AT_ONCE) as public,
    ):
        webhooks = WebhookSender(outgoing, public, opened, lambda: datetime.now(UTC))
        engine = Engine(
            database,
            {
                ChannelKind.WEBHOOK: webhooks,
                ChannelKind.PERSON_WEBHOOK: webhooks,
                ChannelKind.PERSON_EMAIL: PersonMailSender(settings.mail, opened),
            },
            at_once=_AT_ONCE,
        )
        if not once:
            await engine.run(stop)
        while once and not stop.is_set() and (await engine.turn()).attempts:
            pass
    return engine.told
