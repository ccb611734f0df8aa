import json
from collections.abc import Iterator

import pytest
from httpx2 import Response

from .conftest import Start, World
from .samples import EXPORT_DRAFT, PROBLEM_FIELDS, shown

CANARY = "zanzibarquux"


def _post(world: World, content: bytes | Iterator[bytes], path: str = "/v1/triage") -> Response:
    return world.send("POST", path, content=content)


@pytest.mark.parametrize("draft", [{}, {"title": "", "body": "  \n\t "}, {"title": "\u200b\x00"}])
def test_a_draft_without_text_is_refused(empty: World, draft: dict[str, str]) -> None:
    response = empty.send("POST", "/v1/triage", json=draft)
    assert (response.status_code, response.json()["code"]) == (422, "empty_draft")


def test_a_body_of_a_megabyte_is_refused(empty: World) -> None:
    response = _post(empty, json.dumps({"body": "x" * 1_000_000}).encode())
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"] == response.json()["request_id"]


def test_a_body_that_does_not_say_how_long_it_is_is_measured(empty: World) -> None:
    pieces = (b" " * 50_000 for _ in range(20))
    assert _post(empty, pieces).json()["code"] == "body_too_large"


def test_threads_may_be_sent_in_larger_bodies_than_drafts(empty: World) -> None:
    threads = [{"id": str(i), "body": "word " * 1000} for i in range(100)]
    response = empty.send("POST", "/v1/threads/batch", json={"threads": threads})
    assert response.status_code == 200
    response = _post(empty, b" " * (empty.settings.max_batch_bytes + 1), "/v1/threads/batch")
    assert response.status_code == 413


def test_control_characters_do_no_harm(world: World) -> None:
    noisy = "".join(chr(i) + c for i, c in enumerate(EXPORT_DRAFT["title"][:32]))
    draft = {**EXPORT_DRAFT, "title": noisy, "session": "a\x00b", "product": "p\x07"}
    assert world.ask(draft)["mode"] == "unrouted"


def test_half_a_surrogate_pair_does_not_cost_the_suggestion(world: World) -> None:
    cut = json.dumps(EXPORT_DRAFT)[:-2] + ' \\ud83d"}'
    response = _post(world, cut.encode())
    assert response.status_code == 200
    assert "export" in shown(response.json())


@pytest.mark.parametrize(
    "body", [b'{"body": "\xff\xfe"}', b"\x80", '{"body": "å"}'.encode("cp1252")]
)
def test_broken_utf8_is_named(empty: World, body: bytes) -> None:
    response = _post(empty, body)
    assert (response.status_code, response.json()["code"]) == (400, "bad_encoding")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"title=x", b'{"body": "x"} x', b"[" * 100_000, b'{"a":' * 30_000, b"{'a': 1}"],
)
def test_what_is_no_json_is_refused(empty: World, body: bytes) -> None:
    response = _post(empty, body)
    assert (response.status_code, response.json()["code"]) == (400, "bad_json")


@pytest.mark.parametrize("body", ["[]", '"text"', "12", "null", "true"])
@pytest.mark.parametrize("path", ["/v1/triage", "/v1/events", "/v1/threads/batch"])
def test_json_that_is_no_object_is_refused(empty: World, path: str, body: str) -> None:
    response = _post(empty, body.encode(), path)
    assert (response.status_code, response.json()["code"]) == (422, "bad_request")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", {"x": CANARY}),
        ("title", 12),
        ("title", CANARY * 100),
        ("body", [CANARY]),
        ("lang", CANARY + "x"),
        ("customer_severity", 0),
        ("customer_severity", 5),
        ("customer_severity", CANARY),
        ("customer_severity", 2.5),
        ("customer_severity", "2"),
        ("customer_severity", True),
        ("context", CANARY),
        ("context.page", 1),
        ("attachments", [{"name": CANARY}] * 11),
        ("attachments.0.name", None),
        ("groups", CANARY),
        ("groups.0", True),
        ("user", True),
        ("session", [CANARY]),
        ("stage", CANARY),
    ],
)
def test_a_wrong_field_is_named_but_not_repeated(empty: World, field: str, value: object) -> None:
    name, _, inner = field.partition(".")
    sent: object = value
    if name == "context" and inner:
        sent = {inner: value}
    if name == "attachments" and inner:
        sent = [{"name": value}]
    if name == "groups" and inner:
        sent = [value]
    response = empty.send("POST", "/v1/triage", json={"body": "fine", name: sent})
    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "bad_request")
    assert problem.keys() == PROBLEM_FIELDS | {"errors"}
    assert field in [e["field"] for e in problem["errors"]]
    assert CANARY not in response.text


def test_very_many_wrong_fields_are_not_all_told(empty: World) -> None:
    response = empty.send("POST", "/v1/triage", json={"body": "x", "groups": [True] * 150})
    assert len(response.json()["errors"]) == 20


def test_a_number_of_thousands_of_digits_is_refused(empty: World) -> None:
    assert _post(empty, b'{"customer_severity": ' + b"9" * 9000 + b"}").status_code in (400, 422)


def test_an_address_that_does_not_exist_is_a_problem_too(empty: World) -> None:
    response = empty.send("GET", f"/v1/{CANARY}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert CANARY not in response.text


def test_a_method_that_an_address_does_not_take_is_a_problem_too(empty: World) -> None:
    response = empty.send("GET", "/v1/triage")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response.headers["allow"] == "POST"


def test_limits_come_from_the_settings(start: Start) -> None:
    world = start(max_body_bytes=2048, max_batch_threads=2)
    assert _post(world, b" " * 2049).status_code == 413
    threads = [{"id": str(i), "body": "x"} for i in range(3)]
    response = world.send("POST", "/v1/threads/batch", json={"threads": threads})
    assert (response.status_code, response.json()["code"]) == (413, "too_much")
    assert "TRIAGE_MAX_BATCH_THREADS" in response.json()["detail"]
