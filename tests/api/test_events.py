import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from triage import text
from triage.records import Account, Event, EventType
from triage.store import Connection, iter_events, put_accounts
from triage.store.events import TOLD_BY_SERVERS

from .conftest import World
from .samples import EXPORT_DRAFT, OPEN_DRAFT


def _event(reply: dict[str, Any], event_id: object = "e1", **fields: object) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "type": "opened",
        "triage_id": reply["triage_id"],
        "ask_id": reply["ask_id"],
        "occurred_at": datetime.now(UTC).isoformat(),
        **fields,
    }


def _send(world: World, events: list[Any], key: str = "frontend") -> list[dict[str, Any]]:
    response = world.send("POST", "/v1/events", key, json={"events": events})
    assert response.status_code == 200, response.text
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def told(c: Connection, forum_id: int) -> list[Event]:
    """Return what front ends told, without that somebody asked, which the service writes."""
    return [event for event in iter_events(c, forum_id) if event.type is not EventType.ASKED]


def test_an_event_is_accepted_once(world: World) -> None:
    reply = world.ask(EXPORT_DRAFT)
    event = _event(reply, thread_id="export", rank=1)
    assert _send(world, [event, event])[0] == {
        "event_id": "e1",
        "state": "accepted",
        "code": None,
        "detail": None,
    }
    assert [r["state"] for r in _send(world, [event])] == ["duplicate"]


@pytest.mark.parametrize("type_", EventType)
def test_every_type_of_event_is_taken(world: World, type_: str) -> None:
    reply = world.ask(OPEN_DRAFT)
    assert _send(world, [_event(reply, type=type_, thread_id="open")])[0]["state"] == "accepted"


@pytest.mark.parametrize("thread_id", [None, "export"])
def test_only_what_is_open_still_can_be_followed(world: World, thread_id: str | None) -> None:
    reply = world.ask(EXPORT_DRAFT)
    (result,) = _send(world, [_event(reply, type="followed", thread_id=thread_id)])
    assert (result["state"], result["code"]) == ("refused", "not_shown")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"triage_id": "0" * 32}, "unknown_triage"),
        ({"ask_id": "0" * 32}, "wrong_ask"),
        ({"session": "another"}, "wrong_session"),
        ({"thread_id": "login"}, "not_shown"),
        ({"occurred_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}, "from_the_future"),
        ({"type": "vanished"}, "bad_event"),
        ({"event_id": ""}, "bad_event"),
        ({"event_id": None}, "bad_event"),
        ({"event_id": "two words"}, "bad_event"),
        ({"occurred_at": "9999-12-31T23:59:59-14:00"}, "bad_event"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "bad_event"),
        ({"occurred_at": "soon"}, "bad_event"),
        ({"occurred_at": None}, "bad_event"),
        ({"rank": "first"}, "bad_event"),
        ({"rank": 0}, "bad_event"),
        ({"value": ["x"]}, "bad_event"),
        ({"thread_id": "a\x00b"}, "bad_event"),
        ({"value": "NAN"}, "bad_event"),
    ],
)
def test_a_bad_event_is_refused_with_its_code(
    world: World, fields: dict[str, object], code: str
) -> None:
    reply = world.ask({**EXPORT_DRAFT, "session": "one"})
    events = [_event(reply, "good"), _event(reply, **{"event_id": "bad", **fields}), "no event"]
    # No JSON library writes what is not JSON, but some senders do.
    body = json.dumps({"events": events}).replace('"NAN"', "NaN").encode()
    results = world.send("POST", "/v1/events", "frontend", content=body).json()["results"]
    assert [r["state"] for r in results] == ["accepted", "refused", "refused"]
    assert [r["code"] for r in results] == [None, code, "bad_event"]
    assert results[1]["detail"]


def test_a_browser_whose_clock_is_ahead_loses_no_event(world: World) -> None:
    reply = world.ask({**EXPORT_DRAFT, "session": "one"}, "publishable")
    ahead = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    told = _event(reply, session="one", occurred_at=ahead)
    assert [one["state"] for one in _send(world, [told], "publishable")] == ["accepted"]
    with world.database.read() as c:
        (kept,) = [
            one for one in iter_events(c, world.forum().id) if one.event_id == told["event_id"]
        ]
    assert kept.occurred_at <= datetime.now(UTC)


def test_another_key_cannot_speak_for_an_ask(world: World) -> None:
    reply = world.ask(EXPORT_DRAFT, "frontend")
    assert _send(world, [_event(reply)], "publishable")[0]["code"] == "unknown_triage"
    assert _send(world, [_event(reply)], "boats")[0]["code"] == "unknown_triage"


