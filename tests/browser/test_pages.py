"""The pages as a person has them: by keyboard, on a phone, in the dark, without another server."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, ViewportSize

from .chromium import faults
from .conftest import Served

pytestmark = pytest.mark.browser

PASSWORD = "kettle orbit velvet nine"
PHONE: ViewportSize = {"width": 390, "height": 844}
SCREENS: dict[str, ViewportSize] = {"phone": PHONE, "wide": {"width": 1280, "height": 800}}
_FOCUS = "document.activeElement.id || document.activeElement.textContent.trim()"
_RING = "getComputedStyle(document.activeElement).outlineWidth"
# Of whatever can be used: its size, and the name that a screen reader says.
_SMALL = """[...document.querySelectorAll('button, input:not([type=hidden]):not(.unseen), nav a')]
  .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
_NAMELESS = """[...document.querySelectorAll('button, a, input:not([type=hidden]):not(.unseen)')]
  .filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || (e.labels || []).length))
  .map(e => e.outerHTML)"""
_FOREIGN = """performance.getEntriesByType('resource').map(e => new URL(e.name).origin)
  .filter(o => o !== location.origin)"""
_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"


def check(page: Page, said: list[str], name: str, pictures: Path) -> None:
    """Hold the page that is open against what every page must be, on each screen."""
    for screen, size in SCREENS.items():
        for scheme in ("light", "dark"):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            assert page.evaluate(_SIDEWAYS) is False, f"{name} is wider than a {screen}"
            page.screenshot(path=pictures / f"{name}-{screen}-{scheme}.png", full_page=True)
            assert faults(page) == [], f"{name}, {screen}, {scheme}"
    for wrong in (_SMALL, _NAMELESS, _FOREIGN):
        assert page.evaluate(wrong) == [], name
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    assert page.evaluate("document.documentElement.lang") == "en"
    assert said == []


def enter(page: Page) -> None:
    """Press Enter, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def test_somebody_comes_by_a_link_and_goes_again_without_a_mouse(
    served: Served, page: Page, said: list[str], pictures: Path
) -> None:
    keys = page.keyboard
    page.goto(served.link("eva@example.com"))
    check(page, said, "link", pictures)
    enter(page)
    assert path_of(page) == "/account"
    check(page, said, "account", pictures)
    order = []
    for _ in range(8):
        keys.press("Tab")
        order.append(page.evaluate(_FOCUS))
        assert page.evaluate(_RING) == "3px"
    assert order == [
        *("Skip to content", "Console", "Analytics", "Your account", "Sign out"),
        *("new", "again", "Save password"),
    ]

    page.locator("#new").focus()
    keys.type(PASSWORD)
    keys.press("Tab")
    keys.type(PASSWORD + "x")
    enter(page)
    assert page.evaluate(_FOCUS) == "new"
    assert "The two new passwords differ" in page.locator("body").inner_text()
    page.set_viewport_size(PHONE)
    page.screenshot(path=pictures / "account-wrong-phone.png", full_page=True)
    said.clear()  # a reply of 422 is in the browser's own log
    keys.type(PASSWORD)
    keys.press("Tab")
    keys.type(PASSWORD)
    enter(page)
    assert "Your password is saved" in page.locator(".notice").inner_text()

    page.locator("form.inline button").focus()
    enter(page)
    assert "You are signed out." in page.locator("body").inner_text()
    check(page, said, "signed-out", pictures)


def test_the_form_takes_a_password_by_keyboard_alone(
    served: Served, page: Page, said: list[str], pictures: Path
) -> None:
    keys = page.keyboard
    page.goto(f"{served.base}/account")
    assert path_of(page) == "/sign-in"
    check(page, said, "sign-in", pictures)
    assert page.evaluate(_FOCUS) == "email"
    keys.type("nobody@example.com")
    keys.press("Tab")
    keys.type("something else again")
    enter(page)
    assert page.locator("[role=alert]").count() == 1
    assert page.evaluate(_FOCUS) == "password"
    assert page.locator("#email").input_value() == "nobody@example.com"
    page.set_viewport_size(PHONE)
    page.screenshot(path=pictures / "sign-in-wrong-phone.png", full_page=True)


def test_whoever_wants_to_know_reads_where_data_is_kept(
    served: Served, page: Page, said: list[str], pictures: Path
) -> None:
    page.goto(f"{served.base}/trust")
    assert "Stockholm, Sweden" in page.locator("body").inner_text()
    check(page, said, "trust", pictures)
    for lang in ("de", "fi"):
        page.goto(f"{served.base}/trust?lang={lang}")
        page.set_viewport_size(PHONE)
        assert page.evaluate(_SIDEWAYS) is False
        page.screenshot(path=pictures / f"trust-{lang}-phone.png", full_page=True)


def test_no_script_that_somebody_smuggles_in_is_run(
    served: Served, page: Page, said: list[str]
) -> None:
    page.goto(f"{served.base}/trust")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'window.smuggled = 1'}))"
    )
    assert page.evaluate("window.smuggled === undefined") is True
    assert any("Content Security Policy" in one for one in said)
