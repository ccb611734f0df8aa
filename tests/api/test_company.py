"""Sign-in by a company's own issuer, against one that really runs and holds us to the protocol."""

import logging
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import ECKey, OctKey

from triage.api.rates import Rate
from triage.store import disable_user, get_user, iter_acts

from .browsing import EVA, Browser, add, browser, shown
from .conftest import Start, World
from .issuer import CLIENT, SECRET, Issuer, running_issuer


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running_issuer() as running:
        yield running


@pytest.fixture
def world(start: Start, issuer: Issuer) -> World:
    return start(
        oidc_issuer=issuer.address,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name="Example AB",
    )


@pytest.fixture
def page(world: World) -> Browser:
    return browser(world)


def leave(page: Browser, forum: str = "bikes") -> httpx2.Response:
    return page.get(f"/sign-in/company?forum={forum}&next=/trust")


def visit(address: str) -> str:
    """Be sent to the issuer, and return where it sends the browser back to."""
    back = httpx2.get(address, follow_redirects=False).headers["location"]
    return back.removeprefix("http://testserver")


def travel(page: Browser, forum: str = "bikes") -> httpx2.Response:
    return page.get(visit(leave(page, forum).headers["location"]))


def test_somebody_whom_the_forum_knows_is_signed_in(
    world: World, page: Browser, issuer: Issuer
) -> None:
    add(world)
    assert "Sign in with Example AB" in shown(page.get("/sign-in?forum=bikes"))
    response = travel(page)
    assert (response.status_code, response.headers["location"]) == (303, "/trust")
    assert page.is_in
    assert "Company sign-in" in shown(page.get("/account"))
    (asked,) = issuer.asked
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert "openid" in asked["scope"].split()
    assert asked["redirect_uri"] == "http://testserver/sign-in/company/return"
    with world.database.read() as c:
        acts = [row.act.act for row in iter_acts(c, world.forum().id)]
        assert get_user(c, world.forum().id, EVA).by_company
    assert acts == ["user.bind", "session.open"]


def test_from_then_on_the_subject_counts_and_not_the_address(
    world: World, page: Browser, issuer: Issuer
) -> None:
    add(world)
    travel(page)
    issuer.person = {"sub": "7f3a", "email": "eva.new-name@example.com", "email_verified": True}
    again = browser(world)
    travel(again)
    assert again.is_in
    # The address was given to somebody else since.
    issuer.person = {"sub": "9c1d", "email": EVA, "email_verified": True}
    other = browser(world)
    assert travel(other).status_code == 403
    assert not other.is_in


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "1", "email": "nobody@example.com", "email_verified": True},
        {"sub": "1", "email": EVA, "email_verified": False},
        {"sub": "1", "email": EVA, "email_verified": "true"},
        {"sub": "1", "email": EVA},
        {"sub": "1"},
    ],
)
def test_whom_the_forum_does_not_know_is_told_so(
    world: World, page: Browser, issuer: Issuer, person: dict[str, object]
) -> None:
    add(world)
    issuer.person = person
    response = travel(page)
    assert response.status_code == 403
    assert "Example AB knows you, but this forum does not" in shown(response)
    assert not page.is_in


def test_an_account_is_of_one_forum(world: World, page: Browser) -> None:
    add(world)
    assert travel(page, "boats").status_code == 403
    assert travel(page, "nowhere").status_code == 403
    assert not page.is_in


def test_whoever_is_shut_out_stays_out(world: World, page: Browser) -> None:
    from datetime import UTC, datetime

    user_id = add(world)
    travel(page)
    with world.database.write() as c:
        disable_user(c, world.forum().id, user_id, datetime.now(UTC))
    assert not page.is_in
    assert travel(page).status_code == 403


NOW = int(time.time())
BAD_CLAIMS = {
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "another-client"},
    "several audiences, ours not the party": {"aud": [CLIENT, "x"], "azp": "x"},
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "expired": {"exp": NOW - 3600, "iat": NOW - 7200},
    "from the future": {"iat": NOW + 3600},
    "not yet valid": {"nbf": NOW + 3600},
}


@pytest.mark.parametrize("claims", BAD_CLAIMS.values(), ids=BAD_CLAIMS)
def test_a_token_that_was_not_made_for_this_trip_is_refused(
    world: World, page: Browser, issuer: Issuer, claims: dict[str, object]
) -> None:
    add(world)
    issuer.claims = claims
    response = travel(page)
    assert response.status_code == 502
    assert "Signing in with Example AB did not work" in shown(response)
    assert not page.is_in


