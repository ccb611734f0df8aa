"""One's own questions, the account's, what waits for staff, and figures: to each theirs."""

import json
import re
from datetime import UTC, datetime

import httpx2
import pytest

from triage.records import LANGUAGES
from triage.store import get_question
from triage.web import word
from triage.web.widget import widget_file

from .browsing import shown
from .conftest import Start, World
from .demo import DemoBrowser, demo_browser

PUBLIC = {"title": "The chain slips in third gear", "body": "It slips whenever I go uphill."}
PRIVATE = {"title": "Cannot sign in", "body": "My password is hunter2-Blue-Kettle! and it fails."}


@pytest.fixture
def demo(world: World, start: Start) -> World:
    return start(demo=True, forum="bikes")


def somebody(demo: World, who: str) -> DemoBrowser:
    browser = demo_browser(demo)
    assert browser.be(who).status_code == 303
    return browser


def posted(browser: DemoBrowser, draft: dict[str, str], once: str = "f-1") -> str:
    response = browser.send("/ask", once=once, **draft)
    assert response.status_code == 303, shown(response)
    return response.headers["location"].removeprefix("/t/").partition("?")[0]


def state_of(demo: World, question_id: str) -> str:
    with demo.database.read() as c:
        row = get_question(c, demo.forum().id, question_id)
    assert row is not None
    return row.state


def change(browser: DemoBrowser, question_id: str, state: str, **form: str) -> httpx2.Response:
    return browser.send(f"/my/{question_id}", state=state, **form)


def buttons(page: httpx2.Response) -> list[str]:
    return re.findall(r'<button name="state" value="([a-z_]+)"', page.text)


def test_a_guest_is_shown_the_way(demo: World) -> None:
    page = demo_browser(demo).get("/my")
    assert word("demo_my.nobody", "en") in shown(page)
    assert 'href="/tour#people"' in page.text


def test_a_person_sees_their_own_and_nobody_elses(demo: World) -> None:
    claire, jonas, ingrid = (somebody(demo, who) for who in ("claire", "jonas", "ingrid"))
    question_id = posted(claire, PRIVATE)
    page = claire.get("/my")
    assert PRIVATE["title"] in shown(page)
    assert word("demo.state_with_expert", "en") in shown(page)
    assert "We have received your question." in shown(page)
    assert f'href="/t/{question_id}"' in page.text
    for other in (jonas, ingrid):
        for path in ("/my", "/my?whose=account"):
            assert PRIVATE["title"] not in shown(other.get(path))
        assert change(other, question_id, "closed").status_code == 404
    assert change(demo_browser(demo), question_id, "closed").status_code == 404
    assert change(somebody(demo, "analyst"), question_id, "closed").status_code == 404
    assert state_of(demo, question_id) == "with_expert"


def test_what_is_secret_is_on_no_page(demo: World) -> None:
    claire = somebody(demo, "claire")
    posted(claire, PRIVATE)
    for who in ("claire", "lead", "maggie_books"):
        assert "hunter2" not in somebody(demo, who).get("/my").text


def test_an_account_is_seen_by_whoever_answers_for_it(demo: World) -> None:
    ingrid, sanna = somebody(demo, "ingrid"), somebody(demo, "sanna")
    question_id = posted(ingrid, PRIVATE)
    page = sanna.get("/my?whose=account")
    text = " ".join(shown(page).split())
    assert PRIVATE["title"] in text
    assert word("demo_my.asked_by", "en", name="Ingrid Moen") in text
    assert "Tre Tallar Redovisning AB" in text
    assert f"{datetime.now(UTC):%Y-%m}" in text
    assert f"{word('demo_my.open', 'en')} 1" in text
    assert PRIVATE["title"] not in shown(sanna.get("/my"))
    # It is Ingrid's to end.
    assert buttons(page) == []
    assert change(sanna, question_id, "closed").status_code == 404
    # The other company sees nothing of it.
    assert PRIVATE["title"] not in shown(somebody(demo, "jonas").get("/my?whose=account"))


def test_the_buttons_are_the_steps_that_the_question_can_take(demo: World) -> None:
    claire = somebody(demo, "claire")
    question_id = posted(claire, PUBLIC)
    before = buttons(claire.get("/my"))
    assert "reopened" not in before
    for state in before:
        assert state in ("confirmed_solved", "escalated", "closed")
    response = change(claire, question_id, "confirmed_solved")
    assert response.headers["location"] == f"/my?said=done#q-{question_id}"
    assert state_of(demo, question_id) == "confirmed_solved"
    assert buttons(claire.get("/my")) == ["reopened"]
    change(claire, question_id, "reopened", words="It slips again.")
    page = claire.get("/my?said=done")
    assert word("demo_my.done", "en") in shown(page)
    assert "It slips again." in shown(page)
    assert state_of(demo, question_id) == "reopened"


def test_the_same_form_twice_is_one_change(demo: World) -> None:
    claire = somebody(demo, "claire")
    question_id = posted(claire, PUBLIC)
    for _ in range(2):
        response = change(claire, question_id, "escalated", change_id="once-and-again")
        assert response.headers["location"].startswith("/my?said=done")
    assert shown(claire.get("/my")).count(word("demo.state_escalated", "en")) == 1


