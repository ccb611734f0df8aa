"""The service is slow, down, in error, or not for this page: posting neither waits nor fails."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from triage.visitors import sign_visitor

from .asking import AskPage, sample_draft
from .conftest import Sample
from .gateway import Call, Fault

pytestmark = pytest.mark.browser

MONTH_END = sample_draft("en-d03")
# What a form without the widget takes here, many times over; far less than any reply that is late.
_AT_ONCE_SECONDS = 3.0


def always(fault: Fault, *, files: bool = False) -> Callable[[Call], Fault | None]:
    """Have every call to the service go wrong, or every file of the widget."""
    return lambda call: fault if call.path.startswith("/widget/") is files else None


def posted_at_once(asking: AskPage) -> dict[str, str]:
    """Post, and see that it took no longer than without the service."""
    began = time.monotonic()
    posted = asking.post()
    assert time.monotonic() - began < _AT_ONCE_SECONDS
    assert (posted["title"], posted["body"]) == (MONTH_END.title, MONTH_END.body)
    return posted


def fill(asking: AskPage) -> None:
    asking.page.locator("#ask-title").fill(MONTH_END.title)
    asking.page.locator("#ask-body").fill(MONTH_END.body)


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Fault(gone=True), "offline"),
        (Fault(status=503), "offline"),
        (Fault(status=500), "offline"),
        (Fault(status=502, readable=False), "offline"),
        (Fault(seconds=60), "asking"),
    ],
    ids=["down", "503", "500", "a proxy's 502", "slow"],
)
def test_a_service_that_does_not_answer_is_not_noticed(
    fault: Fault, state: str, asking: AskPage
) -> None:
    asking.network.goes_wrong = always(fault)
    asking.open()
    before = asking.widget.locator("[part=box]").inner_text()
    fill(asking)
    asking.until(lambda: asking.state() == state, asking.state)
    # Nobody is told of a fault that is not theirs, and help is where it was.
    assert asking.widget.locator("[part=box]").inner_text() == before
    expect(asking.act("need-help")).to_be_visible()
    posted_at_once(asking)


def test_a_service_that_takes_five_seconds_is_given_up(asking: AskPage, page: Page) -> None:
    asking.network.goes_wrong = always(Fault(seconds=5.4))
    asking.open()
    before = asking.widget.locator("[part=box]").inner_text()
    fill(asking)
    asking.until(lambda: asking.state() == "slow", asking.state)
    page.wait_for_timeout(1000)
    assert asking.widget.locator("[part=box]").inner_text() == before
    assert asking.cards.count() == 0
    # It has a good hour again: the next letter finds it.
    asking.network.mend()
    page.locator("#ask-body").press_sequentially(".")
    expect(asking.cards.first).to_be_visible()


def test_a_service_in_error_is_not_stormed(asking: AskPage, page: Page) -> None:
    asking.network.goes_wrong = always(Fault(status=503))
    asking.open()
    fill(asking)
    page.wait_for_timeout(4000)
    assert len(asking.network.to("/v1/triage")) <= 4
    asking.network.mend()
    page.locator("#ask-body").press_sequentially(".")
    expect(asking.cards.first).to_be_visible()


def test_what_went_wrong_is_made_up_for_without_another_letter(asking: AskPage) -> None:
    asking.network.goes_wrong = always(Fault(status=503))
    asking.open()
    fill(asking)
    asking.until(lambda: asking.state() == "offline", asking.state)
    asking.network.mend()
    expect(asking.cards.first).to_be_visible()


@pytest.mark.parametrize("fault", [Fault(gone=True), Fault(status=404)], ids=["down", "404"])
def test_without_the_widgets_file_the_form_is_as_it_was(fault: Fault, asking: AskPage) -> None:
    asking.network.goes_wrong = always(fault, files=True)
    asking.page.goto(asking.front.ask_page())
    fill(asking)
    posted = posted_at_once(asking)
    assert set(posted) == {"title", "body"}


def test_a_file_that_somebody_altered_is_not_run(
    asking: AskPage, page: Page, said: list[str]
) -> None:
    def alter(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=reply.text() + "\nwindow.smuggled = 1;")

    page.route("**/widget/triage-suggest.js*", alter)
    page.goto(asking.front.ask_page())
    fill(asking)
    assert page.evaluate("window.smuggled") is None
    assert page.evaluate("customElements.get('triage-suggest') === undefined") is True
    assert any("integrity" in one for one in said)
    posted_at_once(asking)


def test_a_draft_that_is_larger_than_what_outlives_a_page_is_posted(asking: AskPage) -> None:
    asking.open()
    body = "The invoice run stops with KV-5120. " * 3000
    asking.page.locator("#ask-title").fill("Long")
    asking.page.locator("#ask-body").fill(body)
    asking.until(lambda: asking.state() in ("ready", "refused"), asking.state)
    began = time.monotonic()
    posted = asking.post()
    assert time.monotonic() - began < _AT_ONCE_SECONDS
    assert posted["body"] == body


@pytest.fixture
def elsewhere(sample: Sample) -> Callable[[str], str]:
    """The same page under another name, so of another site."""
    return lambda host: sample.front.ask_page().replace("forum.localhost", host)


def test_a_key_from_a_site_that_no_key_names_is_refused_in_silence(
    asking: AskPage, elsewhere: Callable[[str], str], page: Page
) -> None:
    page.goto(elsewhere("stranger.localhost"))
    fill(asking)
    page.wait_for_timeout(2500)
    assert asking.cards.count() == 0
    assert asking.network.to("/v1/triage") == []
    assert len(asking.network.to("/v1/triage", "OPTIONS")) <= 4
    posted_at_once(asking)


def test_a_key_from_a_site_of_another_key_is_refused_and_says_so_to_the_page(
    asking: AskPage, elsewhere: Callable[[str], str], page: Page
) -> None:
    page.goto(elsewhere("other.localhost"))
    page.evaluate(
        """() => { window.states = []; document.addEventListener('triage-state',
          e => window.states.push([e.detail.state, e.detail.problem?.code ?? null])); }"""
    )
    fill(asking)
    asking.until(lambda: ["refused", "wrong_origin"] in page.evaluate("states"))
    page.wait_for_timeout(2000)
    assert len(asking.network.to("/v1/triage")) <= 2
    assert asking.cards.count() == 0
    posted_at_once(asking)


@pytest.fixture
def token(sample: Sample) -> Callable[[timedelta], str]:
    """Sign as the forum's server does, so long ago."""

    def sign(ago: timedelta) -> str:
        at = datetime.now(UTC) - ago
        return sign_visitor(sample.kid, sample.visitor_secret, "demo", user="kund-7", at=at)

    return sign


