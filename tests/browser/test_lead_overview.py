"""The lead's first page in a browser: what is alive, what is dead and cannot be overlooked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from benchmarks.sample_server import serving
from tests.overseeing.busy import fill
from tests.reports.months import Kept
from triage.audit.acting import Acting
from triage.records import Actor, ActorKind, Thread
from triage.store import (
    Database,
    ensure_forum,
    put_threads,
    sqlite_url,
)
from triage.store.tables.base import asks, events

from .chromium import faults
from .leading import link_of

pytestmark = pytest.mark.browser

_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
_SMALL = """[...document.querySelectorAll('main button, nav a, main summary')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
  .map(e => e.outerHTML)"""
LONG = "a.very.long.name.of.somebody.who.leads.the.support@a-company-with-a-long-name.example.com"


@dataclass(frozen=True)
class House:
    """A running server whose forum was asked for weeks, and its store."""

    base: str
    database: Database

    def link(self, email: str) -> str:
        """Add a lead and return the address that signs them in once."""
        return link_of(self.base, self.database, "bikes", email)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("alive")
    database = Database(sqlite_url(folder / "triage.db"))
    now = datetime.now(UTC)
    with database.write() as c:
        forum = ensure_forum(c, "bikes")
        thread = Thread(id="t1", title="A bell that does not ring", body="It is silent.")
        put_threads(c, forum.id, [thread], 1)
        for name in ("ola@example.com", LONG):
            acting = Acting(forum.id, Actor(ActorKind.USER, name))
            acting.note(c, "known_issue.publish", "i_1")
            acting.note(c, "policy.activate", "2", after={"reason": "to try"})
    fill(Kept(database, forum.id), now, forum="bikes")
    with serving(folder, TRIAGE_ENCODER="hashing", TRIAGE_REENCODE="manual") as base:
        yield House(base, database)
    database.close()


@pytest.fixture
def lead(page: Page, house: House, request: pytest.FixtureRequest) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(house.link(f"{request.node.name[:40]}@example.com"))
    with page.expect_navigation():
        page.locator("main button").first.click()
    return page


def move(house: House, by: timedelta) -> None:
    """Have everything that was asked happen so much later."""
    with house.database.write() as c:
        for table, columns in ((asks, ("opened_at", "last_at")), (events, ("occurred_at",))):
            key = table.c.ask_id if table is asks else table.c.event_id
            for row in c.execute(table.select()).mappings().all():
                values = {name: row[name] + by for name in columns}
                c.execute(update(table).where(key == row[key.name]).values(**values))


def test_it_is_the_first_place_of_a_lead_and_says_that_all_is_alive(
    lead: Page, house: House, said: list[str]
) -> None:
    lead.get_by_role("navigation", name="Pages").get_by_role("link", name="Console").click()
    expect(lead).to_have_url(re.compile("/lead$"))
    expect(lead.locator("h1")).to_have_text("Overview")
    asked = lead.locator("tr", has_text="Asks coming in")
    expect(asked.locator(".mark")).to_have_text("alive")
    expect(lead.locator("#changes + table")).to_contain_text("Policy activated, 2 times")
    expect(lead.locator("#changes + table")).to_contain_text(LONG)
    figure = lead.locator("section:has(#yesterday) tr", has_text="Asks").first
    expect(figure).to_contain_text("10")
    expect(figure.locator(".mark")).to_have_text("as usual")
    assert said == []


def test_every_figure_and_part_leads_to_where_more_is_seen(lead: Page, house: House) -> None:
    lead.goto(f"{house.base}/lead")
    links = lead.locator("main a").evaluate_all("all => [...new Set(all.map(a => a.href))]")
    assert len(links) > 10
    # What was made here has no words, so that its asks cannot be listed.
    for link in (one for one in links if "/analytics/" not in one):
        assert lead.request.get(link).status == 200, link


def test_the_keyboard_alone_goes_through_the_tabs(lead: Page, house: House) -> None:
    lead.goto(f"{house.base}/lead")
    lead.keyboard.press("Tab")
    expect(lead.locator(".skip")).to_be_focused()
    lead.keyboard.press("Enter")
    # From the content on, the first thing is the tabs.
    lead.keyboard.press("Tab")
    expect(lead.locator(".tabs a").first).to_be_focused()
    for _ in range(10):
        lead.keyboard.press("Tab")
    expect(lead.locator(".tabs a").last).to_be_focused()
    lead.keyboard.press("Enter")
    expect(lead).to_have_url(re.compile("/lead/audit$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("lang", ["en", "fi", "de"])
def test_nothing_is_wrong_with_it(
    width: int, scheme: str, lang: str, lead: Page, house: House, pictures: Path, said: list[str]
) -> None:
    lead.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    lead.set_viewport_size({"width": width, "height": 900})
    lead.goto(f"{house.base}/lead?language={lang}")
    lead.locator("main details summary").first.click()
    lead.screenshot(path=pictures / f"lead-{lang}-{width}-{scheme}.png", full_page=True)
    assert faults(lead) == []
    assert not lead.evaluate(_SIDEWAYS)
    assert lead.evaluate(_SMALL) == []
    assert said == []


def test_it_is_the_same_page_without_a_script(browser: Browser, house: House) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(house.link("plain@example.com"))
    page.locator("main button").first.click()
    page.goto(f"{house.base}/lead")
    expect(page.locator("tr", has_text="Asks coming in").locator(".mark")).to_have_text("alive")
    page.get_by_text("kinds of work").click()
    expect(page.get_by_text("Listens for silence")).to_be_visible()
    context.close()


def test_what_has_been_dead_for_months_cannot_be_overlooked(
    lead: Page, house: House, pictures: Path
) -> None:
    months = timedelta(days=200)
    move(house, -months)
    try:
        lead.goto(f"{house.base}/lead")
        first = lead.locator("main section").first
        expect(first).to_have_attribute("data-alive", "bad")
        expect(first).to_contain_text("Asks coming in")
        expect(first).to_contain_text("Nothing for 200")
        box = first.bounding_box()
        assert box is not None
        assert box["y"] < 400
        assert faults(lead) == []
        lead.screenshot(path=pictures / "lead-dead.png", full_page=True)
    finally:
        move(house, months)
    lead.goto(f"{house.base}/lead")
    expect(lead.locator("tr", has_text="Asks coming in").locator(".mark")).to_have_text("alive")