def test_a_thousand_events_are_taken_at_once_and_one_more_is_too_much(world: World) -> None:
    reply = world.ask(EXPORT_DRAFT)
    events = [_event(reply, f"0f8b7a52-33c1-4a06-9d5e-{i:012}") for i in range(1001)]
    response = world.send("POST", "/v1/events", "frontend", json={"events": events})
    assert (response.status_code, response.json()["code"]) == (413, "too_much")
    assert {r["state"] for r in _send(world, events[:1000])} == {"accepted"}


def test_a_browser_tells_of_fifty_events_at_once(world: World) -> None:
    reply = world.ask(EXPORT_DRAFT, "publishable")
    events = [_event(reply, f"0f8b7a52-33c1-4a06-9d5e-{i:012}") for i in range(51)]
    response = world.send("POST", "/v1/events", "publishable", json={"events": events})
    assert (response.status_code, response.json()["code"]) == (413, "too_much")
    assert {r["state"] for r in _send(world, events[:50], "publishable")} == {"accepted"}


def test_what_a_person_writes_in_an_event_is_redacted_and_persons_are_hashed(world: World) -> None:
    reply = world.ask({**EXPORT_DRAFT, "user": "anna"})
    value = "Call jane.roe@customer.example"
    results = _send(world, [_event(reply, type="survey_reply", user="anna", value=value)])
    assert results[0]["state"] == "accepted"
    with world.database.read() as c:
        (event,) = told(c, world.forum().id)
    assert event.value == "Call [EMAIL]"
    assert event.person is not None
    assert "anna" not in event.person


def test_the_name_of_an_account_is_taken_out_of_what_is_written_in_an_event(world: World) -> None:
    with world.database.write() as c:
        put_accounts(c, world.forum().id, [Account("a1", name="Quuxbolaget Norr")])
    reply = world.ask(EXPORT_DRAFT)
    value = "We at Quuxbolaget Norr are glad."
    _send(world, [_event(reply, type="survey_reply", value=value)])
    with world.database.read() as c:
        (event,) = told(c, world.forum().id)
    assert "Quuxbolaget" not in str(event.value)


def test_names_that_a_browser_gives_hold_nothing_private_and_those_of_a_server_stay(
    world: World,
) -> None:
    names = {"external_id": "ask/jane.roe@customer.example", "question_id": "5b0c7e6f2a914d38"}
    for key in ("publishable", "frontend"):
        reply = world.ask({**EXPORT_DRAFT, "session": key}, key)
        (answer,) = _send(world, [_event(reply, key, session=key, **names)], key)
        assert answer["state"] == "accepted"
    with world.database.read() as c:
        kept = {event.event_id: event for event in told(c, world.forum().id)}
    assert kept["publishable"].external_id == "ask/[EMAIL]"
    assert kept["publishable"].question_id == names["question_id"]
    assert kept["frontend"].external_id == names["external_id"]


def test_words_of_an_event_that_is_of_no_triage_of_theirs_are_not_looked_through(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = world.ask({**EXPORT_DRAFT, "session": "one"}, "publishable")
    looked: list[str] = []
    redact = text.redact
    monkeypatch.setattr(text, "redact", lambda said, own: looked.append(said) or redact(said, own))
    mine = _event(reply, session="one", value="mine")
    strange = _event({**reply, "triage_id": "0" * 32}, "e2", session="one", value="strange")
    answers = _send(world, [mine, strange], "publishable")
    assert [answer["code"] for answer in answers] == [None, "unknown_triage"]
    assert looked == ["mine"]


def test_a_browser_does_not_say_who_a_person_is(world: World) -> None:
    reply = world.ask({**EXPORT_DRAFT, "session": "s"}, "publishable")
    assert _send(world, [_event(reply, user="anna", session="s", value=3)], "publishable")
    with world.database.read() as c:
        (event,) = told(c, world.forum().id)
    assert event.person is None
    assert event.value == 3


@pytest.mark.parametrize("type_", EventType)
def test_a_browser_tells_what_people_do_and_nothing_else(world: World, type_: EventType) -> None:
    reply = world.ask({**OPEN_DRAFT, "session": "one"}, "publishable")
    event = _event(reply, type=type_, session="one", thread_id="open")
    (answer,) = _send(world, [event], "publishable")
    assert answer["code"] == ("not_for_browsers" if type_ in TOLD_BY_SERVERS else None)
