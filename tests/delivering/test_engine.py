"""Order, fairness and faults: nothing is lost, and nobody waits for another."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from triage import store
from triage.channels import ping_message
from triage.delivering import WAITS, Engine
from triage.errors import SendFailed
from triage.records import ChannelKind
from triage.store import RESTS_AFTER

from .receiver import Got, ok, receiving, status
from .world import World


@asynccontextmanager
async def running(engine: Engine) -> Any:  # noqa: ANN401
    """Deliver beside the block."""
    stop = asyncio.Event()
    task = asyncio.create_task(engine.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        await asyncio.sleep(0.02)


def unreliable(every: int) -> Callable[[Got], Awaitable[web.StreamResponse]]:
    """Refuse every so-many-th request, and answer the others at different speeds."""
    count = 0

    async def answer(got: Got) -> web.StreamResponse:
        nonlocal count
        count += 1
        mine = count
        await asyncio.sleep(mine % 7 / 200)
        return web.Response(status=503 if mine % every == 0 else 200)

    return answer


def test_of_each_question_everything_arrives_in_its_order_however_unreliable_the_receiver(
    world: World,
) -> None:
    async def scenario() -> None:
        async with receiving(unreliable(5)) as receiver, world.engine() as engine:
            world.add(receiver.url)
            for round_ in range(3):
                for n in range(12):
                    world.post(f"q{n}", 1 + (n + round_) % 3)
            async with running(engine):
                while set(world.states()) != {"delivered"}:
                    await asyncio.sleep(0.1)
                    world.clock.pass_(seconds=30)
            assert receiver.by_question() == world.posted
            # What came twice came before anything of its question that is behind it.
            for question, ids in world.posted.items():
                came = [
                    g.message_id
                    for g in receiver.got
                    if g.content["data"]["question_id"] == question
                ]
                assert came == sorted(came, key=ids.index)

    asyncio.run(scenario())


def test_a_slow_receiver_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.delivering.engine._DRAIN_SECONDS", 0.1)

    async def never(_: Got) -> web.StreamResponse:
        await asyncio.sleep(90)
        return web.Response()

    async def scenario() -> None:
        async with (
            receiving(never) as slow,
            receiving() as quick,
            world.engine(timeout=60.0) as engine,
        ):
            held = [world.add(f"{slow.url}?{n}") for n in range(20)]
            fine = world.add(quick.url)
            for n in range(100):
                world.post(f"q{n}")
            async with running(engine):
                # Nobody waits for an answer that takes a minute, or for one that is given up then.
                await until(lambda: len(quick.got) == 100, 30.0)
            assert set(world.states(fine.row.channel_id)) == {"delivered"}
            assert set(world.states(held[0].row.channel_id)) == {"pending"}
            assert 0 < slow.most_under_way <= len(held) * 8

    asyncio.run(scenario())


def test_no_receiver_is_sent_more_than_so_many_at_once(world: World) -> None:
    async def slowish(_: Got) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return web.Response()

    async def scenario() -> None:
        async with receiving(slowish) as receiver, world.engine() as engine:
            world.add(receiver.url)
            for n in range(400):
                world.post(f"q{n}")
            async with running(engine):
                await until(lambda: len(receiver.got) == 400)
            assert 8 < receiver.most_under_way <= 32

    asyncio.run(scenario())


def test_who_is_down_is_probed_with_one_and_gets_all_of_it_when_it_is_back(world: World) -> None:
    async def scenario() -> None:
        async with receiving() as receiver:
            port = int(receiver.url.split(":")[2].split("/")[0])
        opened = world.add(receiver.url)
        async with world.engine() as engine:
            for n in range(40):
                world.post(f"q{n % 10}")
            attempts = 0
            for minute in range(60):
                attempts += (await engine.turn()).failed
                world.clock.pass_(seconds=60)
                if minute % 10 == 0:
                    world.post("q3")
            row = world.channel(opened.row.channel_id)
            assert row.failures > RESTS_AFTER
            # Of each question once, then a few minutes apart with whichever comes first.
            assert attempts < 30
            async with receiving(ok, port) as back:
                while set(world.states()) != {"delivered"}:
                    world.clock.pass_(seconds=60)
                    await engine.turn()
                assert back.by_question() == world.posted
            assert world.channel(opened.row.channel_id).failures == 0

    asyncio.run(scenario())


def test_what_a_receiver_never_takes_keeps_its_time_and_holds_up_nobody_else(world: World) -> None:
    async def picky(got: Got) -> web.StreamResponse:
        bad = got.content["data"]["question_id"].startswith("bad")
        return web.Response(status=500 if bad else 200)

    async def scenario() -> None:
        async with receiving(picky) as receiver, world.engine() as engine:
            world.add(receiver.url)
            for n in range(4):
                world.post(f"bad{n}")
            for n in range(100):
                world.post(f"q{n}")
                await engine.turn()
                world.clock.pass_(seconds=6)
            # Ten minutes: its first few attempts, and one more at most since the others arrived.
            bad = [row for row in world.rows() if (row.question_id or "").startswith("bad")]
            assert {row.state for row in bad} == {"pending"}
            assert max(row.attempts for row in bad) <= 5
            waiting = [row for row in world.rows() if row.state == "pending" and row not in bad]
            assert len(waiting) <= 2

    asyncio.run(scenario())


def test_messages_that_a_receiver_refuses_do_not_keep_from_it_those_that_it_takes(
    world: World,
) -> None:
    async def picky(got: Got) -> web.StreamResponse:
        refused = str(got.content["data"]["question_id"]).startswith("refused")
        return web.Response(status=500 if refused else 200)

    async def scenario() -> None:
        async with receiving(picky) as receiver, world.engine() as engine:
            world.add(receiver.url)
            for n in range(30):
                world.post(f"refused{n}")
            for minute in range(60):
                world.post(f"q{minute}")
                for _ in range(4):
                    await engine.turn()
                    world.clock.pass_(seconds=15)
            waiting = [row.question_id for row in world.rows() if row.state.value == "pending"]
            assert {f"q{minute}" for minute in range(45)}.isdisjoint(waiting)
            # They are tried for days all the same.
            assert "dead" not in world.states()

    asyncio.run(scenario())


def test_who_is_never_there_has_dead_letters_in_the_end_and_those_behind_wait(
    world: World,
) -> None:
    async def scenario() -> None:
        async with receiving(status(500)) as receiver, world.engine() as engine:
            opened = world.add(receiver.url)
            world.post("q1", 2)
            for _ in range(len(WAITS) + 1):
                assert (await engine.turn()).attempts == 1
                world.clock.pass_(hours=30)
            assert world.states() == ["dead", "pending"]
            assert (await engine.turn()).attempts == 0
            assert world.rows()[0].attempts == len(WAITS) + 1
            assert world.channel(opened.row.channel_id).disabled_at is None

    asyncio.run(scenario())


def test_a_sender_that_breaks_is_a_failure_and_the_others_go_on(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_: object) -> None:
        raise ValueError("what a customer wrote")

    async def refused(_: object) -> None:
        raise SendFailed("login_refused", 401)

    async def scenario() -> None:
        one = world.add("https://one.example", kind=ChannelKind.ZAMMAD, wants=_ALL)
        two = world.add("https://two.example", kind=ChannelKind.DISCOURSE, wants=_ALL)
        world.post("q1")
        senders = {ChannelKind.ZAMMAD: broken, ChannelKind.DISCOURSE: refused}
        assert (await Engine(world.database, senders, now=world.clock).turn()).failed == 2
        assert [row.code for row in world.rows(one.row.channel_id)] == ["internal_error"]
        assert [row.code for row in world.rows(two.row.channel_id)] == ["login_refused"]

    asyncio.run(scenario())
    assert "customer" not in caplog.text


_ALL = frozenset({"question.answered"})


def test_told_to_stop_it_gives_back_what_takes_too_long(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.delivering.engine._DRAIN_SECONDS", 0.2)
    waiting = asyncio.Event()

    async def stuck(_: Got) -> web.StreamResponse:
        waiting.set()
        await asyncio.sleep(60)
        return web.Response()

    async def scenario() -> None:
        async with receiving(stuck) as receiver, world.engine() as engine:
            world.add(receiver.url)
            world.post("q1", 2)
            async with running(engine):
                await waiting.wait()
            receiver.answer = ok
            async with world.engine() as next_one:
                assert (await next_one.turn()).delivered == 1
                assert (await next_one.turn()).delivered == 1
            first = world.posted["q1"][0]
            assert receiver.ids == [first, *world.posted["q1"]]

    asyncio.run(scenario())


def test_outcomes_are_written_in_the_order_in_which_channels_are_posted_to(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each row is held until all is written: in another order two could wait for each other."""
    settled: list[str] = []

    def settle(c: store.Connection, forum_id: int, channel_id: str, *rest: Any) -> None:  # noqa: ANN401
        settled.append(channel_id)
        really(c, forum_id, channel_id, *rest)

    really = store.settle
    monkeypatch.setattr(store, "settle", settle)

    async def scenario() -> None:
        async with receiving() as receiver, world.engine() as engine:
            systems = [world.add(receiver.url).row.channel_id for _ in range(4)]
            person = {"kind": ChannelKind.PERSON_WEBHOOK, "person": "anna"}
            own = [world.add(receiver.url, **person).row.channel_id for _ in range(4)]
            with world.database.write() as c:
                for channel_id in own:
                    store.post_to(c, world.forum.id, ping_message(world.clock()), channel_id)
            world.post("q1")
            assert (await engine.turn()).delivered == 8
            assert settled == [*sorted(own), *sorted(systems)]

    asyncio.run(scenario())


def test_several_engines_of_one_store_send_each_message_once(world: World) -> None:
    async def scenario() -> None:
        async with receiving() as receiver, world.engine() as one, world.engine() as two:
            for n in range(3):
                world.add(f"{receiver.url}?{n}")
            for n in range(60):
                world.post(f"q{n % 20}")
            async with running(one), running(two):
                await until(lambda: set(world.states()) == {"delivered"})
            assert len(receiver.got) == 180
            assert one.told.delivered + two.told.delivered == 180

    asyncio.run(scenario())
