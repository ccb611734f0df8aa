"""Anybody is anybody in a demo: so there is no way into it but on its own machine."""

import re
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from starlette.testclient import TestClient

from tests.empty_store import put_store
from triage.api import create_app
from triage.api.errands.background import Background
from triage.api.matrix import DEMO, MATRIX
from triage.demo.cards import CARD_HOURS, Cards
from triage.demo.people import PEOPLE, person_called
from triage.errors import DemoElsewhere
from triage.records import Role
from triage.settings import Settings
from triage.store import (
    Database,
    disable_user,
    find_key,
    get_user,
    list_keys,
    list_users,
    set_user_role,
)
from triage.web import word

from .browsing import shown
from .conftest import Start, World, filled, keyed, settings_in
from .demo import FROM_A_PAGE, HERE, DemoBrowser, demo_browser
from .test_access import routes_of

STAFF = [person for person in PEOPLE if person.role is not None]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[World]:
    """One demo for all who only come and go."""
    changed = {"demo": True, "forum": "bikes", "rate_address": ""}
    ours = settings_in(tmp_path_factory.mktemp("demo")).model_copy(update=changed)
    put_store(ours.data_dir / "triage.db", filled(migrated))
    database = Database(ours.store_url)
    app = create_app(ours)
    with mock.patch.object(Background, "start"), TestClient(app):
        yield World(TestClient(app), database, ours, dict(keyed(migrated)[1]))
    database.close()


@pytest.fixture
def later(demo: World) -> Iterator[Callable[..., World]]:
    """Start another server on the store of that demo."""
    with ExitStack() as stack:

        def started(**changed: object) -> World:
            app = create_app(demo.settings.model_copy(update=changed))
            with mock.patch.object(Background, "start"):
                client = stack.enter_context(TestClient(app))
            return World(client, demo.database, demo.settings, demo.keys)

        yield started


def is_here(browser: DemoBrowser, name: str | None) -> bool:
    """Say whether pages take a browser for this person, or for nobody."""
    said = word("demo.you_look", "en") if name is None else word("demo.you_are", "en", name=name)
    return said in shown(browser.get("/tour"))


# Where there is a demo at all.


def test_without_the_setting_there_is_no_address_of_a_demo(world: World) -> None:
    assert routes_of(world.client.app) == set(MATRIX)  # type: ignore[arg-type]
    for method, path in DEMO:
        response = world.client.request(
            method, path.replace("{thread_id:path}", "export"), headers=FROM_A_PAGE
        )
        assert response.status_code == 404, path
        assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "changed",
    [
        *({"host": host} for host in ("0.0.0.0", "::", "", "192.168.1.7", "forum.example")),
        *(
            {"host": host}
            for host in ("127.0.0.1.example.com", "localhost.example", "::ffff:1.2.3.4")
        ),
        {"public_url": "https://forum.example.com"},
        {"public_url": "http://192.168.1.7:8000"},
        {"trusted_proxies": "127.0.0.1"},
    ],
)
def test_a_demo_that_others_could_reach_is_refused(
    settings: Settings, changed: dict[str, str]
) -> None:
    create_app(settings.model_copy(update=changed))
    with pytest.raises(DemoElsewhere, match="this machine alone"):
        create_app(settings.model_copy(update={"demo": True, **changed}))


@pytest.mark.parametrize(
    "changed",
    [
        *({"host": host} for host in ("127.0.0.1", "127.0.0.9", "::1", "localhost")),
        {"public_url": "http://localhost:8000"},
    ],
)
def test_a_demo_on_this_machine_is_made(settings: Settings, changed: dict[str, str]) -> None:
    create_app(settings.model_copy(update={"demo": True, **changed}))


# Whose requests it takes.


@pytest.mark.parametrize("path", ["/tour", "/demo/be", "/health", "/v1/my"])
@pytest.mark.parametrize(
    ("base", "address"),
    [
        (HERE, "192.168.1.20"),
        (HERE, "203.0.113.9"),
        (HERE, "fe80::1"),
        (HERE, "testclient"),
        ("http://evil.example:8000", "127.0.0.1"),
        ("http://127.0.0.1.evil.example", "127.0.0.1"),
        ("http://localhost.evil.example", "127.0.0.1"),
        ("http://localhost:99999", "127.0.0.1"),
        ("http://192.168.1.7:8000", "127.0.0.1"),
        ("http://0.0.0.0:8000", "127.0.0.1"),
    ],
)
def test_only_browsers_on_this_machine_reach_it(
    demo: World, path: str, base: str, address: str
) -> None:
    browser = demo_browser(demo, base, (address, 50_000))
    headers = {"Origin": base, "Sec-Fetch-Site": "same-origin"}
    sent = browser.send(path, headers, who="lead")
    for response in (browser.get(path), sent):
        assert (response.status_code, response.json()["code"]) == (403, "demo_elsewhere")
        assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "header",
    [
        *("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
        *("X-Real-IP", "X-Original-Host", "CF-Connecting-IP", "True-Client-IP"),
        *("X-Forwarded", "X-Cluster-Client-IP", "X-Azure-ClientIP"),
    ],
)
def test_no_proxy_brings_anybody(demo: World, header: str) -> None:
    browser = demo_browser(demo)
    response = browser.send("/demo/be", {**FROM_A_PAGE, header: "127.0.0.1"}, who="lead")
    assert (response.status_code, response.json()["code"]) == (403, "demo_elsewhere")
    assert is_here(browser, None)


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("http://localhost:8000", "127.0.0.1"),
        ("http://127.0.0.1", "127.0.0.1"),
        ("http://[::1]:8000", "::1"),
    ],
)
def test_every_name_of_this_machine_will_do(demo: World, base: str, address: str) -> None:
    browser = demo_browser(demo, base, (address, 50_000))
    headers = {"Origin": base, "Sec-Fetch-Site": "same-origin"}
    assert browser.send("/demo/be", headers, who="claire").status_code == 303
    assert is_here(browser, "Claire Rowan")


