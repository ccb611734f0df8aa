from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.empty_store import put_store
from triage.api import create_app
from triage.api.access import MATRIX, PUBLIC, Access, check_access
from triage.api.errands.background import Background
from triage.api.matrix import DEMO
from triage.errors import WrongRole
from triage.records import ApiKey, Forum, JobKind, Role, WebUser
from triage.settings import Settings
from triage.store import (
    Database,
    cancel_job,
    create_key,
    find_key,
    get_forum,
    list_keys,
    revoke_key,
    rotate_key,
)

from .conftest import KEYS, World, filled, keyed, settings_in

PRIVATE = [row for row, access in MATRIX.items() if access is not PUBLIC and access.keys]
PAGES = [row for row, access in MATRIX.items() if access is not PUBLIC and not access.keys]


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    found = set()
    for route in app.routes:
        methods, path = getattr(route, "methods", None), getattr(route, "path", None)
        assert methods, f"{route!r} has no methods: it cannot be held against the table"
        found |= {(method, str(path)) for method in methods}
    return found


def test_every_route_has_its_row_and_every_row_its_route(settings: Settings) -> None:
    assert routes_of(create_app(settings)) == set(MATRIX)


def test_a_demo_has_its_pages_besides_and_no_others(settings: Settings) -> None:
    assert routes_of(create_app(settings.model_copy(update={"demo": True}))) == set(MATRIX) | DEMO


