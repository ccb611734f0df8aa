"""A question for experts is one conversation in their mailbox."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.connect.smtp import Post, post_office
from tests.forum import SmallForum
from triage import store
from triage.lifecycle import State, Who, Why
from triage.mailing import mail_server
from triage.records import ChannelKind, DeliveryState, Destination, MessageType

from .world import World, filing_world

Use = Callable[[World, Post, str], Awaitable[None]]
TO = "experts@example.com"


def using(small: SmallForum, use: Use, lang: str = "en") -> None:
    async def run(post: Post) -> None:
        server = mail_server(f"smtp://127.0.0.1:{post.port}", "Triage <triage@bikes.example>")
        async with filing_world(small, server) as world:
            channel = world.channel(ChannelKind.EMAIL, TO, {"lang": lang}, {})
            await use(world, post, channel)

    with post_office() as post:
        asyncio.run(run(post))


def test_a_question_and_its_changes_are_one_conversation(small: SmallForum) -> None:
    async def use(world: World, post: Post, channel: str) -> None:
        question = world.post()
        await world.deliver()
        world.keep(question, State.CLOSED, Who.CUSTOMER, why=Why.WITHDRAWN)
        await world.deliver()
        first, second = post.mails
        assert first["To"] == TO
        assert first["Subject"] == "[demo] Chain <slips>"
        assert "Severity" in first.get_content()
        assert "third gear" in first.get_content()
        assert second["Subject"] == "Re: [demo] Chain <slips>"
        assert second["In-Reply-To"] == first["Message-ID"]
        assert "closed" in second.get_content()

    using(small, use)


def test_it_is_written_in_the_language_of_the_channel(small: SmallForum) -> None:
    async def use(world: World, post: Post, channel: str) -> None:
        world.post()
        await world.deliver()
        [mail] = post.mails
        assert "Allvarlighet" in mail.get_content()
        assert mail["Content-Language"] == "sv"

    using(small, use, "sv")


def test_what_could_not_be_sent_is_sent_again_under_its_name(small: SmallForum) -> None:
    async def use(world: World, post: Post, channel: str) -> None:
        post.refuses = ["451 4.3.0 Try later"]
        question = world.post()
        await world.deliver()
        assert post.mails == []
        await world.later(minutes=5)
        [mail] = post.mails
        assert mail["Message-ID"] == f"<question.{question}@bikes.example>"

    using(small, use)


def test_what_the_community_has_is_not_in_their_mailbox(small: SmallForum) -> None:
    async def use(world: World, post: Post, channel: str) -> None:
        world.post(Destination.COMMUNITY)
        world.post(test=True)
        await world.deliver()
        assert post.mails == []
        assert {row.state for row in world.deliveries(channel)} <= {DeliveryState.DELIVERED}

    using(small, use)


def test_a_ping_is_a_short_mail(small: SmallForum) -> None:
    async def use(world: World, post: Post, channel: str) -> None:
        message = store.Message(type=MessageType.PING, stream="ping", at=world.now, data={})
        with world.small.database.write() as c:
            store.post_to(c, world.forum.id, message, channel)
        await world.deliver()
        [mail] = post.mails
        assert "Triage" in mail["Subject"]

    using(small, use)
