"""Shifted traffic is replayed into a real store: the alert is seen, and somebody says so."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.sample_server import FORUM, serving, store_in
from tests.watching.served import Served, served
from triage.insight.drift import WEEK
from triage.store import get_forum, get_model, list_drift_alerts
from triage.watching.moments import date_of, day_of

from .leading import SIDEWAYS, Led, check

pytestmark = pytest.mark.browser

TODAY = day_of(datetime.now(UTC))
MADE = TODAY - 2 * WEEK


@pytest.fixture(scope="module")
def led(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Led]:
    """Serve the sample as if it had been trained two weeks ago, and a topic had come since."""
    folder = tmp_path_factory.mktemp("drift")
    shutil.copytree(trained, folder, dirs_exist_ok=True)
    database = store_in(folder)
    with database.read() as c:
        forum = get_forum(c, FORUM)
        assert forum.live_version is not None
        model = get_model(c, forum.id, forum.live_version)
    served(Served(database, forum), comes="badge", weeks=10, made=MADE, model=model)
    with serving(folder) as base:
        yield Led(base, database, folder)
    database.close()


@pytest.fixture
def lead(page: Page, led: Led) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    led.enter(page)
    return page


def test_an_alert_after_shifted_traffic_is_seen_and_answered(
    lead: Page, led: Led, said: list[str], pictures: Path
) -> None:
    page = lead
    page.goto(f"{led.base}/lead/drift")
    expect(page.get_by_text("Nothing has drifted since the server began to look")).to_be_visible()
    # What a server does each hour.
    told = led.run("drift", "--tell")
    assert "inputs: drifted" in told
    page.goto(f"{led.base}/lead")
    expect(page.locator("main")).to_contain_text(re.compile("drift", re.IGNORECASE))
    tab = page.get_by_role("navigation", name="Parts of the console").get_by_role(
        "link", name=re.compile("^Drift")
    )
    expect(tab).to_contain_text("1")
    page.screenshot(path=pictures / "lead-overview-drifted.png", full_page=True)
    tab.click()
    expect(page.locator("#verdict")).to_contain_text("measures have drifted")
    expect(page.locator(".verdict")).to_contain_text("As the server saw it")
    alert = page.locator("ol.drift-alerts > li").first
    expect(alert).to_contain_text("Nobody has seen it")
    expect(alert).to_contain_text("What is asked: Words (Everything)")
    expect(alert).to_contain_text("No other system was told.")
    words = page.locator("#part-inputs ~ table tr", has_text="badge").first
    expect(words).to_contain_text(date_of(MADE).isoformat())
    # By keyboard alone: say what it is, and that it was seen.
    alert.get_by_label("What you make of it").focus()
    page.keyboard.type("The new badge reader is out")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("you have seen it")
    expect(page.locator("ol.drift-alerts > li").first).to_contain_text(
        "The new badge reader is out"
    )
    expect(tab).not_to_contain_text("1")
    with led.database.read() as c:
        (kept,) = list_drift_alerts(c, get_forum(c, FORUM).id)
    assert kept.seen_by is not None
    assert said == []


def test_another_day_is_looked_back_to(lead: Page, led: Led, said: list[str]) -> None:
    page = lead
    page.goto(f"{led.base}/lead/drift")
    page.get_by_text("Another day, another time to compare with").click()
    page.get_by_label("As of").fill(date_of(MADE + 2).isoformat())
    page.get_by_role("button", name="Look", exact=True).click()
    expect(page.locator("#verdict")).to_contain_text("Nobody can say yet")
    expect(page.locator("#part-inputs ~ .few")).to_contain_text("The first week")
    # The address says it, in every language.
    page.get_by_role("link", name="Suomi").click()
    assert f"day={date_of(MADE + 2)}" in page.url
    expect(page.locator("html")).to_have_attribute("lang", "fi")
    page.goto(f"{led.base}/lead/drift?day=2999-01-01&language=en")
    expect(page.get_by_role("alert")).to_contain_text("has not been yet")
    expect(page.get_by_label("As of")).to_have_value("2999-01-01")
    assert [one for one in said if "422" not in one] == []


def test_daily_cards_are_drawn_and_stand_in_tables(lead: Page, led: Led, said: list[str]) -> None:
    page = lead
    page.goto(f"{led.base}/lead/drift")
    card = page.locator("#card-topic")
    expect(card).to_contain_text("Promised")
    expect(card).to_contain_text(re.compile(r"Says it of \d+"))
    chart = page.locator("figure.chart").first
    expect(chart).to_have_attribute("data-drawn", "screen")
    table = page.locator("details.behind").first
    table.locator("summary").click()
    yesterday = datetime.now(UTC) - timedelta(days=1)
    expect(table.locator("tbody tr").first).to_contain_text(f"{yesterday:%Y-%m-%d}")
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_wrong(
    width: int, scheme: str, lead: Page, led: Led, pictures: Path, said: list[str]
) -> None:
    page = lead
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{led.base}/lead/drift")
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    check(page, pictures / f"lead-drift-{width}-{scheme}.png")
    assert said == []


@pytest.mark.parametrize("lang", ["sv", "nb", "da", "fi", "de"])
def test_it_fits_a_phone_in_every_language(lang: str, lead: Page, led: Led) -> None:
    lead.set_viewport_size({"width": 320, "height": 900})
    lead.goto(f"{led.base}/lead/drift?language={lang}")
    assert lead.evaluate(SIDEWAYS) is False


def test_without_a_script_it_says_the_same(lead: Page, led: Led) -> None:
    browser = lead.context.browser
    assert browser is not None
    plain = browser.new_context(
        java_script_enabled=False, storage_state=lead.context.storage_state(), locale="en-GB"
    )
    page = plain.new_page()
    page.goto(f"{led.base}/lead/drift")
    expect(page.locator("details.behind table").first).to_be_visible()
    expect(page.locator(".plot").first).to_be_hidden()
    page.get_by_text("Another day, another time to compare with").click()
    page.get_by_label("As of").fill(date_of(MADE + 2).isoformat())
    page.get_by_role("button", name="Look", exact=True).click()
    expect(page.locator("#verdict")).to_contain_text("Nobody can say yet")
    plain.close()