@pytest.fixture(scope="module")
def everybodys(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[World]:
    """One server for all calls that are only to be let in or not: nothing of it changes a key."""
    # How often somebody may call is not what is asked here.
    unlimited = {"rate_address": "", "rate_key": "", "rate_session": ""}
    ours = settings_in(tmp_path_factory.mktemp("access")).model_copy(update=unlimited)
    put_store(ours.data_dir / "triage.db", filled(migrated))
    database = Database(ours.store_url)
    # A process beside the server would train on next to nothing.
    app = create_app(ours)
    with (
        mock.patch.object(Background, "start"),
        TestClient(app, follow_redirects=False) as client,
    ):
        yield World(client, database, ours, dict(keyed(migrated)[1]))
    database.close()


@pytest.fixture
def shared(everybodys: World) -> World:
    """That server, with no run under way: nobody trains here, and who follows one would wait."""
    with everybodys.database.write() as c:
        for name in ("bikes", "boats"):
            cancel_job(c, get_forum(c, name).id, JobKind.TRAIN, datetime.now(UTC))
    everybodys.client.cookies.clear()
    return everybodys


def _call(world: World, row: tuple[str, str], key: str | None) -> tuple[int, str | None]:
    method, path = row
    response = world.send(method, path.replace("{thread_id:path}", "unknown"), key, json={})
    is_problem = response.headers.get("content-type") == "application/problem+json"
    return response.status_code, response.json()["code"] if is_problem else None


@pytest.mark.parametrize("row", PRIVATE, ids=" ".join)
def test_without_a_key_nothing_private_is_reached(shared: World, row: tuple[str, str]) -> None:
    assert _call(shared, row, None) == (401, "no_key")


@pytest.mark.parametrize("row", PRIVATE, ids=" ".join)
@pytest.mark.parametrize("secret", ["sk_unknown", "x", "ÅÄÖ"])
def test_an_unknown_key_reaches_nothing(shared: World, row: tuple[str, str], secret: str) -> None:
    assert _call(shared, row, secret) == (401, "unknown_key")


@pytest.mark.parametrize("row", PRIVATE, ids=" ".join)
@pytest.mark.parametrize("key", KEYS)
def test_a_key_reaches_what_the_table_says(shared: World, row: tuple[str, str], key: str) -> None:
    access = MATRIX[row]
    assert access is not None
    with shared.database.read() as c:
        found = find_key(c, shared.keys[key], datetime.now(UTC))
    assert found is not None
    allowed = access.lets(found)
    status, code = _call(shared, row, key)
    assert (code == "wrong_role") is not allowed
    assert (status == 403) is not allowed


@pytest.mark.parametrize("row", PAGES, ids=" ".join)
@pytest.mark.parametrize("key", [None, "admin"])
def test_no_key_opens_a_page_of_staff(shared: World, row: tuple[str, str], key: str | None) -> None:
    method, path = row
    headers = {"Origin": "http://testserver"}
    response = shared.send(method, path, key, headers=headers)
    assert response.status_code == 303
    assert response.headers["location"].startswith("/sign-in?next=%2F")


FORUM = Forum(1, "bikes", 0, None)
KINDS: dict[str, ApiKey | WebUser] = {
    "secret": ApiKey(1, FORUM, "sk_1", Role.LEAD, False, False, ""),
    "publishable": ApiKey(2, FORUM, "pk_1", Role.LEAD, True, False, ""),
    "page": WebUser("u", FORUM, "lead@bikes.example", "Lead", Role.LEAD),
}


@pytest.mark.parametrize(
    ("access", "through"),
    [
        (Access((Role.LEAD,)), {"secret", "page"}),
        (Access((Role.LEAD,), pages=False), {"secret"}),
        (Access((Role.LEAD,), keys=False), {"page"}),
        (Access((Role.LEAD,), publishable=True), {"secret", "publishable", "page"}),
        (Access((Role.LEAD,), publishable=True, keys=False), {"page"}),
        (Access((Role.ADMIN, Role.ANALYST), publishable=True), set()),
    ],
)
def test_a_row_says_through_which_doors_one_comes(access: Access, through: set[str]) -> None:
    for kind, by in KINDS.items():
        assert access.lets(by) is (kind in through)
        if kind not in through:
            with pytest.raises(WrongRole):
                check_access(by, access)


def test_a_publishable_key_reaches_what_whoever_asks_needs_and_nothing_else() -> None:
    reached = {" ".join(row) for row in PRIVATE if MATRIX[row].publishable}
    assert reached == {
        "POST /v1/triage",
        "POST /v1/events",
        "POST /v1/events/beacon",
        "POST /v1/questions",
        "GET /v1/questions",
        "GET /v1/questions/{question_id}",
        "POST /v1/questions/{question_id}/changes",
        "POST /v1/questions/{question_id}/not-mine",
        "GET /v1/my",
        "GET /v1/known-issues",
        "GET /v1/known-issues/{issue_id}",
        "GET /v1/notifications",
        "POST /v1/notifications/read",
        "GET /v1/notifications/settings",
        "PUT /v1/notifications/settings",
        "POST /v1/answers/votes",
        "GET /v1/profile",
        "PUT /v1/profile",
        "GET /v1/profiles/{profile_id}",
        "POST /v1/follow-ups/due",
        "POST /v1/follow-ups/{follow_up_id}/reply",
        "POST /v1/follow-ups/opt-out",
    }


def test_an_expired_key_is_unknown(world: World) -> None:
    now = datetime.now(UTC)
    with world.database.write() as c:
        made = {"name": "x", "role": Role.LEAD, "publishable": False, "test": False, "at": now}
        forum_id = world.forum().id
        old, _ = create_key(c, forum_id, **made, expires_at=now - timedelta(seconds=1))
        new, _ = create_key(c, forum_id, **made, expires_at=now + timedelta(hours=1))
    row = ("GET", "/v1/threads/{thread_id:path}")
    assert _call(world, row, old) == (401, "unknown_key")
    assert _call(world, row, new) == (404, "no_thread")


def test_what_a_key_asked_the_one_after_it_may_tell_of(world: World) -> None:
    old = world.keys["frontend"]
    reply = world.ask({"title": "Quantum ledger preview", "session": "s"}, old)
    with world.database.write() as c:
        new, _ = rotate_key(c, world.forum().id, old[:10], at=datetime.now(UTC), grace=timedelta(0))
    assert _call(world, ("POST", "/v1/events"), old) == (401, "unknown_key")
    event = {
        "event_id": "e1",
        "type": "posted",
        "triage_id": reply["triage_id"],
        "ask_id": reply["ask_id"],
        "occurred_at": datetime.now(UTC).isoformat(),
    }
    told = world.send("POST", "/v1/events", new, json={"events": [event]}).json()
    assert [r["state"] for r in told["results"]] == ["accepted"]
    assert world.ask({"title": "Another", "session": "s"}, new)["ask_id"] != reply["ask_id"]


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
