"""`channels add|change|list|show|remove|rotate|enable|disable|ping`: ways to other systems."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

import click

from triage import store
from triage.api.schemas.channel import UNSETTLED, ChannelReply, read_written
from triage.audit.acting import Acting
from triage.channels import (
    OpenChannel,
    changed,
    created,
    noted,
    open_channel,
    ping_message,
    rotated,
)
from triage.cli.common import errors_said, forum_option, opened_store, say, typist
from triage.errors import NoChannel, SealBroken
from triage.outbound import host_of
from triage.records import Forum
from triage.settings import Settings
from triage.store import ChannelRow

_FILE = click.argument("file", type=click.File("rb"))
_CHANNEL = click.argument("channel")


@dataclass(frozen=True, slots=True)
class _Opened:
    """A forum that is open for writing, and who types."""

    c: store.Connection
    forum: Forum
    settings: Settings

    @property
    def key(self) -> bytes:
        return self.settings.person_key

    def note(self, act: str, what: str, **facts: Any) -> None:  # noqa: ANN401
        Acting(self.forum.id, typist()).note(self.c, act, what, **facts)

    def row(self, channel_id: str) -> ChannelRow:
        row = store.get_channel(self.c, self.forum.id, channel_id)
        if row is None or row.person is not None:
            raise NoChannel
        return row

    def told(self, row: ChannelRow) -> ChannelReply:
        counts = store.count_deliveries(self.c, self.forum.id, UNSETTLED).get(row.channel_id, {})
        opened: OpenChannel | None = None
        try:
            opened = open_channel(row, self.forum, self.key)
        except SealBroken as error:
            say(f"warning {error.code}: {error}")
        return ChannelReply.of(row, opened, counts, self.settings.public_url.rstrip("/"))


@contextmanager
def _writing(forum: str, *, makes: bool = False) -> Iterator[_Opened]:
    settings = Settings()
    with errors_said(), opened_store(settings) as database, database.write() as c:
        found = store.ensure_forum(c, forum) if makes else store.get_forum(c, forum)
        yield _Opened(c, found, settings)


@click.group()
def channels() -> None:
    """Other systems that are told of questions: webhooks, Discourse, Zammad, mailboxes."""


@channels.command()
@_FILE
@forum_option
def add(file: IO[bytes], forum: str) -> None:
    """Connect another system. FILE holds the body of `POST /v1/channels`; `-` reads it from
    standard input, so that no credential stands in a command line.
    """
    with _writing(forum, makes=True) as here:
        written = read_written(file.read())
        now = datetime.now(UTC)
        made = created(written, here.forum, here.key, here.settings.outbound, now)
        store.put_channel(here.c, here.forum.id, made.row)
        here.note("channel.add", made.row.channel_id, after=noted(made))
        told = here.told(made.row)
    if made.keys:
        say("the secret is not shown again, note it now")
    secret = made.keys[0].secret if made.keys else None
    shown = {"channel_id": told.channel_id, "secret": secret, "incoming": told.incoming}
    click.echo(json.dumps(shown))


@channels.command()
@_CHANNEL
@_FILE
@forum_option
def change(channel: str, file: IO[bytes], forum: str) -> None:
    """Write a channel anew, as `PUT /v1/channels/{channel_id}` does."""
    with _writing(forum) as here:
        written = read_written(file.read())
        before = open_channel(here.row(channel), here.forum, here.key)
        at, allowed = datetime.now(UTC), here.settings.outbound
        after = changed(before, written, here.forum, here.key, allowed, at)
        store.rewrite_channel(here.c, here.forum.id, after.row)
        facts = {**noted(after), "credentials": written.credentials is not None}
        here.note("channel.change", channel, before=noted(before), after=facts)
    say(f"changed {channel}")


@channels.command("list")
@forum_option
def list_(forum: str) -> None:
    """Show the channels of a forum, and how each stands."""
    with _reading(forum) as here:
        rows = store.list_channels(here.c, here.forum.id)
        counts = store.count_deliveries(here.c, here.forum.id, UNSETTLED)
    for row in rows:
        states = counts.get(row.channel_id, {})
        numbers = " ".join(f"{state.value} {count}" for state, count in sorted(states.items()))
        mark = f"  disabled: {row.disabled_why}" if row.disabled_at is not None else ""
        failing = f"  failed {row.failures} times in a row" if row.failures else ""
        click.echo(
            f"{row.channel_id}  {row.kind.value}  {row.name}  {host_of(row.address or '')}"
            f"  {numbers or 'nothing waits'}{failing}{mark}"
        )


@channels.command()
@_CHANNEL
@forum_option
def show(channel: str, forum: str) -> None:
    """Show a channel as JSON, without what opens it."""
    with _reading(forum) as here:
        click.echo(here.told(here.row(channel)).model_dump_json(indent=2))


@channels.command()
@_CHANNEL
@forum_option
def remove(channel: str, forum: str) -> None:
    """Remove a channel, with all that was or is to be delivered through it."""
    with _writing(forum) as here:
        row = here.row(channel)
        store.delete_channel(here.c, here.forum.id, channel)
        before = {"kind": row.kind.value, "host": host_of(row.address or "")}
        here.note("channel.remove", channel, before=before)
    say(f"removed {channel}")


@channels.command()
@_CHANNEL
@forum_option
def rotate(channel: str, forum: str) -> None:
    """Make a new secret, the only thing on standard output; the one before is valid for a day."""
    with _writing(forum) as here:
        opened = open_channel(here.row(channel), here.forum, here.key)
        after = rotated(opened, here.forum, here.key, datetime.now(UTC))
        store.rewrite_channel(here.c, here.forum.id, after.row)
        here.note("channel.rotate", channel)
    click.echo(after.keys[0].secret)


@channels.command()
@_CHANNEL
@forum_option
def enable(channel: str, forum: str) -> None:
    """Use a channel again, beginning with what waits."""
    _set(channel, forum, "enable", store.enable_channel)


@channels.command()
@_CHANNEL
@forum_option
def disable(channel: str, forum: str) -> None:
    """Let a channel be; what is to be delivered waits."""

    def step(c: store.Connection, forum_id: int, channel_id: str, at: datetime) -> bool:
        return store.disable_channel(c, forum_id, channel_id, at, "by_hand")

    _set(channel, forum, "disable", step)


@channels.command()
@_CHANNEL
@forum_option
def ping(channel: str, forum: str) -> None:
    """Send a message that says nothing; prints its id, for `deliveries list`."""
    with _writing(forum) as here:
        here.row(channel)
        message = ping_message(datetime.now(UTC))
        store.post_to(here.c, here.forum.id, message, channel)
        here.note("channel.ping", channel)
    say("a server, or `python -m triage deliver --once`, delivers it; `deliveries list` tells")
    click.echo(message.message_id)


@contextmanager
def _reading(forum: str) -> Iterator[_Opened]:
    settings = Settings()
    with errors_said(), opened_store(settings) as database, database.read() as c:
        yield _Opened(c, store.get_forum(c, forum), settings)


def _set(
    channel: str,
    forum: str,
    how: str,
    step: Callable[[store.Connection, int, str, datetime], bool],
) -> None:
    with _writing(forum) as here:
        here.row(channel)
        if step(here.c, here.forum.id, channel, datetime.now(UTC)):
            here.note(f"channel.{how}", channel)
    say(f"{how}d {channel}")
