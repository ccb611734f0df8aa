"""The data of one person over the API: receipts, exports, originals."""

import json
import logging

import pytest

from triage import store

from .conftest import Start, World
from .samples import EXPORT

NAME = "anna.zanzibarquux"
MAIL = "anna.quux@private.example"
CARD = "4111 1111 1111 1111"


@pytest.fixture
def asked(world: World) -> dict[str, object]:
    """The reply to a question of Anna's that holds her address and a card number."""
    body = f"Our wombat invoices are lost. Write to {MAIL}, the card was {CARD}."
    draft = {"title": "Wombats", "body": body, "user": NAME, "stage": "submit"}
    return world.ask(draft)


def _erase(world: World, **more: object) -> dict[str, object]:
    response = world.send("POST", "/v1/erasures", json={"user": NAME, **more})
    assert response.status_code == 200, response.text
    receipt: dict[str, object] = response.json()
    return receipt


def test_an_expert_reads_what_was_private_but_no_secret(
    world: World, asked: dict[str, object]
) -> None:
    address = f"/v1/triage/{asked['triage_id']}/original"
    fields = world.send("GET", address, "lead").json()["fields"]
    assert MAIL in fields["body"]
    assert CARD not in fields["body"]
    assert "[CARD]" in fields["body"]
    assert world.send("GET", address, "frontend").status_code == 403
    assert world.send("GET", address, "boats").json()["code"] == "no_original"
    with world.database.read() as c:
        acts = [row.act.act for row in store.iter_acts(c, world.forum().id)]
    assert acts.count("original.read") == 1


def test_what_is_typed_or_holds_nothing_private_has_no_original(world: World) -> None:
    typing = {"title": f"Write to {MAIL}", "user": NAME, "stage": "typing"}
    plain = {"title": "Where are the invoices?", "user": NAME, "stage": "submit"}
    for draft in (typing, plain):
        address = f"/v1/triage/{world.ask(draft)['triage_id']}/original"
        assert world.send("GET", address).json()["code"] == "no_original"


def test_originals_may_be_kept_nowhere(start: Start) -> None:
    world = start(retention="originals=0")
    reply = world.ask({"title": f"Write to {MAIL}", "user": NAME, "stage": "submit"})
    address = f"/v1/triage/{reply['triage_id']}/original"
    assert world.send("GET", address).json()["code"] == "no_original"


def test_a_person_sees_everything_that_is_kept(world: World, asked: dict[str, object]) -> None:
    told = world.send("POST", "/v1/persons/export", json={"user": NAME}).json()
    assert told["tables"].keys() == {"asks", "triages", "events", "originals"}
    assert MAIL in told["tables"]["originals"][0]["fields"]["body"]
    assert "wombat" in told["tables"]["triages"][0]["question"]["body"]
    assert world.send("POST", "/v1/persons/export", "lead", json={"user": NAME}).status_code == 403
    nobody = world.send("POST", "/v1/persons/export", json={"user": "nobody"}).json()
    assert nobody["tables"] == {}


def test_an_erased_person_is_nowhere(world: World, asked: dict[str, object]) -> None:
    world.send("PUT", "/v1/threads/w", json={**EXPORT, "id": "w", "title": "Wombats", "user": NAME})
    receipt = _erase(world, texts=["Our wombat invoices are lost."])
    assert receipt["state"] == "done"
    assert receipt["removed"]["threads"] == 1  # type: ignore[index]
    assert receipt["proof"]["index_searched"] is True  # type: ignore[index]
    assert world.send("GET", f"/v1/triage/{asked['triage_id']}/original").status_code == 404
    assert world.send("GET", "/v1/threads/w").status_code == 404
    shown = world.ask({"title": "Wombats", "body": EXPORT["body"]})["suggestions"]
    assert "w" not in {s["thread_id"] for s in shown}
    files = list(world.settings.data_dir.rglob("*"))
    found = [f.name for f in files if f.is_file() and b"wombat invoices" in f.read_bytes()]
    assert found == []
    assert NAME.encode() not in b"".join(f.read_bytes() for f in files if f.is_file())


