"""The weekly report opens from a disk: drawn, in the dark, on a phone, on paper, by keys."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.analytics.forum import NOW, quarter
from tests.reports.months import Kept
from triage.analytics.report_week import read_week
from triage.analytics.weekly import weekly_page
from triage.outcomes.only import ALL
from triage.store import Database, ensure_forum, get_forum, sqlite_url
from triage.web import word

from .chromium import faults, listen

pytestmark = pytest.mark.browser
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the report of a week with enough askers, in two languages."""
    folder = tmp_path_factory.mktemp("weekly")
    database = Database(sqlite_url(folder / "triage.db"))
    with database.write() as c:
        forum_id = ensure_forum(c, "demo").id
    # Only so many askers make a lift of most weeks.
    Kept(database, forum_id).put(quarter(persons=1200))
    with database.read() as c:
        forum = get_forum(c, "demo")
    week = read_week("2026-W20", "Europe/Oslo", ALL, NOW)
    found = {}
    for lang in ("en", "de"):
        found[lang] = folder / f"{lang}.html"
        html = weekly_page(database, forum, week, lang, NOW)
        found[lang].write_text(html, encoding="utf-8")
    database.close()
    return found


def opened(browser: Browser, file: Path, said: list[str], **how: Any) -> Page:  # noqa: ANN401
    page = browser.new_context(reduced_motion="reduce", **how).new_page()
    listen(page, said)
    page.on("request", lambda one: said.append(one.url) if not_ours(one.url, file) else None)
    page.goto(file.as_uri())
    return page


def not_ours(address: str, file: Path) -> bool:
    """Say whether something else is loaded than the file itself, and what it holds."""
    return address.split("#")[0] != file.as_uri() and not address.startswith("data:")


def drawn(page: Page) -> int:
    page.wait_for_function("document.querySelectorAll('figure.chart').length > 0")
    page.wait_for_function(
        "document.querySelectorAll('figure.chart:not([data-drawn])').length == 0"
    )
    return int(page.locator("figure.chart .main-svg").count())


@pytest.mark.parametrize("lang", ["en", "de"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_it_is_drawn_without_a_fault(
    browser: Browser,
    files: dict[str, Path],
    pictures: Path,
    lang: str,
    scheme: str,
    size: dict[str, int],
) -> None:
    said: list[str] = []
    page = opened(browser, files[lang], said, viewport=size, color_scheme=scheme)
    assert drawn(page) >= 4
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert faults(page) == []
    assert said == []
    name = f"weekly-{lang}-{scheme}-{size['width']}.png"
    page.screenshot(path=pictures / name, full_page=True)
    page.context.close()


def test_a_table_is_opened_by_keys(browser: Browser, files: dict[str, Path]) -> None:
    page = opened(browser, files["en"], [], viewport=WIDE)
    drawn(page)
    table = page.locator("details.behind table").first
    assert not table.is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    assert table.is_visible()
    assert word("card.asks", "en") in table.inner_text()
    page.context.close()


def test_on_paper_charts_are_light_and_every_table_is_there(
    browser: Browser, files: dict[str, Path]
) -> None:
    page = opened(browser, files["en"], [], viewport=WIDE, color_scheme="dark")
    drawn(page)
    page.emulate_media(media="print")
    page.wait_for_selector("figure.chart[data-drawn=paper]")
    ink = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--chart-a')")
    assert ink.strip() == "#0b5cad"
    tables = page.locator("details.behind table")
    assert tables.count() >= 3
    heights = [tables.nth(at).bounding_box() for at in range(tables.count())]
    assert all(box is not None and box["height"] > 20 for box in heights)
    assert len(page.pdf(format="A4")) > 20_000
    page.context.close()


def test_without_scripts_the_tables_say_it_all(browser: Browser, files: dict[str, Path]) -> None:
    page = opened(browser, files["en"], [], viewport=WIDE, java_script_enabled=False)
    tables = page.locator("details.behind table")
    assert tables.count() >= 3
    assert all(tables.nth(at).is_visible() for at in range(tables.count()))
    assert not page.locator(".plot").first.is_visible()
    page.context.close()
