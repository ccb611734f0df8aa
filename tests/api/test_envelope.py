import logging

import pytest
from starlette.testclient import TestClient

from triage.api import create_app, envelope
from triage.api.access import MATRIX
from triage.settings import Settings

from .conftest import World
from .samples import EXPORT_DRAFT


@pytest.mark.parametrize("path", ["/health", "/v1/triage", "/nowhere", "/openapi.json", "/docs"])
def test_every_reply_has_careful_headers(empty: World, path: str) -> None:
    headers = empty.send("GET", path, None).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert ("script-src" in headers["content-security-policy"]) is (path == "/docs")


def test_a_sane_request_id_is_kept(empty: World) -> None:
    headers = {"X-Request-Id": "front-end.20481"}
    response = empty.send("GET", "/nowhere", headers=headers)
    assert response.headers["x-request-id"] == "front-end.20481" == response.json()["request_id"]


@pytest.mark.parametrize("given", ["", "short", "a b c d e f g h", "x" * 65, "<script>alert"])
def test_any_other_request_id_is_replaced(empty: World, given: str) -> None:
    found = empty.send("GET", "/health", headers={"X-Request-Id": given}).headers["x-request-id"]
    assert found != given
    assert len(found) == 32


def test_the_log_names_the_route_and_the_key_but_not_the_address(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    response = world.send("GET", "/v1/threads/beta/quantum?groups=quiet", "frontend")
    (line,) = [r.getMessage() for r in caplog.records if r.name == envelope.__name__]
    assert line.startswith("request method=GET route=/v1/threads/{thread_id:path} status=404 ms=")
    assert f"id={response.headers['x-request-id']}" in line
    assert f"key={world.keys['frontend'][:10]}" in line
    assert world.keys["frontend"] not in line
    assert "quiet" not in line


def test_a_fault_is_answered_and_logged_without_what_was_sent(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings)

    def fail(said: str) -> None:
        raise LookupError(said)

    app.add_api_route("/fail", fail, methods=["GET"])
    with TestClient(app) as client:
        response = client.get("/fail", params={"said": "zanzibarquux"})
    problem = response.json()
    assert (response.status_code, problem["code"]) == (500, "internal")
    assert f"fault id={problem['request_id']} class=LookupError" in caplog.text
    assert "in fail" in caplog.text
    assert "zanzibarquux" not in caplog.text + response.text
    assert ("GET", "/fail") not in MATRIX


def test_a_fault_in_the_middle_of_a_call_is_the_callers_no_more_than_that(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(EXPORT_DRAFT["body"])

    monkeypatch.setattr("triage.desk.triage", fail)
    headers = {"Idempotency-Key": "k1"}
    response = world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=headers)
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    monkeypatch.undo()
    response = world.send("POST", "/v1/triage", json=EXPORT_DRAFT, headers=headers)
    assert response.status_code == 200
    assert "idempotency-replayed" not in response.headers
