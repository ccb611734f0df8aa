"""A question for everybody is one topic in the forum; what is not for everybody is none."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from aiohttp import web

from tests.forum import SmallForum
from triage import store
from triage.connect.discourse.posting import Posting, posting_options
from triage.errors import BadField, SendFailed
from triage.filing.answered import Answers
from triage.filing.topics import calling_nobody
from triage.lifecycle import State, Who, Why
from triage.records import (
    Answer,
    ChannelKind,
    DeliveryState,
    Destination,
    MessageType,
    Thread,
    Visibility,
)

from .discourse import SECRETS, FakeDiscourse, discourse, limited
from .world import MONDAY, World, filing_world

Use = Callable[[World, FakeDiscourse, str], Awaitable[None]]
OPTIONS = {"category_id": 5, "categories": {"api": 8}}


def using(small: SmallForum, use: Use) -> None:
    async def run() -> None:
        async with filing_world(small) as world, discourse() as forum:
            channel = world.channel(ChannelKind.DISCOURSE, forum.url, OPTIONS, SECRETS)
            await use(world, forum, channel)

    asyncio.run(run())


def test_a_community_question_is_posted_and_known_by_its_topic(small: SmallForum) -> None:
    async def use(world: World, forum: FakeDiscourse, channel: str) -> None:
        question = world.post(Destination.COMMUNITY)
        await world.deliver()
        [(name, topic)] = forum.topics.items()
        assert name == f"triage-{question}"
        assert (topic["title"], topic["category"]) == ("Chain <slips>", 8)
        assert "third gear" in topic["raw"]
        assert world.told(question).row.external_id == "101"
        filing = world.filing(question, channel)
        assert filing is not None
        assert (filing.foreign_id, filing.url) == ("101", f"{forum.url}/t/101")
        # Sent round once more, it stays one.
        world.escalate(question)
        world.keep(question, State.WITH_EXPERT, Who.STAFF, why=Why.TAKEN, by="anna")
        world.keep(question, State.WITH_COMMUNITY, Who.STAFF, why=Why.SENT_ON, by="anna")
        await world.deliver()
        assert forum.posts == 1

    using(small, use)


@pytest.mark.parametrize(
    ("to", "visibility"),
    [
        (Destination.EXPERT, Visibility.PRIVATE),
        (Destination.COMMUNITY, Visibility.GROUP),
    ],
)
def test_what_is_not_for_everybody_never_goes_there(
    small: SmallForum, to: Destination, visibility: Visibility
) -> None:
    async def use(world: World, forum: FakeDiscourse, channel: str) -> None:
        question = world.post(to, visibility)
        # Whatever a message says.
        message = store.Message(
            type=MessageType.WITH_COMMUNITY,
            stream=question,
            at=world.now,
            data={"revision": 2},
            question_id=question,
        )
        with world.small.database.write() as c:
            store.post_to(c, world.forum.id, message, channel)
        await world.deliver()
        assert forum.topics == {}
        assert {row.state for row in world.deliveries(channel)} == {DeliveryState.DELIVERED}

    using(small, use)


def test_what_the_forum_has_a_name_for_was_asked_there(small: SmallForum) -> None:
    async def use(world: World, forum: FakeDiscourse, channel: str) -> None:
        question = world.post(Destination.COMMUNITY)
        with world.small.database.write() as c:
            store.name_question(c, world.forum.id, question, "2077")
        await world.deliver()
        assert forum.topics == {}
        assert world.told(question).row.external_id == "2077"

    using(small, use)


def test_a_topic_whose_reply_was_lost_is_found_again(small: SmallForum) -> None:
    async def use(world: World, forum: FakeDiscourse, channel: str) -> None:
        forum.after = [web.Response(status=502)]
        question = world.post(Destination.COMMUNITY)
        await world.deliver()
        assert world.told(question).row.external_id is None
        await world.later(minutes=1)
        assert forum.posts == 1
        assert world.told(question).row.external_id == "101"

    using(small, use)


def test_a_forum_that_is_busy_is_let_be_as_long_as_it_says(small: SmallForum) -> None:
    async def use(world: World, forum: FakeDiscourse, channel: str) -> None:
        forum.before = [limited(240)]
        world.post(Destination.COMMUNITY)
        await world.deliver()
        await world.later(minutes=3)
        assert forum.topics == {}
        await world.later(minutes=2)
        assert len(forum.topics) == 1

    using(small, use)


def test_what_waits_for_a_moderator_is_posted_once(small: SmallForum) -> None:
    async def use(world: World, forum: FakeDiscourse, channel: str) -> None:
        forum.before = [web.json_response({"success": True, "action": "enqueued"})]
        question = world.post(Destination.COMMUNITY)
        await world.deliver()
        for _ in range(3):
            await world.later(minutes=40)
        assert forum.posts == 0
        assert [row.code for row in world.deliveries(channel)] == ["held_for_review"]
        # A moderator lets it through.
        forum.topics[f"triage-{question}"] = {"topic_id": 55}
        await world.later(hours=3)
        assert world.told(question).row.external_id == "55"

    using(small, use)


def test_a_question_calls_nobody_by_name(small: SmallForum) -> None:
    async def use(world: World, forum: FakeDiscourse, channel: str) -> None:
        body = "Can @admins help?\n```\n@property\n```\nThe chain slips in third gear."
        world.post(Destination.COMMUNITY, body=body)
        await world.deliver()
        [topic] = forum.topics.values()
        assert "@admins" not in topic["raw"]
        # What is code is for the forum to say, and a writer can have it look so to us.
        assert "@property" not in topic["raw"]

    using(small, use)


@pytest.mark.parametrize(
    "body",
    [
        "Help ``` @admins",
        "[code]\n```\n[/code]\n@admins",
        "- a\n  ```\n@admins",
        "&#64;admins, &#x40;admins; &commat;admins and &#0064;admins",
        "@&#97;dmins",
        "_@admins_ (@admins)",
        "\\@admins",
        "@\\_admins",
    ],
)
def test_nobody_is_called_by_what_only_looks_like_code_or_is_spelled_otherwise(body: str) -> None:
    said = calling_nobody(body)
    assert re.search(r"@(?!\u2060)", said) is None
    assert re.search("&(#|commat)(?!97)", said) is None


def test_an_address_is_left_as_it_is() -> None:
    text = "Mail a.b@example.com or look at x&y; 3 @ 4"
    assert calling_nobody(text) == text


def test_a_key_that_is_refused_posts_nothing_and_loses_nothing(small: SmallForum) -> None:
    async def use(world: World, forum: FakeDiscourse, channel: str) -> None:
        forum.key = "another"
        ids = [world.post(Destination.COMMUNITY) for _ in range(2)]
        await world.deliver()
        assert forum.topics == {}
        assert {row.code for row in world.deliveries(channel)} == {"login_refused"}
        forum.key = SECRETS["api_key"]
        await world.later(minutes=10)
        await world.later(minutes=10)
        assert set(forum.topics) == {f"triage-{one}" for one in ids}

    using(small, use)


@pytest.mark.parametrize(
    "wrong",
    [
        {"category_id": "5"},
        {"category_id": 0},
        {"categories": {"api": True}},
        {"categories": [5]},
    ],
)
def test_options_of_posting_that_mean_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadField):
        posting_options(wrong)


def test_what_is_solved_in_the_forum_is_answered_here(small: SmallForum) -> None:
    async def use(world: World, forum: FakeDiscourse, channel: str) -> None:
        ids = [world.post(Destination.COMMUNITY) for _ in range(2)]
        await world.deliver()
        answers = Answers(world.around)
        read_as_thread(world, channel, ids[0], accepted=False)
        assert await answers.take(world.forum) == 0
        read_as_thread(world, channel, ids[0], accepted=True)
        assert await answers.take(world.forum) == 1
        told = world.told(ids[0])
        assert told.question.state is State.ANSWERED
        last = told.changes[-1]
        assert (last.who, last.answer_public, last.words) == (Who.COMMUNITY, True, None)
        assert world.told(ids[1]).question.state is State.WITH_COMMUNITY
        # The asker says that it was not the answer: the same one does not answer it again.
        world.keep(ids[0], State.REOPENED, Who.CUSTOMER)
        assert await answers.take(world.forum) == 0
        assert world.told(ids[0]).question.state is State.REOPENED

    using(small, use)


def test_what_nobody_accepted_hides_nothing_that_somebody_did(
    small: SmallForum, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Staff answered many topics, which counts as solved, and nobody accepted any of it."""

    async def use(world: World, forum: FakeDiscourse, channel: str) -> None:
        few = partial(store.solved_elsewhere, limit=2)
        monkeypatch.setattr("triage.filing.answered.store.solved_elsewhere", few)
        ids = [world.post(Destination.COMMUNITY) for _ in range(6)]
        await world.deliver()
        for question in ids[:-1]:
            read_as_thread(world, channel, question, accepted=False, solved=True)
        read_as_thread(world, channel, ids[-1], accepted=True)
        assert await Answers(world.around).take(world.forum) == 1
        assert world.told(ids[-1]).question.state is State.ANSWERED

    using(small, use)


