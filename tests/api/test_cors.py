"""Pages call from the sites that a publishable key names, and from no others."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from triage.api import cors
from triage.api.access import MATRIX
from triage.records import Role
from triage.store import Database, create_key, revoke_key

from .conftest import World
from .samples import EXPORT_DRAFT

HOME = "https://forum.example"
BOATS = "https://boats.example"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cors, "_FRESH_SECONDS", 0.0)


@pytest.fixture
def page_key(store: Database, world: World) -> str:
    """A publishable key of `bikes` for one site; `boats` has one for another."""
    now = datetime.now(UTC)
    made = []
    with store.write() as c:
        for forum, origin in (("bikes", HOME), ("boats", BOATS)):
            secret, _ = create_key(
                c,
                world.forum(forum).id,
                name="page",
                role=Role.FRONTEND,
                publishable=True,
                test=False,
                at=now,
                origins=[origin],
            )
            made.append(secret)
    return made[0]


def ask(world: World, key: str, origin: str | None) -> httpx2.Response:
    headers = {"Origin": origin} if origin is not None else {}
    return world.send("POST", "/v1/triage", key, json=EXPORT_DRAFT, headers=headers)


def preflight(world: World, path: str, origin: str, method: str = "POST") -> httpx2.Response:
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    return world.send("OPTIONS", path, None, headers=headers)


@pytest.mark.parametrize("path", ["/v1/triage", "/v1/events"])
@pytest.mark.parametrize("origin", [HOME, BOATS])
def test_a_named_site_may_ask_beforehand(
    world: World, page_key: str, path: str, origin: str
) -> None:
    response = preflight(world, path, origin)
    assert (response.status_code, response.content) == (204, b"")
    headers = response.headers
    assert headers["access-control-allow-origin"] == origin
    assert headers["access-control-allow-methods"] == "POST"
    for name in (
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "Triage-Visitor",
        "Triage-Session",
    ):
        assert name in headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in headers
    assert "Origin" in headers["vary"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://forum.example",
        f"{HOME}.evil.example",
        f"{HOME}:8443",
    ],
)
def test_any_other_site_is_refused(world: World, page_key: str, origin: str) -> None:
    for response in (preflight(world, "/v1/triage", origin), ask(world, page_key, origin)):
        assert (response.status_code, response.json()["code"]) == (403, "wrong_origin")
        assert not [name for name in response.headers if name.startswith("access-control")]
        assert origin not in response.text


def test_a_page_reads_its_replies_and_its_problems(world: World, page_key: str) -> None:
    good = ask(world, page_key, HOME)
    bad = world.send("POST", "/v1/triage", page_key, content=b"{", headers={"Origin": HOME})
    assert (good.status_code, bad.status_code) == (200, 400)
    for response in (good, bad):
        assert response.headers["access-control-allow-origin"] == HOME
        assert "Retry-After" in response.headers["access-control-expose-headers"]
        assert "Origin" in response.headers["vary"]


def test_a_key_is_for_its_own_sites_alone(world: World, page_key: str) -> None:
    response = ask(world, page_key, BOATS)
    assert (response.status_code, response.json()["code"]) == (403, "wrong_origin")
    # It may be read, since the site is one of another key: nothing else was learnt.
    assert response.headers["access-control-allow-origin"] == BOATS


def test_a_publishable_key_without_sites_is_for_no_browser(world: World, page_key: str) -> None:
    assert ask(world, "publishable", HOME).json()["code"] == "wrong_origin"
    assert ask(world, "publishable", None).status_code == 200


def test_what_is_no_browser_names_no_site(world: World, page_key: str) -> None:
    response = ask(world, page_key, None)
    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers


def test_a_page_reads_nothing_that_a_secret_key_was_told(world: World, page_key: str) -> None:
    response = ask(world, "frontend", HOME)
    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers


def test_only_what_a_publishable_key_reaches_is_for_pages(world: World, page_key: str) -> None:
    for (method, path), access in MATRIX.items():
        if access is not None and access.publishable:
            continue
        response = preflight(world, path.replace("{thread_id:path}", "export"), HOME, method)
        allowed = response.headers.get("access-control-allow-methods", "").split(", ")
        assert method not in allowed, path
        assert response.status_code in ((204,) if allowed != [""] else (404, 405)), path


def test_a_revoked_key_takes_its_sites_along(world: World, page_key: str, store: Database) -> None:
    with store.write() as c:
        revoke_key(c, world.forum().id, page_key[:10], datetime.now(UTC))
    assert preflight(world, "/v1/triage", HOME).status_code == 403
    assert preflight(world, "/v1/triage", BOATS).status_code == 204


def test_sites_of_a_new_key_are_known_within_seconds(
    world: World, store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cors, "_FRESH_SECONDS", 60.0)
    assert preflight(world, "/v1/triage", HOME).status_code == 403
    with store.write() as c:
        create_key(
            c,
            world.forum().id,
            name="",
            role=Role.FRONTEND,
            publishable=True,
            test=False,
            at=datetime.now(UTC),
            expires_at=datetime.now(UTC) + timedelta(days=1),
            origins=[HOME],
        )
    assert preflight(world, "/v1/triage", HOME).status_code == 403
    monkeypatch.setattr(cors, "_FRESH_SECONDS", 0.0)
    assert preflight(world, "/v1/triage", HOME).status_code == 204
