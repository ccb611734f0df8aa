"""Versions of the model and training runs in a browser: followed, compared, put into use."""

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.sample_server import FORUM, serving, store_in
from triage import store

from .chromium import faults, listen
from .test_analytics import _SIDEWAYS, become

pytestmark = pytest.mark.browser

# A tick has its words beside it, which are as high as a button.
_SMALL = """[...document.querySelectorAll('main button, main input, main select, nav a, summary')]
  .filter(e => e.type !== 'checkbox' && e.checkVisibility())
  .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
_LONGEST_RUN_SECONDS = 900
_SECONDS = 1000


@dataclass(frozen=True)
class Followed:
    """A run that was followed to its end: the steps that the page showed, and what it made."""

    base: str
    folder: Path
    steps: tuple[int, ...]
    complaints: tuple[str, ...]
    first: str
    second: str


def live(folder: Path) -> str:
    database = store_in(folder)
    with database.read() as c:
        version = store.get_forum(c, FORUM).live_version
    database.close()
    return version or ""


def acts(folder: Path) -> list[str]:
    database = store_in(folder)
    with database.read() as c:
        found = [row.act.act for row in store.iter_acts(c, store.get_forum(c, FORUM).id)]
    database.close()
    return found


@pytest.fixture(scope="module")
def base(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A demo of its own, whose runs touch no other test's sample."""
    folder = tmp_path_factory.mktemp("leading")
    shutil.copytree(trained, folder, dirs_exist_ok=True)
    with serving(folder, TRIAGE_DEMO="1") as address:
        yield address, folder


@pytest.fixture(scope="module")
def followed(browser: Browser, base: tuple[str, Path]) -> Iterator[Followed]:
    """Start a run from the page, and look on until it has ended: nothing is loaded by hand."""
    address, folder = base
    first = live(folder)
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    page, said = context.new_page(), list[str]()
    listen(page, said)
    become(page, address, "lead")
    page.goto(f"{address}/lead/training")
    page.get_by_text("More choices").click()
    page.get_by_label("Seed").fill("7")
    page.get_by_role("button", name="Start the run").click()
    expect(page.get_by_role("heading", name="Under way")).to_be_visible()
    seen: list[int] = []
    until = time.monotonic() + _LONGEST_RUN_SECONDS
    while page.locator("#run[data-events]").count() and time.monotonic() < until:
        now = page.locator("[data-step][aria-current]")
        if now.count():
            step = int(now.first.get_attribute("data-step", timeout=2 * _SECONDS) or 0)
            seen += [step] if step not in seen else []
        page.wait_for_timeout(250)
    expect(page.get_by_role("heading", name="The last run")).to_be_visible()
    link = page.get_by_role("link", name=re.compile("See version"))
    second = (link.get_attribute("href") or "").rpartition("/")[2]
    yield Followed(address, folder, tuple(seen), tuple(said), first, second)
    context.close()


@pytest.fixture
def lead(page: Page, followed: Followed) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    become(page, followed.base, "lead")
    return page


def test_a_run_is_followed_live_to_its_end(followed: Followed) -> None:
    assert len(followed.steps) > 2
    assert list(followed.steps) == sorted(followed.steps)
    assert followed.second > followed.first
    assert list(followed.complaints) == []


def test_a_run_is_cancelled_by_keyboard(lead: Page, followed: Followed, said: list[str]) -> None:
    before = live(followed.folder)
    lead.goto(f"{followed.base}/lead/training")
    lead.get_by_label("Only cases from this day on").focus()
    with lead.expect_navigation():
        lead.keyboard.press("Enter")
    run = lead.locator("#run[data-live=yes][data-state=running]")
    expect(run).to_be_visible(timeout=300 * _SECONDS)
    assert faults(lead) == []
    lead.get_by_text("Cancel this run").focus()
    lead.keyboard.press("Enter")
    lead.keyboard.press("Tab")
    expect(lead.get_by_role("button", name="Cancel the run")).to_be_focused()
    with lead.expect_navigation():
        lead.keyboard.press("Enter")
    # The page reads itself anew once it has ended.
    expect(lead.get_by_role("heading", name="The last run")).to_be_visible(timeout=300 * _SECONDS)
    expect(lead.locator("#run")).to_contain_text("Cancelled")
    expect(lead.get_by_role("row", name=re.compile("Cancelled"))).to_contain_text("Nothing was")
    assert live(followed.folder) == before
    # The server's own rounds note what they do in between.
    mine = [act for act in acts(followed.folder) if act.startswith("train.")]
    assert mine[-2:] == ["train.start", "train.cancel"]
    assert said == []


