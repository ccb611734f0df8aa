"""What the service is told: exactly what was seen and done, once, whatever the network does."""

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .asking import AskPage, sample_draft
from .gateway import Call, Fault

pytestmark = pytest.mark.browser

MONTH_END = sample_draft("en-d03")
BEACON = "/v1/events/beacon"


@pytest.fixture
def before_three(asking: AskPage) -> AskPage:
    """Somebody who was suggested three threads, all in sight, and has seen them."""
    asking.page.set_viewport_size({"width": 1280, "height": 2400})
    asking.open(product=MONTH_END.product, version=MONTH_END.version)
    asking.ask(MONTH_END.title, MONTH_END.body)
    expect(asking.cards).to_have_count(3)
    asking.until(lambda: len(told(asking, "shown")) == 3, lambda: told(asking))
    return asking


def told(asking: AskPage, kind: str | None = None) -> list[dict[str, object]]:
    """Return the events that the browser has sent, each as often as it was sent."""
    sent = [one for call in asking.network.to(BEACON) for one in call.told["events"]]
    return [one for one in sent if kind is None or one["type"] == kind]


def seen(asking: AskPage) -> dict[tuple[str, str | None], int]:
    """Return what is told of everybody who looked."""
    return {("shown", one): 1 for one in asking.shown()}


def test_who_opens_and_is_helped_has_opened_and_solved_it(before_three: AskPage) -> None:
    asking, first = before_three, before_three.shown()[0]
    expected, ask_id = seen(asking), asking.reply()["ask_id"]
    asking.act("open", asking.cards.first).click()
    expect(asking.panel).to_be_visible()
    # The draft is where it was.
    assert asking.page.locator("#ask-body").input_value() == MONTH_END.body
    asking.act("solved", asking.panel).click()
    expect(asking.widget.locator(".solved")).to_be_visible()
    asking.told(ask_id, {**expected, ("opened", first): 1, ("solved", first): 1})


def test_what_is_not_their_problem_goes_and_is_told(before_three: AskPage) -> None:
    asking, first = before_three, before_three.shown()[0]
    expected, ask_id = seen(asking), asking.reply()["ask_id"]
    asking.act("not-mine", asking.cards.first).click()
    expect(asking.cards).to_have_count(2)
    asking.told(ask_id, {**expected, ("not_solved", first): 1})
    # Whatever is typed next, it does not come back.
    asking.page.locator("#ask-body").press_sequentially(" Thank you.")
    asking.replied(MONTH_END.title, MONTH_END.body + " Thank you.")
    assert first not in asking.shown()


def test_who_posts_all_the_same_has_posted(before_three: AskPage) -> None:
    asking, ask_id = before_three, before_three.reply()["ask_id"]
    expected, session = (
        seen(asking),
        asking.page.evaluate("document.querySelector('triage-suggest').session"),
    )
    posted = asking.post()
    assert posted["title"] == MONTH_END.title
    assert posted["body"] == MONTH_END.body
    assert posted["ask_id"] == ask_id
    assert posted["triage_session"] == session
    with asking.database.read() as c:
        query = "SELECT ask_id FROM triages WHERE triage_id = ?"
        assert c.exec_driver_sql(query, (posted["triage_id"],)).scalar() == ask_id
    asking.told(ask_id, {**expected, ("posted", None): 1})
    stages = [call.told["stage"] for call in asking.network.to("/v1/triage")]
    assert stages[-1] == "submit"
    assert "submit" not in stages[:-1]


def test_a_forum_that_posts_by_its_server_is_not_told_of_twice(asking: AskPage) -> None:
    asking.open(posted="server")
    asking.ask(MONTH_END.title, MONTH_END.body)
    expect(asking.cards.first).to_be_visible()
    ask_id = asking.reply()["ask_id"]
    asking.post()
    asking.page.wait_for_timeout(1000)
    assert asking.events(ask_id)["posted", None] == 0


def test_help_is_always_there_at_once_and_is_told(asking: AskPage) -> None:
    asking.open()
    help_ = asking.act("need-help")
    expect(help_).to_be_visible()
    asking.ask("Hello", "Is anybody there?")
    expect(help_).to_be_visible()
    ask_id = asking.reply()["ask_id"]
    help_.click()
    expect(asking.widget.locator(".help")).to_be_visible()
    asking.until(lambda: asking.events(ask_id)["still_need_help", None] == 1)


