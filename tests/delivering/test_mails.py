"""What a person is told by e-mail, over a real mail server."""

import asyncio
from typing import Any

from tests.connect.smtp import post_office
from triage import store
from triage.mailing import mail_server
from triage.records import ChannelKind, MessageType
from triage.store import Notice, NoticeKind

from .world import World

ANNA = "anna@example.com"


def add(world: World, **more: Any) -> str:  # noqa: ANN401
    made = world.add(
        ANNA,
        kind=ChannelKind.PERSON_EMAIL,
        person="anna",
        wants=frozenset({NoticeKind.ANSWERED.value}),
        **more,
    )
    return made.row.channel_id


def tell(world: World, lang: str, subject: str = "q1") -> None:
    notice = Notice(
        person="anna", kind=NoticeKind.ANSWERED, subject=subject, at=world.clock(), lang=lang
    )
    with world.database.write() as c:
        store.tell(c, world.forum.id, [notice])


def test_a_notice_comes_once_in_the_persons_language_and_quotes_nobody(world: World) -> None:
    async def scenario() -> None:
        with post_office() as post:
            add(world)
            tell(world, "sv")
            tell(world, "sv")
            server = mail_server(f"smtp://127.0.0.1:{post.port}", "Help <help@example.com>")
            async with world.engine(mail=server) as engine:
                assert (await engine.turn()).delivered == 1
                assert (await engine.turn()).attempts == 0
            (mail,) = post.mails
            assert mail["To"] == ANNA
            assert mail["Subject"] == "Din fråga har fått ett svar"
            assert "q1" not in mail.get_content()
            assert str(mail["Message-ID"]).startswith("<msg_")

    asyncio.run(scenario())


def test_a_code_is_mailed_to_the_address_that_it_confirms(world: World) -> None:
    async def scenario() -> None:
        with post_office() as post:
            channel_id = add(world, secrets={"code": "KXWP-4711"})
            told = store.Message(
                type=MessageType.CONFIRM,
                stream="s",
                at=world.clock(),
                person="anna",
                data={"kind": "confirm_address", "lang": "de"},
            )
            with world.database.write() as c:
                store.post_to(c, world.forum.id, told, channel_id)
            server = mail_server(f"smtp://127.0.0.1:{post.port}", "Help <help@example.com>")
            async with world.engine(mail=server) as engine:
                await engine.turn()
            assert "KXWP-4711" in post.mails[0].get_content()

    asyncio.run(scenario())


def test_an_address_that_nobody_has_is_told_nothing_more(world: World) -> None:
    async def scenario() -> None:
        with post_office() as post:
            channel_id = add(world)
            post.refused[ANNA] = "550 5.1.1 nobody of that name"
            tell(world, "en")
            server = mail_server(f"smtp://127.0.0.1:{post.port}", "Help <help@example.com>")
            async with world.engine(mail=server) as engine:
                await engine.turn()
                tell(world, "en", "q2")
                world.clock.pass_(days=1)
                assert (await engine.turn()).attempts == 0
            assert world.channel(channel_id).disabled_why == "gone"

    asyncio.run(scenario())


def test_without_a_mail_server_it_waits(world: World) -> None:
    async def scenario() -> None:
        add(world)
        tell(world, "en")
        async with world.engine() as engine:
            assert (await engine.turn()).failed == 1
        with world.database.read() as c:
            (row,) = store.list_deliveries(c, world.forum.id, person="anna")
        assert (row.state, row.code) == ("pending", "no_mail_server")

    asyncio.run(scenario())
