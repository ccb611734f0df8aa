from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from triage.api import create_app
from triage.api.access import MATRIX, PUBLIC
from triage.settings import Settings
from triage.store import list_keys, revoke_key

from .conftest import KEYS, World

PRIVATE = [row for row, access in MATRIX.items() if access is not PUBLIC]


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    found = set()
    for route in app.routes:
        methods, path = getattr(route, "methods", None), getattr(route, "path", None)
        assert methods, f"{route!r} has no methods: it cannot be held against the table"
        found |= {(method, str(path)) for method in methods}
    return found


def test_every_route_has_its_row_and_every_row_its_route(settings: Settings) -> None:
    assert routes_of(create_app(settings)) == set(MATRIX)


def _call(world: World, row: tuple[str, str], key: str | None) -> tuple[int, str | None]:
    method, path = row
    response = world.send(method, path.replace("{thread_id:path}", "unknown"), key, json={})
    code = response.json().get("code") if response.content else None
    return response.status_code, code


@pytest.mark.parametrize("row", PRIVATE, ids=" ".join)
def test_without_a_key_nothing_private_is_reached(world: World, row: tuple[str, str]) -> None:
    assert _call(world, row, None) == (401, "no_key")


@pytest.mark.parametrize("row", PRIVATE, ids=" ".join)
@pytest.mark.parametrize("secret", ["sk_unknown", "x", "ÅÄÖ"])
def test_an_unknown_key_reaches_nothing(world: World, row: tuple[str, str], secret: str) -> None:
    assert _call(world, row, secret) == (401, "unknown_key")


@pytest.mark.parametrize("row", PRIVATE, ids=" ".join)
@pytest.mark.parametrize("key", KEYS)
def test_a_key_reaches_what_the_table_says(world: World, row: tuple[str, str], key: str) -> None:
    access = MATRIX[row]
    assert access is not None
    role, publishable = KEYS[key]
    allowed = role in access.roles and (access.publishable or not publishable)
    status, code = _call(world, row, key)
    assert (code == "wrong_role") is not allowed
    assert (status == 403) is not allowed


def test_the_table_is_the_one_that_was_agreed() -> None:
    asking = {"publishable", "frontend", "lead", "admin"}
    writing = {"lead", "admin"}
    agreed = {
        "/v1/triage": {"POST": asking},
        "/v1/triage/{triage_id}/explanation": {"GET": writing},
        "/v1/events": {"POST": asking},
        "/v1/threads/batch": {"POST": writing},
        "/v1/models": {"GET": writing},
        "/v1/models/{version}": {"GET": writing},
        "/v1/models/{version}/activate": {"POST": writing},
        "/v1/models/rollback": {"POST": writing},
        "/v1/training-runs": {"POST": writing},
        "/v1/training-runs/current": {"GET": writing},
        "/v1/training-runs/current/events": {"GET": writing},
        "/v1/training-runs/current/cancel": {"POST": writing},
        "/v1/threads/{thread_id:path}": {
            "GET": {"frontend", "lead", "analyst", "admin"},
            "PUT": writing,
            "DELETE": writing,
        },
    }
    for method, path in PRIVATE:
        access = MATRIX[method, path]
        assert access is not None
        reached = {
            key
            for key, (role, publishable) in KEYS.items()
            if role in access.roles and (access.publishable or not publishable)
        }
        assert reached == agreed[path][method]


def test_a_revoked_key_is_unknown_at_once(world: World) -> None:
    forum = world.forum()
    with world.database.write() as c:
        assert revoke_key(c, forum.id, world.keys["lead"][:10], datetime.now(UTC))
    assert _call(world, ("GET", "/v1/threads/{thread_id:path}"), "lead") == (401, "unknown_key")


@pytest.mark.parametrize("header", ["Basic eDp5", "Bearer", "Bearer ", "sk_x"])
def test_another_scheme_is_no_key(world: World, header: str) -> None:
    response = world.client.post("/v1/triage", json={}, headers={"Authorization": header})
    assert (response.status_code, response.json()["code"]) == (401, "no_key")
    assert response.headers["www-authenticate"] == "Bearer"


def test_the_use_of_a_key_is_noted(world: World) -> None:
    with world.database.read() as c:
        used = {row.name: row.last_used_at for row in list_keys(c, world.forum().id)}
    assert used["admin"] is not None
    assert used["lead"] is None