def test_two_versions_are_compared_and_one_is_put_into_use_and_taken_back(
    lead: Page, followed: Followed, said: list[str], pictures: Path
) -> None:
    lead.goto(f"{followed.base}/lead/models")
    assert faults(lead) == []
    lead.screenshot(path=pictures / "lead-models.png", full_page=True)
    lead.get_by_label("Version A").select_option(followed.first)
    lead.get_by_label("Version B").select_option(followed.second)
    lead.get_by_role("button", name="Compare").click()
    expect(lead.get_by_role("heading", name="Two versions compared")).to_be_visible()
    for head in ("kind", "severity", "topic"):
        lead.get_by_label("What is labelled").select_option(head)
        with lead.expect_navigation():
            lead.get_by_role("button", name="Compare").click()
        figures = lead.locator("figure.chart[data-drawn=screen]")
        expect(figures).to_have_count(3)
        assert lead.locator("table.heat").count() >= 1
    # Every difference stands in the table behind its chart, with its interval.
    behind = lead.locator("details.behind").first
    behind.locator("summary").click()
    expect(behind.get_by_role("row", name=re.compile("All cases"))).to_contain_text("pp")
    assert faults(lead) == []
    lead.screenshot(path=pictures / "lead-models-compared.png", full_page=True)
    was = live(followed.folder)
    other = followed.first if was == followed.second else followed.second
    lead.get_by_text(f"Put this version into use {other}").click()
    lead.get_by_label("Why").fill("Tried beside the other one")
    with lead.expect_navigation():
        lead.get_by_role("button", name=f"Put into use: {other}").click()
    expect(lead.get_by_role("status")).to_contain_text("in use now")
    assert live(followed.folder) == other
    lead.goto(f"{followed.base}/lead/models")
    lead.get_by_text("Go back to the version before").click()
    with lead.expect_navigation():
        lead.get_by_role("button", name="Go back").click()
    expect(lead.get_by_role("status")).to_contain_text("version before is in use again")
    assert live(followed.folder) == was
    assert acts(followed.folder)[-2:] == ["model.activate", "model.rollback"]
    assert said == []


def test_who_looks_at_an_old_page_is_told_and_loses_nothing(
    lead: Page, followed: Followed, said: list[str]
) -> None:
    lead.goto(f"{followed.base}/lead/models")
    other = lead.context.new_page()
    other.goto(lead.url)
    was = live(followed.folder)
    for one in (lead, other):
        one.get_by_text("Go back to the version before").click()
        one.get_by_label("Why").fill("Both at once")
        with one.expect_navigation():
            one.get_by_role("button", name="Go back").click()
    expect(other.get_by_role("alert")).to_contain_text("nothing was done")
    assert faults(other) == []
    now = live(followed.folder)
    assert now != was
    other.goto(f"{followed.base}/lead/models/{was}")
    other.get_by_text("Put this version into use").click()
    with other.expect_navigation():
        other.get_by_role("button", name="Put into use").click()
    assert live(followed.folder) == was
    said.clear()  # the browser notes the status


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_phone_and_the_night(
    lead: Page, followed: Followed, scheme: str, pictures: Path, said: list[str]
) -> None:
    page = lead
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    pair = f"a={followed.first}&b={followed.second}&head=topic"
    places = {
        "models": "/lead/models",
        "compared": f"/lead/models/compare?{pair}",
        "version": f"/lead/models/{followed.second}?head=topic",
        "training": "/lead/training",
    }
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for name, path in places.items():
            page.goto(f"{followed.base}{path}")
            for figure in page.locator("figure.chart").all():
                expect(figure).to_have_attribute("data-drawn", "screen")
            assert not page.evaluate(_SIDEWAYS), (name, width)
            assert page.evaluate(_SMALL) == [], (name, width)
            assert faults(page) == [], (name, width, scheme)
            if width == 320 or scheme == "dark":
                file = pictures / f"lead-{name}-{width}-{scheme}.png"
                page.screenshot(path=file, full_page=True)
    assert said == []


def test_all_of_it_works_without_scripts(browser: Browser, followed: Followed) -> None:
    context = browser.new_context(locale="sv-SE", java_script_enabled=False)
    page = context.new_page()
    become(page, followed.base, "lead")
    pair = f"a={followed.first}&b={followed.second}&head=kind"
    page.goto(f"{followed.base}/lead/models/compare?{pair}")
    # The tables say what the charts would.
    expect(page.locator("details.behind[open]")).to_have_count(3)
    page.goto(f"{followed.base}/lead/training")
    page.get_by_role("button", name="Starta").click()
    page.get_by_text("Avbryt träningen").click()
    page.get_by_role("button", name="Avbryt nu").click()
    expect(page.get_by_role("status").first).to_contain_text("avbryts")
    for _ in range(300):
        page.get_by_role("link", name="Se hur det står till nu").or_(
            page.get_by_role("link", name="Träning")
        ).first.click()
        if page.get_by_role("heading", name="Den senaste träningen").count():
            break
        page.wait_for_timeout(1000)
    expect(page.locator("#run")).to_contain_text("Avbruten")
    context.close()
