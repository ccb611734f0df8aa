"""A server that is started with another encoder than a forum has."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.forum import many_threads, put_unread
from tests.standing_still import standing_still
from tests.waiting import is_alive, wait_for
from triage import store
from triage.api.errands import background
from triage.encoders import EncoderName
from triage.records import JobKind

from .conftest import Start, World
from .samples import EXPORT_DRAFT, shown

WALRUS = {"title": "Walrus imports stop", "body": "Our walrus imports stop.", "lang": "en"}
ANSWERED = {**WALRUS, "solved": True, "answers": [{"body": "Feed the walrus.", "accepted": True}]}


def parts(world: World) -> dict[str, Any]:
    response = world.send("GET", "/ready")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()["parts"]
    return found


def encoding(world: World) -> dict[str, Any]:
    found: dict[str, Any] = parts(world)["encoding"] or {}
    return found


def claimed_by(world: World) -> str:
    with world.database.read() as c:
        job = store.get_job(c, world.forum().id, JobKind.ENCODE)
    assert job is not None
    return job.claimed_by or ""


@pytest.fixture
def served(start: Start) -> World:
    """A server whose forum `bikes` is served by words alone; it is left running."""
    world = start(encoder="none")
    assert world.send("PUT", "/v1/threads/export", json=EXPORT_DRAFT | _ANSWER).status_code == 200
    return world


_ANSWER = {"solved": True, "answers": [{"body": "Turn off the preview.", "accepted": True}]}


def test_a_changed_encoder_comes_in_the_background_over_a_restart(
    served: World, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_unread(served.database, served.forum().id, many_threads(20, length=10))
    # Else it may be done before the server was asked how far it is.
    ((name, value),) = standing_still(tmp_path, 1).items()
    monkeypatch.setenv(name, value)
    first = start(encoder="shipped", reencode="auto")
    found = parts(first)
    assert (found["encoder_serving"], found["encoder_wanted"]) == ("none", "shipped")
    wait_for(lambda: encoding(first).get("done", 0) > 0)
    assert encoding(first)["state"] == "running"
    assert encoding(first)["total"] > encoding(first)["done"]
    assert first.ask(EXPORT_DRAFT)["index_version"].endswith("@words")
    process = int(claimed_by(first).split(":")[1])
    assert is_alive(process)
    first.client.__exit__(None, None, None)
    assert not is_alive(process)
    monkeypatch.delenv(name)

    second = start(encoder="shipped", reencode="auto")
    assert second.send("PUT", "/v1/threads/walrus", json=ANSWERED).status_code == 200
    assert second.send("DELETE", "/v1/threads/many0001").status_code == 204
    wait_for(lambda: parts(second)["encoder_serving"] == "shipped")
    assert encoding(second)["state"] == "done"
    for world in (second, served):
        wait_for(lambda w=world: "@six-languages" in w.ask(WALRUS)["index_version"])  # type: ignore[misc]
        assert shown(world.ask(WALRUS)) == ["walrus"]
        assert world.send("GET", "/v1/threads/many0001").status_code == 404


def test_an_encoder_that_cannot_be_opened_leaves_the_old_one_and_says_why(
    served: World, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    world = start(encoder="/nowhere", reencode="auto")
    wait_for(lambda: encoding(world).get("state") == "failed")
    assert encoding(world)["code"] == "encoder_missing"
    assert parts(world)["encoder"] == "ok"
    assert shown(world.ask(EXPORT_DRAFT)) == ["export"]
    wait_for(lambda: "encode_failed forum=bikes to=/nowhere code=encoder_missing" in caplog.text)


def test_a_cancelled_change_is_not_begun_again_by_a_restart(
    served: World, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    forum_id, now = served.forum().id, datetime.now(UTC)
    with served.database.write() as c:
        options = EncoderName("hashing:64").options
        store.queue_job(c, forum_id, JobKind.ENCODE, options, now)
        store.cancel_job(c, forum_id, JobKind.ENCODE, now)
    world = start(encoder="hashing:64", reencode="auto")
    wait_for(lambda: "encode_cancelled forum=bikes" in caplog.text)
    assert encoding(world)["state"] == "cancelled"
    assert world.ask(EXPORT_DRAFT)["index_version"].endswith("@words")


def test_by_hand_means_that_nothing_is_begun(served: World, start: Start) -> None:
    world = start(encoder="hashing:64")
    time.sleep(3 * background.LOOK_SECONDS)
    assert parts(world)["encoder_wanted"] == "hashing:64"
    assert parts(world)["encoding"] is None
