"""Staff sign in by a password or a link, and nobody learns who has an account."""

import logging
from datetime import timedelta

import pytest

from triage.crypto.passwords import hash_password
from triage.store import disable_user, enable_user, get_user, iter_acts, set_password

from .browsing import EVA, PASSWORD, Browser, add, browser, link_for, shown
from .conftest import Start, World

KEPT = hash_password(PASSWORD)


@pytest.fixture
def eva(empty: World) -> str:
    """A user with a password."""
    user_id = add(empty)
    with empty.database.write() as c:
        set_password(c, empty.forum().id, user_id, KEPT)
    return user_id


@pytest.fixture
def page(empty: World) -> Browser:
    return browser(empty)


@pytest.mark.usefixtures("eva")
def test_a_password_signs_in(empty: World, page: Browser) -> None:
    assert not page.is_in
    response = page.sign_in()
    assert (response.status_code, response.headers["location"]) == (303, "/account")
    assert page.is_in
    assert EVA in shown(page.get("/account"))
    with empty.database.read() as c:
        assert get_user(c, empty.forum().id, EVA).last_in_at is not None
        acts = [row.act for row in iter_acts(c, empty.forum().id)]
    assert [(a.act, a.actor.name, a.after) for a in acts] == [
        ("session.open", EVA, {"means": "password"})
    ]


@pytest.mark.usefixtures("eva")
def test_the_address_is_taken_in_capitals_and_with_spaces(page: Browser) -> None:
    page.sign_in(email="  Eva.Lind@EXAMPLE.com ", forum="Bikes ")
    assert page.is_in


