"""What a site tells by its webhooks is looked at a moment later, once, and tried again."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from benchmarks.discourse_site import Category, topic_of
from tests.importing.conftest import CHANNEL, SECRETS, Commits, Reading
from triage.connect.outgoing import Outgoing
from triage.importing import ThreadShelf
from triage.importing.told import Looked, look_at_told
from triage.outbound import read_allowed
from triage.records import ChannelKind
from triage.store import ChannelRow, list_incoming, put_channel, put_incoming


@pytest.fixture
def told(reading: Reading) -> Reading:
    row = ChannelRow(
        channel_id=CHANNEL,
        kind=ChannelKind.DISCOURSE,
        name="Forum",
        sealed=b"",
        created_at=datetime.now(UTC),
    )
    with reading.small.database.write() as c:
        put_channel(c, reading.small.forum.id, row)
    return reading


def tell(reading: Reading, *items: str) -> None:
    with reading.small.database.write() as c:
        for item in items:
            put_incoming(c, reading.small.forum.id, CHANNEL, item, datetime.now(UTC))


def look(reading: Reading, later: timedelta = timedelta(), secrets: Any = SECRETS) -> Looked:  # noqa: ANN401
    async def go() -> Looked:
        async with Outgoing(read_allowed("127.0.0.1"), timeout=5.0) as outgoing:
            shelf = ThreadShelf(reading.small.knowledge(), lambda person: f"hash of {person}")
            where = reading.small.database, reading.small.forum.id
            opened = lambda row: (reading.site.address, secrets)  # noqa: E731
            return await look_at_told(*where, shelf, opened, outgoing, datetime.now(UTC) + later)

    return asyncio.run(go())


def test_a_topic_that_was_told_of_is_read_and_kept(told: Reading) -> None:
    tell(told, "9", "10")
    assert look(told) == Looked(2, {})
    assert told.numbers() == {9, 10}
    with told.small.database.read() as c:
        assert list_incoming(c, told.small.forum.id) == []
    # That it was told of before it was ever read whole takes nothing away from that.
    told.run()
    assert told.numbers() == set(range(2, 66))
    assert told.finished()


def test_a_topic_that_is_solved_or_deleted_follows(told: Reading) -> None:
    told.site.put(topic_of(9, answers=0))
    told.run()
    told.site.answer(9, "<p>Set page size 1.</p>")
    tell(told, "9")
    look(told)
    thread = told.thread(9)
    assert thread is not None
    assert (thread.solved, len(thread.answers)) == (False, 1)
    told.site.change(9, accepted=2)
    told.site.change(10, gone=True)
    tell(told, "9", "10")
    look(told)
    thread = told.thread(9)
    assert thread is not None
    assert thread.solved
    assert told.thread(10) is None
    assert told.finished()


def test_what_is_told_and_is_as_it_was_changes_no_thread(told: Reading, commits: Commits) -> None:
    told.run()
    tell(told, "9")
    look(told)
    before = commits.now()
    # Nor does the next run have anything to do.
    told.run()
    assert commits.now() == before


def test_what_cannot_be_read_now_is_tried_again_later(told: Reading) -> None:
    told.site.fail = {"/t/9.json": [500] * 2}
    tell(told, "9", "10")
    assert look(told) == Looked(1, {"http_500": 1})
    assert told.numbers() == {10}
    assert look(told) == Looked(0, {})
    assert look(told, timedelta(minutes=1)) == Looked(1, {})
    assert told.numbers() == {9, 10}


def test_a_key_that_is_refused_is_no_reason_to_remove_anything(told: Reading) -> None:
    told.run()
    tell(told, "9")
    assert look(told, secrets={"api_key": "x"}).later == {"login_refused": 1}
    assert told.thread(9) is not None
    with told.small.database.read() as c:
        (row,) = list_incoming(c, told.small.forum.id)
    assert (row.item, row.attempts, row.code) == ("9", 1, "login_refused")


def test_a_topic_that_breaks_the_look_waits_alone(
    told: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = ThreadShelf.record

    def broken(self: ThreadShelf, row: Any) -> Any:  # noqa: ANN401
        if row["id"].endswith("/9"):
            raise ZeroDivisionError("what somebody wrote")
        return record(self, row)

    monkeypatch.setattr(ThreadShelf, "record", broken)
    tell(told, "9", "10", "11")
    assert look(told) == Looked(2, {"internal_error": 1})
    assert told.numbers() == {10, 11}
    with told.small.database.read() as c:
        (row,) = list_incoming(c, told.small.forum.id)
    assert (row.item, row.attempts) == ("9", 1)


def test_what_is_told_again_meanwhile_is_looked_at_again(told: Reading) -> None:
    def tell_again(path: str) -> None:
        if path.startswith("/t/9"):
            told.site.before = None
            tell(told, "9")

    told.site.before = tell_again
    tell(told, "9")
    look(told)
    with told.small.database.read() as c:
        assert [row.item for row in list_incoming(c, told.small.forum.id)] == ["9"]
    assert look(told).done == 1


def test_one_look_at_a_time_has_what_was_told(told: Reading) -> None:
    tell(told, "9")
    seen: list[Looked] = []

    def look_too(path: str) -> None:
        told.site.before = None
        # In a thread of its own, as another server would.
        from threading import Thread

        thread = Thread(target=lambda: seen.append(look(told)))
        thread.start()
        thread.join()

    told.site.before = look_too
    # The site waits for the other look, which finds nothing to do.
    assert look(told).done == 1
    assert seen == [Looked(0, {})]


def test_who_may_read_what_is_looked_at_when_a_category_changes(told: Reading) -> None:
    told.site.categories[6] = Category(6, "news")
    told.site.put(topic_of(70, category=6))
    told.run()
    told.site.categories[6] = Category(6, "news", groups=("staff",))
    tell(told, "*")
    assert look(told).done == 1
    assert told.thread(70) is None
