import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from triage.api.idempotency import Sent
from triage.store import claim_request, find_key, iter_triages
from triage.store.tables.base import idempotency

from .conftest import World
from .samples import EXPORT, EXPORT_DRAFT, shown

KEY = {"Idempotency-Key": "5b0c-7e6f"}


def _count(world: World) -> int:
    with world.database.read() as c:
        return len(list(iter_triages(c, world.forum().id)))


def test_the_same_request_is_acted_on_once(world: World) -> None:
    first, again = (
        world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=KEY) for _ in range(2)
    )
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()
    assert _count(world) == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/triage", EXPORT_DRAFT),
        ("/v1/threads/batch", {"threads": [EXPORT]}),
        ("/v1/events", {"events": []}),
    ],
)
def test_every_post_that_creates_honours_the_key(
    world: World, path: str, body: dict[str, object]
) -> None:
    first, again = (world.send("POST", path, json=body, headers=KEY) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert again.headers["idempotency-replayed"] == "true"
    other = world.send("POST", path, json={**body, "more": 1}, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")


def test_the_same_key_on_another_route_or_of_another_caller_is_another(world: World) -> None:
    world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=KEY)
    events = world.send("POST", "/v1/events", json={"events": []}, headers=KEY)
    lead = world.send("POST", "/v1/triage", "lead", json=EXPORT_DRAFT, headers=KEY)
    assert events.status_code == lead.status_code == 200
    assert "idempotency-replayed" not in lead.headers


def test_without_a_key_every_request_counts(world: World) -> None:
    for _ in range(2):
        world.ask(EXPORT_DRAFT)
    assert _count(world) == 2


def test_after_an_error_the_same_request_may_be_sent_again(empty: World) -> None:
    for _ in range(2):
        response = empty.send("POST", "/v1/triage", json={"title": "\u200b"}, headers=KEY)
        assert response.json()["code"] == "empty_draft"
    response = empty.send("POST", "/v1/triage", json={"title": "Now with text"}, headers=KEY)
    assert response.status_code == 200


def test_while_the_first_runs_the_second_is_asked_to_wait(world: World) -> None:
    body = json.dumps(EXPORT_DRAFT).encode()
    request = Sent(body, "POST /v1/triage", KEY["Idempotency-Key"])
    digest = world.client.app.state.installation.hasher(world.forum())(  # type: ignore[attr-defined]
        f"request:{request.digest}"
    )
    with world.database.write() as c:
        key = find_key(c, world.keys["admin"], datetime.now(UTC))
        assert key is not None
        claim = (
            key.forum.id,
            f"key:{key.id}",
            request.route,
            KEY["Idempotency-Key"],
            digest,
        )
        assert claim_request(c, *claim, datetime.now(UTC)) is None
    response = world.send("POST", "/v1/triage", content=body, headers=KEY)
    assert (response.status_code, response.json()["code"]) == (409, "idempotency_pending")
    assert response.headers["retry-after"] == "1"


def test_whom_a_kept_request_names_is_not_found_by_trying_names(world: World) -> None:
    body = b'{"user": "kari@customer.example"}'
    sent = world.send("POST", "/v1/erasures", content=body, headers=KEY)
    assert sent.status_code == 200, sent.text
    tried = Sent(body, "POST /v1/erasures", None).digest
    with world.database.read() as c:
        kept = c.execute(select(idempotency.c.request_digest)).scalars().all()
    assert kept
    assert tried not in kept


def test_many_at_once_act_once(world: World) -> None:
    def send(_: int) -> int:
        return world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=KEY).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(send, range(6))) <= {200, 409}
    assert _count(world) == 1


def test_a_thread_deleted_since_is_not_in_the_reply_that_is_given_again(world: World) -> None:
    first = world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=KEY)
    assert "export" in shown(first.json())
    world.send("DELETE", "/v1/threads/export")
    again = world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=KEY)
    assert again.headers["idempotency-replayed"] == "true"
    assert shown(again.json()) == []


def test_a_thread_hidden_since_is_not_in_the_reply_that_is_given_again(world: World) -> None:
    world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=KEY)
    world.send("PUT", "/v1/threads/export", json={**EXPORT, "groups": ["beta"]})
    again = world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=KEY)
    assert shown(again.json()) == []


ANSWER = EXPORT["answers"][0]
CHANGES = (
    {"title": f"{EXPORT['title']} of customers"},
    {"answers": [{**ANSWER, "body": "Turn the preview off before you export."}]},
    {"answers": [{**ANSWER, "id": "another"}]},
    {"url": "https://forum.example/t/moved"},
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_former_text_is_not_in_the_reply_that_is_given_again(
    world: World, change: dict[str, Any]
) -> None:
    first = world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=KEY)
    assert "export" in shown(first.json())
    world.send("PUT", "/v1/threads/export", json={**EXPORT, "tags": ["other"]})
    again = world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=KEY)
    assert again.json() == first.json()
    world.send("PUT", "/v1/threads/export", json={**EXPORT, **change})
    again = world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=KEY)
    assert shown(again.json()) == []


@pytest.mark.parametrize("key", ["", "x" * 129, "two words", "å"])
def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    headers = {"Idempotency-Key": key}
    response = world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=headers)
    assert (response.status_code, response.json()["code"]) == (422, "bad_request")