@pytest.mark.usefixtures("eva")
@pytest.mark.parametrize(
    "tried",
    [
        {"password": "kettle orbit velvet ten"},
        {"password": ""},
        {"email": "nobody@example.com"},
        {"email": ""},
        {"forum": "boats"},
        {"forum": "nowhere"},
        {"forum": "../x"},
        {"password": "x" * 1000},
        {"email": "\x00"},
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(page: Browser, tried: dict[str, str]) -> None:
    response = page.sign_in(**tried)
    assert response.status_code == 403
    assert "That did not work. Check the forum" in shown(response)
    assert "set-cookie" not in response.headers
    assert not page.is_in


@pytest.mark.usefixtures("eva")
def test_who_did_not_get_in_is_noted_and_no_address_of_a_stranger(
    empty: World, page: Browser
) -> None:
    page.sign_in(password="kettle orbit velvet ten")
    page.sign_in(email="stranger@example.com")
    with empty.database.read() as c:
        acts = [row.act for row in iter_acts(c, empty.forum().id)]
    assert [(a.act, a.object, a.actor.name) for a in acts] == [
        ("session.refuse", EVA, "sign-in"),
        ("session.refuse", "unknown", "sign-in"),
    ]


def test_what_was_typed_is_kept_but_never_the_password(page: Browser) -> None:
    html = page.sign_in(email='"><script>x', password="zanzibarquux").text
    assert 'value="&#34;&gt;&lt;script&gt;x"' in html
    assert "zanzibarquux" not in html


def test_a_user_who_never_had_a_password_has_none(empty: World, page: Browser) -> None:
    add(empty)
    for password in ("", "None", PASSWORD):
        assert page.sign_in(password=password).status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    empty: World, page: Browser, eva: str
) -> None:
    cookie = page.sign_in().headers["set-cookie"]
    assert cookie.startswith("triage=")
    for flag in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=604800"):
        assert flag in cookie
    assert "Secure" not in cookie
    token = page.client.cookies["triage"]
    for file in empty.settings.data_dir.glob("triage.db*"):
        assert token.encode() not in file.read_bytes()


def test_over_https_the_cookie_is_secure_and_of_this_host_alone(start: Start) -> None:
    world = start(public_url="https://testserver")
    user_id = add(world)
    page = browser(world, "https://testserver")
    form, headers = {"token": link_for(world, user_id)}, {"Origin": "https://testserver"}
    response = page.post("/sign-in/link", form, headers)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-triage=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    account = page.get("/account")
    assert account.status_code == 200
    assert account.headers["strict-transport-security"] == "max-age=31536000"


def test_a_link_is_used_up_by_its_button_and_not_by_being_looked_at(
    empty: World, page: Browser
) -> None:
    token = link_for(empty, add(empty))
    for _ in range(2):
        looked = page.get(f"/sign-in/link?token={token}")
        assert looked.status_code == 200
        assert EVA in shown(looked)
    assert not page.is_in
    assert page.post("/sign-in/link", {"token": token}).status_code == 303
    assert page.is_in
    again = browser(empty)
    assert again.post("/sign-in/link", {"token": token}).status_code == 404
    assert "works no more" in shown(again.get(f"/sign-in/link?token={token}"))
    assert not again.is_in


def test_a_link_works_for_its_time_and_only_the_newest_does(empty: World, page: Browser) -> None:
    user_id = add(empty)
    old = link_for(empty, user_id, timedelta(seconds=-1))
    assert page.post("/sign-in/link", {"token": old}).status_code == 404
    first, second = link_for(empty, user_id), link_for(empty, user_id)
    assert page.post("/sign-in/link", {"token": first}).status_code == 404
    assert page.post("/sign-in/link", {"token": second}).status_code == 303


@pytest.mark.parametrize("token", ["", "x", "../..", "ÅÄÖ", "x" * 5000])
def test_no_other_token_is_a_link(page: Browser, token: str) -> None:
    assert page.get(f"/sign-in/link?token={token}").status_code == 404
    assert page.post("/sign-in/link", {"token": token}).status_code == 404


def test_whoever_is_shut_out_is_out_at_once_and_stays_out(
    empty: World, page: Browser, eva: str
) -> None:
    page.sign_in()
    link = link_for(empty, eva)
    from datetime import UTC, datetime

    with empty.database.write() as c:
        disable_user(c, empty.forum().id, eva, datetime.now(UTC))
    assert not page.is_in
    assert page.sign_in().status_code == 403
    assert page.post("/sign-in/link", {"token": link}).status_code == 404
    with empty.database.write() as c:
        enable_user(c, empty.forum().id, eva)
    assert not page.is_in
    assert page.sign_in().status_code == 303


@pytest.mark.usefixtures("eva")
def test_signing_out_ends_the_session_itself(empty: World, page: Browser) -> None:
    page.sign_in()
    token = page.client.cookies["triage"]
    response = page.change("/sign-out")
    assert response.headers["location"] == "/sign-in?forum=bikes&said=signed_out"
    assert "You are signed out." in shown(page.get(response.headers["location"]))
    thief = browser(empty)
    thief.client.cookies.set("triage", token)
    assert not thief.is_in


@pytest.mark.usefixtures("eva")
def test_signing_in_gives_another_token_and_ends_what_was_there(
    empty: World, page: Browser
) -> None:
    page.client.cookies.set("triage", "planted-by-somebody", domain="testserver.local", path="/")
    page.sign_in()
    first = page.client.cookies["triage"]
    assert first != "planted-by-somebody"
    page.sign_in()
    assert page.client.cookies["triage"] != first
    with empty.database.read() as c:
        acts = [row.act.act for row in iter_acts(c, empty.forum().id)]
    assert acts == ["session.open", "session.open", "session.end"]
    thief = browser(empty)
    thief.client.cookies.set("triage", first)
    assert not thief.is_in


@pytest.mark.usefixtures("eva")
def test_after_ten_guesses_an_account_is_closed_to_guesses_for_a_while(
    empty: World, page: Browser
) -> None:
    for _ in range(10):
        assert page.sign_in(password="wrong guess here").status_code == 403
    response = page.sign_in()
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) > 0
    assert "Too many attempts. Wait 15 min" in shown(response)
    # Whoever is guessed at still comes in by a link, and others by their passwords.
    with empty.database.read() as c:
        user = get_user(c, empty.forum().id, EVA)
    assert page.post("/sign-in/link", {"token": link_for(empty, user.id)}).status_code == 303


