"""What arrives at a receiver of webhooks, and what its answers lead to."""

import asyncio

import pytest
from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from triage import store
from triage.channels import rotated
from triage.records import ChannelKind, MessageType

from .receiver import Got, receiving, status
from .world import KEY, World


def test_a_message_arrives_signed_by_the_specification(world: World) -> None:
    async def scenario() -> None:
        async with receiving() as receiver, world.engine() as engine:
            opened = world.add(receiver.url)
            (message_id,) = world.post("q1")
            told = await engine.turn()
            assert (told.delivered, told.failed, told.dead) == (1, 0, 0)
            (got,) = receiver.got
            verifier = Webhook(opened.keys[0].secret)
            assert verifier.verify(got.body, dict(got.headers)) == got.content
            assert got.message_id == message_id
            assert got.headers["content-type"] == "application/json"
            assert got.content == {
                "type": "question.answered",
                "timestamp": world.clock()
                .isoformat(timespec="microseconds")
                .replace("+00:00", "Z"),
                "data": {"question_id": "q1", "state": "answered"},
            }
            with pytest.raises(WebhookVerificationError):
                verifier.verify(got.body + b" ", dict(got.headers))

    asyncio.run(scenario())
    (row,) = world.rows()
    assert (row.state, row.status, row.code) == ("delivered", 204, None)


def test_while_a_secret_is_changed_both_verify(world: World) -> None:
    async def scenario() -> None:
        async with receiving() as receiver, world.engine() as engine:
            before = world.add(receiver.url)
            after = rotated(before, world.forum, KEY, world.clock())
            with world.database.write() as c:
                store.put_channel(c, world.forum.id, after.row)
            world.post("q1")
            await engine.turn()
            (got,) = receiver.got
            for opened in (before, after):
                Webhook(opened.keys[0].secret).verify(got.body, dict(got.headers))
            world.clock.pass_(days=2)
            world.post("q1")
            await engine.turn()
            late = receiver.got[-1].headers["webhook-signature"]
            assert len(late.split()) == 1

    asyncio.run(scenario())


def test_every_attempt_has_the_same_id_and_the_same_bytes(world: World) -> None:
    async def scenario() -> None:
        async with receiving(status(500)) as receiver, world.engine() as engine:
            world.add(receiver.url)
            world.post("q1")
            for _ in range(3):
                await engine.turn()
                world.clock.pass_(minutes=10)
            first, second, third = receiver.got
            assert first.body == second.body == third.body
            assert first.message_id == second.message_id == third.message_id
            assert first.headers["webhook-timestamp"] < third.headers["webhook-timestamp"]

    asyncio.run(scenario())


async def _garbage(_: Got) -> web.StreamResponse:
    return web.Response(status=200, body=b"<html>\x00\xff not what you think" * 10_000)


async def _breaks_off(_: Got) -> web.StreamResponse:
    return web.Response(status=200, body=b"{", headers={"Content-Type": "application/json"})


@pytest.mark.parametrize("answer", [_garbage, _breaks_off, status(299, "error: no such thing")])
def test_whoever_says_that_it_has_arrived_is_believed_whatever_else_it_says(
    world: World, answer: object
) -> None:
    async def scenario() -> None:
        async with receiving(answer) as receiver, world.engine() as engine:  # type: ignore[arg-type]
            world.add(receiver.url)
            world.post("q1", 2)
            assert (await engine.turn()).delivered == 1
            assert (await engine.turn()).delivered == 1
            assert receiver.ids == world.posted["q1"]

    asyncio.run(scenario())


