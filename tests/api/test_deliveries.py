"""/v1/deliveries: what arrived, waits, was given up; replayed and skipped."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.handing import give_up
from triage import store
from triage.records import MessageType
from triage.store import Message

from .conftest import World
from .test_channels import _nobody_delivers, code, made

__all__ = ["_nobody_delivers"]


@pytest.fixture
def channel_id(empty: World) -> str:
    told: str = made(empty)["channel_id"]
    return told


def dead(world: World, channel_id: str) -> str:
    with world.database.write() as c:
        return give_up(c, world.forum().id, channel_id, datetime.now(UTC))


def listed(world: World, query: str = "", key: str = "lead") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.send("GET", f"/v1/deliveries{query}", key).json()[
        "deliveries"
    ]
    return found


def test_deliveries_are_listed_newest_first_in_pages(empty: World, channel_id: str) -> None:
    ids = [dead(empty, channel_id) for _ in range(3)]
    first = empty.send("GET", "/v1/deliveries?limit=2", "lead").json()
    assert [one["message_id"] for one in first["deliveries"]] == ids[:0:-1]
    after = first["next_after"]
    last = empty.send("GET", f"/v1/deliveries?limit=2&after={after}", "lead").json()
    assert [one["message_id"] for one in last["deliveries"]] == ids[:1]
    assert last["next_after"] is None
    assert code(empty, "GET", "/v1/deliveries?after=x") == (422, "bad_request")
    assert code(empty, "GET", "/v1/deliveries?state=lost") == (422, "bad_request")


def test_they_are_found_by_state_channel_and_question(empty: World, channel_id: str) -> None:
    one, other = dead(empty, channel_id), made(empty)["channel_id"]
    message = Message(
        type=MessageType.ANSWERED,
        stream="question:q1",
        at=datetime.now(UTC),
        data={"question_id": "q1"},
        question_id="q1",
    )
    with empty.database.write() as c:
        store.post_message(c, empty.forum().id, message)
    assert [d["message_id"] for d in listed(empty, "?state=dead")] == [one]
    assert len(listed(empty, "?state=pending")) == 2
    assert len(listed(empty, f"?channel_id={other}")) == 1
    assert {d["channel_id"] for d in listed(empty, "?question_id=q1")} == {channel_id, other}
    assert listed(empty, "?channel_id=ch_unknown") == []
    assert listed(empty, key="boats") == []


def test_one_is_told_with_its_failed_attempts(empty: World, channel_id: str) -> None:
    message_id = dead(empty, channel_id)
    told = empty.send("GET", f"/v1/deliveries/{channel_id}/{message_id}", "lead").json()
    assert (told["state"], told["code"], told["data"]) == (
        "dead",
        "http_500",
        {},
    )
    assert [(one["number"], one["code"]) for one in told["failed_attempts"]] == [(1, "http_500")]


def test_what_was_given_up_is_tried_anew_under_the_same_id(empty: World, channel_id: str) -> None:
    message_id = dead(empty, channel_id)
    path = f"/v1/deliveries/{channel_id}/{message_id}"
    after = empty.send("POST", f"{path}/replay", "lead").json()
    assert (after["message_id"], after["state"], after["attempts"]) == (message_id, "pending", 0)
    assert after["due_at"] is not None
    assert code(empty, "POST", f"{path}/replay") == (409, "illegal_delivery")


def test_all_that_a_channel_gave_up_is_tried_anew(empty: World, channel_id: str) -> None:
    for _ in range(3):
        dead(empty, channel_id)
    sent = {"json": {"channel_id": channel_id}}
    assert empty.send("POST", "/v1/deliveries/replay", "lead", **sent).json()["replayed"] == 3
    assert empty.send("POST", "/v1/deliveries/replay", "lead", **sent).json()["replayed"] == 0
    unknown = {"json": {"channel_id": "ch_unknown"}}
    assert code(empty, "POST", "/v1/deliveries/replay", **unknown) == (404, "no_channel")
    assert code(empty, "POST", "/v1/deliveries/replay", key="boats", **sent) == (404, "no_channel")


def test_what_is_skipped_is_not_delivered(empty: World, channel_id: str) -> None:
    path = f"/v1/deliveries/{channel_id}/{dead(empty, channel_id)}"
    assert empty.send("POST", f"{path}/skip", "lead").json()["state"] == "skipped"
    assert code(empty, "POST", f"{path}/skip") == (409, "illegal_delivery")
    assert code(empty, "POST", f"{path}/replay") == (409, "illegal_delivery")


def test_what_is_not_there_cannot_be_changed(empty: World, channel_id: str) -> None:
    message_id = dead(empty, channel_id)
    for path in (f"{channel_id}/msg_x", f"ch_x/{message_id}"):
        assert code(empty, "GET", f"/v1/deliveries/{path}") == (404, "no_delivery")
        for step in ("replay", "skip"):
            assert code(empty, "POST", f"/v1/deliveries/{path}/{step}") == (404, "no_delivery")
    theirs = f"/v1/deliveries/{channel_id}/{message_id}"
    for step in ("replay", "skip"):
        assert code(empty, "POST", f"{theirs}/{step}", key="boats") == (404, "no_delivery")


def test_whoever_runs_the_server_sees_how_many_were_given_up(empty: World, channel_id: str) -> None:
    dead(empty, channel_id)
    empty.send("POST", f"/v1/channels/{channel_id}/ping")
    empty.send("POST", f"/v1/channels/{channel_id}/disable")
    told = empty.send("GET", "/ready", "frontend").json()["parts"]["channels"]
    assert told == {"all": 1, "resting": 0, "disabled": 1, "waiting": 1, "dead": 1}
