"""What other systems are told of questions: each change once, in order, ids and codes alone."""

import json
from datetime import timedelta
from typing import Any

import pytest

from triage import store
from triage.errors import IllegalChange
from triage.lifecycle import State, Who, Why
from triage.privacy import export_person
from triage.questions import Arrived, Asked, receive_question, sweep_forum
from triage.records import ChannelKind, Destination, MessageType, Question, Way
from triage.store.tables.handing import deliveries, messages

from .kept import HOUR, MONDAY, Forum, answer, decided, labelled

WORDS = ("Chain slips", "In third gear.", "Oil it, says nils", "For staff: easy")


def channel(forum: Forum, *wants: MessageType, name: str = "hook") -> str:
    """Have a system told of what it wants; of everything where nothing is named."""
    row = store.ChannelRow(
        channel_id=f"ch_{name}",
        kind=ChannelKind.WEBHOOK,
        name=name,
        sealed=b"",
        created_at=MONDAY,
        wants=frozenset(one.value for one in (wants or tuple(MessageType))),
    )
    with forum.database.write() as c:
        store.put_channel(c, forum.id, row)
    return row.channel_id


def told(forum: Forum, channel_id: str) -> list[dict[str, Any]]:
    """Return what a channel is to be told, in order."""
    query = (
        messages.select()
        .join(deliveries, deliveries.c.message_id == messages.c.message_id)
        .where(deliveries.c.channel_id == channel_id)
        .order_by(deliveries.c.id)
    )
    with forum.database.read() as c:
        return [dict(row) for row in c.execute(query).mappings()]


def test_every_change_is_told_once_and_in_order(forum: Forum) -> None:
    hook = channel(forum)
    question_id = forum.post(person="maja", lang="sv").row.question_id
    for _ in range(2):
        forum.keep(question_id, answer(words=WORDS[2], note=WORDS[3]), MONDAY + HOUR)
    solved = Asked(State.CONFIRMED_SOLVED, Who.CUSTOMER, "s", answer_id="a1")
    forum.keep(question_id, solved, MONDAY + 2 * HOUR)
    found = told(forum, hook)
    assert [row["type"] for row in found] == [
        "question.received",
        "question.with_community",
        "question.answered",
        "question.confirmed_solved",
    ]
    assert {(row["stream"], row["question_id"], row["person"]) for row in found} == {
        (question_id, question_id, None)
    }
    assert [row["data"]["revision"] for row in found] == [1, 2, 3, 4]
    assert [row["data"]["before"] for row in found] == [
        None,
        "received",
        "with_community",
        "answered",
    ]
    data = found[2]["data"]
    assert data == {
        "question_id": question_id,
        "external_id": None,
        "triage_id": None,
        "state": "answered",
        "before": "with_community",
        "revision": 3,
        "why": "other",
        "who": "staff",
        "destination": "community",
        "visibility": "public",
        "owner": "staff",
        "severity": None,
        "kind": "problem",
        "topic": "api",
        "lang": "sv",
        "received_at": MONDAY.isoformat(),
    }
    written = json.dumps(found, default=str, ensure_ascii=False)
    assert [words for words in (*WORDS, "maja") if words in written] == []


def test_a_channel_is_told_of_what_it_wants_alone(forum: Forum) -> None:
    hook = channel(forum, MessageType.WITH_EXPERT)
    nobody = channel(forum, MessageType.PING, name="nobody")
    forum.post()
    forum.post(Destination.EXPERT)
    assert [row["type"] for row in told(forum, hook)] == ["question.with_expert"]
    assert told(forum, nobody) == []


def test_without_a_channel_nothing_is_kept(forum: Forum) -> None:
    forum.post(Destination.EXPERT, labels=labelled(severity=1))
    with forum.database.read() as c:
        assert c.execute(messages.select()).all() == []


def test_what_is_refused_is_told_to_nobody(forum: Forum) -> None:
    question_id = forum.post().row.question_id
    hook = channel(forum)
    with pytest.raises(IllegalChange):
        forum.keep(question_id, Asked(State.REOPENED, Who.CUSTOMER, "r"))
    assert told(forum, hook) == []