@pytest.mark.parametrize("code", [301, 307, 400, 404, 500])
def test_any_other_answer_is_tried_again_and_no_redirection_is_followed(
    world: World, code: int
) -> None:
    async def scenario() -> None:
        async with receiving() as elsewhere:
            answer = status(code, headers={"Location": elsewhere.url})
            async with receiving(answer) as receiver, world.engine() as engine:
                world.add(receiver.url)
                world.post("q1")
                assert (await engine.turn()).failed == 1
                assert (await engine.turn()).attempts == 0
                world.clock.pass_(seconds=6)
                assert (await engine.turn()).failed == 1
                assert elsewhere.got == []

    asyncio.run(scenario())
    (row,) = world.rows()
    assert (row.state, row.attempts, row.code) == ("pending", 2, f"http_{code}")


def test_who_is_gone_is_told_nothing_more_and_nothing_is_lost(world: World) -> None:
    async def scenario() -> None:
        async with receiving(status(410)) as receiver, world.engine() as engine:
            opened = world.add(receiver.url)
            world.post("q1", 3)
            await engine.turn()
            world.clock.pass_(days=2)
            assert (await engine.turn()).attempts == 0
            assert len(receiver.got) == 1
            row = world.channel(opened.row.channel_id)
            assert row.disabled_why == "gone"
            receiver.answer = status(200)
            with world.database.write() as c:
                store.enable_channel(c, world.forum.id, row.channel_id, world.clock())
            for _ in range(3):
                await engine.turn()
            assert receiver.by_question() == world.posted

    asyncio.run(scenario())
    assert world.states() == ["delivered"] * 3


def test_who_says_when_is_asked_then_and_no_attempt_is_used_up(world: World) -> None:
    async def scenario() -> None:
        answer = status(429, headers={"Retry-After": "600"})
        async with receiving(answer) as receiver, world.engine() as engine:
            world.add(receiver.url)
            world.post("q1")
            for _ in range(20):
                await engine.turn()
                world.clock.pass_(seconds=599)
                assert (await engine.turn()).attempts == 0
                world.clock.pass_(seconds=2)
            assert len(receiver.got) == 20
            receiver.answer = status(200)
            assert (await engine.turn()).delivered == 1

    asyncio.run(scenario())
    assert world.rows()[0].attempts == 1


def test_an_address_that_is_not_allowed_is_not_asked(world: World) -> None:
    async def scenario() -> None:
        async with receiving() as receiver, world.engine() as engine:
            theirs = {"kind": ChannelKind.PERSON_WEBHOOK, "person": "anna"}
            public = world.add(receiver.url, options={"public": True}, **theirs)  # type: ignore[arg-type]
            other = world.add(receiver.url.replace("127.0.0.1", "127.0.0.2"))
            plain = world.add(receiver.url, **theirs)  # type: ignore[arg-type]
            with world.database.write() as c:
                for opened in (public, plain):
                    at = world.clock()
                    told = store.Message(type=_PING, stream="p", at=at, data={})
                    store.post_to(c, world.forum.id, told, opened.row.channel_id)
            world.post("q1")
            told_ = await engine.turn()
            assert (told_.delivered, told_.failed) == (1, 2)
            assert len(receiver.got) == 1
            with world.database.read() as c:
                (row,) = store.list_deliveries(c, world.forum.id, person="anna", limit=1)
            assert row.channel_id == plain.row.channel_id
            assert [row.code for row in world.rows(other.row.channel_id)] == ["address_refused"]

    asyncio.run(scenario())


_PING = MessageType.PING


def test_a_channel_sealed_with_another_key_fails_with_its_code(world: World) -> None:
    async def scenario() -> None:
        async with receiving() as receiver, world.engine() as engine:
            opened = world.add(receiver.url)
            with world.database.write() as c:
                row = store.ChannelRow(
                    **{
                        **{name: getattr(opened.row, name) for name in opened.row.__slots__},
                        "sealed": opened.row.sealed[:-1] + b"\x00",
                    }
                )
                store.put_channel(c, world.forum.id, row)
            world.post("q1")
            assert (await engine.turn()).failed == 1

    asyncio.run(scenario())
    assert world.rows()[0].code == "seal_broken"