def tokens_sent(asking: AskPage) -> list[str]:
    return [call.headers.get("Triage-Visitor", "") for call in asking.network.to("/v1/triage")]


def test_an_expired_token_does_not_cost_the_suggestions(
    asking: AskPage, token: Callable[[timedelta], str], page: Page
) -> None:
    old = token(timedelta(hours=2))
    asking.open(data_token=old)
    fill(asking)
    expect(asking.cards.first).to_be_visible()
    sent = tokens_sent(asking)
    assert sent[0] == old
    assert sent[-1] == ""
    page.locator("#ask-body").press_sequentially(" Thanks.")
    asking.replied(MONTH_END.title, MONTH_END.body + " Thanks.")
    # What does not hold is not shown again and again.
    assert tokens_sent(asking).count(old) == 1
    assert asking.post()["ask_id"]


def test_a_page_that_has_a_new_token_is_asked_for_it_once(
    asking: AskPage, token: Callable[[timedelta], str], page: Page
) -> None:
    old, new = token(timedelta(hours=2)), token(timedelta(0))
    asking.open()
    page.evaluate(
        """([old, fresh]) => {
          window.asked = 0;
          document.querySelector('triage-suggest').token = () => (window.asked++ ? fresh : old);
        }""",
        [old, new],
    )
    fill(asking)
    expect(asking.cards.first).to_be_visible()
    assert tokens_sent(asking)[-1] == new
    assert page.evaluate("asked") <= 3
    with asking.database.read() as c:
        query = "SELECT person FROM asks WHERE ask_id = ?"
        assert c.exec_driver_sql(query, (asking.reply()["ask_id"],)).scalar() is not None
