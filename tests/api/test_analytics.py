"""The analyst's pages as the server sends them: to whom, of which asks, in which language."""

import gzip
import re

import pytest
from sqlalchemy import update

from tests.analytics.forum import quarter
from tests.reports.months import Kept
from triage.records import LANGUAGES, Role
from triage.store.tables.base import asks
from triage.web import PLOTTING, asset, word

from .browsing import Browser, add, browser, link_for, shown
from .conftest import World

PAGES = ("", "/slices", "/gaps", "/trends", "/threads", "/activity", "/asks", "/definitions")


def enter(world: World, role: Role) -> Browser:
    """Return a browser in which somebody of this role is signed in."""
    token = link_for(world, add(world, f"{role}@example.com", role))
    found = browser(world)
    found.post("/sign-in/link", {"token": token})
    assert found.is_in
    return found


@pytest.mark.parametrize("place", PAGES)
def test_a_forum_that_nobody_has_asked_has_pages(empty: World, place: str) -> None:
    page = enter(empty, Role.ANALYST).get(f"/analytics{place}")
    assert page.status_code == 200
    assert "0 asks" in shown(page)
    assert "Simulated" not in shown(page)


def test_made_up_asks_are_named_also_beside_the_chosen_days(empty: World) -> None:
    rows = [{**row, "simulated": True} for row in quarter(persons=40)]
    Kept(empty.database, empty.forum().id).put(rows)
    with empty.database.write() as c:
        c.execute(update(asks).values(simulated=True))
    page = enter(empty, Role.ANALYST)
    # Trends of these days read the weeks before, in which all of the made-up asks are.
    days = "from=2026-06-08&to=2026-06-14"
    for place in PAGES:
        everything = shown(page.get(f"/analytics{place}"))
        assert re.search(r"All \d+ asks in this selection were made up", everything), place
        chosen = page.get(f"/analytics{place}?{days}")
        assert "0 asks" in shown(chosen)
        assert 'class="simulated"' in chosen.text, place
        assert word("analytics.simulated_elsewhere", "en") in shown(chosen), place
    for lang in LANGUAGES:
        said = shown(page.get(f"/analytics/trends?{days}&language={lang}"))
        assert word("analytics.simulated_in_forum", lang) in said
        assert word("analytics.simulated_elsewhere", lang) in said


def test_where_only_some_asks_are_made_up_it_says_how_many(empty: World) -> None:
    rows = quarter(persons=40)
    asked = {row["ask_id"] for row in rows}
    some = sorted(asked)[: len(asked) // 2]
    told = [{**row, "simulated": True} if row["ask_id"] in some else row for row in rows]
    Kept(empty.database, empty.forum().id).put(told)
    said = shown(enter(empty, Role.ANALYST).get("/analytics/activity"))
    found = re.search(r"(\d+) of the (\d+) asks in this selection were made up", said)
    assert found is not None
    assert 0 < int(found[1]) < int(found[2]) <= len(asked)


def test_who_may_not_see_figures_is_told_so(empty: World) -> None:
    assert enter(empty, Role.FRONTEND).get("/analytics").status_code == 403
    assert browser(empty).get("/analytics").headers["location"].startswith("/sign-in")


def test_the_navigation_leads_there_and_marks_it(empty: World) -> None:
    html = enter(empty, Role.LEAD).get("/analytics/gaps").text
    assert '<a href="/analytics" aria-current="true">' in html
    assert re.search(r'href="/analytics/gaps" aria-current="page"', html)


def test_which_asks_are_meant_is_not_how_the_page_speaks(empty: World) -> None:
    page = enter(empty, Role.ANALYST)
    html = page.get("/analytics?lang=sv").text
    assert '<html lang="en">' in html
    assert "Language: Svenska" in html
    for lang in LANGUAGES:
        assert f"lang=sv&amp;language={lang}" in html
    assert '<html lang="fi">' in page.get("/analytics?lang=sv&language=fi").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=yesterday", "is no day"),
        ("from=2026-03-02&to=2026-03-01", "lies before"),
        ("zone=Middle/Earth", "Nobody knows this time zone"),
        ("topic=unheard_of", "No ask has"),
    ],
)
def test_filters_that_cannot_be_are_said_in_the_form(empty: World, query: str, said: str) -> None:
    page = enter(empty, Role.ANALYST).get(f"/analytics/slices?{query}")
    assert page.status_code == 422
    assert said in shown(page)
    assert 'action="/analytics/slices"' in page.text


def test_a_list_of_what_there_is_not_is_refused(empty: World) -> None:
    page = enter(empty, Role.ANALYST)
    nothing = ("card=none", "card=asks&side=whole", "behind=nothing", "behind=week:x", "page=0")
    for query in (*nothing, "behind=week:9999-12-31", "behind=week:0001-01-01"):
        assert page.get(f"/analytics/asks?{query}").status_code == 422, query
    assert page.get("/analytics/threads?sort=title").status_code == 422
    # A thread that nobody knows was shown to nobody.
    assert page.get(f"/analytics/asks?behind=thread:shown:%23{'7' * 5000}").status_code == 200


def test_a_table_that_there_is_not_is_no_file(empty: World) -> None:
    page = enter(empty, Role.ANALYST)
    assert page.get("/analytics/exports/cards.csv").status_code == 200
    for name in ("nothing.csv", "cards.exe"):
        assert page.get(f"/analytics/exports/{name}").status_code == 404


def test_the_pages_forbid_what_is_inline(empty: World) -> None:
    response = enter(empty, Role.ANALYST).get("/analytics")
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "style-src 'self';" in policy
    assert "script-src 'self';" in policy
    assert not re.search(r"<style|style=|\son[a-z]+=", response.text)


def test_the_library_comes_packed_and_is_kept_for_good(empty: World) -> None:
    page, script = browser(empty), asset(PLOTTING)
    html = enter(empty, Role.ANALYST).get("/analytics").text
    assert f"/pages/{PLOTTING}?v={script.digest}" in html
    sent = page.get(f"/pages/{PLOTTING}", accept_encoding="gzip")
    assert sent.headers["content-encoding"] == "gzip"
    assert "immutable" in sent.headers["cache-control"]
    assert sent.content == script.content
    assert script.packed is not None
    assert gzip.decompress(script.packed) == script.content
    plain = page.get(f"/pages/{PLOTTING}", accept_encoding="gzip;q=0")
    assert "content-encoding" not in plain.headers
