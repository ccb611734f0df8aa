"""Pictures of the widget and of the demo forum for the documents, made anew from what is there.

    python -m benchmarks.pictures --folder data/local/widget

In: the sample, trained in a folder; the system's Chromium. Out: small WebP files in docs/pictures.
Not here: whether what is in them is right (tests/browser).
"""

import argparse
import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.widget import everything, sample_drafts
from triage.settings import ROOT

PICTURES = ROOT / "docs" / "pictures"
_QUALITY = 60
_ASKED = "en-d03"
_READY = "text => document.querySelector('triage-suggest').client?.draft?.body === text"


def keep(page: Page, name: str) -> None:
    """Keep what is in sight as a small file."""
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    (PICTURES / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def _seen(browser: Browser, width: int, height: int, dark: bool = False) -> Iterator[Page]:
    """Open a page of a size, in the light or in the dark."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


def _asked(page: Page, address: str, draft: dict[str, Any]) -> None:
    """Have a draft on a page, and its suggestions beside it."""
    page.goto(address)
    page.locator("[name=title]").fill(draft["title"])
    page.locator("[name=body]").fill(draft["body"])
    page.wait_for_function(_READY, arg=draft["body"])
    page.locator("triage-suggest li[data-thread]").first.wait_for()


def widget_pictures(browser: Browser, address: str, draft: dict[str, Any]) -> None:
    """Take the widget on another site's ask page: suggested, opened, in the dark, on a phone."""
    with _seen(browser, 800, 1000) as page:
        _asked(page, address, draft)
        page.locator("triage-suggest").scroll_into_view_if_needed()
        keep(page, "widget")
        page.locator('[data-act="open"]').first.click()
        keep(page, "widget-panel")
    with _seen(browser, 800, 1000, dark=True) as page:
        _asked(page, address, draft)
        keep(page, "widget-dark")
    with _seen(browser, 320, 1000) as page:
        _asked(page, address, draft)
        page.locator("triage-suggest [part=title]").evaluate("one => one.scrollIntoView()")
        keep(page, "widget-phone")
    with _seen(browser, 800, 700) as page:
        told = {**draft, "body": f"{draft['body']} My password is Blomster-4711-Hemlig."}
        _asked(page, address, told)
        page.locator("triage-suggest").evaluate("one => one.scrollIntoView()")
        keep(page, "widget-private")


def demo_pictures(browser: Browser, base: str) -> None:
    """Take the demo forum: the ask page, with what its tour says to type."""
    with _seen(browser, 1000, 700) as page:
        page.goto(f"{base}/tour")
        step = page.locator("#known")
        title, body = step.locator("blockquote p").all_inner_texts()
        with page.expect_navigation():
            step.get_by_role("button").click()
        _asked(page, page.url, {"title": title, "body": body})
        keep(page, "demo-ask")


def main() -> None:
    """Take all of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "local" / "widget")
    chosen = parser.parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    (draft,) = [one for one in sample_drafts() if one["id"] == _ASKED]
    with everything(chosen.folder, TRIAGE_DEMO="1") as (browser, front, service):
        widget_pictures(browser, front.ask_page(product="ledger", version="8.0.2"), draft)
        demo_pictures(browser, service)


if __name__ == "__main__":
    main()
