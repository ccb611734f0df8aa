"""The versions of a model over HTTP, and their change while the server is asked."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import BaseModel

from tests.bundles import SAYS, published
from triage.api.examples import model as examples
from triage.api.schemas.model import ActivationReply, ModelReply, ModelsReply
from triage.registry import Registry
from triage.store import list_history

from .conftest import World

CRASH = {"title": "Crash with a stack trace, data is lost in ledger", "lang": "en"}
REFUSED = {"outcome": "refused", "why": ["Worse in Swedish."]}


@pytest.fixture
def registry(world: World) -> Registry:
    ours = world.settings
    return Registry(world.database, "bikes", ours.models_dir, ours.signer)


def told(reply: dict[str, Any]) -> tuple[str | None, str]:
    """Return the version of a reply and what its model calls a crash."""
    assert reply["mode"] == "hybrid"
    return reply["model_version"], reply["labels"]["kind"]["value"]


def test_a_lead_looks_activates_and_goes_back(world: World, registry: Registry) -> None:
    first = published(registry, live=True).version
    second = published(registry, "turned", number=1).version
    assert told(world.ask(CRASH)) == (first, SAYS["plain"])
    path = f"/v1/models/{second}/activate"
    done = world.send("POST", path, "lead", json={"reason": "it is Friday"})
    assert done.json() == {"version": second, "former": first}
    assert told(world.ask(CRASH)) == (second, SAYS["turned"])
    found = world.send("GET", "/v1/models", "lead").json()["models"]
    assert [(m["version"], m["live"], m["former"]) for m in found] == [
        (second, True, False),
        (first, False, True),
    ]
    one = world.send("GET", f"/v1/models/{second}", "lead").json()
    assert one["card"] == "# A turned model\n"
    assert one["model"] == found[0]
    assert one["manifest"]["metrics"] == {"kind": {"n": 30, "of": "turned"}}
    last = one["history"][-1]
    assert (last["action"], last["reason"]) == ("activate", "it is Friday")
    assert world.keys["lead"].startswith(last["by"])
    back = world.send("POST", "/v1/models/rollback", "lead", json={"reason": "it is Monday"})
    assert back.json() == {"version": first, "former": second}
    assert told(world.ask(CRASH)) == (first, SAYS["plain"])
    again = world.send("POST", "/v1/models/rollback", "lead", json={})
    assert (again.status_code, again.json()["code"]) == (409, "no_former_version")


def test_a_refused_version_takes_force_and_what_cannot_open_stays_away(
    world: World, registry: Registry
) -> None:
    first = published(registry, live=True).version
    bad = published(registry, "turned", number=1, verdict=REFUSED).version
    path = f"/v1/models/{bad}/activate"
    answer = world.send("POST", path, json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "verdict_against")
    assert "Worse in Swedish." in answer.json()["detail"]
    answer = world.send("POST", path, json={"force": "    "})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_request")
    file = registry.folder / bad / "ranker.json"
    file.write_bytes(file.read_bytes() + b" ")
    answer = world.send("POST", path, json={"force": "I know better"})
    assert (answer.status_code, answer.json()["code"]) == (503, "bundle_refused")
    assert told(world.ask(CRASH))[0] == first
    file.write_bytes(file.read_bytes()[:-1])
    assert world.send("POST", path, json={"force": "I know better"}).status_code == 200
    assert told(world.ask(CRASH))[0] == bad


def test_a_version_that_is_not_there_is_said_to_be_missing(world: World) -> None:
    for method, path in (("GET", "/v1/models/x"), ("POST", "/v1/models/x/activate")):
        answer = world.send(method, path, json={} if method == "POST" else None)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_version")


def test_another_forums_versions_are_not_seen(world: World, registry: Registry) -> None:
    version = published(registry, live=True).version
    assert world.send("GET", "/v1/models", "boats").json() == {"models": []}
    assert world.send("GET", f"/v1/models/{version}", "boats").status_code == 404
    answer = world.send("POST", f"/v1/models/{version}/activate", "boats", json={})
    assert answer.status_code == 404


def test_one_key_for_two_versions_activates_both(world: World, registry: Registry) -> None:
    """What may be sent twice is one address with one body: the version is in the address."""
    first, second = (published(registry, number=n).version for n in range(2))
    once = {"Idempotency-Key": "friday"}
    for version in (first, second, second):
        path = f"/v1/models/{version}/activate"
        reply = world.send("POST", path, json={}, headers=once).json()
        assert reply["version"] == version
    with world.database.read() as c:
        told_of = list_history(c, world.forum().id)
    assert [h.version for h in told_of if h.action == "activate"] == [first, second]


def test_a_spoilt_version_is_listed_with_its_trouble(world: World, registry: Registry) -> None:
    version = published(registry).version
    (registry.folder / version / "manifest.sig").unlink()
    (found,) = world.send("GET", "/v1/models").json()["models"]
    assert "not signed" in found["trouble"]


def test_no_reply_is_dropped_or_mixed_while_versions_change(
    world: World, registry: Registry
) -> None:
    versions = {name: published(registry, name, number=n).version for n, name in enumerate(SAYS)}
    right = {version: SAYS[name] for name, version in versions.items()}
    changes = [*versions.values()] * 6
    world.send("POST", f"/v1/models/{changes[-1]}/activate", json={})
    ended = threading.Event()

    def ask() -> Iterator[tuple[str | None, str]]:
        while not ended.is_set():
            yield told(world.ask(CRASH))

    def change() -> None:
        try:
            for version in changes:
                path = f"/v1/models/{version}/activate"
                assert world.send("POST", path, json={}).status_code == 200
                ended.wait(0.05)
        finally:
            ended.set()

    with ThreadPoolExecutor(5) as pool:
        askers = [pool.submit(lambda: list(ask())) for _ in range(4)]
        pool.submit(change).result()
        replies = [reply for asker in askers for reply in asker.result()]
    assert {version for version, _ in replies} == set(right)
    assert all(right[version or ""] == kind for version, kind in replies)
    assert told(world.ask(CRASH))[0] == changes[-1]


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (ModelsReply, examples.MODELS_REPLY),
        (ModelReply, examples.MODEL_REPLY),
        (ActivationReply, examples.ACTIVATION_REPLY),
    ],
)
def test_an_example_is_what_its_schema_says(
    model: type[BaseModel], example: dict[str, Any]
) -> None:
    assert model.model_validate(example).model_dump(mode="json") == example
