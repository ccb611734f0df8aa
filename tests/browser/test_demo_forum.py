"""The demo forum in a browser: the whole story, walked as its tour says, by everybody in it."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.sample_server import serving

from .chromium import faults

pytestmark = pytest.mark.browser

# A person who reads takes five minutes; the machine must leave them nearly all of it.
_WALK_SECONDS = 100.0
_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
_PLACES = ("/", "/?q=KV-1042", "/t/en-t015", "/ask", "/my", "/tour")


@pytest.fixture(scope="module")
def demo(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo of its own: what is walked here is not in the other tests' forum."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(trained, folder, dirs_exist_ok=True)
    with serving(folder, TRIAGE_DEMO="1") as base:
        yield base


@pytest.fixture
def tour(page: Page, demo: str) -> Page:
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.goto(f"{demo}/tour")
    return page


def step(page: Page, demo: str, name: str) -> None:
    """Go to the tour, and press what a step offers."""
    page.goto(f"{demo}/tour")
    with page.expect_navigation():
        page.locator(f"#{name}").get_by_role("button").click()


def draft_of(page: Page, name: str) -> tuple[str, str]:
    """Return what a step says to type."""
    title, body = page.locator(f"#{name} blockquote p").all_inner_texts()
    return title, body


def ask(page: Page, title: str, body: str) -> None:
    """Type a draft, and wait for the reply to all of it."""
    page.get_by_label("Your question in one line").fill(title)
    page.get_by_label("What happened?").fill(body)
    page.wait_for_function(
        """body => { const one = document.querySelector('triage-suggest').client;
          return one?.state === 'ready' && one.draft?.body === body; }""",
        arg=body,
    )


def post(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Post question", exact=True).first.click()


def test_the_whole_story_is_walked_in_five_minutes(
    tour: Page, demo: str, said: list[str], pictures: Path
) -> None:
    page, began = tour, time.monotonic()
    drafts = {name: draft_of(page, name) for name in ("known", "fresh", "secret")}
    widget = page.locator("triage-suggest")

    # What was answered before is suggested; opening it leaves the draft alone.
    step(page, demo, "known")
    expect(page.get_by_text("You are Sanna")).to_be_visible()
    ask(page, *drafts["known"])
    card = widget.locator("li[data-thread]").first
    expect(card).to_be_visible()
    assert re.search(r"t001|t047", card.get_attribute("data-thread") or "")
    card.locator('[data-act="open"]').click()
    expect(widget.locator("dialog[part=panel]")).to_be_visible()
    page.screenshot(path=pictures / "demo-ask.png")
    assert page.get_by_label("What happened?").input_value() == drafts["known"][1]
    widget.locator('dialog [data-act="solved"]').click()
    expect(widget.locator("[part~=solved]").first).to_be_visible()

    # What is new is posted, and said beforehand where it goes.
    step(page, demo, "fresh")
    ask(page, *drafts["fresh"])
    expect(widget.locator("[part~=route]").first).to_contain_text("community")
    post(page)
    expect(page.get_by_text("Your question is posted.")).to_be_visible()
    fresh = page.url.split("?")[0]

    # What holds a password goes where only staff read it, without the password.
    step(page, demo, "secret")
    ask(page, *drafts["secret"])
    expect(widget.locator("[part~=sensitive]").first).to_contain_text("password")
    post(page)
    secret = page.url.split("?")[0]
    text = page.locator("main").inner_text()
    assert "Vinterdäck-4471" not in text
    assert "private" in text

    # Somebody else finds and answers the one, and cannot see the other.
    step(page, demo, "helped")
    page.get_by_role("link", name=drafts["fresh"][0]).first.click()
    assert page.url.split("?")[0] == fresh
    page.get_by_label(re.compile("Answer as")).fill("Use a price list for each project.")
    with page.expect_navigation():
        page.get_by_role("button", name="Post answer").click()
    expect(page.get_by_text("Use a price list for each project.")).to_be_visible()
    assert page.goto(secret).status == 404  # type: ignore[union-attr]
    said.clear()  # which the browser notes

    # The asker sees what happened, and says that it is solved.
    step(page, demo, "confirmed")
    mine = page.get_by_role("article", name=drafts["fresh"][0])
    expect(mine).to_contain_text("Answered")
    page.screenshot(path=pictures / "demo-my.png", full_page=True)
    with page.expect_navigation():
        mine.get_by_role("button", name="It is solved").click()
    expect(page.get_by_role("article", name=drafts["fresh"][0])).to_contain_text("Solved")

    # The lead answers the private one; the answer reaches its asker alone.
    step(page, demo, "expert")
    page.get_by_role("link", name=drafts["secret"][0]).first.click()
    page.get_by_label(re.compile("Answer as")).fill("We have unlocked your account.")
    with page.expect_navigation():
        page.get_by_role("button", name="Post answer").click()
    step(page, demo, "company")
    page.screenshot(path=pictures / "demo-company.png", full_page=True)
    assert page.evaluate(_SIDEWAYS) is False
    page.goto(secret)
    expect(page.get_by_text("We have unlocked your account.")).to_be_visible()

    # The analyst sees figures and nobody's words.
    step(page, demo, "figures")
    text = page.locator("main").inner_text()
    assert drafts["secret"][0] not in text
    assert drafts["fresh"][0] not in text
    assert "Asked" in text
    assert time.monotonic() - began < _WALK_SECONDS
    assert said == []


def test_somebody_looks_around_without_saying_who_they_are(
    page: Page, demo: str, said: list[str]
) -> None:
    page.goto(f"{demo}/")
    expect(page.get_by_text("Demo data")).to_be_visible()
    page.get_by_label("Search in any language").fill("bank KV-1042")
    with page.expect_navigation():
        page.get_by_role("button", name="Search", exact=True).click()
    first = page.locator("ul.threads a").first
    title = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("who", ["nobody", "sanna"])
def test_axe_finds_nothing_wrong_with_any_page(
    who: str, width: int, scheme: str, tour: Page, demo: str, pictures: Path, said: list[str]
) -> None:
    page = tour
    if who != "nobody":
        step(page, demo, "known")
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for place in _PLACES:
        page.goto(f"{demo}{place}")
        assert page.get_by_text("Demo data").count() >= 1, place
        assert page.evaluate(_SIDEWAYS) is False, place
        assert faults(page) == [], f"{place}, {who}, {width}, {scheme}"
        name = re.sub(r"\W+", "-", place).strip("-") or "home"
        page.screenshot(path=pictures / f"demo-{name}-{who}-{width}-{scheme}.png", full_page=True)
    assert said == []


@pytest.mark.parametrize("lang", ["sv", "nb", "da", "fi", "de"])
def test_the_pages_and_their_widget_speak_every_language(
    lang: str, page: Page, demo: str, said: list[str]
) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    english = {}
    for place in _PLACES:
        page.goto(f"{demo}{place}{'&' if '?' in place else '?'}lang=en")
        english[place] = page.locator("h1").inner_text()
    for place in _PLACES:
        page.goto(f"{demo}{place}{'&' if '?' in place else '?'}lang={lang}")
        assert page.locator("html").get_attribute("lang") == lang
        assert page.evaluate(_SIDEWAYS) is False, place
        if not place.startswith(("/t/", "/?")):
            assert page.locator("h1").inner_text() != english[place], place
    page.goto(f"{demo}/ask?lang={lang}")
    title = page.locator("triage-suggest [part=title]")
    expect(title).not_to_have_text("")
    expect(title).not_to_have_text("Answers that may help")
    assert said == []


def test_a_question_is_asked_without_a_script(demo: str, page: Page, tour: Page) -> None:
    step(page, demo, "known")
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    other = plain.new_page()
    other.goto(f"{demo}/ask")
    other.get_by_label("Your question in one line").fill("Printing without a script")
    other.get_by_label("What happened?").fill("Nothing is printed at all.")
    other.get_by_role("button", name="Post question", exact=True).click()
    expect(other.get_by_text("Your question is posted.")).to_be_visible()
    plain.close()
