"""A question for experts is one ticket with everything known, whatever goes wrong on the way."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web

from tests.connect.zammad.server import TOKEN, fails
from tests.forum import SmallForum
from triage import store
from triage.channels import open_channel
from triage.channels.opening import sealed_again
from triage.connect.zammad.rest import Zammad
from triage.connect.zammad.tickets import NewTicket, Note
from triage.delivering import Engine
from triage.filing import senders
from triage.forgotten import Forgotten
from triage.lifecycle import State, Who, Why
from triage.privacy.removing import remove_person
from triage.records import ChannelKind, DeliveryState, Destination, MessageType

from .world import KEY, World, filing_world

Use = Callable[[World], Awaitable[None]]


def using(small: SmallForum, use: Use) -> None:
    async def run() -> None:
        async with filing_world(small) as world:
            await use(world)

    asyncio.run(run())


def states(world: World, channel_id: str) -> list[DeliveryState]:
    return [row.state for row in world.deliveries(channel_id)]


def test_a_question_arrives_in_the_queue_with_everything_known(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()
        question = world.post()
        await world.deliver()
        [made] = world.zammad.created
        assert made["title"] == "Chain <slips>"
        assert (made["group"], made["priority"]) == ("Experts", "3 high")
        assert made["customer"] == "forum@example.com"
        assert made["tags"] == f"triage,triage-{question},api"
        html = made["article"]["body"]
        assert made["article"]["internal"] is True
        for said in ("Situation", "Problem", "Impact", "What is wanted", "Severity", "bike"):
            assert said in html
        assert "Chain &lt;slips&gt;" in html
        assert "<slips>" not in html
        assert f"https://triage.example.com/v1/questions/{question}" in html
        filing = world.filing(question, channel)
        assert filing is not None
        assert (filing.foreign_id, filing.number, filing.queue) == ("1", "22001", "Experts")
        assert filing.url == f"{world.zammad.url}/#ticket/zoom/1"

    using(small, use)


def test_what_is_only_tried_out_is_in_nobodys_queue(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()
        question = world.post(test=True)
        # Nobody posts such a message; it would be filed nowhere all the same.
        with world.small.database.write() as c:
            message = store.Message(
                type=MessageType.WITH_EXPERT,
                stream=question,
                at=world.now,
                data={"revision": 2},
                question_id=question,
            )
            store.post_message(c, world.forum.id, message)
        await world.deliver()
        assert world.zammad.calls == []
        assert states(world, channel) == [DeliveryState.DELIVERED]

    using(small, use)


def test_a_question_of_somebody_who_was_erased_is_not_filed(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()
        world.zammad.before["POST tickets"] = [fails(503)]
        question = world.post()
        await world.deliver()
        assert world.filing(question, channel) is not None
        with world.small.database.write() as c:
            remove_person(c, world.forum.id, "p" * 16, Forgotten(world.now), "marks")
        assert world.filing(question, channel) is None
        await world.later(minutes=5)
        assert world.zammad.created == []

    using(small, use)


def test_a_crash_between_ticket_and_note_of_it_makes_no_second_one(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()

        def broken(_: web.Request) -> web.Response:
            return web.Response(status=502, text="the proxy gave up")

        world.zammad.after["POST tickets"] = [broken]
        question = world.post()
        await world.deliver()
        begun = world.filing(question, channel)
        assert begun is not None
        assert begun.foreign_id is None
        assert len(world.zammad.created) == 1
        # Too soon: a search server behind Zammad may not know of it yet.
        await world.later(seconds=10)
        assert world.zammad.count("GET tickets/search") == 0
        await world.later(minutes=3)
        assert len(world.zammad.created) == 1
        filing = world.filing(question, channel)
        assert filing is not None
        assert filing.foreign_id == "1"

    using(small, use)


def test_a_ticket_that_was_begun_and_is_not_there_is_made(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()
        world.zammad.before["POST tickets"] = [fails(503)]
        question = world.post()
        await world.deliver()
        await world.later(minutes=3)
        assert world.zammad.count("GET tickets/search") == 2
        assert len(world.zammad.created) == 1
        filing = world.filing(question, channel)
        assert filing is not None
        assert filing.foreign_id == "1"

    using(small, use)


def test_what_was_begun_again_may_be_there_from_then_on(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()
        world.zammad.before["POST tickets"] = [fails(503)]
        question = world.post()
        await world.deliver()
        world.zammad.after["POST tickets"] = [fails(504)]
        await world.later(minutes=3)
        assert len(world.zammad.created) == 1
        searched = world.zammad.count("GET tickets/search")
        await world.later(seconds=20)
        assert world.zammad.count("GET tickets/search") == searched
        # That it is refused now does not say that it was never made.
        world.zammad.before["GET tickets/search"] = [fails(401)]
        await world.later(minutes=10)
        await world.later(minutes=30)
        assert len(world.zammad.created) == 1
        filing = world.filing(question, channel)
        assert filing is not None
        assert filing.foreign_id == "1"

    using(small, use)


def test_a_refused_ticket_was_never_begun(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()
        world.zammad.groups.remove("Experts")
        question = world.post()
        await world.deliver()
        assert world.filing(question, channel) is None
        world.zammad.groups.append("Experts")
        await world.later(minutes=1)
        assert len(world.zammad.created) == 1
        assert world.zammad.count("GET tickets/search") == 0

    using(small, use)


@pytest.mark.parametrize("status", [429, 401, 500])
def test_what_goes_wrong_is_tried_again_and_filed_once(small: SmallForum, status: int) -> None:
    async def use(world: World) -> None:
        channel = world.channel()
        world.zammad.before["POST tickets"] = [fails(status, {"Retry-After": "30"})] * 2
        ids = [world.post() for _ in range(3)]
        await world.deliver()
        for _ in range(12):
            await world.later(minutes=10)
        assert sorted(made["tags"].split(",")[1] for made in world.zammad.created) == sorted(
            f"triage-{one}" for one in ids
        )
        assert set(states(world, channel)) == {DeliveryState.DELIVERED}

    using(small, use)


def test_a_token_that_expired_loses_nothing(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()
        world.zammad.token = "another"
        ids = [world.post() for _ in range(2)]
        await world.deliver()
        assert world.zammad.created == []
        assert {row.code for row in world.deliveries(channel)} == {"login_refused"}
        with world.small.database.write() as c:
            row = store.get_channel(c, world.forum.id, channel)
            assert row is not None
            opened = open_channel(row, world.forum, KEY)
            fresh = replace(opened, secrets={"token": "another"})
            store.put_channel(c, world.forum.id, sealed_again(fresh, world.forum, KEY).row)
        await world.later(minutes=10)
        await world.later(minutes=10)
        assert len(world.zammad.created) == len(ids)

    using(small, use)


def test_a_change_is_noted_once_though_the_reply_was_lost(small: SmallForum) -> None:
    async def use(world: World) -> None:
        world.channel()
        question = world.post()
        await world.deliver()
        world.zammad.after["PUT tickets/1"] = [fails(504)]
        world.keep(question, State.CLOSED, Who.CUSTOMER, why=Why.WITHDRAWN)
        await world.deliver()
        await world.later(minutes=10)
        notes = [one for one in world.zammad.articles[1] if "closed" in one["body"]]
        assert len(notes) == 1
        assert notes[0]["internal"] is True
        assert world.zammad.tickets[1]["state"] == "closed"

    using(small, use)


def test_a_merged_ticket_is_not_pulled_apart_by_a_note(small: SmallForum) -> None:
    async def use(world: World) -> None:
        world.channel()
        question = world.post()
        await world.deliver()
        world.zammad.change(1, state="merged")
        world.keep(question, State.CLOSED, Who.CUSTOMER, why=Why.WITHDRAWN)
        await world.deliver()
        assert world.zammad.tickets[1]["state"] == "merged"

    using(small, use)


def test_what_the_customer_adds_stands_on_the_ticket(small: SmallForum) -> None:
    async def use(world: World) -> None:
        world.channel()
        question = world.post()
        await world.deliver()
        world.keep(
            question, State.WAITING_FOR_CUSTOMER, Who.STAFF, asked=("ask_impact",), by="anna"
        )
        world.keep(question, State.WITH_EXPERT, Who.CUSTOMER, words="All <ten> bikes")
        await world.deliver()
        assert "All &lt;ten&gt; bikes" in world.zammad.articles[1][-1]["body"]
        assert world.zammad.tickets[1]["state"] == "open"

    using(small, use)


def test_a_community_question_is_filed_when_staff_are_called(small: SmallForum) -> None:
    async def use(world: World) -> None:
        world.channel()
        question = world.post(Destination.COMMUNITY)
        await world.deliver()
        assert world.zammad.created == []
        world.escalate(question)
        await world.deliver()
        assert len(world.zammad.created) == 1

    using(small, use)


def test_an_address_is_given_only_where_the_channel_says_so(small: SmallForum) -> None:
    async def use(world: World) -> None:
        options = {"group": "Experts", "customer": "forum@example.com", "customer_by_email": True}
        world.channel(options=options)
        world.channel(
            ChannelKind.PERSON_EMAIL,
            address="kund7@example.com",
            options={},
            secrets={},
            person="p" * 16,
            wants=frozenset({"answered"}),
        )
        world.post()
        world.post(person="q" * 16)
        await world.deliver()
        customers = [made.get("customer") or made["customer_id"] for made in world.zammad.created]
        assert sorted(customers) == ["forum@example.com", "guess:kund7@example.com"]

    using(small, use)


def test_a_ping_finds_out_whether_tickets_could_be_made(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()

        def ping() -> None:
            message = store.Message(type=MessageType.PING, stream="ping", at=world.now, data={})
            with world.small.database.write() as c:
                store.post_to(c, world.forum.id, message, channel)

        ping()
        await world.deliver()
        assert states(world, channel) == [DeliveryState.DELIVERED]
        world.zammad.groups.remove("Experts")
        ping()
        await world.deliver()
        assert states(world, channel)[-1] is DeliveryState.PENDING
        assert world.zammad.created == []

    using(small, use)


def test_a_ticket_that_somebody_deleted_holds_nothing_back(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()
        question = world.post()
        await world.deliver()
        del world.zammad.tickets[1]
        world.keep(question, State.CLOSED, Who.CUSTOMER, why=Why.WITHDRAWN)
        await world.deliver()
        assert set(states(world, channel)) == {DeliveryState.DELIVERED}

    using(small, use)


def test_order_and_oneness_hold_over_an_hour_of_faults(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()
        down = [fails(503)] * 7
        world.zammad.before[""] = list(down)
        ids = [world.post() for _ in range(5)]
        for one in ids:
            world.keep(one, State.CLOSED, Who.CUSTOMER, why=Why.WITHDRAWN)
        for _ in range(40):
            await world.later(minutes=10)
        # What was withdrawn before it could be filed need not be in a queue.
        assert set(states(world, channel)) == {DeliveryState.DELIVERED}
        tags = [made["tags"].split(",")[1] for made in world.zammad.created]
        assert len(tags) == len(set(tags))

    using(small, use)


def test_two_servers_of_one_store_make_one_ticket_each_question(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()
        other = Engine(small.database, senders(world.around), now=lambda: world.now)
        ids = [world.post() for _ in range(8)]
        for _ in range(4):
            await asyncio.gather(world.engine.turn(), other.turn())
        tags = [made["tags"].split(",")[1] for made in world.zammad.created]
        assert sorted(tags) == sorted(f"triage-{one}" for one in ids)
        assert set(states(world, channel)) == {DeliveryState.DELIVERED}

    using(small, use)


def test_whoever_finds_a_ticket_begun_by_the_dead_takes_it_over(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel = world.channel()
        question = world.post()
        # A server made the ticket and died before it could note that.
        await Zammad(world.outgoing, world.zammad.url, TOKEN).create(
            NewTicket(
                question_id=question,
                title="x",
                group="Experts",
                customer="forum@example.com",
                priority="2 normal",
                tags=(),
                note=Note(subject=f"Triage {question}", html="", mark="msg_dead"),
            )
        )
        with small.database.write() as c:
            begun = store.FilingRow(
                question_id=question, channel_id=channel, filed_at=world.now - timedelta(minutes=2)
            )
            store.begin_filing(c, world.forum.id, begun)
        await world.deliver()
        assert len(world.zammad.created) == 1
        filing = world.filing(question, channel)
        assert filing is not None
        assert filing.foreign_id == "1"

    using(small, use)
