"""A forum with a desk, a channel to a Zammad, and what files through it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.connect.zammad.server import TOKEN, FakeZammad, zammad
from tests.forum import INSTALLATION_KEY, SmallForum
from triage import questions, store
from triage.channels import new_channel
from triage.connect.outgoing import Outgoing
from triage.delivering import Engine
from triage.filing import Around, Looking, Opened, senders
from triage.lifecycle import State, Who, Why
from triage.mailing import MailServer
from triage.outbound import read_allowed
from triage.questions import Arrived, Asked, Kept, Told, receive_question
from triage.records import (
    ChannelKind,
    Decision,
    Destination,
    Forum,
    Label,
    MessageType,
    Question,
    Reason,
    Target,
    Visibility,
)

KEY = INSTALLATION_KEY.encode()
HERE = read_allowed("127.0.0.1")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
# All but that it is here, which is followed by where it went.
WANTED = frozenset(kind.value for kind in MessageType) - {"question.received", "ping"}
OPTIONS: dict[str, Any] = {
    "group": "Experts",
    "customer": "forum@example.com",
    "groups": {
        "Community": {"destination": "community"},
        "Billing": {"topic": "billing"},
        "North": {"team": "north"},
    },
    "owners": {"anna@example.com": "anna"},
}
RULES = {"forum": "frida", "teams": {"north": "nils"}, "topics": {"billing": "bill"}}


@dataclass
class World:
    """What a test files with."""

    small: SmallForum
    zammad: FakeZammad
    outgoing: Outgoing
    now: datetime = MONDAY
    mail: MailServer | None = None
    numbers: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        self.desk = self.small.desk()
        self.around = Around(
            database=self.small.database,
            outgoing=self.outgoing,
            installation_key=KEY,
            opened=lambda _: Opened(self.desk.parts(), self.desk.foresight),
            public_url="https://triage.example.com",
            mail=self.mail,
            now=lambda: self.now,
        )
        self.engine = Engine(self.small.database, senders(self.around), now=lambda: self.now)
        self.looking = Looking(self.around)
        with self.small.database.write() as c:
            questions.put_rules(c, self.forum.id, questions.rules_from(RULES, {}), MONDAY)

    @property
    def forum(self) -> Forum:
        return self.small.forum

    def channel(
        self,
        kind: ChannelKind = ChannelKind.ZAMMAD,
        address: str | None = None,
        options: dict[str, Any] | None = None,
        secrets: dict[str, Any] | None = None,
        person: str | None = None,
        wants: frozenset[str] = WANTED,
    ) -> str:
        opened = new_channel(
            self.forum,
            KEY,
            kind=kind,
            name="tickets",
            address=address or self.zammad.url,
            at=self.now,
            secrets={"token": TOKEN} if secrets is None else secrets,
            options=OPTIONS if options is None else options,
            wants=wants,
            person=person,
        )
        with self.small.database.write() as c:
            store.put_channel(c, self.forum.id, opened.row)
        return opened.row.channel_id

    def post(
        self,
        to: Destination = Destination.EXPERT,
        visibility: Visibility | None = None,
        *,
        public_allowed: bool = True,
        test: bool = False,
        **question: Any,  # noqa: ANN401
    ) -> str:
        shared = to is Destination.COMMUNITY
        seen = visibility or (Visibility.PUBLIC if shared else Visibility.PRIVATE)
        words = {
            "title": "Chain <slips>",
            "body": "Since the update the chain slips in third gear. We cannot ride. Please help.",
            "lang": "en",
            "product": "bike",
            "person": "p" * 16,
            **question,
        }
        question_id = f"{next(self.numbers):032x}"
        decided = Decision(
            (), (), to, 0.9, seen, public_allowed, (Reason("needs_expert", {"percent": 90}),)
        )
        labels = {
            Target.KIND: Label("problem", 0.9, abstained=False),
            Target.TOPIC: Label("api", 0.9, abstained=False),
            Target.SEVERITY: Label("2", 0.9, abstained=False),
        }
        arrived = Arrived(question_id, Question(**words), decided, labels, test=test)
        with self.small.database.write() as c:
            receive_question(c, self.forum.id, arrived, self.now)
        return question_id

    def keep(self, question_id: str, wanted: State, who: Who, **brings: Any) -> Kept:  # noqa: ANN401
        asked = Asked(wanted, who, f"c{next(self.numbers)}", **brings)
        with self.small.database.write() as c:
            return questions.keep(c, self.forum.id, question_id, asked, self.now)

    def escalate(self, question_id: str) -> None:
        self.keep(question_id, State.ESCALATED, Who.CUSTOMER, why=Why.WANTS_PERSON)

    def told(self, question_id: str) -> Told:
        with self.small.database.read() as c:
            return questions.read(c, self.forum.id, question_id)

    def filing(self, question_id: str, channel_id: str) -> store.FilingRow | None:
        with self.small.database.read() as c:
            return store.get_filing(c, self.forum.id, question_id, channel_id)

    def case(self, question_id: str) -> Any:  # noqa: ANN401
        name = f"question:{question_id}"
        with self.small.database.read() as c:
            return store.get_cases(c, self.forum.id, [name]).get(name)

    def deliveries(self, channel_id: str) -> list[store.DeliveryRow]:
        with self.small.database.read() as c:
            return store.list_deliveries(c, self.forum.id, channel_id=channel_id, limit=500)[::-1]

    def acts(self) -> list[store.AuditRow]:
        with self.small.database.read() as c:
            return list(store.iter_acts(c, self.forum.id))

    async def deliver(self) -> None:
        """Deliver until nothing more is due now."""
        for _ in range(50):
            turn = await self.engine.turn()
            if not turn.attempts:
                return

    async def later(self, **time: float) -> None:
        self.now += timedelta(**time)
        await self.deliver()

    async def hook(self, channel_id: str, ticket_id: int = 1) -> None:
        """Have Zammad tell that a ticket has changed, and look."""
        self.now += timedelta(seconds=10)
        with self.small.database.write() as c:
            store.put_incoming(c, self.forum.id, channel_id, str(ticket_id), self.now)
        await self.looking.incoming(self.forum)


@asynccontextmanager
async def filing_world(small: SmallForum, mail: MailServer | None = None) -> AsyncIterator[World]:
    async with zammad() as fake, Outgoing(HERE) as outgoing:
        yield World(small, fake, outgoing, mail=mail)
