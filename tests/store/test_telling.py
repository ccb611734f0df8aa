"""People are told once, in the way that they want, and nobody is told of another's."""

from dataclasses import replace
from datetime import timedelta

from triage.records import ChannelKind, Forum, MessageType, Way
from triage.store import (
    ChannelRow,
    Connection,
    Database,
    Notice,
    NoticeKind,
    count_messages,
    count_unread,
    list_deliveries,
    notices_of,
    put_channel,
    put_ways,
    read_notices_to,
    tell,
    ways_of,
)

from .samples import NOON

ANSWERED = Notice(person="anna", kind=NoticeKind.ANSWERED, subject="q1", detail="a1", at=NOON)
HOUR = timedelta(hours=1)


def address(
    c: Connection, forum_id: int, kind: ChannelKind, *wants: NoticeKind, person: str = "anna"
) -> str:
    """Give a person an address that is told of these kinds."""
    row = ChannelRow(
        channel_id=f"ch_{person}_{kind}",
        kind=kind,
        name=kind.value,
        sealed=b"",
        created_at=NOON,
        person=person,
        wants=frozenset(one.value for one in wants),
    )
    put_channel(c, forum_id, row)
    return row.channel_id


def pushed(c: Connection, forum_id: int, person: str = "anna") -> list[tuple[str, str]]:
    rows = list_deliveries(c, forum_id, person=person)
    return sorted((row.channel_id, row.type) for row in rows)


def test_what_is_told_twice_stands_once_and_is_pushed_once(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        to = address(c, forum.id, ChannelKind.PERSON_EMAIL, NoticeKind.ANSWERED)
        for _ in range(2):
            tell(c, forum.id, [ANSWERED, replace(ANSWERED, person="bo")])
        assert len(notices_of(c, forum.id, "anna")) == 1
        assert len(notices_of(c, forum.id, "bo")) == 1
        assert pushed(c, forum.id) == [(to, "notice.created")]
        assert pushed(c, forum.id, "bo") == []


def test_each_address_is_told_of_the_kinds_that_it_wants(database: Database, forum: Forum) -> None:
    with database.write() as c:
        mail = address(c, forum.id, ChannelKind.PERSON_EMAIL, NoticeKind.ANSWERED)
        hook = address(
            c, forum.id, ChannelKind.PERSON_WEBHOOK, NoticeKind.ANSWERED, NoticeKind.ASKED_BACK
        )
        tell(c, forum.id, [replace(ANSWERED, kind=NoticeKind.ASKED_BACK)])
        tell(c, forum.id, [replace(ANSWERED, kind=NoticeKind.KNOWN_ISSUE, subject="ki_1")])
        tell(c, forum.id, [ANSWERED])
        told = [(mail, "notice.created"), (hook, "notice.created"), (hook, "notice.created")]
        assert pushed(c, forum.id) == told
        assert len(notices_of(c, forum.id, "anna")) == 3


def test_a_message_holds_ids_and_codes_and_no_words(database: Database, forum: Forum) -> None:
    with database.write() as c:
        address(c, forum.id, ChannelKind.PERSON_WEBHOOK, NoticeKind.ANSWERED)
        tell(c, forum.id, [replace(ANSWERED, lang="sv")])
        (row,) = list_deliveries(c, forum.id, person="anna")
        assert count_messages(c, forum.id, "anna", MessageType.NOTICE, NOON) == 1
        assert count_messages(c, forum.id, "anna", MessageType.NOTICE, NOON + HOUR) == 0
    # Each is a stream of its own: one that does not arrive holds back no other.
    assert row.stream == ANSWERED.notice_id


def test_whoever_wants_to_know_of_nothing_is_told_of_nothing(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_ways(c, forum.id, "anna", {NoticeKind.ANSWERED: Way.NONE}, NOON)
        tell(c, forum.id, [ANSWERED, replace(ANSWERED, kind=NoticeKind.ASKED_BACK)])
        assert [one.kind for one in notices_of(c, forum.id, "anna")] == ["asked_back"]
        put_ways(c, forum.id, "anna", {NoticeKind.ANSWERED: Way.FEED}, NOON)
        assert set(ways_of(c, forum.id, "anna").values()) == {Way.FEED}
        tell(c, forum.id, [ANSWERED])
        assert len(notices_of(c, forum.id, "anna")) == 2


def test_unread_is_counted_by_kind_and_read_from_one_on(database: Database, forum: Forum) -> None:
    with database.write() as c:
        told = [replace(ANSWERED, detail=f"a{n}", at=NOON + n * HOUR) for n in range(4)]
        tell(c, forum.id, [*told, replace(told[0], person="bo")])
        tell(c, forum.id, [replace(ANSWERED, kind=NoticeKind.ASKED_BACK, at=NOON + 9 * HOUR)])
        counts = {NoticeKind.ANSWERED: 4, NoticeKind.ASKED_BACK: 1}
        assert count_unread(c, forum.id, "anna") == counts
        assert read_notices_to(c, forum.id, "anna", told[2].notice_id, NOON) == 3
        assert read_notices_to(c, forum.id, "anna", told[2].notice_id, NOON) == 0
        left = {NoticeKind.ANSWERED: 1, NoticeKind.ASKED_BACK: 1}
        assert count_unread(c, forum.id, "anna") == left
        assert [one.detail for one in notices_of(c, forum.id, "anna", unread=True)] == ["a1", "a3"]
        # Whose it is not has nothing read by it.
        assert read_notices_to(c, forum.id, "bo", told[3].notice_id, NOON) == 0
        assert count_unread(c, forum.id, "bo") == {NoticeKind.ANSWERED: 1}