def test_an_address_that_nobody_has_is_closed_in_the_same_way(page: Browser) -> None:
    statuses = [page.sign_in(email="nobody@example.com").status_code for _ in range(11)]
    assert statuses == [403] * 10 + [429]


@pytest.mark.usefixtures("eva")
def test_a_password_that_fits_forgives_the_guesses_before_it(page: Browser) -> None:
    for _ in range(2):
        for _ in range(9):
            assert page.sign_in(password="wrong guess here").status_code == 403
        assert page.sign_in().status_code == 303


def test_one_address_may_not_guess_at_many_accounts(page: Browser) -> None:
    statuses = {page.post("/sign-in/link", {"token": f"guess-{n}"}).status_code for n in range(60)}
    assert statuses == {404}
    assert page.post("/sign-in/link", {"token": "guess-60"}).status_code == 429


@pytest.mark.usefixtures("eva")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_no_other_site_signs_a_browser_in(page: Browser, headers: dict[str, str]) -> None:
    form = {"forum": "bikes", "email": EVA, "password": PASSWORD}
    response = page.post("/sign-in", form, headers)
    assert response.status_code == 403
    assert "That was not saved" in shown(response)
    assert not page.is_in


@pytest.mark.usefixtures("eva")
@pytest.mark.parametrize(
    ("wanted", "went"),
    [
        ("/trust", "/trust"),
        ("/account?said=saved", "/account?said=saved"),
        ("https://evil.example", "/account"),
        ("//evil.example", "/account"),
        ("/\\evil.example", "/account"),
        ("/\t/evil.example", "/account"),
        ("javascript:alert(1)", "/account"),
        ("", "/account"),
    ],
)
def test_after_signing_in_one_lands_on_a_page_of_ours(
    page: Browser, wanted: str, went: str
) -> None:
    form = {"forum": "bikes", "email": EVA, "password": PASSWORD, "next": wanted}
    assert page.post("/sign-in", form).headers["location"] == went
    assert (
        page.client.get("/sign-in", params={"next": wanted}, follow_redirects=False).headers[
            "location"
        ]
        == went
    )


def test_a_page_for_staff_leads_to_the_form_and_back(page: Browser) -> None:
    response = page.get("/account")
    assert response.status_code == 303
    assert response.headers["location"] == "/sign-in?next=%2Faccount&said=first"
    form = page.get(f"{response.headers['location']}&forum=bikes")
    assert "Sign in to see that page." in shown(form)
    assert 'name="next" value="/account"' in form.text


def test_with_several_forums_the_form_asks_which_without_naming_any(page: Browser) -> None:
    html = page.get("/sign-in").text
    assert 'name="forum"' in html
    assert 'name="password"' not in html
    assert "bikes" not in html
    for forum in ("bikes", "nowhere"):
        assert 'name="password"' in page.get(f"/sign-in?forum={forum}").text


def test_pages_have_careful_headers(page: Browser) -> None:
    headers = page.get("/sign-in").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    # Not `no-referrer`: a browser would then hide the origin of our own forms.
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_a_language_that_is_chosen_is_kept(page: Browser) -> None:
    assert "Anmelden" in shown(page.get("/sign-in?lang=de&forum=bikes"))
    assert "Anmelden" in shown(page.get("/sign-in?forum=bikes"))
    assert "Logga in" in shown(browser_of(page).get("/sign-in", accept_language="sv-SE"))


def browser_of(page: Browser) -> Browser:
    from starlette.testclient import TestClient

    return Browser(TestClient(page.client.app))


@pytest.mark.usefixtures("eva")
def test_the_log_holds_neither_passwords_nor_links_nor_addresses(
    empty: World, page: Browser, eva: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = link_for(empty, eva)
    page.get(f"/sign-in/link?token={token}")
    page.post("/sign-in/link", {"token": token})
    page.sign_in(password="zanzibarquux stays secret")
    page.sign_in()
    cookie = page.client.cookies["triage"]
    page.get("/account")
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("triage"))
    for secret in (token, "zanzibarquux", PASSWORD, cookie, EVA):
        assert secret not in ours
    assert "route=/account status=200 ms=" in ours
    assert f"key={eva}" in ours
