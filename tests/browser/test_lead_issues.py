"""A known issue is published, one question taken out of many, a burst settled: in a browser."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.sample_server import FORUM, call, make_key, serving, store_in
from triage.records import Role
from triage.store import get_forum, list_clusters, put_clusters

from .leading import SIDEWAYS, Led, check

pytestmark = pytest.mark.browser

FREEZE = {
    "title": "The ledger freezes when the month is closed",
    "body": "It has frozen for us each time since the update.",
    "lang": "en",
}
LONG = "Kuukaudenvaihteenkirjanpidonpäättäminen" * 6


@pytest.fixture(scope="module")
def led(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Led]:
    """Serve the sample; three ask the same, and somebody clicks faster than a person can."""
    folder = tmp_path_factory.mktemp("issues")
    shutil.copytree(trained, folder, dirs_exist_ok=True)
    database = store_in(folder)
    with serving(folder) as base:
        key = make_key(database, role=Role.ADMIN)
        ids = []
        for user in ("anna", "bo", "cia"):
            asked = {**FREEZE, "user": user, "stage": "submit"}
            reply = call(base, key, "/v1/triage", asked)
            posted = {**FREEZE, "user": user, "triage_id": reply["triage_id"]}
            ids.append(call(base, key, "/v1/questions", posted)["question_id"])
        told = {
            "type": "opened",
            "triage_id": reply["triage_id"],
            "ask_id": reply["ask_id"],
            "occurred_at": datetime.now(UTC).isoformat(),
        }
        events = [{**told, "event_id": f"b{n}"} for n in range(51)]
        call(base, key, "/v1/events", {"events": events})
        with database.write() as c:
            forum = get_forum(c, FORUM)
            if not any(ids[0] in members for members in list_clusters(c, forum.id).values()):
                put_clusters(c, forum.id, {ids[0]: tuple(ids)}, datetime.now(UTC))
        long = {"title": LONG, "body": LONG, "products": [LONG], "publish": False}
        call(base, key, "/v1/known-issues", long)
        yield Led(base, database, folder)
    database.close()


@pytest.fixture
def lead(page: Page, led: Led) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    led.enter(page)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_wrong(
    width: int, scheme: str, lead: Page, led: Led, pictures: Path, said: list[str]
) -> None:
    page = lead
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for place in ("", "/new"):
        page.goto(f"{led.base}/lead/issues{place}")
        page.evaluate(
            "document.querySelectorAll('main details').forEach(one => { one.open = true })"
        )
        name = place.strip("/") or "list"
        check(page, pictures / f"lead-issues-{name}-{width}-{scheme}.png")
    page.goto(f"{led.base}/lead/issues")
    page.get_by_role("link", name=LONG).first.click()
    check(page, pictures / f"lead-issue-{width}-{scheme}.png")
    assert said == []


def test_an_issue_is_published_by_keyboard_once_it_is_known_whom_it_reaches(
    lead: Page, led: Led, said: list[str], pictures: Path
) -> None:
    page = lead
    page.goto(f"{led.base}/lead/issues")
    page.get_by_role("link", name="Write a known issue").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Title", exact=True).fill(FREEZE["title"])
    page.get_by_label("What happens, and to whom").fill(FREEZE["body"])
    page.get_by_label("Versions").fill("eight")
    # Enter in a field only looks whom it is about.
    page.get_by_label("Title", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("no range")
    expect(page.get_by_label("Versions")).to_have_value("eight")
    expect(page.get_by_label("What happens, and to whom")).to_have_value(FREEZE["body"])
    page.get_by_label("Versions").fill("")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#reached")).to_contain_text("people asked about it within 90 days")
    expect(page.locator("#reached")).to_contain_text(FREEZE["title"])
    page.screenshot(path=pictures / "lead-issue-reach.png", full_page=True)
    page.get_by_role("button", name="Publish").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Whoever asked about it is told")
    expect(page.locator("main")).to_contain_text("3 people, ")
    # It stands first where somebody else is about to ask.
    key = make_key(led.database, role=Role.ADMIN)
    reply = call(led.base, key, "/v1/triage", {**FREEZE, "user": "dan"})
    assert reply["known_issues"][0]["title"] == FREEZE["title"]
    page.goto(f"{led.base}/lead/issues")
    page.locator("section:has(#live)").get_by_role("link", name=FREEZE["title"]).click()
    page.get_by_text("Show it no more").first.click()
    page.get_by_label("Why (optional)").fill("It was their own router")
    with page.expect_navigation():
        page.get_by_role("button", name="Show it no more").click()
    expect(page.get_by_role("status")).to_contain_text("shown no more")
    assert call(led.base, key, "/v1/triage", {**FREEZE, "user": "eva"})["known_issues"] == []
    # Some of the answers say what is wrong, and the browser notes their status.
    assert [one for one in said if "422" not in one] == []


def test_a_burst_is_settled_and_one_is_taken_out_of_many(
    lead: Page, led: Led, said: list[str]
) -> None:
    page = lead
    page.goto(f"{led.base}/lead/issues")
    burst = page.locator("li[id^=burst-]").first
    expect(burst).to_contain_text("52 events of one person")
    with page.expect_navigation():
        burst.get_by_role("button", name=re.compile("Leave them out")).click()
    expect(page.get_by_role("status")).to_contain_text("left out")
    page.get_by_text("Decided already").click()
    settled = page.locator("li[id^=burst-]", has_text="52 events of one person")
    settled.get_by_text("Let them count").first.click()
    with page.expect_navigation():
        settled.get_by_role("button", name=re.compile("Let them count")).click()
    expect(page.get_by_role("status")).to_contain_text("count from now on")
    cluster = page.locator("li[id^=cluster-]", has_text=FREEZE["title"]).first
    expect(cluster).to_contain_text("3 questions")
    cluster.get_by_role("link", name=re.compile("Write it as a known issue|See the issue")).focus()
    with page.expect_navigation():
        cluster.get_by_role("button", name=re.compile("Take out")).last.click()
    expect(page.get_by_role("status")).to_contain_text("stands apart")
    cluster = page.locator("li[id^=cluster-]", has_text=FREEZE["title"])
    assert cluster.count() == 0 or "2 questions" in cluster.first.inner_text()
    assert said == []


@pytest.mark.parametrize("lang", ["sv", "nb", "da", "fi", "de"])
def test_it_fits_a_phone_in_every_language(lang: str, lead: Page, led: Led) -> None:
    lead.set_viewport_size({"width": 320, "height": 900})
    for place in ("", "/new"):
        lead.goto(f"{led.base}/lead/issues{place}?language={lang}")
        assert lead.evaluate(SIDEWAYS) is False, place
