from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from httpx2 import Response

from triage.store import count_threads

from .conftest import World
from .samples import EXPORT, EXPORT_DRAFT, SECRET_BETA, shown


def _put(world: World, thread_id: str, body: object, key: str = "admin") -> Response:
    return world.send("PUT", f"/v1/threads/{thread_id}", key, json=body)


def _batch(world: World, threads: list[Any]) -> list[dict[str, Any]]:
    response = world.send("POST", "/v1/threads/batch", json={"threads": threads})
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def test_a_thread_is_given_as_it_was_put_but_without_persons(empty: World) -> None:
    assert _put(empty, "export", EXPORT).json() == {
        "id": "export",
        "state": "created",
        "code": None,
        "detail": None,
    }
    given = empty.send("GET", "/v1/threads/export")
    thread = given.json()
    assert thread["title"] == EXPORT["title"]
    assert thread["answers"][0]["body"] == EXPORT["answers"][0]["body"]
    assert thread["created"] == EXPORT["created"]
    assert "user" not in thread
    assert "user" not in thread["answers"][0]
    assert "of.export" not in given.text


def test_what_is_given_can_be_put_again_and_changes_only_persons(empty: World) -> None:
    row = {k: v for k, v in EXPORT.items() if k != "user"}
    row["answers"] = [{k: v for k, v in a.items() if k != "user"} for a in EXPORT["answers"]]
    _put(empty, "export", row)
    given = empty.send("GET", "/v1/threads/export").json()
    assert _put(empty, "export", given).json()["state"] == "unchanged"


def test_putting_says_what_it_did(empty: World) -> None:
    states = [_put(empty, "t", {"title": title}).json()["state"] for title in ("a", "a", "b")]
    assert states == ["created", "unchanged", "updated"]


@pytest.mark.parametrize("thread_id", ["a/b/c", "batch", "a b", "å", "a?b", "batch/x", "a/"])
def test_an_id_may_hold_what_an_address_does_not(empty: World, thread_id: str) -> None:
    quoted = thread_id.replace("%", "%25").replace("?", "%3F").replace(" ", "%20")
    assert _put(empty, quoted, {"title": "x"}).json()["id"] == thread_id
    assert empty.send("GET", f"/v1/threads/{quoted}").json()["id"] == thread_id
    assert empty.send("DELETE", f"/v1/threads/{quoted}").status_code == 204
    assert empty.send("GET", f"/v1/threads/{quoted}").status_code == 404


@pytest.mark.parametrize("thread_id", ["", "%20", "x" * 301, "a%00b", "%20a"])
def test_an_id_that_is_none_is_refused(empty: World, thread_id: str) -> None:
    assert _put(empty, thread_id, {"title": "x"}).status_code == 422


def test_the_id_in_the_body_must_be_that_of_the_address(empty: World) -> None:
    response = _put(empty, "a", {"id": "b", "title": "x"})
    assert (response.status_code, response.json()["code"]) == (422, "bad_field")
    assert _put(empty, "7", {"id": 7, "title": "x"}).status_code == 200


def test_a_bad_field_is_named(empty: World) -> None:
    problem = _put(empty, "a", {"title": "x", "created": "yesterday"}).json()
    assert problem["errors"][0]["field"] == "created"
    assert "yesterday" not in str(problem)


def test_a_thread_without_any_text_is_refused(empty: World) -> None:
    assert _put(empty, "a", {}).json()["code"] == "bad_field"


def test_a_thread_of_a_group_is_given_to_those_who_name_it(world: World) -> None:
    def status(key: str, query: str = "") -> int:
        return world.send("GET", f"/v1/threads/{SECRET_BETA['id']}{query}", key).status_code

    assert status("frontend") == status("analyst") == 404
    assert status("frontend", "?groups=gamma,delta") == 404
    assert status("frontend", "?groups=") == 404
    assert status("frontend", "?groups=gamma,beta") == 200
    assert status("frontend", "?groups=gamma&groups=partners") == 200
    assert status("lead") == status("admin") == 200


def test_a_thread_that_may_not_be_read_looks_like_one_that_is_not_there(world: World) -> None:
    hidden = world.send("GET", "/v1/threads/beta/quantum", "frontend").json()
    absent = world.send("GET", "/v1/threads/beta/quantux", "frontend").json()
    for problem in (hidden, absent):
        problem.pop("request_id")
        problem["detail"] = problem["detail"].replace("quantux", "quantum")
    assert hidden == absent


