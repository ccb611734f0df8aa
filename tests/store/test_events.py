"""An event is taken once, or refused with a reason."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from triage.records import ApiKey, Event, EventType, Forum, Role
from triage.store import Database, create_key, iter_events, put_events

from .samples import NOON, event, reply_to_an_ask


def test_every_field_of_an_event_comes_back(database: Database, forum: Forum, key: ApiKey) -> None:
    events = [
        event("e1", value="Den hoppar", question_id="q", external_id="x", rank=0, thread_id="t1"),
        event("e2", value=0.1, person="p", session="s", type=EventType.RATED),
        event("e3", value=3, thread_id="t2"),
        event("e4", value="", thread_id="t3"),
        event("e5"),
    ]
    with database.write() as c:
        reply_to_an_ask(c, forum.id, key.id)
        outcomes = put_events(c, forum.id, key.id, False, events, NOON)
        assert [(o.event_id, o.state, o.code) for o in outcomes] == [
            (f"e{n}", "accepted", None) for n in range(1, 6)
        ]
        assert list(iter_events(c, forum.id)) == events


def test_an_event_counts_once(database: Database, forum: Forum, key: ApiKey) -> None:
    with database.write() as c:
        reply_to_an_ask(c, forum.id, key.id)
        twice = [event("e1"), event("e2"), event("e1", type=EventType.SOLVED)]
        states = [o.state for o in put_events(c, forum.id, key.id, False, twice, NOON)]
        assert states == ["accepted", "accepted", "duplicate"]
        again = put_events(c, forum.id, key.id, False, [event("e2"), event("e3")], NOON)
        assert [o.state for o in again] == ["duplicate", "accepted"]
        assert [e.event_id for e in iter_events(c, forum.id)] == ["e1", "e2", "e3"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"triage_id": "r9"}, "unknown_triage"),
        ({"ask_id": "a9"}, "wrong_ask"),
        ({"thread_id": "t9"}, "not_shown"),
        ({"session": "z"}, "wrong_session"),
        ({"person": "q"}, "wrong_session"),
        ({"occurred_at": NOON + timedelta(minutes=10, seconds=1)}, "from_the_future"),
        ({"occurred_at": NOON + timedelta(minutes=10)}, None),
        ({"occurred_at": NOON - timedelta(days=40)}, None),
        ({"session": "s", "person": "p", "thread_id": "t1"}, None),
        ({"person": "p"}, None),
    ],
)
def test_an_event_must_agree_with_its_triage(
    database: Database, forum: Forum, key: ApiKey, fields: dict[str, Any], code: str | None
) -> None:
    with database.write() as c:
        reply_to_an_ask(c, forum.id, key.id, session="s", person="p")
        (outcome,) = put_events(c, forum.id, key.id, False, [event(**fields)], NOON)
        assert outcome.code == code
        assert outcome.state == ("refused" if code else "accepted")
        assert (outcome.detail is None) == (code is None)
        assert len(list(iter_events(c, forum.id))) == (0 if code else 1)


def test_an_ask_of_nobody_known_takes_events_of_anybody(
    database: Database, forum: Forum, key: ApiKey
) -> None:
    with database.write() as c:
        reply_to_an_ask(c, forum.id, key.id)
        told = event(session="s", person="p")
        assert put_events(c, forum.id, key.id, False, [told], NOON)[0].state == "accepted"


def test_another_keys_triage_is_unknown(database: Database, forum: Forum, key: ApiKey) -> None:
    with database.write() as c:
        _, second = create_key(
            c, forum.id, name="two", role=Role.FRONTEND, publishable=True, test=False, at=NOON
        )
        reply_to_an_ask(c, forum.id, key.id)
        (outcome,) = put_events(c, forum.id, second.id, False, [event()], NOON)
        assert outcome.code == "unknown_triage"


def test_a_refused_event_may_be_sent_again_corrected(
    database: Database, forum: Forum, key: ApiKey
) -> None:
    with database.write() as c:
        reply_to_an_ask(c, forum.id, key.id)
        both = [event(ask_id="a9"), event()]
        states = [o.state for o in put_events(c, forum.id, key.id, False, both, NOON)]
        assert states == ["refused", "accepted"]


def test_events_of_test_keys_come_only_when_asked_for(
    database: Database, forum: Forum, key: ApiKey
) -> None:
    with database.write() as c:
        reply_to_an_ask(c, forum.id, key.id)
        put_events(c, forum.id, key.id, True, [event("e1")], NOON)
        put_events(c, forum.id, key.id, False, [event("e2")], NOON)
        assert ids(iter_events(c, forum.id)) == ["e2"]
        assert ids(iter_events(c, forum.id, include_test=True)) == ["e1", "e2"]


def test_more_events_than_a_page_come_in_order_of_time(
    database: Database, forum: Forum, key: ApiKey
) -> None:
    events = [event(f"e{n}", occurred_at=NOON - timedelta(seconds=n // 3)) for n in range(1100)]
    with database.write() as c:
        reply_to_an_ask(c, forum.id, key.id)
        put_events(c, forum.id, key.id, False, events, NOON)
        found = list(iter_events(c, forum.id))
    assert found == sorted(events, key=lambda e: (e.occurred_at, e.event_id))


def ids(events: Iterable[Event]) -> list[str]:
    return [told.event_id for told in events]