def read_as_thread(
    world: World, channel: str, question: str, *, accepted: bool, solved: bool | None = None
) -> None:
    """Have the topic of a question be read as a thread, as the forum's webhook would."""
    filing = world.filing(question, channel)
    assert filing is not None
    assert filing.foreign_id is not None
    answer = Answer("77", "Tighten the cable.", accepted=accepted)
    thread = Thread(
        f"d{filing.foreign_id}",
        "Chain",
        "slips",
        (answer,),
        solved=accepted if solved is None else solved,
    )
    source = f"discourse:{channel}"
    with world.small.database.write() as c:
        revision = store.next_revision(c, world.forum.id)
        store.put_threads(c, world.forum.id, [thread], revision)
        store.put_source(
            c, world.forum.id, store.SourceRow(source=source, kind="discourse", started_at=MONDAY)
        )
        item = store.SourceItem(kept_as=thread.id, stamp=str(accepted))
        store.put_source_items(c, world.forum.id, source, {filing.foreign_id: item})


def test_a_ping_needs_no_more_than_a_key_for_reading_and_posting_has(small: SmallForum) -> None:
    """`/session/current.json` is in the scope of no such key; the list of categories is."""

    async def use(world: World, forum: FakeDiscourse, channel: str) -> None:
        for key, refused in ((SECRETS["api_key"], None), ("another", "login_refused")):
            posting = Posting(world.outgoing, forum.url, {"api_key": key})
            if refused is None:
                await posting.check()
                continue
            with pytest.raises(SendFailed) as failed:
                await posting.check()
            assert failed.value.code == refused

    using(small, use)