def test_in_tab_mode_a_thread_is_read_in_a_new_tab(
    asking: AskPage, context: BrowserContext, page: Page
) -> None:
    context.route("https://forum.kvistor.example/**", lambda route: route.fulfill(body="thread"))
    context.route("**/t/en-t*", lambda route: route.fulfill(body="thread"))
    asking.open(open="tab")
    asking.ask(MONTH_END.title, MONTH_END.body)
    first, ask_id = asking.shown()[0], asking.reply()["ask_id"]
    with context.expect_page() as opened:
        asking.act("open", asking.cards.first).click()
    assert opened.value.evaluate("window.opener") is None
    assert first in opened.value.url
    assert page.locator("#ask-body").input_value() == MONTH_END.body
    asking.until(lambda: asking.events(ask_id)["opened", first] == 1)


def test_what_nobody_can_see_was_not_shown(asking: AskPage, page: Page) -> None:
    asking.open(_far="1")
    asking.ask(MONTH_END.title, MONTH_END.body)
    expect(asking.cards).to_have_count(3)
    page.wait_for_timeout(2500)
    assert told(asking, "shown") == []
    asking.cards.last.scroll_into_view_if_needed()
    asking.until(lambda: len(told(asking, "shown")) >= 1, lambda: told(asking))
    assert all(one["visible"] is True for one in told(asking, "shown"))


def test_who_scrolls_past_has_seen_nothing(asking: AskPage, page: Page) -> None:
    asking.open(_far="1")
    asking.ask(MONTH_END.title, MONTH_END.body)
    expect(asking.cards).to_have_count(3)
    asking.cards.last.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(2500)
    assert told(asking, "shown") == []


def test_events_wait_while_the_network_is_away_and_count_once(
    before_three: AskPage, context: BrowserContext
) -> None:
    asking, first = before_three, before_three.shown()[0]
    expected, ask_id = seen(asking), asking.reply()["ask_id"]
    context.set_offline(True)
    asking.act("open", asking.cards.first).click()
    asking.act("solved", asking.panel).click()
    asking.page.wait_for_timeout(1500)
    assert asking.events(ask_id)["solved", first] == 0
    context.set_offline(False)
    asking.told(ask_id, {**expected, ("opened", first): 1, ("solved", first): 1})


def _lost(times: int) -> Callable[[Call], Fault | None]:
    """Answer the first calls with events by nothing, after the service took them."""
    count = 0

    def goes_wrong(call: Call) -> Fault | None:
        nonlocal count
        if call.path != BEACON or call.method != "POST":
            return None
        count += 1
        return Fault(taken=True, gone=True) if count <= times else None

    return goes_wrong


def test_an_event_whose_answer_was_lost_is_sent_again_and_counts_once(
    before_three: AskPage,
) -> None:
    asking, first = before_three, before_three.shown()[0]
    expected, ask_id = seen(asking), asking.reply()["ask_id"]
    asking.network.goes_wrong = _lost(1)
    asking.act("not-mine", asking.cards.first).click()
    asking.until(lambda: len(told(asking, "not_solved")) >= 2, lambda: told(asking))
    assert len({one["event_id"] for one in told(asking, "not_solved")}) == 1
    asking.told(ask_id, {**expected, ("not_solved", first): 1})


def test_who_leaves_in_the_middle_is_still_told_of(before_three: AskPage) -> None:
    asking, first = before_three, before_three.shown()[0]
    expected, ask_id = seen(asking), asking.reply()["ask_id"]
    asking.page.evaluate(
        """() => { const send = navigator.sendBeacon.bind(navigator); window.name = '';
          navigator.sendBeacon = (to, what) => { window.name += to + ' '; return send(to, what); };
          window.fetch = () => new Promise(() => {}); }"""
    )
    asking.act("not-mine", asking.cards.first).click()
    asking.page.goto(asking.front.ask_page(_empty="1"))
    asking.told(ask_id, {**expected, ("not_solved", first): 1})


def test_every_event_has_an_id_a_time_and_the_session_of_its_ask(before_three: AskPage) -> None:
    sent = told(before_three)
    # A UUID, with or without its hyphens.
    ids = [str(uuid.UUID(str(one["event_id"]))) for one in sent]
    assert len(set(ids)) == len(ids)
    assert {one["session"] for one in sent} == {
        before_three.page.evaluate("document.querySelector('triage-suggest').session")
    }
    assert {one["rank"] for one in sent} == {1, 2, 3}
    key = {call.told["key"] for call in before_three.network.to(BEACON)}
    assert key == {before_three.front.key}
