"""`import discourse`: the topics of a Discourse forum, again and again."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import click

from triage import store
from triage.audit.acting import Acting
from triage.channels import open_channel
from triage.cli.common import errors_said, forum_option, opened_store, say, serving_encoder, typist
from triage.cli.importing import import_options, say_imported
from triage.cli.ingest import SOME_REFUSED
from triage.connect.discourse import Discourse, DiscourseSource, read_wishes
from triage.connect.outgoing import Outgoing
from triage.crypto.persons import person_hasher
from triage.errors import BadField, NoChannel
from triage.importing import Imported, Keeper, Options, ThreadShelf, read_source
from triage.importing.told import source_name
from triage.knowledge import Knowledge
from triage.records import ChannelKind, Forum
from triage.settings import Settings
from triage.store import ChannelRow

_STOPPED, _INTERRUPTED = 1, 130
_SAID_EVERY = 1.0


@click.command("discourse")
@click.option("--channel", required=True, metavar="ID|NAME", help="The channel of the site.")
@click.option("--whole", is_flag=True, help="List everything, and remove what is gone.")
@click.option(
    "--categories",
    metavar="A,B",
    help="Read only these now, by number or slug; nothing is removed.",
)
@import_options
@forum_option
def discourse(
    channel: str,
    whole: bool,
    categories: str | None,
    again: bool,
    remove_all: bool,
    adopt: bool,
    forum: str,
) -> None:
    """Read what is new in a Discourse forum; searchable when the command ends.

    It may be stopped at any moment; the next run goes on where it was.
    """
    settings = Settings()
    options = Options(adopt=adopt, again=again, remove_all=remove_all)
    chosen = frozenset(filter(None, (one.strip() for one in (categories or "").split(","))))
    try:
        with errors_said(), opened_store(settings) as database:
            with database.read() as c:
                found = store.get_forum(c, forum)
            row = _channel(database, found, channel)
            run = _Run(settings, database, found, row, chosen, options)
            told, requests = asyncio.run(run.go(whole or again))
    except KeyboardInterrupt:
        say("stopped; what was read is kept, the next run goes on from there")
        raise SystemExit(_INTERRUPTED) from None
    _report(told, requests)


class _Run:
    """One run of the command."""

    def __init__(
        self,
        settings: Settings,
        database: store.Database,
        forum: Forum,
        row: ChannelRow,
        categories: frozenset[str],
        options: Options,
    ) -> None:
        self._settings = settings
        self._database = database
        self._forum = forum
        self._row = row
        self._options = options
        self._part = bool(categories)
        wishes = read_wishes(row.options)
        self._wishes = replace(wishes, categories=categories) if categories else wishes
        self._said_at = 0.0

    async def go(self, whole: bool) -> tuple[Imported, int]:
        """Read the site; return what became of it, and how many requests that took."""
        ours = self._settings
        opened = open_channel(self._row, self._forum, ours.person_key)
        keeper = await asyncio.to_thread(self._keeper)
        async with Outgoing(ours.outbound, timeout=60.0) as outgoing:
            site = Discourse(outgoing, opened.address, opened.secrets)
            source = DiscourseSource(site, self._wishes)
            whole = whole or self._part
            read = await read_source(source, keeper, self._say, whole=whole, part=self._part)
        return read, site.requests

    def _keeper(self) -> Keeper[Any]:
        ours, database, forum = self._settings, self._database, self._forum
        knowledge = Knowledge(database, forum.id, serving_encoder(ours, database, forum))
        shelf = ThreadShelf(knowledge, person_hasher(ours.person_key, forum.name))
        note = Acting(forum.id, typist()).noting("threads.import", self._row.channel_id)
        name = source_name(self._row.channel_id)
        return Keeper(database, forum.id, name, shelf, self._options, note=note)

    def _say(self, progress: str) -> None:
        """Tell how far it is, now and then."""
        now = time.monotonic()
        if now - self._said_at >= _SAID_EVERY:
            self._said_at = now
            say(progress)


def _channel(database: store.Database, forum: Forum, name: str) -> ChannelRow:
    """Return the channel of this id or name. Raises NoChannel, BadField."""
    with database.read() as c:
        rows = store.list_channels(c, forum.id, [ChannelKind.DISCOURSE])
    found = [row for row in rows if row.channel_id == name]
    found = found or [row for row in rows if row.name == name]
    if not found:
        raise NoChannel
    if len(found) > 1:
        raise BadField("channel", "is the name of several channels; give the id")
    return found[0]


def _report(read: Imported, requests: int) -> None:
    for item_id, code in list(read.failed.items())[:20]:
        say(f"topic {item_id} could not be read: {code}; it is tried again next time")
    for what in read.left_out:
        say(f"left out: {what}")
    if read.stopped is not None:
        say(f"error {read.stopped}: the site was not read to its end; run it again to go on")
    exit_code = SOME_REFUSED if read.stopped is None else _STOPPED
    say_imported({**read.told(), "requests": requests}, read.complete, exit_code)
