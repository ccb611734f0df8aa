"""A store with channels, a clock that is told what time it is, and an engine that really sends."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.forum import INSTALLATION_KEY
from triage import store
from triage.channels import OpenChannel, new_channel
from triage.connect.outgoing import Allowed, Outgoing
from triage.delivering import Engine, Opened, PersonMailSender, WebhookSender
from triage.mailing import MailServer
from triage.outbound import read_allowed
from triage.records import ChannelKind, Forum, MessageType

KEY = INSTALLATION_KEY.encode()
HERE = read_allowed("127.0.0.1")


@dataclass
class Clock:
    """What time it is here."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class World:
    """One forum and what is told of it."""

    database: store.Database
    forum: Forum
    clock: Clock
    posted: dict[str, list[str]] = field(default_factory=dict)

    def add(
        self,
        address: str,
        kind: ChannelKind = ChannelKind.WEBHOOK,
        person: str | None = None,
        **more: object,
    ) -> OpenChannel:
        """Add a channel to an address."""
        opened = new_channel(
            self.forum,
            KEY,
            kind=kind,
            name="a system",
            address=address,
            at=self.clock(),
            person=person,
            **more,  # type: ignore[arg-type]
        )
        with self.database.write() as c:
            store.put_channel(c, self.forum.id, opened.row)
        return opened

    def post(self, question_id: str, count: int = 1) -> list[str]:
        """Have something happen to a question; return the ids of what is told of it."""
        ids = []
        with self.database.write() as c:
            for _ in range(count):
                message = store.Message(
                    type=MessageType.ANSWERED,
                    stream=question_id,
                    at=self.clock(),
                    data={"question_id": question_id, "state": "answered"},
                    question_id=question_id,
                )
                store.post_message(c, self.forum.id, message)
                ids.append(message.message_id)
        self.posted.setdefault(question_id, []).extend(ids)
        return ids

    def rows(self, channel_id: str | None = None) -> Sequence[store.DeliveryRow]:
        with self.database.read() as c:
            found = store.list_deliveries(c, self.forum.id, channel_id=channel_id, limit=10_000)
        return found[::-1]

    def states(self, channel_id: str | None = None) -> list[str]:
        return [row.state.value for row in self.rows(channel_id)]

    def channel(self, channel_id: str) -> store.ChannelRow:
        with self.database.read() as c:
            found = store.get_channel(c, self.forum.id, channel_id)
        assert found is not None
        return found

    @asynccontextmanager
    async def engine(
        self, *, timeout: float = 15.0, mail: MailServer | None = None
    ) -> AsyncIterator[Engine]:
        """Give an engine as the command has it, with this world's clock."""
        opened = Opened(KEY)
        async with (
            Outgoing(HERE, timeout=timeout, at_once=500) as outgoing,
            Outgoing(Allowed(), timeout=timeout) as public,
        ):
            webhooks = WebhookSender(outgoing, public, opened, self.clock)
            senders = {
                ChannelKind.WEBHOOK: webhooks,
                ChannelKind.PERSON_WEBHOOK: webhooks,
                ChannelKind.PERSON_EMAIL: PersonMailSender(mail, opened),
            }
            yield Engine(self.database, senders, now=self.clock)
