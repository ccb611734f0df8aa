"""The pages as a person has them: by keyboard, on a phone, in the dark, without another server."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .chromium import Chromium
from .conftest import Served

pytestmark = pytest.mark.browser

PASSWORD = "kettle orbit velvet nine"
SCREENS = {"phone": (390, 844), "wide": (1280, 800)}
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


def check(tab: Chromium, name: str, pictures: Path) -> None:
    """Hold the page that is open against what every page must be, on each screen."""
    for screen, (width, height) in SCREENS.items():
        for dark in (False, True):
            tab.size(width, height, dark)
            assert tab.ask(_SIDEWAYS) is False, f"{name} is wider than a {screen}"
            tab.picture(pictures / f"{name}-{screen}-{'dark' if dark else 'light'}.png")
    for said in (_SMALL, _NAMELESS, _FOREIGN):
        assert tab.ask(said) == [], name
    assert tab.ask("document.querySelectorAll('h1').length") == 1
    assert tab.ask("document.documentElement.lang") == "en"
    assert tab.said == []


def test_somebody_comes_by_a_link_and_goes_again_without_a_mouse(
    served: Served, tab: Chromium, pictures: Path
) -> None:
    tab.open(served.link("eva@example.com"))
    check(tab, "link", pictures)
    tab.press("Enter")
    tab.settle()
    assert urlsplit(str(tab.ask("location.href"))).path == "/account"
    check(tab, "account", pictures)
    order = []
    for _ in range(6):
        tab.press("Tab")
        order.append(tab.ask(_FOCUS))
        assert tab.ask(_RING) == "3px"
    assert order == ["Skip to content", "Your account", "Sign out", "new", "again", "Save password"]

    tab.ask("document.getElementById('new').focus()")
    tab.type(PASSWORD)
    tab.press("Tab")
    tab.type(PASSWORD + "x")
    tab.press("Enter")
    tab.settle()
    assert tab.ask(_FOCUS) == "new"
    assert "The two new passwords differ" in str(tab.ask("document.body.textContent"))
    tab.size(*SCREENS["phone"])
    tab.picture(pictures / "account-wrong-phone.png")
    tab.said.clear()  # a reply of 422 is in the browser's own log
    tab.type(PASSWORD)
    tab.press("Tab")
    tab.type(PASSWORD)
    tab.press("Enter")
    tab.settle()
    assert "Your password is saved" in str(tab.ask("document.querySelector('.notice').textContent"))

    tab.ask("document.querySelector('form.inline button').focus()")
    tab.press("Enter")
    tab.settle()
    assert "You are signed out." in str(tab.ask("document.body.textContent"))
    check(tab, "signed-out", pictures)


def test_the_form_takes_a_password_by_keyboard_alone(
    served: Served, tab: Chromium, pictures: Path
) -> None:
    tab.open(f"{served.base}/account")
    assert urlsplit(str(tab.ask("location.href"))).path == "/sign-in"
    check(tab, "sign-in", pictures)
    assert tab.ask(_FOCUS) == "email"
    tab.type("nobody@example.com")
    tab.press("Tab")
    tab.type("something else again")
    tab.press("Enter")
    tab.settle()
    assert tab.ask("document.querySelector('[role=alert]') !== null")
    assert tab.ask(_FOCUS) == "password"
    assert tab.ask("document.getElementById('email').value") == "nobody@example.com"
    tab.size(*SCREENS["phone"])
    tab.picture(pictures / "sign-in-wrong-phone.png")


def test_whoever_wants_to_know_reads_where_data_is_kept(
    served: Served, tab: Chromium, pictures: Path
) -> None:
    tab.open(f"{served.base}/trust")
    assert "Stockholm, Sweden" in str(tab.ask("document.body.textContent"))
    check(tab, "trust", pictures)
    for lang in ("de", "fi"):
        tab.open(f"{served.base}/trust?lang={lang}")
        tab.size(*SCREENS["phone"])
        assert tab.ask(_SIDEWAYS) is False
        tab.picture(pictures / f"trust-{lang}-phone.png")


def test_no_script_that_somebody_smuggles_in_is_run(served: Served, tab: Chromium) -> None:
    tab.open(f"{served.base}/trust")
    tab.ask(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'window.smuggled = 1'}))"
    )
    assert tab.ask("window.smuggled === undefined") is True
    assert any("Content Security Policy" in one for one in tab.said)