def test_a_token_that_the_issuer_did_not_sign_is_refused(
    world: World, page: Browser, issuer: Issuer
) -> None:
    add(world)
    issuer.signs_with = ECKey.generate_key("P-256", {"kid": "1"})
    assert travel(page).status_code == 502
    # A secret that both sides know is no signature of the issuer's.
    issuer.signs_with = OctKey.import_key(SECRET.encode().ljust(32))
    issuer.algorithm = "HS256"
    assert travel(page).status_code == 502
    assert not page.is_in


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://token.example.com/"},
        {"jwks_uri": None},
    ],
)
def test_an_issuer_that_speaks_for_another_or_in_the_open_is_refused(
    page: Browser, issuer: Issuer, discovery: dict[str, object]
) -> None:
    issuer.discovery = discovery
    assert leave(page).status_code == 502


def test_an_issuer_that_is_not_there_is_said_to_be_so(start: Start) -> None:
    world = start(oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT, oidc_name="Example AB")
    response = leave(browser(world))
    assert response.status_code == 502
    assert "Signing in with Example AB did not work" in shown(response)


def test_only_the_browser_that_set_out_comes_back(world: World, page: Browser) -> None:
    add(world)
    address = visit(leave(page).headers["location"])
    other = browser(world)
    assert other.get(address).status_code == 502
    leave(other)
    # Another trip's state does not fit, even with a cookie.
    assert other.get(address).status_code == 502
    assert not other.is_in
    assert page.get(address).status_code == 303


def test_a_code_works_once(world: World, page: Browser) -> None:
    add(world)
    address = visit(leave(page).headers["location"])
    waiting = page.client.cookies["triage-company"]
    assert page.get(address).status_code == 303
    assert "triage-company" not in page.client.cookies
    again = browser(world)
    again.client.cookies.set("triage-company", waiting)
    assert again.get(address).status_code == 502
    assert not again.is_in


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=x", "?error=access_denied"])
def test_coming_back_without_having_left_signs_nobody_in(page: Browser, query: str) -> None:
    assert page.get(f"/sign-in/company/return{query}").status_code == 502


def test_the_issuer_is_not_asked_again_and_again_for_one_address(
    world: World, page: Browser, issuer: Issuer
) -> None:
    add(world)
    address = visit(leave(page).headers["location"])
    installation = world.client.app.state.installation  # type: ignore[attr-defined]
    for _ in range(59):
        installation.rates.take(Rate.SIGN_IN_ADDRESS, "testclient")
    response = page.get(address)
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) > 0
    assert not page.is_in


def test_another_issuers_answer_is_refused(world: World, page: Browser) -> None:
    add(world)
    address = visit(leave(page).headers["location"])
    parts = parse_qs(urlsplit(address).query)
    mixed = f"?code={parts['code'][0]}&state={parts['state'][0]}&iss=https://evil.example"
    assert page.get(f"/sign-in/company/return{mixed}").status_code == 502


def test_a_cookie_that_was_altered_is_none(page: Browser) -> None:
    leave(page)
    kept = page.client.cookies["triage-company"]
    other = browser_with(page, kept[:-6] + "AAAAAA")
    assert other.get("/sign-in/company/return?state=x&code=y").status_code == 502


def browser_with(page: Browser, cookie: str) -> Browser:
    from starlette.testclient import TestClient

    client = TestClient(page.client.app)
    client.cookies.set("triage-company", cookie)
    return Browser(client)


def test_without_an_issuer_there_is_no_such_page(empty: World) -> None:
    page = browser(empty)
    assert page.get("/sign-in/company?forum=bikes").status_code == 404
    assert page.get("/sign-in/company/return").status_code == 404
    assert "Example AB" not in page.get("/sign-in?forum=bikes").text


def test_the_log_says_which_step_failed_and_nothing_that_was_sent(
    world: World, page: Browser, issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="triage")
    add(world)
    issuer.claims = {"aud": "zanzibarquux"}
    travel(page)
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("triage"))
    assert "company sign-in refused step=token" in ours
    for secret in ("zanzibarquux", EVA, SECRET, page.client.cookies.get("triage-company") or EVA):
        assert secret not in ours
