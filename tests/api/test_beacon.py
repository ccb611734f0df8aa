"""Events of a page that is being left: the key in the body, taken as all events are."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from triage.api import cors
from triage.records import Event, EventType, Role
from triage.store import create_key, iter_events
from triage.visitors import create_secret, sign_visitor

from .conftest import World
from .samples import EXPORT_DRAFT

SITE = "https://forum.example"
TEXT = {"Content-Type": "text/plain;charset=UTF-8"}


@pytest.fixture
def page_key(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """A publishable key of the forum for one site."""
    monkeypatch.setattr(cors, "_FRESH_SECONDS", 0.0)
    with world.database.write() as c:
        secret, _ = create_key(
            c,
            world.forum().id,
            name="page",
            role=Role.FRONTEND,
            publishable=True,
            test=False,
            at=datetime.now(UTC),
            origins=[SITE],
        )
    return secret


def asked(world: World, key: str, **headers: str) -> dict[str, Any]:
    body = {**EXPORT_DRAFT, "session": "one"}
    reply = world.send("POST", "/v1/triage", key, json=body, headers=headers)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def event(reply: Mapping[str, Any], event_id: str = "e1", **fields: object) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "type": "opened",
        "triage_id": reply["triage_id"],
        "ask_id": reply["ask_id"],
        "thread_id": "export",
        "session": "one",
        "occurred_at": datetime.now(UTC).isoformat(),
        **fields,
    }


def beacon(
    world: World, body: object, origin: str | None = SITE, **headers: str
) -> httpx2.Response:
    sent = {**TEXT, **({"Origin": origin} if origin else {}), **headers}
    return world.client.post("/v1/events/beacon", content=json.dumps(body), headers=sent)


def opened(world: World) -> list[Event]:
    with world.database.read() as c:
        events = list(iter_events(c, world.forum().id))
    return [one for one in events if one.type is EventType.OPENED]


def test_what_a_page_sends_as_it_is_left_is_taken_once(world: World, page_key: str) -> None:
    reply = asked(world, page_key, Origin=SITE)
    body = {"key": page_key, "visitor": None, "events": [event(reply), event(reply, "e2")]}
    first, again = beacon(world, body), beacon(world, body)
    assert (first.status_code, again.status_code) == (202, 202)
    assert [one["state"] for one in first.json()["results"]] == ["accepted", "accepted"]
    assert [one["state"] for one in again.json()["results"]] == ["duplicate", "duplicate"]
    # What came one way is known the other way, too.
    more = world.send("POST", "/v1/events", page_key, json={"events": [event(reply, "e2")]})
    assert [one["state"] for one in more.json()["results"]] == ["duplicate"]
    assert sorted(one.event_id for one in opened(world)) == ["e1", "e2"]


def test_a_page_that_stays_reads_what_became_of_each(world: World, page_key: str) -> None:
    reply = asked(world, page_key, Origin=SITE)
    sent = [event(reply), event(reply, "e2", thread_id="login"), {"type": "opened"}]
    response = beacon(world, {"key": page_key, "events": sent})
    assert response.headers["access-control-allow-origin"] == SITE
    assert [one["code"] for one in response.json()["results"]] == [None, "not_shown", "bad_event"]


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        (None, 401, "no_key"),
        ("", 401, "no_key"),
        ("pk_unknown", 401, "unknown_key"),
        (17, 422, "bad_request"),
    ],
)
def test_without_a_key_in_it_nothing_is_taken(
    world: World, key: object, status: int, code: str
) -> None:
    response = beacon(world, {"key": key, "events": []}, origin=None)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_key_is_for_its_own_sites_here_too(world: World, page_key: str) -> None:
    reply = asked(world, page_key, Origin=SITE)
    response = beacon(world, {"key": page_key, "events": [event(reply)]}, "https://evil.example")
    assert (response.status_code, response.json()["code"]) == (403, "wrong_origin")
    assert "access-control-allow-origin" not in response.headers
    assert opened(world) == []


@pytest.mark.parametrize("name", ["frontend", "lead", "admin", "analyst"])
def test_a_secret_key_has_no_place_in_a_body(world: World, name: str) -> None:
    response = beacon(world, {"key": world.keys[name], "events": []}, origin=None)
    assert (response.status_code, response.json()["code"]) == (403, "wrong_role")


def test_a_token_in_it_says_who_it_was_and_one_that_does_not_hold_is_refused(
    world: World, page_key: str
) -> None:
    now = datetime.now(UTC)
    with world.database.write() as c:
        forum = world.forum()
        secret = create_secret(c, forum, world.settings.person_key, "site", now)
    token = sign_visitor(*secret, "bikes", user="anna", at=now)
    headers = {"Origin": SITE, "Triage-Visitor": token}
    reply = asked(world, page_key, **headers)
    nameless = {key: value for key, value in event(reply).items() if key != "session"}
    response = beacon(world, {"key": page_key, "visitor": token, "events": [nameless]})
    assert [one["state"] for one in response.json()["results"]] == ["accepted"]
    (kept,) = opened(world)
    assert kept.person is not None
    bad = beacon(world, {"key": page_key, "visitor": "no token", "events": [nameless]})
    assert (bad.status_code, bad.json()["code"]) == (401, "bad_visitor")


def test_the_session_of_the_ask_is_enough_after_its_token_ran_out(
    world: World, page_key: str
) -> None:
    now = datetime.now(UTC)
    with world.database.write() as c:
        secret = create_secret(c, world.forum(), world.settings.person_key, "site", now)
    token = sign_visitor(*secret, "bikes", user="anna", at=now)
    reply = asked(world, page_key, Origin=SITE, **{"Triage-Visitor": token})
    response = beacon(world, {"key": page_key, "events": [event(reply)]})
    assert [one["state"] for one in response.json()["results"]] == ["accepted"]


def test_a_page_tells_of_fifty_events_at_once(world: World, page_key: str) -> None:
    reply = asked(world, page_key, Origin=SITE)
    events = [event(reply, f"e{n}") for n in range(51)]
    response = beacon(world, {"key": page_key, "events": events})
    assert (response.status_code, response.json()["code"]) == (413, "too_much")


@pytest.mark.parametrize("sent", [b"", b"{", b"\xff", b'"text"', b'{"events": []'])
def test_what_is_no_beacon_is_told_so(world: World, sent: bytes) -> None:
    response = world.client.post("/v1/events/beacon", content=sent, headers=TEXT)
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"