def test_a_thread_points_only_to_what_its_reader_may_read(world: World) -> None:
    pointing = {"title": "Ledger", "duplicate_of": ["beta/quantum", "login", "unknown"]}
    _put(world, "p", {**pointing, "superseded_by": "beta/quantum"})

    def told(key: str, query: str = "") -> tuple[list[str], str | None]:
        thread = world.send("GET", f"/v1/threads/p{query}", key).json()
        return thread["duplicate_of"], thread["superseded_by"]

    assert told("frontend") == told("analyst", "?groups=gamma") == (["login"], None)
    assert told("frontend", "?groups=beta") == (["beta/quantum", "login"], "beta/quantum")
    assert told("lead") == (pointing["duplicate_of"], "beta/quantum")


def test_a_deleted_thread_is_never_suggested_again(world: World) -> None:
    assert "export" in shown(world.ask(EXPORT_DRAFT))
    assert world.send("DELETE", "/v1/threads/export").status_code == 204
    assert shown(world.ask(EXPORT_DRAFT)) == []
    assert world.send("GET", "/v1/threads/export").status_code == 404
    again = world.send("DELETE", "/v1/threads/export")
    assert (again.status_code, again.json()["code"]) == (404, "no_thread")


def test_a_changed_thread_is_found_by_its_new_text_and_hidden_by_its_new_group(
    world: World,
) -> None:
    moved = {**EXPORT, "groups": ["partners"]}
    assert _put(world, "export", moved).json()["state"] == "updated"
    assert "export" not in shown(world.ask(EXPORT_DRAFT))
    assert "export" in shown(world.ask({**EXPORT_DRAFT, "groups": ["partners"]}))


def test_good_threads_of_a_batch_are_kept_when_others_are_bad(empty: World) -> None:
    results = _batch(
        empty,
        [
            {"id": "good", "title": "One"},
            {"title": "No id"},
            {"id": "empty"},
            "no object",
            {"id": "dated", "title": "x", "created": "31/12/2025"},
            {"id": 12, "body": "An integer names it"},
            {"id": "good2", "title": "Cut \ud83d emoji".encode("utf-8", "replace").decode()},
        ],
    )
    assert [(r["id"], r["state"], r["code"]) for r in results] == [
        ("good", "created", None),
        (None, "refused", "bad_field"),
        ("empty", "refused", "bad_field"),
        (None, "refused", "bad_field"),
        ("dated", "refused", "bad_field"),
        ("12", "created", None),
        ("good2", "created", None),
    ]
    assert empty.send("GET", "/v1/threads/good").status_code == 200


def test_of_two_with_one_id_the_last_counts(empty: World) -> None:
    results = _batch(empty, [{"id": "a", "title": "first"}, {"id": "a", "title": "second"}])
    assert [r["state"] for r in results] == ["created", "created"]
    assert empty.send("GET", "/v1/threads/a").json()["title"] == "second"


def test_a_batch_again_changes_nothing(world: World) -> None:
    results = _batch(world, [EXPORT, {**SECRET_BETA, "title": "New title"}])
    assert [r["state"] for r in results] == ["unchanged", "updated"]


def test_two_writers_at_once_lose_nothing(empty: World) -> None:
    def write(writer: int) -> list[str]:
        threads = [{"id": f"{writer}-{i}", "title": f"Thread {i} of {writer}"} for i in range(10)]
        states = [r["state"] for part in (threads[:5], threads[5:]) for r in _batch(empty, part)]
        states.append(_put(empty, "shared", {"title": f"By {writer}"}).json()["state"])
        return states

    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(write, range(4)))
    assert all(found[:-1] == ["created"] * 10 for found in states)
    assert {found[-1] for found in states} <= {"created", "updated"}
    with empty.database.read() as c:
        assert count_threads(c, empty.forum().id) == 41
    reply = empty.ask({"title": "Thread 3 of 2"})
    assert reply["index_version"].startswith(f"{empty.forum().revision}@")


def test_asking_while_threads_come_and_go_never_fails(world: World) -> None:
    def churn(turn: int) -> int:
        _put(world, "export", EXPORT)
        return int(world.send("DELETE", "/v1/threads/export").status_code)

    def ask(_: int) -> int:
        return len(world.ask(EXPORT_DRAFT)["suggestions"])

    with ThreadPoolExecutor(3) as pool:
        churned, asked = pool.map(churn, range(8)), pool.map(ask, range(16))
        assert set(churned) <= {204, 404}
        list(asked)
    assert shown(world.ask(EXPORT_DRAFT)) == []