def test_what_has_moved_on_is_said_and_left(demo: World) -> None:
    claire = somebody(demo, "claire")
    question_id = posted(claire, PUBLIC)
    change(claire, question_id, "confirmed_solved")
    response = change(claire, question_id, "escalated")
    assert response.headers["location"] == "/my?said=too_late"
    assert word("demo_my.too_late", "en") in shown(claire.get("/my?said=too_late"))
    assert state_of(demo, question_id) == "confirmed_solved"


def test_who_goes_back_and_means_something_else_has_that_done(demo: World) -> None:
    claire = somebody(demo, "claire")
    question_id = posted(claire, PUBLIC)
    for state, words in (
        ("confirmed_solved", ""),
        ("reopened", "It slips again."),
        ("confirmed_solved", "Now it holds."),
        ("reopened", "No."),
    ):
        response = change(claire, question_id, state, change_id="one-page", words=words)
        assert response.headers["location"].startswith("/my?said=done")
        assert state_of(demo, question_id) == state


def test_words_that_came_too_late_are_kept_in_the_form(demo: World) -> None:
    claire = somebody(demo, "claire")
    question_id = posted(claire, PUBLIC)
    change(claire, question_id, "confirmed_solved")
    response = change(claire, question_id, "escalated", words="It <slips> again.")
    assert response.status_code == 409
    assert word("demo_my.too_late", "en") in shown(response)
    assert "It &lt;slips&gt; again.</textarea>" in response.text
    assert 'href="/my?lang=sv"' in response.text
    assert state_of(demo, question_id) == "confirmed_solved"


def test_who_answers_for_an_account_reads_who_did_what(demo: World) -> None:
    posted(somebody(demo, "ingrid"), PRIVATE)
    sanna = somebody(demo, "sanna")
    posted(sanna, PUBLIC)
    did = re.findall(r" · ([^<]+)</p>", sanna.get("/my?whose=account").text)
    assert {"Ingrid Moen", word("demo_my.who_customer", "en")} <= set(did)
    assert "Ingrid Moen" not in shown(sanna.get("/my"))


@pytest.mark.parametrize("form", [{}, {"state": "nonsense"}, {"state": "closed", "change_id": "å"}])
def test_a_form_that_says_nothing_changes_nothing(demo: World, form: dict[str, str]) -> None:
    claire = somebody(demo, "claire")
    question_id = posted(claire, PUBLIC)
    before = state_of(demo, question_id)
    assert claire.send(f"/my/{question_id}", **form).status_code == 422
    assert state_of(demo, question_id) == before


def test_what_was_asked_back_is_answered_there(demo: World) -> None:
    claire = somebody(demo, "claire")
    question_id = posted(claire, PRIVATE)
    headers = {"Authorization": f"Bearer {demo.keys['lead']}"}
    asked = {"state": "waiting_for_customer", "asked": ["ask_version"]}
    path = f"/v1/questions/{question_id}/changes"
    response = demo_browser(demo).client.post(path, json=asked, headers=headers)
    assert response.status_code == 200, response.text
    page = claire.get("/my")
    assert buttons(page)[0] == "with_expert"
    assert "with_community" not in buttons(page)
    change(claire, question_id, "with_expert", words="It is 8.2.")
    assert state_of(demo, question_id) == "with_expert"
    assert "It is 8.2." in shown(claire.get("/my"))


def test_a_lead_sees_what_waits_and_an_analyst_figures(demo: World) -> None:
    claire = somebody(demo, "claire")
    for n, draft in enumerate((PUBLIC, PRIVATE)):
        posted(claire, draft, f"f-{n}")
    waiting = shown(somebody(demo, "lead").get("/my"))
    assert PUBLIC["title"] in waiting
    assert PRIVATE["title"] in waiting
    key = (demo.settings.data_dir / "demo-page-8000.key").read_text().strip()
    headers = {"Authorization": f"Bearer {key}"}
    for _ in range(2):
        asked = {"title": PUBLIC["title"], "session": "visit-1"}
        assert claire.client.post("/v1/triage", json=asked, headers=headers).status_code == 200
    page = somebody(demo, "analyst").get("/my")
    assert PUBLIC["title"] not in shown(page)
    assert PRIVATE["title"] not in shown(page)
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page.text))
    # One visit that asked twice is one ask; what was posted without asking is none.
    assert figures[word("demo_my.asks", "en")] == "1"
    assert figures[word("demo_my.between", "en")] == "–"


def test_the_pages_speak_every_language(demo: World) -> None:
    sanna = somebody(demo, "sanna")
    posted(sanna, PRIVATE)
    visitors = (demo_browser(demo), sanna, somebody(demo, "lead"), somebody(demo, "analyst"))
    for lang in LANGUAGES:
        for browser in visitors:
            tour = browser.get(f"/tour?lang={lang}")
            assert word("demo_tour.title", lang) in shown(tour)
            for page in (tour, browser.get("/my"), browser.get("/my?whose=account")):
                assert page.status_code == 200
                assert f'<html lang="{lang}">' in page.text
                assert "style=" not in page.text
                assert "<script" not in page.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tour_names_buttons_as_they_are_named(lang: str) -> None:
    told = word("demo_tour.suggested_text", lang)
    known = json.loads(widget_file(f"words/{lang}.json").content)
    for key in ("card.solved", "card.not_mine", "help.button"):
        assert known[key] in told, key
    assert word("demo_my.confirm", lang) in word("demo_tour.confirmed_text", lang)
    assert word("demo.mine", lang) in word("demo_tour.confirmed_text", lang)
    assert word("demo.tour", lang).lower() in word("demo_tour.title", lang).lower()
