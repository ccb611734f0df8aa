"""The widget for everybody: by keyboard, by ear, on a small screen, in the dark, without motion."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .asking import AskPage, sample_draft
from .chromium import faults

pytestmark = pytest.mark.browser

MONTH_END = sample_draft("en-d03")
LANGUAGES = ("en", "sv", "nb", "da", "fi", "de")
SECRET = "My password is Blomster-4711-Hemlig."
_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
# Of what can be pressed in the widget: whatever is smaller than a finger, 44 pixels. A title stands
# in a line by itself, and may be as high as its letters (24 pixels, WCAG 2.5.8).
_SMALL = """() => [...document.querySelector('triage-suggest').shadowRoot
  .querySelectorAll('button, summary, input:not([type=checkbox])')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().width)
  .filter(one => one.getBoundingClientRect().height < (one.dataset.act === 'open' ? 24 : 44))
  .map(one => [one.getBoundingClientRect().height, one.outerHTML])"""
# What has the keyboard inside the widget, and whether a finger at its middle would meet it (WCAG
# 2.4.11): nothing that stays in sight may lie over it.
_FOCUSED = """() => {
  const shadow = document.querySelector('triage-suggest').shadowRoot, one = shadow.activeElement;
  if (!one) return null;
  const { left, right, top, bottom } = one.getBoundingClientRect();
  const met = shadow.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return [one.dataset.act ?? one.tagName, one === met || one.contains(met)];
}"""
_CUT_OFF = """() => [...document.querySelector('triage-suggest').shadowRoot.querySelectorAll('*')]
  .filter(one => one.checkVisibility() && one.clientWidth && one.scrollWidth > one.clientWidth + 1)
  .filter(one => getComputedStyle(one).overflowX !== 'visible')
  .filter(one => one.getAttribute('role') !== 'status')
  .map(one => one.outerHTML.slice(0, 200))"""


@pytest.fixture
def suggested(asking: AskPage) -> AskPage:
    """Somebody to whom three threads are suggested."""
    asking.open(product=MONTH_END.product, version=MONTH_END.version, thread_url="/t/{id}")
    asking.ask(MONTH_END.title, MONTH_END.body)
    expect(asking.cards).to_have_count(3)
    return asking


def moments(asking: AskPage) -> list[tuple[str, object]]:
    """Return what a person comes through, as (name, how to get there)."""
    page = asking.page

    def to_panel() -> None:
        asking.act("open", asking.cards.first).click()
        expect(asking.panel).to_be_visible()

    def to_help() -> None:
        page.keyboard.press("Escape")
        asking.act("need-help").click()
        expect(asking.act("person").or_(asking.act("post")).first).to_be_visible()

    def to_secret() -> None:
        page.locator("#ask-body").fill(f"{MONTH_END.body} {SECRET}")
        expect(asking.act("redact").first).to_be_visible()

    def to_solved() -> None:
        # Whoever needs help is not shown again what did not help, unless they ask for it.
        asking.act("again").click()
        asking.act("solved", asking.cards.first).click()
        expect(asking.widget.locator("[part~=solved]").first).to_be_visible()

    return [
        ("suggested", lambda: None),
        ("panel", to_panel),
        ("help", to_help),
        ("secret", to_secret),
        ("solved", to_solved),
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_wrong_at_any_moment(
    width: int, scheme: str, asking: AskPage, pictures: Path, said: list[str]
) -> None:
    page = asking.page
    # So high that nothing has to stay in sight over something else, which axe takes for lost.
    page.set_viewport_size({"width": width, "height": 3200})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    asking.open(product="ledger", version="8.0.2", consent="ask", thread_url="/t/{id}")
    assert faults(page) == []
    asking.ask(MONTH_END.title, MONTH_END.body)
    expect(asking.cards).to_have_count(3)
    for name, go in moments(asking):
        go()
        page.screenshot(path=pictures / f"widget-{name}-{width}-{scheme}.png", full_page=True)
        assert faults(page) == [], f"{name}, {width}, {scheme}"
        assert page.evaluate(_SIDEWAYS) is False, name
        assert page.evaluate(_SMALL) == [], name
    assert said == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_fits_a_small_screen_in_every_language(
    lang: str, asking: AskPage, pictures: Path
) -> None:
    page = asking.page
    page.set_viewport_size({"width": 320, "height": 640})
    asking.open(product="ledger", version="8.0.2", lang=lang, consent="ask")
    asking.ask(MONTH_END.title, f"{MONTH_END.body} {SECRET}")
    expect(asking.cards.first).to_be_visible()
    asking.act("need-help").click()
    assert page.evaluate(_SIDEWAYS) is False
    assert page.evaluate(_CUT_OFF) == []
    page.screenshot(path=pictures / f"widget-{lang}-320.png", full_page=True)
    assert faults(page, "triage-suggest") == []


def test_all_of_it_is_done_by_keyboard_alone(asking: AskPage) -> None:
    page, keys = asking.page, asking.page.keyboard
    asking.open(product=MONTH_END.product, version=MONTH_END.version, thread_url="/t/{id}")
    page.locator("#ask-title").focus()
    keys.type(MONTH_END.title)
    keys.press("Tab")
    keys.type(MONTH_END.body)
    asking.replied(MONTH_END.title, MONTH_END.body)
    expect(asking.cards).to_have_count(3)
    # Nothing took the focus from whoever types.
    assert asking.focused()["id"] == "ask-body"

    asking.tab_to("open")
    opened_from = asking.focused()
    assert opened_from["ring"] != "none"
    keys.press("Enter")
    expect(asking.panel).to_be_visible()
    inside = page.evaluate(
        "() => document.querySelector('triage-suggest').shadowRoot.activeElement"
        ".closest('dialog') !== null"
    )
    assert inside is True
    keys.press("Escape")
    expect(asking.panel).to_be_hidden()
    assert asking.focused() == opened_from

    asking.tab_to("not-mine")
    keys.press("Enter")
    expect(asking.cards).to_have_count(2)
    # Who presses a button that goes away is still somewhere in the widget.
    assert page.evaluate("document.activeElement.localName") == "triage-suggest"
    asking.tab_to("need-help")
    keys.press("Enter")
    asking.tab_to("post")
    with page.expect_navigation():
        keys.press("Enter")
    assert asking.front.posts[-1]["title"] == MONTH_END.title


@pytest.mark.parametrize("back", [False, True], ids=["on", "back"])
def test_what_has_the_keyboard_lies_behind_nothing(back: bool, suggested: AskPage) -> None:
    page = suggested.page
    page.set_viewport_size({"width": 320, "height": 560})
    page.locator("#ask-body").focus()
    met: list[list[object]] = []
    for _ in range(40):
        page.keyboard.press("Shift+Tab" if back and met else "Tab")
        # Chromium shows what got the keyboard in the next frame.
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        found = page.evaluate(_FOCUSED)
        if back and not met and found and found[0] != "need-help":
            continue
        if found:
            met.append(found)
        elif met:
            break
    assert len(met) >= 6
    assert [one for one, reached in met if not reached] == []


def test_the_panel_lets_the_page_be_used_beside_it(suggested: AskPage) -> None:
    asking = suggested
    asking.act("open", asking.cards.first).click()
    asking.page.locator("#ask-body").press_sequentially(" More.")
    assert asking.page.locator("#ask-body").input_value().endswith(" More.")
    expect(asking.panel).to_be_visible()


def test_a_screen_reader_is_told_what_there_is(suggested: AskPage) -> None:
    asking = suggested
    expect(asking.status).to_have_attribute("role", "status")
    expect(asking.status).to_contain_text("3 suggestions")
    assert asking.status.get_attribute("aria-live") in (None, "polite")
    tree = asking.widget.aria_snapshot()
    assert 'region "Answers that may help"' in tree, tree
    assert 'heading "Answers that may help"' in tree
    assert "list" in tree
    assert tree.count("- listitem") >= 3
    assert 'button "I still need help"' in tree
    title = asking.reply()["suggestions"][0]["title"]
    # What a button does is not only to be seen from where it stands.
    assert title in tree
    names = asking.widget.get_by_role("button").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label') || one.textContent.trim())"
    )
    assert all(names), names
    asking.act("open", asking.cards.first).click()
    panel = asking.panel.aria_snapshot()
    assert "dialog" in panel or asking.panel.get_attribute("aria-labelledby"), panel
    assert title in panel


def test_typing_is_not_talked_over(asking: AskPage) -> None:
    asking.open()
    asking.page.evaluate(
        """() => { window.heard = []; const status = document.querySelector('triage-suggest')
          .shadowRoot.querySelector('[role=status]');
          new MutationObserver(() => window.heard.push(status.textContent))
            .observe(status, {childList: true, characterData: true, subtree: true}); }"""
    )
    asking.type(MONTH_END.title, MONTH_END.body, delay=15)
    asking.replied(MONTH_END.title, MONTH_END.body)
    expect(asking.status).to_contain_text("suggestion")
    heard = [one for one in asking.page.evaluate("heard") if one]
    assert len(heard) <= 4, heard


def test_who_wants_no_motion_has_none(suggested: AskPage) -> None:
    suggested.act("open", suggested.cards.first).click()
    moving = suggested.page.evaluate(
        """() => [...document.querySelector('triage-suggest').shadowRoot.querySelectorAll('*')]
          .filter(one => { const how = getComputedStyle(one);
            return parseFloat(how.transitionDuration) > 0.01
              || parseFloat(how.animationDuration) > 0.01; }).map(one => one.outerHTML)"""
    )
    assert moving == []


def test_in_forced_colours_everything_still_has_an_edge(suggested: AskPage, pictures: Path) -> None:
    page = suggested.page
    page.emulate_media(forced_colors="active")
    suggested.act("open", suggested.cards.first).focus()
    assert suggested.focused()["ring"] != "none"
    border = suggested.act("need-help").evaluate("one => getComputedStyle(one).borderStyle")
    assert border != "none"
    page.screenshot(path=pictures / "widget-forced-colors.png", full_page=True)
    assert faults(page, "triage-suggest") == []


def test_letters_twice_as_large_stay_in_the_box(suggested: AskPage) -> None:
    page = suggested.page
    page.set_viewport_size({"width": 640, "height": 900})
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    assert page.evaluate(_SIDEWAYS) is False
    assert page.evaluate(_CUT_OFF) == []


def test_a_page_gives_it_its_own_colours(suggested: AskPage) -> None:
    ground = "one => getComputedStyle(one).backgroundColor"
    box = suggested.widget.locator("[part=box]")
    before = box.evaluate(ground)
    suggested.page.evaluate(
        "document.documentElement.style.setProperty('--triage-ground', 'rgb(1, 2, 3)')"
    )
    assert box.evaluate(ground) == "rgb(1, 2, 3)" != before


def test_in_the_dark_it_is_dark(browser: Browser, asking: AskPage) -> None:
    page: Page = asking.page
    ground = "one => getComputedStyle(one).backgroundColor.match(/[\\d.]+/g).map(Number)"
    asking.open()
    light = asking.widget.locator("[part=box]").evaluate(ground)
    page.emulate_media(color_scheme="dark")
    dark = asking.widget.locator("[part=box]").evaluate(ground)
    assert sum(light[:3]) > 600
    assert sum(dark[:3]) < 200
