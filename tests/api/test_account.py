"""Somebody who is signed in sees and changes what is theirs, and only from our own pages."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from triage.crypto.passwords import hash_password
from triage.records import Role
from triage.store import (
    bind_issuer,
    find_session,
    iter_acts,
    list_sessions,
    set_password,
    set_user_role,
    touch_session,
)
from triage.store.tables.trust import web_sessions

from .browsing import EVA, PASSWORD, Browser, add, browser, link_for, shown
from .conftest import Start, World

KEPT = hash_password(PASSWORD)
NEW = "plum ladder quartz eleven"


@pytest.fixture
def eva(empty: World) -> str:
    user_id = add(empty)
    with empty.database.write() as c:
        set_password(c, empty.forum().id, user_id, KEPT)
    return user_id


@pytest.fixture
def page(empty: World, eva: str) -> Browser:
    """A browser in which Eva is signed in by her password."""
    found = browser(empty)
    found.sign_in()
    return found


def change(page: Browser, current: str = PASSWORD, new: str = NEW, again: str = NEW) -> str:
    response = page.change("/account/password", current=current, new=new, again=again)
    return response.headers.get("location", shown(response))


def test_the_page_shows_who_one_is(page: Browser) -> None:
    text = shown(page.get("/account"))
    for part in (EVA, "Eva Lind", "bikes", "Support lead", "This browser", "Password"):
        assert part in text


def test_another_password_takes_the_place_of_the_old_one(empty: World, page: Browser) -> None:
    elsewhere = browser(empty)
    elsewhere.sign_in()
    assert change(page) == "/account?said=saved"
    assert page.is_in
    assert not elsewhere.is_in
    assert elsewhere.sign_in().status_code == 403
    assert elsewhere.sign_in(password=NEW).status_code == 303
    with empty.database.read() as c:
        noted = [(a.act.act, a.act.after) for a in iter_acts(c, empty.forum().id)]
    assert ("user.password", {"sessions_ended": 1}) in noted


@pytest.mark.parametrize(
    ("tried", "said"),
    [
        ({"current": "something else"}, "This is not your current password."),
        ({"current": ""}, "This is not your current password."),
        ({"new": "short", "again": "short"}, "That is too short. Use at least 12 characters."),
        ({"new": "a" * 20, "again": "a" * 20}, "That is easy to guess"),
        ({"again": NEW + "x"}, "The two new passwords differ. Type both again."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    page: Browser, tried: dict[str, str], said: str
) -> None:
    form = {"current": PASSWORD, "new": NEW, "again": NEW, **tried}
    response = page.change("/account/password", **form)
    assert response.status_code == 422
    assert said in shown(response)
    assert 'aria-invalid="true"' in response.text
    assert response.text.count(" autofocus") == 1
    for typed in form.values():
        assert not typed or f'value="{typed}"' not in response.text


def test_the_password_cannot_be_guessed_by_whoever_finds_a_browser_open(page: Browser) -> None:
    form = {"current": "a guess of mine", "new": NEW, "again": NEW}
    token = page.forgery_token()
    statuses = [
        page.post("/account/password", {**form, "forgery_token": token}).status_code
        for _ in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_who_came_by_a_link_need_not_know_the_password(empty: World, eva: str) -> None:
    page = browser(empty)
    page.post("/sign-in/link", {"token": link_for(empty, eva)})
    assert 'name="current"' not in page.get("/account").text
    assert change(page, current="") == "/account?said=saved"
    assert browser(empty).sign_in(password=NEW).status_code == 303


def test_a_link_of_an_hour_ago_is_no_password(empty: World, eva: str) -> None:
    page = browser(empty)
    page.post("/sign-in/link", {"token": link_for(empty, eva)})
    with empty.database.write() as c:
        an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
        c.execute(update(web_sessions).values(created_at=an_hour_ago))
    assert 'name="current"' in page.get("/account").text
    assert "This is not your current password" in change(page, current="")
    assert change(page) == "/account?said=saved"


def test_who_comes_by_their_company_alone_sets_no_password(empty: World) -> None:
    user_id = add(empty, "kim@example.com")
    with empty.database.write() as c:
        assert bind_issuer(c, empty.forum().id, "kim@example.com", "https://login", "7")
    page = browser(empty)
    page.post("/sign-in/link", {"token": link_for(empty, user_id)})
    assert "You sign in with your company" in shown(page.get("/account"))
    assert page.change("/account/password", new=NEW, again=NEW).status_code == 422
    assert browser(empty).sign_in("kim@example.com", NEW).status_code == 403


def test_one_session_is_ended_and_no_other(empty: World, page: Browser, eva: str) -> None:
    others = [browser(empty) for _ in range(2)]
    for other in others:
        other.sign_in()
    here = page.client.cookies["triage"]
    now, idle = datetime.now(UTC), timedelta(hours=1)
    with empty.database.read() as c:
        mine = find_session(c, here, now, idle)
        ids = {s.id for s in list_sessions(c, empty.forum().id, eva, now, idle)}
        first = find_session(c, others[0].client.cookies["triage"], now, idle)
    assert mine is not None
    assert first is not None
    assert len(ids) == 3
    page.change("/account/sessions/end", session=first.id)
    assert [other.is_in for other in others] == [False, True]
    page.change("/account/sessions/end", session="others")
    assert [other.is_in for other in (page, *others)] == [True, False, False]


def test_nobody_ends_a_session_of_somebody_else(empty: World, page: Browser) -> None:
    kim = browser(empty)
    token = link_for(empty, add(empty, "kim@example.com", Role.ADMIN))
    kim.post("/sign-in/link", {"token": token})
    now = datetime.now(UTC)
    with empty.database.read() as c:
        eva = find_session(c, page.client.cookies["triage"], now, timedelta(hours=1))
    assert eva is not None
    kim.change("/account/sessions/end", session=eva.id)
    assert page.is_in


@pytest.mark.parametrize("path", ["/sign-out", "/account/password", "/account/sessions/end"])
@pytest.mark.parametrize(
    ("forgery_token", "headers"),
    [
        (None, {"Origin": "http://testserver"}),
        ("", {"Origin": "http://testserver"}),
        ("0" * 64, {"Origin": "http://testserver"}),
        ("right", {"Origin": "https://evil.example"}),
        ("right", {"Sec-Fetch-Site": "cross-site"}),
        ("right", {}),
    ],
)
def test_a_forged_form_changes_nothing(
    page: Browser, path: str, forgery_token: str | None, headers: dict[str, str]
) -> None:
    token = page.forgery_token() if forgery_token == "right" else forgery_token
    form = {"current": PASSWORD, "new": NEW, "again": NEW, "session": "others"}
    if token is not None:
        form["forgery_token"] = token
    response = page.post(path, form, headers)
    assert response.status_code == 403
    assert "load the page again" in shown(response)
    assert page.is_in


def test_the_token_of_another_session_does_not_fit(empty: World, page: Browser) -> None:
    other = browser(empty)
    other.sign_in()
    form = {"session": "others", "forgery_token": other.forgery_token()}
    assert page.post("/account/sessions/end", form).status_code == 403


def test_an_unused_session_ends_and_a_used_one_does_not(
    empty: World, page: Browser, eva: str
) -> None:
    token = page.client.cookies["triage"]
    for hours, lasts in ((7.9, True), (8.1, False)):
        now = datetime.now(UTC)
        with empty.database.write() as c:
            held = find_session(c, token, now, timedelta(days=1))
            assert held is not None
            touch_session(c, empty.forum().id, held.id, now - timedelta(hours=hours))
        assert page.is_in is lasts


def test_a_session_ends_after_its_days_however_busy(start: Start) -> None:
    world = start(session_days=1)
    page = browser(world)
    page.post("/sign-in/link", {"token": link_for(world, add(world))})
    token, idle = page.client.cookies["triage"], timedelta(days=2)
    now = datetime.now(UTC)
    with world.database.read() as c:
        assert find_session(c, token, now + timedelta(hours=23.9), idle) is not None
        assert find_session(c, token, now + timedelta(hours=24.1), idle) is None


def test_another_role_holds_with_the_next_request(empty: World, page: Browser, eva: str) -> None:
    assert page.get("/v1/models").status_code == 200
    with empty.database.write() as c:
        set_user_role(c, empty.forum().id, eva, Role.ANALYST)
    assert page.get("/v1/models").status_code == 403
    assert "Analyst" in shown(page.get("/account"))


def test_a_session_reaches_the_api_and_changes_need_the_header(page: Browser) -> None:
    assert page.get("/v1/training-runs/current").json()["code"] == "no_job"
    token = page.forgery_token()
    ours = {"Origin": "http://testserver"}
    cancel = "/v1/training-runs/current/cancel"
    for headers in (
        {},
        ours,
        {"Triage-Forgery-Token": token},
        {**ours, "Triage-Forgery-Token": "x"},
    ):
        response = page.client.post(cancel, headers=headers)
        assert (response.status_code, response.json()["code"]) == (403, "forged_request")
    response = page.client.post(cancel, headers={**ours, "Triage-Forgery-Token": token})
    assert (response.status_code, response.json()["code"]) == (404, "no_job")


def test_the_session_of_one_forum_opens_nothing_of_another(empty: World, page: Browser) -> None:
    add(empty, "kim@example.com", Role.ADMIN, "boats")
    assert page.get("/v1/models").json() == {"models": []}
    assert "kim@example.com" not in page.get("/account").text


def test_without_the_store_a_page_says_so(
    empty: World, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty.settings.data_dir / "triage.db").unlink()
    response = page.get("/account")
    assert response.status_code == 503
    assert response.headers["x-request-id"] in shown(response)
    assert "Try again in a minute" in shown(response)