def test_what_is_only_tried_out_is_in_nobodys_queue(forum: Forum) -> None:
    hook = channel(forum)
    words = Question(title="Chain slips", body="", lang="en")
    arrived = Arrived("t1", words, decided(Destination.EXPERT), labelled(severity=1), test=True)
    with forum.database.write() as c:
        receive_question(c, forum.id, arrived, MONDAY)
    forum.keep("t1", answer())
    assert told(forum, hook) == []


def test_an_owner_is_alerted_once_and_reminded_in_other_systems_too(forum: Forum) -> None:
    hook = channel(forum, MessageType.ALERT)
    question_id = forum.post(Destination.EXPERT, labels=labelled(severity=1)).row.question_id
    asked = Asked(State.ESCALATED, Who.CUSTOMER, "e", Why.WANTS_PERSON)
    forum.keep(question_id, asked, MONDAY + HOUR)
    (alert,) = told(forum, hook)
    assert (alert["stream"], alert["data"]["why"]) == (question_id, "urgent")
    assert (alert["data"]["question_id"], alert["data"]["owner"]) == (question_id, "staff")
    sweep_forum(forum.database, forum.id, MONDAY + timedelta(days=3))
    assert [row["data"]["why"] for row in told(forum, hook)] == ["urgent", "unanswered"]


def test_what_the_sweep_does_is_told_too(forum: Forum) -> None:
    hook = channel(forum, MessageType.ESCALATED)
    forum.post()
    sweep_forum(forum.database, forum.id, MONDAY + timedelta(days=8))
    (row,) = told(forum, hook)
    assert (row["data"]["who"], row["data"]["destination"]) == ("machine", "expert")


def test_the_asker_is_told_at_their_own_address_and_nobody_elses(forum: Forum) -> None:
    hook = channel(forum, MessageType.ANSWERED)
    wants = frozenset({store.NoticeKind.ANSWERED.value})
    own = store.ChannelRow(
        channel_id="ch_own",
        kind=ChannelKind.PERSON_EMAIL,
        name="email",
        sealed=b"",
        created_at=MONDAY,
        person="maja",
        wants=wants,
    )
    with forum.database.write() as c:
        store.put_channel(c, forum.id, own)
        store.put_ways(c, forum.id, "maja", {store.NoticeKind.ANSWERED: Way.EMAIL}, MONDAY)
    for person in ("maja", "nobody"):
        forum.keep(forum.post(person=person, lang="fi").row.question_id, answer())
    assert [row["type"] for row in told(forum, hook)] == ["question.answered"] * 2
    (mail,) = told(forum, "ch_own")
    assert (mail["type"], mail["person"]) == ("notice.created", "maja")
    assert mail["data"].keys() == {"notice_id", "kind", "subject", "question_id", "lang"}
    assert (mail["data"]["kind"], mail["data"]["lang"]) == ("answered", "fi")


def test_who_of_the_staff_has_it_is_in_no_export(forum: Forum) -> None:
    channel(forum)
    forum.post(Destination.EXPERT, person="maja", labels=labelled(severity=1))
    with forum.database.read() as c:
        whole = next(one for one in store.list_forums(c) if one.id == forum.id)
    told = export_person(forum.database, whole, "maja", b"k" * 32)["tables"]["messages"]
    assert [row["type"] for row in told][-1] == "alert.raised"
    assert all("owner" not in row["data"] for row in told)


def test_erasing_a_person_takes_their_addresses_and_all_that_was_to_be_sent(forum: Forum) -> None:
    test_the_asker_is_told_at_their_own_address_and_nobody_elses(forum)
    with forum.database.write() as c:
        rows = store.rows_of_person(c, forum.id, "maja")
        assert {"channels", "messages", "deliveries", "notice_ways"} <= {
            name for name, found in rows.items() if found
        }
        store.delete_rows_of_person(c, forum.id, rows)
        assert store.channels_of_person(c, forum.id, "maja") == []
        assert "maja" not in str(c.execute(messages.select()).all())
        left = {row.stream for row in c.execute(deliveries.select())}
        assert {row.question_id for row in c.execute(messages.select())} == left
        # What other systems are told of a question is its asker's, though it does not name them.
        people = {one: store.get_question(c, forum.id, one) for one in left}
    assert [row.person for row in people.values() if row is not None] == ["nobody"]
