"""A canary through every endpoint: it may be kept, redacted, but never logged nor echoed."""

import json
import logging
from typing import Any

import pytest

from triage.api.access import MATRIX

from .conftest import World
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


# Their replies are what was sent, redacted: to whoever asked, and to leads who publish.
SHOWS = {("POST", "/v1/questions"), ("POST", "/v1/known-issues")}


@pytest.mark.parametrize("row", MATRIX, ids=" ".join)
def test_what_was_sent_is_neither_logged_nor_told_back(
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


def test_no_request_stores_an_address(world: World) -> None:
    for row in MATRIX:
        method, path = row
        for body in _bodies():
            world.send(method, path.replace("{thread_id:path}", "c"), content=body)
    world.send("PUT", "/v1/threads/c", json={**EXPORT, "id": "c", "body": f"Mail {SECRET}"})
    world.database.close()
    files = list(world.settings.data_dir.glob("triage.db*"))
    assert files
    for file in files:
        assert SECRET.encode() not in file.read_bytes()
