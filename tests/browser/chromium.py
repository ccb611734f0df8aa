"""A real Chromium without a window, spoken to through Playwright, and axe beside it.

In: nothing but the browser of the system. Out: a browser; what a page complained of; what axe finds
wrong with it.
Not here: which pages there are (the tests), who serves them (conftest).
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or ""
_SECONDS = 20.0
# All rules that say of which WCAG they are, and those of the trade beside them.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's browser."""
    assert BROWSER, "Install Chromium (Debian: apt-get install chromium) for `make test-web`."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER)
        try:
            yield browser
        finally:
            browser.close()


def listen(page: Page, said: list[str]) -> None:
    """Keep what a page complains of: blocked by its policy, missing, thrown."""

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_default_timeout(_SECONDS * 1000)


def faults(page: Page, within: str | None = None) -> list[dict[str, Any]]:
    """Return what axe finds wrong with a page as it is shown, or with one element of it."""
    context = {"include": [[within]]} if within else None
    options = {"runOnly": {"type": "tag", "values": _RULES}, "resultTypes": ["violations"]}
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [
        {
            "rule": one["id"],
            "help": one["help"],
            "where": [(node["target"], node["failureSummary"]) for node in one["nodes"]],
        }
        for one in found
    ]
