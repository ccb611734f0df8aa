"""What staff do with a ticket becomes of its question, once, and teaches who should have had it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.connect.zammad.server import fails
from tests.forum import SmallForum
from triage import store
from triage.filing.applying import apply
from triage.learn.heads.labels import labels_of
from triage.lifecycle import State, Who, Why
from triage.questions.settled import keep_as_case
from triage.records import ActorKind, Destination, Target

from .world import World, filing_world

Use = Callable[[World], Awaitable[None]]


def using(small: SmallForum, use: Use) -> None:
    async def run() -> None:
        async with filing_world(small) as world:
            await use(world)

    asyncio.run(run())


async def filed(
    world: World, to: Destination = Destination.EXPERT, **more: object
) -> tuple[str, str]:
    """Have a question in Zammad; return the channel and the question."""
    channel = world.channel()
    question = world.post(to, **more)  # type: ignore[arg-type]
    if to is Destination.COMMUNITY:
        world.escalate(question)
    await world.deliver()
    assert world.filing(question, channel) is not None
    return channel, question


def test_whoever_takes_the_ticket_owns_the_question(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        world.zammad.change(1, owner="anna@example.com", state="open")
        await world.hook(channel)
        told = world.told(question)
        assert told.row.owner == "anna"
        world.zammad.change(1, owner="boss@example.com")
        await world.hook(channel)
        assert world.told(question).row.owner == "boss@example.com"

    using(small, use)


def test_an_answer_to_the_customer_answers_the_question(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        world.zammad.say(1, "only for us", internal=True)
        world.zammad.say(1, "Tighten the <b>cable</b>.<blockquote>what you wrote</blockquote>")
        world.zammad.change(1, state="closed")
        await world.hook(channel)
        told = world.told(question)
        # Only the customer says that it is solved.
        assert told.question.state is State.ANSWERED
        answer = told.changes[-1]
        assert (answer.who, answer.by, answer.answer_public) == (Who.STAFF, "anna", False)
        assert answer.words is not None
        assert "cable" in answer.words
        assert "what you wrote" not in answer.words
        assert "only for us" not in answer.words
        count = len(told.changes)
        for _ in range(3):
            await world.hook(channel)
        assert len(world.told(question).changes) == count
        # It is not told back to where it came from.
        said = len(world.zammad.articles[1])
        await world.later(minutes=5)
        assert len(world.zammad.articles[1]) == said

    using(small, use)


def test_what_the_answer_holds_of_persons_is_taken_out(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        world.zammad.say(1, "Call me: +46 70 123 45 67, or write to anna.berg@example.com")
        await world.hook(channel)
        words = world.told(question).changes[-1].words
        assert words is not None
        assert "anna.berg" not in words

    using(small, use)


def test_what_staff_ask_in_a_pending_ticket_is_asked_back(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        world.zammad.say(1, "Which gear is it?")
        world.zammad.change(1, state="pending reminder")
        await world.hook(channel)
        told = world.told(question)
        assert told.question.state is State.WAITING_FOR_CUSTOMER
        assert told.question.asked == ("ask_reply",)
        assert told.changes[-1].words == "Which gear is it?"
        world.zammad.say(1, "And which bike?")
        await world.hook(channel)
        told = world.told(question)
        assert told.question.state is State.WAITING_FOR_CUSTOMER
        assert told.changes[-1].words == "And which bike?"
        world.zammad.say(1, "Third gear", sender="Customer", by="forum@example.com")
        world.zammad.change(1, state="open")
        await world.hook(channel)
        told = world.told(question)
        assert told.question.state is State.WITH_EXPERT
        assert told.changes[-1].note == "Third gear"

    using(small, use)


def test_a_ticket_that_ends_without_an_answer_ends_its_question(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        world.zammad.change(1, state="closed")
        await world.hook(channel)
        assert world.told(question).question.state is State.CLOSED
        world.zammad.change(1, state="open")
        await world.hook(channel)
        assert world.told(question).question.state is State.REOPENED
        world.zammad.change(1, state="merged")
        await world.hook(channel)
        told = world.told(question)
        assert told.question.state is State.CLOSED
        assert told.changes[-1].why == Why.DUPLICATE

    using(small, use)


def test_what_the_customer_confirmed_nobody_opens_by_a_last_word(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        world.zammad.say(1, "Tighten the cable.")
        await world.hook(channel)
        world.keep(question, State.CONFIRMED_SOLVED, Who.CUSTOMER)
        await world.later(minutes=5)
        assert world.zammad.tickets[1]["state"] == "closed"
        world.zammad.say(1, "Glad that it helped!")
        world.zammad.change(1, state="open")
        await world.hook(channel)
        assert world.told(question).question.state is State.CONFIRMED_SOLVED

    using(small, use)


def test_a_ticket_moved_to_the_community_takes_its_question_along(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world, Destination.COMMUNITY)
        world.zammad.change(1, group="Community")
        await world.hook(channel)
        told = world.told(question)
        assert told.question.state is State.WITH_COMMUNITY
        case = world.case(question)
        assert (case.destination, case.title) == ("community", "Chain <slips>")
        assert labels_of([case], Target.DESTINATION) == ["community"]
        [act] = [row.act for row in world.acts() if row.act.act == "question.reroute"]
        assert act.actor.kind is ActorKind.PROCESS
        assert act.object == question
        assert act.after is not None
        assert (act.after["group"], act.after["followed"], act.after["learnt"]) == (
            "Community",
            True,
            True,
        )
        # Staff who fetch it back say so as well.
        world.zammad.change(1, group="Experts")
        await world.hook(channel)
        world.zammad.change(1, group="Billing")
        await world.hook(channel)
        assert world.told(question).question.destination is Destination.EXPERT
        assert (world.case(question).destination, world.case(question).topic) == (
            "expert",
            "billing",
        )

    using(small, use)


def test_what_may_not_be_shared_stays_and_the_ticket_says_why(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world, public_allowed=False)
        world.zammad.change(1, group="Community")
        await world.hook(channel)
        assert world.told(question).question.state is State.WITH_EXPERT
        said = [one for one in world.zammad.articles[1] if "may not be read" in one["body"]]
        assert len(said) == 1
        assert said[0]["internal"] is True
        # What stands in it decided, and not who could have answered it.
        assert world.case(question) is None
        for _ in range(3):
            await world.hook(channel)
        said = [one for one in world.zammad.articles[1] if "may not be read" in one["body"]]
        assert len(said) == 1
        [act] = [row.act for row in world.acts() if row.act.act == "question.reroute"]
        assert act.after is not None
        assert act.after["followed"] is False

    using(small, use)


def test_why_it_stays_is_said_though_zammad_was_away(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, _ = await filed(world, public_allowed=False)
        world.zammad.change(1, group="Community")
        world.zammad.before["PUT"] = [fails(503)]
        await world.hook(channel)
        said = [one for one in world.zammad.articles[1] if "may not be read" in one["body"]]
        assert said == []
        world.now += timedelta(minutes=5)
        await world.looking.incoming(world.forum)
        said = [one for one in world.zammad.articles[1] if "may not be read" in one["body"]]
        assert len(said) == 1

    using(small, use)


def test_the_word_of_staff_is_learnt_where_only_a_rule_kept_it_from_others(
    small: SmallForum,
) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        world.zammad.change(1, group="Community")
        await world.hook(channel)
        assert world.told(question).question.state is State.WITH_EXPERT
        assert world.case(question).destination == "community"
        # An expert answers in the end, since nobody else may: that does not unsay it.
        world.zammad.say(1, "Tighten the cable.")
        await world.hook(channel)
        told = world.keep(question, State.CONFIRMED_SOLVED, Who.CUSTOMER).told
        with world.small.database.write() as c:
            assert keep_as_case(c, world.forum.id, told, world.now)
            assert store.list_proposals(c, world.forum.id, store.ProposalState.OPEN)
        case = world.case(question)
        assert (case.destination, case.answer) == ("community", "Tighten the cable.")

    using(small, use)


def test_what_an_expert_had_to_answer_after_all_is_learnt_as_that(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world, Destination.COMMUNITY)
        world.zammad.change(1, group="Community")
        await world.hook(channel)
        world.escalate(question)
        world.zammad.say(1, "Tighten the cable.")
        await world.hook(channel)
        told = world.keep(question, State.CONFIRMED_SOLVED, Who.CUSTOMER).told
        with world.small.database.write() as c:
            assert keep_as_case(c, world.forum.id, told, world.now)
        assert world.case(question).destination == "expert"

    using(small, use)


def test_what_the_community_settled_after_a_move_is_learnt_as_that(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world, Destination.COMMUNITY)
        world.zammad.change(1, group="Community")
        await world.hook(channel)
        world.keep(
            question, State.ANSWERED, Who.COMMUNITY, answer_id="thread-1", answer_public=True
        )
        told = world.keep(question, State.CONFIRMED_SOLVED, Who.CUSTOMER).told
        with world.small.database.write() as c:
            assert keep_as_case(c, world.forum.id, told, world.now)
        case = world.case(question)
        assert (case.destination, case.answer) == ("community", None)
        assert case.closed is not None

    using(small, use)


def test_another_topic_is_another_owner_and_a_label(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        world.zammad.change(1, group="Billing")
        await world.hook(channel)
        row = world.told(question).row
        assert (row.topic, row.owner) == ("billing", "bill")
        assert (world.case(question).topic, world.case(question).destination) == (
            "billing",
            "expert",
        )
        world.zammad.say(1, "Tighten the cable.")
        await world.hook(channel)
        told = world.keep(question, State.CONFIRMED_SOLVED, Who.CUSTOMER).told
        with world.small.database.write() as c:
            keep_as_case(c, world.forum.id, told, world.now)
        assert (world.case(question).topic, world.case(question).destination) == (
            "billing",
            "expert",
        )

    using(small, use)


def test_another_team_is_another_owner(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        world.zammad.change(1, group="North")
        await world.hook(channel)
        assert world.told(question).row.owner == "nils"
        assert world.case(question) is None

    using(small, use)


def test_a_group_that_means_nothing_moves_nothing(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        before = world.told(question).question.revision
        world.zammad.change(1, group="Elsewhere")
        await world.hook(channel)
        assert world.told(question).question.revision == before
        filing = world.filing(question, channel)
        assert filing is not None
        assert filing.queue == "Elsewhere"

    using(small, use)


def test_what_no_webhook_told_is_found_by_asking(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        world.zammad.change(1, owner="anna@example.com")
        await world.looking.changed(world.forum)
        assert world.told(question).row.owner == "anna"
        # Asked again at once, nothing is read anew.
        reads = world.zammad.count("GET tickets/1")
        await world.looking.changed(world.forum)
        assert world.zammad.count("GET tickets/1") == reads
        # Without a search server each is looked at when nobody has for an hour.
        world.zammad.searches = False
        world.zammad.change(1, owner="boss@example.com")
        await world.looking.changed(world.forum)
        assert world.told(question).row.owner == "anna"
        world.now += timedelta(hours=2)
        await world.looking.changed(world.forum)
        assert world.told(question).row.owner == "boss@example.com"
        assert channel

    using(small, use)


def test_a_ticket_that_cannot_be_read_keeps_no_other_waiting(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, _ = await filed(world)
        other = world.post()
        await world.deliver()
        world.zammad.say(1, "what no article looks like", sender="")
        world.zammad.change(2, owner="anna@example.com")
        await world.looking.changed(world.forum)
        assert world.told(other).row.owner == "anna"
        # Nor where it is found by the time that has passed.
        world.zammad.searches = False
        world.zammad.change(2, owner="boss@example.com")
        world.now += timedelta(hours=2)
        await world.looking.changed(world.forum)
        assert world.told(other).row.owner == "boss@example.com"
        assert channel

    using(small, use)


def test_a_ticket_that_breaks_the_look_keeps_no_other_waiting(
    small: SmallForum, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use(world: World) -> None:
        channel, _ = await filed(world)
        other = world.post()
        await world.deliver()

        def broken(*given: Any) -> Any:  # noqa: ANN401
            if given[3].ticket.id == "1":
                raise ValueError("what somebody wrote")
            return apply(*given)

        monkeypatch.setattr("triage.filing.looking.apply", broken)
        world.zammad.change(1, owner="anna@example.com")
        world.zammad.change(2, owner="anna@example.com")
        with small.database.write() as c:
            store.put_incoming(c, world.forum.id, channel, "1", world.now)
        await world.hook(channel, 2)
        assert world.told(other).row.owner == "anna"
        with small.database.read() as c:
            [left] = store.list_incoming(c, world.forum.id)
        assert (left.item, left.code, left.attempts) == ("1", "internal_error", 1)

    using(small, use)


def test_a_ticket_of_somebody_else_is_left_alone(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        before = world.told(question).question.revision
        await world.hook(channel, 4711)
        assert world.told(question).question.revision == before
        with world.small.database.read() as c:
            assert store.list_incoming(c, world.forum.id) == []

    using(small, use)


def test_a_half_read_ticket_is_read_again(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        world.zammad.say(1, "Tighten the cable.")
        world.zammad.before["GET ticket_articles"] = [fails(404)]
        await world.hook(channel)
        assert world.told(question).question.state is State.WITH_EXPERT
        with world.small.database.read() as c:
            [waits] = store.list_incoming(c, world.forum.id)
        assert waits.code == "http_404"
        world.now += timedelta(minutes=1)
        await world.looking.incoming(world.forum)
        assert world.told(question).question.state is State.ANSWERED

    using(small, use)


def test_an_older_look_undoes_nothing(small: SmallForum) -> None:
    async def use(world: World) -> None:
        channel, question = await filed(world)
        old = dict(world.zammad.tickets[1])
        world.zammad.change(1, owner="anna@example.com", group="Billing")
        await world.hook(channel)
        fresh = dict(world.zammad.tickets[1])
        world.zammad.tickets[1].update(old)
        await world.hook(channel)
        filing = world.filing(question, channel)
        assert filing is not None
        assert filing.queue == "Billing"
        world.zammad.tickets[1].update(fresh)

    using(small, use)
