"""What is suggested while somebody types: the right threads of the newest draft, in six tongues."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .asking import AskPage, SampleDraft, sample_case, sample_draft
from .gateway import Call, Fault

pytestmark = pytest.mark.browser

# In each language a question of the sample of which it is known what settles it. They are new to
# what was trained; of German, where nothing is sure enough of any of these, it is a filed case.
KNOWN = {
    "en": sample_draft("en-d03"),
    "sv": sample_draft("sv-d02"),
    "nb": sample_draft("nb-d06"),
    "da": sample_draft("da-d02"),
    "fi": sample_draft("fi-d05"),
    "de": sample_case("de-c010"),
}
MONTH_END, UPGRADE = sample_draft("en-d03"), sample_draft("en-d05")


def fields(draft: SampleDraft) -> dict[str, str]:
    return {"product": draft.product, "version": draft.version}


@pytest.mark.parametrize("lang", KNOWN)
def test_a_draft_that_is_typed_is_given_the_known_right_thread(
    lang: str, asking: AskPage, said: list[str]
) -> None:
    draft = KNOWN[lang]
    asking.open(lang=lang, **fields(draft))
    asking.type(draft.title, draft.body, delay=5)
    asking.replied(draft.title, draft.body)
    expect(asking.cards.first).to_be_visible()
    shown = asking.shown()
    assert 1 <= len(shown) <= 3
    assert shown[0] in draft.settled_by, shown
    assert set(shown) <= draft.settled_by, shown
    # What a screen reader is told, and every button, is in the language of the page.
    expect(asking.status).to_contain_text(str(len(shown)))
    assert asking.widget.locator("[part=box]").get_attribute("lang") in (lang, None)
    assert said == []


def test_suggestions_come_from_the_body_as_it_grows(asking: AskPage) -> None:
    asking.open(**fields(UPGRADE))
    asking.ask("A question", "")
    assert asking.shown() == []
    asking.page.locator("#ask-body").press_sequentially(f"{UPGRADE.title}. {UPGRADE.body}")
    expect(asking.cards.first).to_be_visible()
    assert asking.shown()[0] in UPGRADE.settled_by


def test_keystrokes_are_gathered_and_belong_to_one_ask(asking: AskPage) -> None:
    asking.open()
    asking.type(MONTH_END.title, MONTH_END.body, delay=30)
    asking.replied(MONTH_END.title, MONTH_END.body)
    calls = asking.network.to("/v1/triage")
    # Two hundred keystrokes in six seconds without a pause are hardly a handful of questions.
    assert 1 <= len(calls) <= 20
    assert len({call.told["session"] for call in calls}) == 1
    assert {call.told["stage"] for call in calls} == {"typing"}
    with asking.database.read() as c:
        query = "SELECT count(DISTINCT ask_id) FROM triages WHERE ask_id = ?"
        assert c.exec_driver_sql(query, (asking.reply()["ask_id"],)).scalar() == 1


def test_a_pasted_draft_is_asked_at_once(asking: AskPage) -> None:
    asking.open()
    asking.page.locator("#ask-body").focus()
    asking.page.evaluate(
        """text => {
          const body = document.getElementById('ask-body'), data = new DataTransfer();
          data.setData('text/plain', text);
          body.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));
          body.value = text;
          const how = {inputType: 'insertFromPaste', bubbles: true};
          body.dispatchEvent(new InputEvent('input', how));
        }""",
        UPGRADE.body,
    )
    expect(asking.cards.first).to_be_visible()
    assert len(asking.network.to("/v1/triage")) == 1


def _late(text: str, seconds: float) -> Callable[[Call], Fault | None]:
    def goes_wrong(call: Call) -> Fault | None:
        late = call.method == "POST" and call.path == "/v1/triage" and text in call.body.decode()
        return Fault(seconds=seconds) if late else None

    return goes_wrong


def test_a_stale_reply_never_overwrites_a_newer_one(asking: AskPage, page: Page) -> None:
    asking.network.goes_wrong = _late("Month-end", 2.0)
    asking.open()
    page.locator("#ask-title").fill(MONTH_END.title)
    asking.until(lambda: len(asking.network.to("/v1/triage")) == 1)
    page.evaluate(
        """() => { window.replies = []; document.addEventListener('triage-reply',
          e => window.replies.push(e.detail?.suggestions.map(s => s.thread_id) ?? null)); }"""
    )
    page.locator("#ask-title").fill(UPGRADE.title)
    page.locator("#ask-body").fill(UPGRADE.body)
    asking.replied(UPGRADE.title, UPGRADE.body)
    expect(asking.cards.first).to_be_visible()
    shown = asking.shown()
    assert shown[0] in UPGRADE.settled_by
    # The first call is answered now, long after the second.
    time.sleep(2.5)
    assert asking.shown() == shown
    assert not any(set(one or ()) & MONTH_END.settled_by for one in page.evaluate("replies"))


def test_a_call_that_is_out_of_date_is_broken_off(asking: AskPage, page: Page) -> None:
    broken: list[str] = []
    page.on("requestfailed", lambda one: broken.append(f"{one.url} {one.failure}"))
    asking.network.goes_wrong = _late("Month-end", 2.0)
    asking.open()
    page.locator("#ask-title").fill(MONTH_END.title)
    asking.until(lambda: len(asking.network.to("/v1/triage")) == 1)
    asking.ask(UPGRADE.title, UPGRADE.body)
    assert any("/v1/triage" in one and "ERR_ABORTED" in one for one in broken), broken


def test_an_emptied_draft_has_no_suggestions(asking: AskPage) -> None:
    asking.open()
    asking.ask(UPGRADE.title, UPGRADE.body)
    expect(asking.cards.first).to_be_visible()
    asking.page.locator("#ask-title").fill("")
    asking.page.locator("#ask-body").fill("")
    expect(asking.cards).to_have_count(0)


def test_nothing_is_asked_of_a_page_that_nobody_types_on(asking: AskPage) -> None:
    asking.open()
    asking.page.wait_for_timeout(800)
    assert asking.network.to("/v1/triage") == []


def test_what_the_browser_put_back_into_the_fields_is_asked(asking: AskPage) -> None:
    asking.open()
    asking.page.evaluate(
        """draft => {
          document.getElementById('ask-title').value = draft.title;
          document.getElementById('ask-body').value = draft.body;
          document.querySelector('triage-suggest').ask();
        }""",
        {"title": UPGRADE.title, "body": UPGRADE.body},
    )
    expect(asking.cards.first).to_be_visible()


def test_each_card_says_why_it_fits_and_why_it_may_not(asking: AskPage) -> None:
    asking.open(product="ledger", version="8.0.2")
    asking.ask(MONTH_END.title, MONTH_END.body)
    expect(asking.cards.first).to_be_visible()
    for card, told in zip(asking.cards.all(), asking.reply()["suggestions"], strict=True):
        text = card.inner_text()
        assert told["title"] in text
        assert told["snippet"][:40] in text
        said = card.locator("[part=facts], [part~=fit], [part~=doubt]")
        assert said.count() >= 1, text
    german = asking.widget.locator("li[data-thread='de-t015']")
    # A thread in another language says so, and is read out in its own.
    assert german.locator("[lang=de]").count() >= 1
    assert "German" in german.inner_text()
