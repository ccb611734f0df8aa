"""The weekly report says what /analytics says of the same days, and so does what is taken along."""

import csv
import html
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.analytics.forum import quarter
from tests.analytics.test_weekly import BLOCK, figures_in
from tests.reports.months import Kept
from triage.analytics.filters import Filters
from triage.analytics.report_week import ReportWeek, read_week
from triage.analytics.weekly import weekly_page
from triage.outcomes import Only
from triage.outcomes.only import ALL
from triage.records import Role

from .browsing import Browser, add, browser, link_for
from .conftest import World

WEEK = read_week("2026-W20", "Europe/Oslo", Only(product="Ledger"), datetime.now(UTC))
CARD = re.compile(
    r'<li id="card-(\w+)">\s*<h3>(.*?)</h3>\s*<p class="(?:value|too-few)">(.*?)</p>\s*'
    r'<p class="span">(.*?)</p>.*?</li>',
    re.DOTALL,
)


@pytest.fixture
def world(empty: World) -> World:
    Kept(empty.database, empty.forum().id).put(quarter())
    return empty


@pytest.fixture
def elin(world: World) -> Browser:
    """A browser in which an analyst is signed in."""
    user_id = add(world, role=Role.ANALYST)
    page = browser(world)
    page.post("/sign-in/link", {"token": link_for(world, user_id)})
    assert page.is_in
    return page


def rows_in(text: str) -> list[dict[str, str]]:
    """Return the rows of a file, without what goes on from one moment to the next."""
    rows = list(csv.DictReader(io.StringIO(text)))
    return [{name: row[name] for name in row if name != "followed_days"} for row in rows]


def address(filters: Filters, path: str = "/analytics") -> str:
    return f"{path}?" + "&".join(f"{name}={value}" for name, value in filters.query())


def weekly(world: World, week: ReportWeek = WEEK, *, charts: bool = False) -> str:
    now = datetime.now(UTC)
    return weekly_page(world.database, world.forum(), week, "en", now, charts=charts)


def test_every_figure_is_that_of_the_page(world: World, elin: Browser) -> None:
    response = elin.get(address(WEEK.filters))
    assert response.status_code == 200
    cards = {
        html.unescape(title): (html.unescape(value), html.unescape(span))
        for _, title, value, span in CARD.findall(response.text)
    }
    rows = figures_in(weekly(world)).rows[1:]
    assert {row[0] for row in rows} == set(cards)
    for title, now, *_ in rows:
        value, span = cards[title]
        bare = span.removeprefix("95 %: ")
        assert now == (f"{value} {bare}" if bare else value), title


def test_every_chart_over_time_is_that_of_the_page(world: World, elin: Browser) -> None:
    # Of all asks: a week of one product has too few persons for a point.
    week = replace(WEEK, only=ALL)
    page = elin.get(address(week.quarter)).text
    shown = [json.loads(text) for text in BLOCK.findall(page)]
    mine = [json.loads(text) for text in BLOCK.findall(weekly(world, week, charts=True))]
    over_time = [block for block in mine if block["dates"]]
    assert over_time
    for block in over_time:
        assert block in shown


@pytest.mark.parametrize("table", ["cards", "weeks", "slices_topic", "flat"])
def test_what_the_page_gives_along_is_what_the_api_gives(
    world: World, elin: Browser, table: str
) -> None:
    file = elin.get(address(WEEK.filters, f"/analytics/exports/{table}.csv"))
    assert file.status_code == 200
    days = f"from={WEEK.monday}&to={WEEK.sunday}&time_zone=Europe/Oslo&product=Ledger"
    of_api = world.send("GET", f"/v1/reports/exports/{table}?{days}", "analyst")
    assert rows_in(file.text) == rows_in(of_api.text) != []