@pytest.mark.parametrize("path", ["/demo/be", "/demo/leave", "/my/x", "/ask"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Origin": "http://localhost:8000"},
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": HERE, "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_no_other_site_makes_anybody_somebody(
    demo: World, path: str, headers: dict[str, str]
) -> None:
    browser = demo_browser(demo)
    browser.be("claire")
    response = browser.send(path, headers, who="lead", state="closed")
    assert response.status_code == 403
    assert word("problem.forged_title", "en") in shown(response)
    assert "set-cookie" not in response.headers
    assert is_here(browser, "Claire Rowan")


# Being somebody.


@pytest.mark.parametrize("user", [person.user for person in PEOPLE])
def test_anybody_can_be_everybody_and_nobody_again(demo: World, user: str) -> None:
    person = person_called(user)
    assert person is not None
    browser = demo_browser(demo)
    assert is_here(browser, None)
    response = browser.be(user, next="/my")
    assert (response.status_code, response.headers["location"]) == (303, "/my")
    for cookie in response.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    assert is_here(browser, person.name)
    assert browser.is_in is (person in STAFF)
    browser.send("/demo/leave")
    assert is_here(browser, None)
    assert not browser.is_in


def test_nobody_is_whom_there_is_not(demo: World) -> None:
    browser = demo_browser(demo)
    assert browser.be("admin").status_code == 422
    assert browser.send("/demo/be").status_code == 422
    assert is_here(browser, None)


def test_whoever_becomes_a_customer_is_staff_no_longer(demo: World) -> None:
    browser = demo_browser(demo)
    browser.be("lead")
    session = browser.client.cookies["triage"]
    browser.be("claire")
    assert not browser.is_in
    browser.client.cookies.set("triage", session)
    assert not browser.is_in


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", ""]
)
def test_it_goes_on_to_no_other_site(demo: World, wanted: str) -> None:
    assert demo_browser(demo).be("claire", next=wanted).headers["location"] == "/"


def test_a_card_that_was_altered_is_nobodys(demo: World) -> None:
    browser = demo_browser(demo)
    browser.be("claire")
    card = browser.client.cookies["triage-demo"]
    for wrong in (card.replace("claire", "lead"), card[:-1], "claire", "", "a.b.c", "..", "\xe9"):
        other = demo_browser(demo)
        response = other.client.get("/tour", headers={b"Cookie": f"triage-demo={wrong}".encode()})
        assert word("demo.you_look", "en") in shown(response), wrong


def test_a_card_ends() -> None:
    cards, at = Cards(), datetime(2026, 3, 1, tzinfo=UTC)
    claire = person_called("claire")
    assert claire is not None
    card = cards.card(claire, at)
    assert cards.whose(card, at + timedelta(hours=CARD_HOURS - 1)) == claire
    assert cards.whose(card, at + timedelta(hours=CARD_HOURS)) is None
    assert Cards().whose(card, at) is None
    assert cards.whose(card.replace("claire", "nobody"), at) is None


def test_a_card_alone_makes_nobody_staff(demo: World) -> None:
    browser = demo_browser(demo)
    browser.be("lead")
    other = demo_browser(demo)
    other.client.cookies.set("triage-demo", browser.client.cookies["triage-demo"])
    assert is_here(other, None)


# What is left when the demo is over.


@pytest.mark.parametrize("who", [person.user for person in STAFF])
def test_what_a_demo_let_in_nothing_else_does(
    demo: World, later: Callable[..., World], who: str
) -> None:
    browser = demo_browser(demo)
    browser.be(who)
    assert browser.is_in
    for ended in (later(), later(demo=False)):
        other = demo_browser(ended)
        for cookie, value in browser.client.cookies.items():
            other.client.cookies.set(cookie, value)
        if other.get("/tour").status_code == 404:
            assert not other.is_in
            assert other.get("/v1/reports").status_code == 401
        else:
            # The session is in the store and holds in any demo; who somebody is does not.
            assert other.is_in
            assert is_here(other, None)


def test_staff_of_a_demo_cannot_set_a_password(demo: World) -> None:
    browser = demo_browser(demo)
    browser.be("lead")
    page = browser.get("/account")
    assert word("account.demo_only", "en") in shown(page)
    assert word("means.demo", "en") in shown(page)
    new = "kettle orbit velvet nine"
    form = {"new": new, "again": new, "forgery_token": browser.forgery_token()}
    assert browser.send("/account/password", **form).status_code == 422
    with demo.database.read() as c:
        kept = {user.email: user for user in list_users(c, demo.forum().id)}
    assert [kept[str(p.email)].has_password for p in STAFF if p.user == "lead"] == [False]


@pytest.mark.parametrize("how", ["admin", "out"])
def test_a_demo_opens_no_more_than_it_says(world: World, start: Start, how: str) -> None:
    demo = start(demo=True, forum="bikes")
    demo_browser(demo).be("lead")
    with demo.database.write() as c:
        forum_id = demo.forum().id
        user = get_user(c, forum_id, "lead@kvistor.example")
        if how == "admin":
            set_user_role(c, forum_id, user.id, Role.ADMIN)
        else:
            disable_user(c, forum_id, user.id, datetime.now(UTC))
    other = demo_browser(demo)
    assert other.be("lead").status_code == 403
    assert not other.is_in


def test_the_roles_are_those_that_they_are_called(demo: World) -> None:
    for person in STAFF:
        demo_browser(demo).be(person.user)
        with demo.database.read() as c:
            user = get_user(c, demo.forum().id, str(person.email))
        assert user.role is person.role
    assert {person.role for person in STAFF} == {Role.LEAD, Role.ANALYST}


# The key and the tokens of its pages.


def test_the_key_of_its_pages_is_made_once_and_kept_to_oneself(demo: World) -> None:
    for who in ("claire", "sanna", "claire"):
        browser = demo_browser(demo)
        browser.be(who)
        assert browser.get("/ask").status_code == 200
    path = demo.settings.data_dir / "demo-page-8000.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with demo.database.read() as c:
        made = [row for row in list_keys(c, demo.forum().id) if row.name == "demo page"]
        key = find_key(c, path.read_text().strip(), datetime.now(UTC))
    assert [row.publishable for row in made] == [True]
    assert key is not None
    assert (key.role, key.test) == (Role.FRONTEND, False)
    assert key.origins == {f"http://{h}:8000" for h in ("127.0.0.1", "localhost", "[::1]")}


@pytest.mark.parametrize(
    ("host", "origin"),
    [("localhost:9000", "http://localhost:9000"), ("127.0.0.1", "http://127.0.0.1")],
)
def test_the_key_is_for_the_port_that_the_browser_knows(
    host: str, origin: str, demo: World
) -> None:
    page = demo_browser(demo).get("/ask", Host=host)
    found = re.search(r'<triage-suggest[^>]* key="(pk_[^"]+)"', page.text)
    assert found is not None
    asked, headers = {"title": "How?"}, {"Host": host, "Authorization": f"Bearer {found[1]}"}
    for site, status in ((origin, 200), ("http://127.0.0.1:8000", 403)):
        response = demo_browser(demo).client.post(
            "/v1/triage", json=asked, headers={**headers, "Origin": site}
        )
        assert response.status_code == status, response.text


def test_a_token_of_the_demo_holds_there_alone(demo: World, later: Callable[..., World]) -> None:
    cards = demo.client.app.state.installation.demo  # type: ignore[attr-defined]
    sanna = person_called("sanna")
    token = cards.visitor_token(sanna, "bikes", datetime.now(UTC), timedelta(minutes=15))
    path = demo.settings.data_dir / "demo-page-8000.key"
    demo_browser(demo).get("/ask")
    headers = {"Authorization": f"Bearer {path.read_text().strip()}", "Triage-Visitor": token}
    assert demo_browser(demo).get("/v1/my", **headers).status_code == 200
    for ended in (later(), later(demo=False)):
        response = demo_browser(ended).get("/v1/my", **headers)
        assert (response.status_code, response.json()["code"]) == (401, "bad_visitor")


def test_staff_have_no_token_of_a_visitor(demo: World) -> None:
    cards = demo.client.app.state.installation.demo  # type: ignore[attr-defined]
    for person in STAFF:
        assert cards.visitor_token(person, "bikes", datetime.now(UTC), timedelta(hours=1)) is None


def test_nobody_of_a_demo_is_in_the_holdout(demo: World) -> None:
    assert demo.send("GET", "/v1/holdout").status_code == 403
    browser = demo_browser(demo)
    headers = {"Authorization": f"Bearer {demo.keys['admin']}"}
    assert browser.get("/v1/holdout", **headers).json()["share"] == 0.0
    assert demo.settings.holdout > 0