def test_a_receipt_can_be_read_again(world: World, asked: dict[str, object]) -> None:
    receipt = _erase(world)
    address = f"/v1/erasures/{receipt['erasure_id']}"
    assert world.send("GET", address).json() == receipt
    assert world.send("GET", "/v1/erasures").json() == {"erasures": [receipt]}
    assert world.send("GET", address, "boats").json()["code"] == "no_erasure"
    assert world.send("GET", "/v1/erasures", "lead").status_code == 403


def test_a_reply_that_is_kept_for_a_repeated_request_goes_too(world: World) -> None:
    draft = {"title": "Wombats", "body": EXPORT["body"], "user": NAME}
    headers = {"Idempotency-Key": "once"}
    world.send("POST", "/v1/triage", "frontend", json=draft, headers=headers)
    receipt = _erase(world)
    assert receipt["removed"]["idempotency"] == 1  # type: ignore[index]
    again = world.send("POST", "/v1/triage", "frontend", json=draft, headers=headers)
    assert "Idempotency-Replayed" not in again.headers


def test_what_the_forum_sends_again_is_not_taken(world: World) -> None:
    mine = {**EXPORT, "id": "w", "user": NAME}
    theirs = {**EXPORT, "id": "v", "answers": [{"id": "a", "body": "Turn it.", "user": NAME}]}
    world.send("POST", "/v1/threads/batch", json={"threads": [mine, theirs]})
    _erase(world)
    refused = world.send("PUT", "/v1/threads/w", json=mine)
    assert (refused.status_code, refused.json()["code"]) == (422, "person_erased")
    batch = world.send("POST", "/v1/threads/batch", json={"threads": [mine, theirs]}).json()
    assert [(r["id"], r["code"]) for r in batch["results"]] == [("w", "person_erased"), ("v", None)]
    assert world.send("GET", "/v1/threads/v").json()["answers"] == []
    new = {**mine, "created": "2999-01-01T00:00:00Z"}
    assert world.send("PUT", "/v1/threads/w", json=new).status_code == 200


@pytest.mark.parametrize("body", [{}, {"user": ""}, {"user": "  "}, {"user": "a", "texts": "b"}])
def test_a_request_that_names_nobody_is_refused(world: World, body: dict[str, object]) -> None:
    assert world.send("POST", "/v1/erasures", json=body).json()["code"] == "bad_request"


def test_nothing_of_it_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _erase(world, texts=["zanzibarquux zanzibarquux"])
    world.send("POST", "/v1/persons/export", json={"user": NAME})
    ours = [r for r in caplog.records if r.name.partition(".")[0] not in ("httpx2", "httpcore2")]
    assert not [r for r in ours if "zanzibarquux" in r.getMessage() + str(r.exc_text)]


def test_a_store_from_before_the_erasure_is_brought_up_to_it_before_it_serves(
    start: Start, world: World, asked: dict[str, object]
) -> None:
    data = world.settings.data_dir
    with world.database.write():
        pass
    world.database.clear_remains()
    backup = (data / "triage.db").read_bytes()
    assert b"wombat invoices" in backup
    _erase(world)
    world.client.app.state.installation.close()  # type: ignore[attr-defined]
    world.database.close()
    for file in data.glob("triage.db*"):
        file.unlink()
    (data / "triage.db").write_bytes(backup)
    restored = start()
    (receipt,) = restored.send("GET", "/v1/erasures").json()["erasures"]
    assert (receipt["replayed"], receipt["state"]) == (True, "done")
    assert receipt["removed"]["triages"] == 1
    assert restored.send("GET", f"/v1/triage/{asked['triage_id']}/original").status_code == 404


def test_a_log_of_another_hand_keeps_the_server_from_serving(start: Start, world: World) -> None:
    _erase(world)
    log = world.settings.data_dir / "erasures.jsonl"
    row = json.loads(log.read_text())
    log.write_text(json.dumps({**row, "person": "somebody else"}) + "\n")
    other = start()
    refused = other.send("POST", "/v1/triage", "frontend", json={"title": "Wombats"})
    assert (refused.status_code, refused.json()["code"]) == (503, "erasures_altered")
