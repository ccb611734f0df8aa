"""The analyst's pages in a browser, filled from a simulated quarter: figures, lists, files."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from benchmarks.sample_server import FORUM, serving
from triage.analytics.cards import CARDS
from triage.analytics.drilling import PAGE
from triage.settings import ROOT

from .chromium import faults

pytestmark = pytest.mark.browser

TABS = ("", "/slices", "/gaps", "/trends", "/threads", "/activity", "/asks", "/definitions")
_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
_SMALL = """[...document.querySelectorAll('main button, main input, main select, nav a, summary')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
  .map(e => e.outerHTML)"""
_LISTED = re.compile(r'data-ask="([^"]+)"')
_COUNTED = re.compile(r'id="count" data-count="(\d+)"')
_PAGES = re.compile(r"Page (\d+) of (\d+)")
# Of a list of more pages only the first and the last are read.
_MOST_PAGES = 4


@pytest.fixture(scope="module")
def quarter(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo of its own with a simulated quarter; a sample that has one keeps it."""
    folder = tmp_path_factory.mktemp("quarter")
    shutil.copytree(trained, folder, dirs_exist_ok=True)
    where = {"TRIAGE_DATA_DIR": str(folder), "TRIAGE_MODELS_DIR": str(folder / "models")}
    for command in (("demo-quarter", "--asks", "3000"), ("group",)):
        told = (sys.executable, "-m", "triage", *command, "--forum", FORUM)
        env = {**os.environ, **where}
        subprocess.run(told, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    with serving(folder, TRIAGE_DEMO="1") as base:
        yield base


def become(page: Page, base: str, who: str) -> None:
    """Be somebody of the demo from now on."""
    page.goto(f"{base}/tour")
    form = page.locator(f"form:has(input[name=who][value={who}])").last
    with page.expect_navigation():
        form.get_by_role("button").click()


@pytest.fixture
def analyst(page: Page, quarter: str) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    become(page, quarter, "analyst")
    return page


def read(context: BrowserContext, address: str) -> str:
    """Return a page as the server sends it; nothing of it is drawn."""
    response = context.request.get(address)
    assert response.status == 200, address
    return response.text()


def recount(context: BrowserContext, address: str) -> tuple[int, int]:
    """Return what a list says that it holds, and how many different asks there are in it."""
    first = read(context, address)
    said = _COUNTED.search(first)
    assert said is not None
    found = _PAGES.search(first)
    pages = int(found[2]) if found else 1
    listed = set(_LISTED.findall(first))
    if pages <= _MOST_PAGES:
        for number in range(2, pages + 1):
            listed |= set(_LISTED.findall(read(context, f"{address}&page={number}")))
        return int(said[1]), len(listed)
    assert len(listed) == PAGE
    last = set(_LISTED.findall(read(context, f"{address}&page={pages}")))
    assert not last & listed
    return int(said[1]), PAGE * (pages - 1) + len(last)


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


@pytest.mark.parametrize("filters", ["", "?lang=sv", "?destination=expert&newcomer=no"])
def test_every_figure_is_what_its_list_counts(filters: str, analyst: Page, quarter: str) -> None:
    analyst.goto(f"{quarter}/analytics{filters}")
    links = analyst.locator("a[data-card]")
    told = [
        (
            one.get_attribute("data-card"),
            one.get_attribute("data-side"),
            one.get_attribute("href"),
            one.inner_text(),
        )
        for one in links.all()
    ]
    assert {name for name, *_ in told} == set(CARDS)
    for name, side, href, text in told:
        counted, listed = recount(analyst.context, f"{quarter}{href}")
        assert listed == counted, (name, side)
        if any(character.isdigit() for character in text):
            assert number(text) == counted, (name, side)


def test_the_rows_of_every_table_lead_to_as_many_asks(analyst: Page, quarter: str) -> None:
    walked = 0
    for tab, column in (("/slices", "Asks"), ("/threads", "Shown"), ("/gaps", "")):
        html = read(analyst.context, f"{quarter}/analytics{tab}")
        if column:
            cells = re.findall(
                rf'data-label="{column}" class="number"><a href="([^"]+)">([\d,]+)</a>', html
            )
        else:
            cells = [
                (href, volume)
                for volume, href in re.findall(
                    r"<p>(\d+) asks of .*?</p>.*?behind-it\"><a href=\"([^\"]+)\"", html, re.DOTALL
                )
            ]
        assert cells, tab
        for href, text in cells[:8]:
            counted, listed = recount(analyst.context, f"{quarter}{href.replace('&amp;', '&')}")
            assert number(text) == counted == listed, (tab, href)
            walked += 1
    assert walked > 12


def test_what_rises_leads_to_the_whole_week_that_was_counted(analyst: Page, quarter: str) -> None:
    """Also where the page is of fewer days than that week has."""
    told = read(analyst.context, f"{quarter}/analytics/exports/rising.csv")
    week = list(csv.DictReader(io.StringIO(told)))
    assert week
    begins = date.fromisoformat(week[0]["last_day"]) - timedelta(days=1)
    page = f"{quarter}/analytics/trends?from={begins}"
    counts = {row["behind"]: int(row["asks"]) for row in week}
    rows = re.findall(r'<a href="(/analytics/asks[^"]+behind=[^"]+)"', read(analyst.context, page))
    assert len(rows) > 3
    for href in rows[:6]:
        address = f"{quarter}{href.replace('&amp;', '&')}"
        behind = parse_qs(urlsplit(address).query)["behind"][0]
        counted, listed = recount(analyst.context, address)
        assert counted == listed == counts[behind], behind


def test_filters_are_set_by_keyboard_and_live_in_the_address(
    analyst: Page, quarter: str, said: list[str]
) -> None:
    page = analyst
    page.goto(f"{quarter}/analytics")
    everything = page.locator("#card-asks .value").inner_text()
    summary = page.locator(".filters summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.locator("#f-lang").select_option("sv")
    page.get_by_label("Time zone").fill("Europe/Stockholm")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["lang"] == ["sv"]
    assert asked["zone"] == ["Europe/Stockholm"]
    swedish = page.locator("#card-asks .value").inner_text()
    assert 0 < number(swedish) < number(everything)
    expect(page.locator(".filters summary")).to_contain_text("Europe/Stockholm")
    # The same asks on every tab, in every language, and for whoever is given the address.
    for name in ("Slices", "Gaps", "Asks"):
        link = page.get_by_role("navigation", name="Parts of the analytics").get_by_role(
            "link", name=name
        )
        assert "lang=sv" in (link.get_attribute("href") or "")
    assert "zone=Europe" in (page.get_by_role("link", name="Suomi").get_attribute("href") or "")
    other = page.context.new_page()
    other.goto(page.url)
    assert other.locator("#card-asks .value").inner_text() == swedish
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("take this filter away")).click()
    assert page.locator("#card-asks .value").inner_text() == everything
    assert said == []


def test_what_cannot_be_is_said_in_the_form(analyst: Page, quarter: str, said: list[str]) -> None:
    response = analyst.goto(f"{quarter}/analytics/slices?from=2026-13-01&lang=sv")
    assert response is not None
    assert response.status == 422
    expect(analyst.locator(".error")).to_contain_text("is no day")
    assert analyst.locator("#f-lang").input_value() == "sv"
    assert faults(analyst) == []
    said.clear()  # the browser notes the status
    assert analyst.goto(f"{quarter}/analytics?topic=no_such_thing").status == 422  # type: ignore[union-attr]
    assert analyst.goto(f"{quarter}/analytics/asks?card=no_such_card").status == 422  # type: ignore[union-attr]


def test_a_file_has_the_figures_of_the_page(analyst: Page, quarter: str) -> None:
    analyst.goto(f"{quarter}/analytics?lang=de")
    shown = number(analyst.locator("#card-opened a[data-side=part]").inner_text())
    where = "/analytics/exports/cards"
    sent = analyst.context.request.get(f"{quarter}{where}.csv?lang=de")
    assert "attachment" in sent.headers["content-disposition"]
    rows: list[Mapping[str, str]] = list(csv.DictReader(io.StringIO(sent.text())))
    assert [int(row["part"]) for row in rows if row["name"] == "opened"] == [shown]
    for how, begins in (("parquet", b"PAR1"), ("jsonl", b"{")):
        assert analyst.context.request.get(f"{quarter}{where}.{how}").body().startswith(begins)
    assert analyst.context.request.get(f"{quarter}{where}.exe").status == 404
    analyst.goto(f"{quarter}/analytics/threads?lang=de")
    link = analyst.get_by_role("link", name="Threads as csv")
    assert "lang=de" in (link.get_attribute("href") or "")
    with analyst.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith("threads.csv")


def test_on_paper_it_is_light_and_without_forms(
    analyst: Page, quarter: str, pictures: Path, said: list[str]
) -> None:
    page = analyst
    page.emulate_media(color_scheme="dark")
    page.goto(f"{quarter}/analytics")
    chart = page.locator("figure.chart").first
    expect(chart).to_have_attribute("data-drawn", "screen")
    page.emulate_media(color_scheme="dark", media="print")
    expect(chart).to_have_attribute("data-drawn", "paper")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(246, 247, 249)"
    ink = page.evaluate("document.querySelector('.xtick text').style.fill")
    assert ink == "rgb(26, 32, 41)"
    for left_out in (".chosen", ".take", ".tabs"):
        expect(page.locator(left_out).first).to_be_hidden()
    expect(page.locator("#verdict")).to_be_visible()
    # Which asks they are is to be read on paper, too.
    expect(page.locator(".filters summary")).to_contain_text("All time")
    page.set_viewport_size({"width": 720, "height": 1000})
    page.screenshot(path=pictures / "analytics-paper.png", full_page=True)
    page.emulate_media(color_scheme="dark", media="screen")
    expect(chart).to_have_attribute("data-drawn", "screen")
    assert said == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(analyst: Page, quarter: str) -> None:
    page = analyst
    page.goto(f"{quarter}/analytics")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    table = page.locator("details.behind").first
    assert table.get_attribute("open") is None
    page.locator("details.behind summary").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    page.keyboard.press("Enter")
    expect(table.locator("table")).to_be_visible()
    meaning = page.locator("#card-deflection_low details")
    meaning.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(meaning).to_contain_text("silence counts as nothing")
    # Nothing in a chart is a stop on the way: what it says is in its table.
    assert page.locator(".plot [tabindex], .plot a").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_wrong_with_any_tab(
    width: int, scheme: str, analyst: Page, quarter: str, pictures: Path, said: list[str]
) -> None:
    page = analyst
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for tab in TABS:
        page.goto(f"{quarter}/analytics{tab}")
        expect(page.get_by_text("Simulated data.")).to_be_visible()
        assert page.evaluate(_SIDEWAYS) is False, tab
        assert page.evaluate(_SMALL) == [], tab
        assert faults(page) == [], f"{tab}, {width}, {scheme}"
        name = tab.strip("/") or "overview"
        page.screenshot(path=pictures / f"analytics-{name}-{width}-{scheme}.png", full_page=True)
    assert said == []


@pytest.mark.parametrize("lang", ["sv", "nb", "da", "fi", "de"])
def test_the_pages_speak_every_language_on_a_phone(
    lang: str, analyst: Page, quarter: str, said: list[str]
) -> None:
    page = analyst
    page.set_viewport_size({"width": 320, "height": 900})
    english = {}
    for tab in TABS:
        page.goto(f"{quarter}/analytics{tab}")
        english[tab] = page.locator("h1").inner_text(), page.locator("main h2").first.inner_text()
    for tab in TABS:
        page.goto(f"{quarter}/analytics{tab}?language={lang}")
        assert page.locator("html").get_attribute("lang") == lang
        assert page.evaluate(_SIDEWAYS) is False, tab
        heading, first = page.locator("h1").inner_text(), page.locator("main h2").first.inner_text()
        # In German a thread is a thread.
        assert (heading, first) != english[tab] or (lang, tab) == ("de", "/threads"), tab
    # That is how the page speaks, and not which asks are meant.
    expect(page.locator(".chosen .narrowed")).to_have_count(0)
    assert said == []


def test_without_a_script_the_tables_stand_open(analyst: Page, quarter: str) -> None:
    browser = analyst.context.browser
    assert browser is not None
    plain = browser.new_context(
        java_script_enabled=False, storage_state=analyst.context.storage_state(), locale="en-GB"
    )
    page = plain.new_page()
    page.goto(f"{quarter}/analytics")
    expect(page.locator("details.behind table").first).to_be_visible()
    expect(page.locator(".plot").first).to_be_hidden()
    page.locator(".filters summary").click()
    page.get_by_label("Destination").select_option("expert")
    page.get_by_role("button", name="Show").click()
    assert "destination=expert" in page.url
    plain.close()


def test_an_analyst_reads_nobodys_words_and_a_lead_does(page: Page, quarter: str) -> None:
    become(page, quarter, "analyst")
    address = f"{quarter}/analytics/asks?card=opened"
    page.goto(address)
    expect(page.get_by_text("for leads and administrators")).to_be_visible()
    assert page.get_by_role("link", name=re.compile("Why labelled so")).count() == 0
    become(page, quarter, "lead")
    page.goto(address)
    assert page.get_by_role("link", name=re.compile("Why labelled so")).count() > 0
    assert page.locator("td span[lang]").count() > 0


def test_a_lead_takes_a_gap_and_says_what_answers_it(page: Page, quarter: str) -> None:
    become(page, quarter, "analyst")
    page.goto(f"{quarter}/analytics/gaps")
    assert page.get_by_role("button", name=re.compile("I draft")).count() == 0
    become(page, quarter, "lead")
    page.goto(f"{quarter}/analytics/gaps?from=2020-01-01")
    gap = page.locator("ol.gaps > li").first
    marked = gap.get_attribute("id")
    with page.expect_navigation():
        gap.get_by_role("button", name=re.compile("I draft an answer")).click()
    assert "from=2020-01-01" in page.url
    gap = page.locator(f"#{marked}")
    expect(gap).to_contain_text("Being written")
    gap.get_by_label("Thread that answers it").fill("no-such-thread")
    with page.expect_navigation():
        gap.get_by_role("button", name=re.compile("It is answered")).click()
    expect(page.get_by_role("alert")).to_contain_text("not saved")
    gap.get_by_label("Thread that answers it").fill("en-t015")
    with page.expect_navigation():
        gap.get_by_role("button", name=re.compile("It is answered")).click()
    assert page.get_by_role("alert").count() == 0
