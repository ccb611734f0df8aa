"""What a visitor's browser keeps and gives away: nothing, unless they said so."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from .asking import AskPage, sample_draft
from .chromium import listen

pytestmark = pytest.mark.browser

MONTH_END = sample_draft("en-d03")
_KEPT = """() => [...Object.entries({...sessionStorage}), ...Object.entries({...localStorage})]
  .map(one => one.join(' = '))"""
_SESSION = "document.querySelector('triage-suggest').session"


def ask(asking: AskPage) -> None:
    asking.ask(MONTH_END.title, MONTH_END.body)
    expect(asking.cards.first).to_be_visible()


def test_nothing_is_kept_in_the_browser(asking: AskPage, context: BrowserContext) -> None:
    asking.open()
    ask(asking)
    asking.act("not-mine", asking.cards.first).click()
    first = asking.page.evaluate(_SESSION)
    assert asking.page.evaluate(_KEPT) == []
    assert context.cookies() == []
    assert all("Cookie" not in call.headers for call in asking.network.calls)
    asking.open()
    ask(asking)
    assert asking.page.evaluate(_SESSION) != first


def test_who_agrees_is_the_same_visit_until_they_take_it_back(
    asking: AskPage, context: BrowserContext
) -> None:
    asking.open(consent="ask")
    ask(asking)
    assert asking.page.evaluate(_KEPT) == []
    asking.act("grant").click()
    first = asking.page.evaluate(_SESSION)
    assert any(first in one for one in asking.page.evaluate(_KEPT))
    asking.open(consent="ask")
    ask(asking)
    assert asking.page.evaluate(_SESSION) == first
    asking.act("withdraw").click()
    assert asking.page.evaluate(_KEPT) == []
    assert context.cookies() == []


def test_who_refuses_is_not_asked_again_on_this_page(asking: AskPage) -> None:
    asking.open(consent="ask")
    ask(asking)
    refuse = asking.act("decline")
    expect(refuse).to_be_visible()
    refuse.click()
    asking.page.locator("#ask-body").press_sequentially(" Thanks.")
    asking.replied(MONTH_END.title, MONTH_END.body + " Thanks.")
    expect(asking.act("grant")).to_be_hidden()
    assert asking.page.evaluate(_KEPT) == []


def test_a_page_with_its_own_way_of_asking_says_it_by_a_hook(asking: AskPage) -> None:
    asking.open()
    asking.page.evaluate("document.querySelector('triage-suggest').consent = () => true")
    ask(asking)
    session = asking.page.evaluate(_SESSION)
    assert any(session in one for one in asking.page.evaluate(_KEPT))


def test_only_the_service_is_called_and_a_strict_policy_is_kept(
    asking: AskPage, said: list[str]
) -> None:
    called: set[str] = set()
    asking.page.on("request", lambda one: called.add(one.url.split("/", 3)[2]))
    asking.open()
    ask(asking)
    asking.act("open", asking.cards.first).click()
    own, service = (one.removeprefix("http://") for one in (asking.front.base, asking.network.base))
    assert called == {own, service}
    # default-src 'none', no inline style or script, trusted types: not a word of complaint.
    assert said == []


def test_text_of_a_thread_is_text(asking: AskPage, page: Page) -> None:
    nasty = '<img src=x onerror="window.smuggled = 1"><b>bold</b>'

    def alter(route: Route) -> None:
        reply = route.fetch()
        told = reply.json()
        for one in told["suggestions"]:
            one.update(title=nasty, snippet=nasty, url="javascript:window.smuggled=1")
        route.fulfill(response=reply, json=told)

    page.route("**/v1/triage", alter)
    asking.open()
    ask(asking)
    assert nasty in asking.cards.first.inner_text()
    asking.act("open", asking.cards.first).click()
    links = asking.widget.locator("a").evaluate_all("all => all.map(one => one.protocol)")
    assert "javascript:" not in links
    assert page.evaluate("window.smuggled") is None


def test_it_works_in_a_frame_on_a_page_of_another_site(
    asking: AskPage, page: Page, said: list[str]
) -> None:
    page.goto(asking.front.ask_page(_frame="1").replace("forum.localhost", "portal.localhost"))
    frame = page.frame_locator("iframe")
    frame.locator("#ask-title").fill(MONTH_END.title)
    frame.locator("#ask-body").fill(MONTH_END.body)
    card = frame.locator("triage-suggest li[data-thread]").first
    expect(card).to_be_visible()
    card.locator('[data-act="open"]').click()
    expect(frame.locator("dialog[part=panel]")).to_be_visible()
    frame.get_by_role("button", name="Post question").click()
    expect(frame.get_by_text("Posted")).to_be_visible()
    assert said == []


def test_two_visitors_are_two_sessions(browser: Browser, asking: AskPage) -> None:
    asking.open()
    other = browser.new_context()
    page = other.new_page()
    complaints: list[str] = []
    listen(page, complaints)
    page.goto(asking.front.ask_page())
    page.wait_for_function("() => customElements.get('triage-suggest') !== undefined")
    ask(asking)
    page.locator("#ask-title").fill(MONTH_END.title)
    page.wait_for_function("() => document.querySelector('triage-suggest').reply")
    assert page.evaluate(_SESSION) != asking.page.evaluate(_SESSION)
    assert len(page.evaluate(_SESSION)) >= 22
    other.close()
