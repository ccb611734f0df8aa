"""A canary through every endpoint: it may be kept, redacted, but never logged nor echoed."""

import json
import logging
from typing import Any

import pytest

from triage.api.access import MATRIX

from .conftest import Start, World, put_threads
from .samples import EXPORT

CANARY = "zanzibarquux"
SECRET = "jane.zanzibarquux@customer.example"


def _bodies() -> list[bytes]:
    words = f"My {CANARY} fails since Tuesday, write to {SECRET}"
    bodies: list[Any] = [
        {"title": words, "body": words, "user": SECRET, "session": SECRET},
        {"title": [words], "stage": words, "lang": words, "context": {"page": {"x": words}}},
        {"title": words, "answers": words, "created": words, "valid_versions": words},
        {"title": words, "body": words, "answers": [{"body": words, "votes": words}]},
        {"threads": [{"id": "c", "title": words, "solved": words}, words, {"title": words}]},
        {"threads": [{"id": "c", "body": words, "url": 1}], "events": words},
        {"events": [{"event_id": words, "type": words, "value": words}, words, [words]]},
        {"events": [{"event_id": "e", "occurred_at": words, "triage_id": words, "rank": words}]},
        [words],
        words,
    ]
    sent = [json.dumps(body).encode() for body in bodies]
    return [*sent, words.encode(), sent[0][:-1], sent[0] + b"\xff", sent[0] + b" " * 300_000]


def _sound_bodies() -> list[Any]:
    """What a draft, a thread, a question, several threads and events may look like."""
    words = f"My {CANARY} fails since Tuesday, write to {SECRET}"
    draft = {"title": words, "body": words, "user": SECRET, "session": SECRET}
    thread = {"id": "c", "title": words, "body": words, "answers": [{"id": "a", "body": words}]}
    event = {"event_id": words, "type": "opened", "triage_id": words, "ask_id": words}
    event["occurred_at"] = "2026-03-02T12:00:00Z"
    return [draft, thread, {"threads": [thread], "events": [event]}]


# Their replies are what was sent, redacted: to whoever asked, and to leads who publish.
SHOWS = {("POST", "/v1/questions"), ("POST", "/v1/known-issues")}


@pytest.mark.parametrize("row", MATRIX, ids=" ".join)
def test_what_was_sent_is_neither_logged_nor_told_back_and_no_address_is_kept(
    world: World, caplog: pytest.LogCaptureFixture, row: tuple[str, str]
) -> None:
    caplog.set_level(logging.DEBUG)
    method, path = row
    address = path.replace("{thread_id:path}", "c").replace("{name}", "start.js")
    for number, body in enumerate(_bodies()):
        response = world.send(
            method,
            f"{address}?groups={CANARY}&q={CANARY}",
            content=body,
            headers={"Idempotency-Key": f"k{number}", "X-Request-Id": f"{CANARY} {SECRET}"},
        )
        assert response.status_code < 500
        if response.status_code >= 400:
            assert CANARY not in response.text
        if row not in SHOWS and "thread" not in path:
            assert CANARY not in response.text
        assert SECRET not in response.text
    ours = [r for r in caplog.records if r.name.partition(".")[0] not in ("httpx2", "httpcore2")]
    assert any(r.name.startswith("triage.api") for r in ours)
    assert not [r for r in ours if CANARY in r.getMessage() + str(r.exc_text)]
    assert not _keeps_the_address(world)


def test_no_request_stores_an_address_upon_what_others_stored(start: Start) -> None:
    # How often somebody may call is not what is asked here.
    world = start(rate_address="", rate_key="", rate_session="")
    put_threads(world)
    for method, path in MATRIX:
        for body in _sound_bodies():
            world.send(method, path.replace("{thread_id:path}", "c"), json=body)
    told = world.send("PUT", "/v1/threads/c", json={**EXPORT, "id": "c", "body": f"Mail {SECRET}"})
    assert told.json()["state"] == "updated"
    assert not _keeps_the_address(world)


def _keeps_the_address(world: World) -> bool:
    files = list(world.settings.data_dir.glob("triage.db*"))
    assert files
    return any(SECRET.encode() in file.read_bytes() for file in files)
