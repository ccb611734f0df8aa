"""The review queue in a browser: items are labelled by keyboard, on a laptop and on a phone."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.sample_server import FORUM, call, make_key, serving, store_in
from triage.records import Case
from triage.settings import ROOT
from triage.store import (
    Database,
    ReviewReason,
    ReviewRow,
    ReviewState,
    get_cases,
    get_forum,
    list_reviews,
)

from .chromium import faults
from .test_analytics import become

pytestmark = pytest.mark.browser

_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
_SMALL = """[...document.querySelectorAll('main button, main textarea, nav a, summary,'
  + ' main .field input, .option')]
  .filter(e => e.checkVisibility())
  .filter(e => e.getBoundingClientRect().height < (e.matches('.option') ? 24 : 44))
  .map(e => e.outerHTML)"""


@dataclass(frozen=True)
class Desk:
    """A served demo whose queue was drawn today."""

    base: str
    database: Database

    def rows(self, state: ReviewState | None = None) -> list[ReviewRow]:
        """Return what is in the queue."""
        with self.database.read() as c:
            forum = get_forum(c, FORUM)
            return list_reviews(c, forum.id, state, limit=200)

    def case(self, case_id: str) -> Case:
        """Return a case as it is kept now."""
        with self.database.read() as c:
            return get_cases(c, get_forum(c, FORUM).id, [case_id])[case_id]

    def of(self, reason: ReviewReason) -> str:
        """Return the address of an open item that is here for this reason."""
        row = next(row for row in self.rows(ReviewState.OPEN) if row.reason is reason)
        return f"{self.base}/lead/review/{row.id}"


@pytest.fixture(scope="module")
def desk(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A demo of its own with a simulated quarter, a burst, and today's draw."""
    folder = tmp_path_factory.mktemp("review")
    shutil.copytree(trained, folder, dirs_exist_ok=True)
    database = store_in(folder)
    command(folder, "demo-quarter", "--asks", "1200")
    with serving(folder, TRIAGE_DEMO="1") as base:
        do_too_much(base, make_key(database))
        command(folder, "reviews", "draw", "--simulated", "--most", "40", "--random", "8")
        yield Desk(base, database)
    database.close()


def command(folder: Path, *words: str) -> None:
    """Type a command of the service."""
    where = {"TRIAGE_DATA_DIR": str(folder), "TRIAGE_MODELS_DIR": str(folder / "models")}
    told = (sys.executable, "-m", "triage", *words, "--forum", FORUM)
    env = {**os.environ, **where}
    subprocess.run(told, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


def do_too_much(base: str, key: str) -> None:
    """Have one person do more than a person does."""
    draft = {"title": "Bank feed stopped this morning", "body": "Nothing comes.", "user": "hasty"}
    reply = call(base, key, "/v1/triage", draft)
    told = {
        "type": "still_need_help",
        "triage_id": reply["triage_id"],
        "ask_id": reply["ask_id"],
        "occurred_at": datetime.now(UTC).isoformat(),
    }
    events = [{**told, "event_id": f"b{n}"} for n in range(51)]
    call(base, key, "/v1/events", {"events": events})


@pytest.fixture
def lead(page: Page, desk: Desk) -> Page:
    page.set_viewport_size({"width": 1280, "height": 800})
    become(page, desk.base, "lead")
    return page


def done(page: Page) -> int:
    return int(page.locator("#progress").get_attribute("data-done") or "-1")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def press_and_go(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def test_ten_items_are_labelled_by_keyboard(lead: Page, desk: Desk, said: list[str]) -> None:
    page = lead
    page.goto(f"{desk.base}/lead/review")
    before, labelled = done(page), 0
    while labelled < 10:
        asked = page.locator("#decide fieldset.labels[data-target]:visible").count()
        if not asked:
            press_and_go(page, "j")
            continue
        if labelled % 3 == 2 and page.locator("button.agree").is_visible():
            press(page, "a")
        else:
            press(page, *["1"] * asked)
        expect(page.locator("button.save")).to_be_focused()
        press_and_go(page, "Enter")
        expect(page.locator(".last [role=status]")).to_contain_text("Saved:")
        labelled += 1
    rows = [row for row in desk.rows(ReviewState.DECIDED) if row.verdict == "labelled"]
    assert len(rows) == 10
    assert done(page) - before >= 10
    assert all(row.labels and row.decided_by == "lead@kvistor.example" for row in rows)
    # What the machine said stays beside it, as it was.
    assert all(row.said for row in rows if row.reason is not ReviewReason.LABEL_ERROR)
    assert said == []


def test_the_last_one_is_taken_back_by_a_key(lead: Page, desk: Desk, said: list[str]) -> None:
    page = lead
    page.goto(desk.of(ReviewReason.UNCERTAIN))
    item = page.url.rpartition("/")[2].partition("?")[0]
    press(page, "2")
    press(page, "n")
    page.keyboard.type("1 a s u are words here")
    press(page, "Escape")
    press_and_go(page, "Enter")
    (row,) = [row for row in desk.rows(ReviewState.DECIDED) if row.id == item]
    assert (row.labels, row.note) == ({"kind": "problem"}, "1 a s u are words here")
    press_and_go(page, "u")
    assert item in page.url
    expect(page.get_by_role("status")).to_contain_text("You can decide anew")
    assert item in {row.id for row in desk.rows(ReviewState.OPEN)}
    assert said == []


def test_what_is_decided_about_a_doubt_is_what_is_learnt_next(
    lead: Page, desk: Desk, said: list[str]
) -> None:
    page = lead
    page.goto(desk.of(ReviewReason.LABEL_ERROR))
    item = page.url.rpartition("/")[2]
    (row,) = [row for row in desk.rows(ReviewState.OPEN) if row.id == item]
    press(page, "a")
    press_and_go(page, "Enter")
    (target,) = row.targets
    assert str(getattr(desk.case(row.subject_id), target)) == row.evidence["likelier"]
    press_and_go(page, "u")
    assert str(getattr(desk.case(row.subject_id), target)) == row.evidence["label"]
    assert said == []


def test_keys_of_one_letter_can_be_switched_off(lead: Page, desk: Desk, said: list[str]) -> None:
    page = lead
    page.goto(desk.of(ReviewReason.UNCERTAIN))
    address = page.url
    expect(page.locator("kbd.key").first).to_be_visible()
    press(page, "?")
    expect(page.locator("#keys dl")).to_be_visible()
    page.get_by_label("Keys of one letter or digit").uncheck()
    page.goto(address)
    expect(page.locator("kbd.key").first).to_be_hidden()
    page.locator("#item").focus()
    press(page, "1", "s", "u", "a", "j")
    assert page.url == address
    assert page.locator("#decide input[type=radio][value='']:checked").count() == 4
    # Without them it goes by Tab, arrows and Enter.
    page.locator("#decide input[name=kind]:checked").focus()
    press(page, "ArrowDown")
    press_and_go(page, "Enter")
    expect(page.locator(".last [role=status]")).to_contain_text("How-to")
    page.locator("#undo button").click()
    page.locator("#keys summary").click()
    page.get_by_label("Keys of one letter or digit").check()
    assert said == []


def test_keys_go_through_the_list_and_leave_fields_alone(
    lead: Page, desk: Desk, said: list[str]
) -> None:
    page = lead
    page.goto(desk.of(ReviewReason.RANDOM))
    first = page.url
    press_and_go(page, "j")
    assert page.url != first
    press_and_go(page, "k")
    assert page.url == first
    field = page.get_by_label("Or another topic")
    field.focus()
    page.keyboard.type("ask2")
    assert field.input_value() == "ask2"
    assert page.url == first
    # What is typed is what counts: a topic that is ticked clears it.
    page.locator("#decide input[name=topic]").first.check()
    assert field.input_value() == ""
    assert said == []


def test_two_who_decide_at_once_are_told(lead: Page, desk: Desk, said: list[str]) -> None:
    address = desk.of(ReviewReason.UNCERTAIN)
    lead.goto(address)
    other = lead.context.new_page()
    other.goto(address)
    other.locator("#decide input[name=kind][value=bug]").check()
    with other.expect_navigation():
        other.locator("button.save").click()
    lead.locator("#decide input[name=kind][value=account]").check()
    with lead.expect_navigation():
        lead.locator("button.save").click()
    expect(lead.get_by_role("alert")).to_contain_text("Somebody else has just decided")
    expect(lead.locator(".decided")).to_contain_text("Bug")
    assert faults(lead) == []
    said.clear()  # the browser notes the status
    with lead.expect_navigation():
        press(lead, "u")
    other.close()


def test_a_burst_is_left_out_by_keyboard(lead: Page, desk: Desk, said: list[str]) -> None:
    page = lead
    page.goto(desk.of(ReviewReason.BURST))
    expect(page.locator(".review")).to_contain_text("51 events")
    press(page, "1")
    expect(page.get_by_role("button", name="Leave them out")).to_be_focused()
    press_and_go(page, "Enter")
    expect(page.locator(".last")).to_contain_text("Events left out")
    assert said == []


def test_a_proposed_thread_is_read_changed_and_made(
    lead: Page, desk: Desk, said: list[str]
) -> None:
    page = lead
    page.goto(desk.of(ReviewReason.PROPOSAL))
    page.get_by_label("Title").fill("A thread that the queue has made")
    with page.expect_navigation():
        page.get_by_role("button", name="Make it a thread").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose who may read the thread")
    assert page.get_by_label("Title").input_value() == "A thread that the queue has made"
    said.clear()  # the browser notes the status
    page.get_by_label("Everybody").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Make it a thread").click()
    expect(page.locator(".last")).to_contain_text("Thread made")
    page.goto(f"{desk.base}/?q=A+thread+that+the+queue+has+made")
    expect(page.get_by_role("link", name="A thread that the queue has made")).to_be_visible()
    assert said == []


def test_everything_works_without_a_script(lead: Page, desk: Desk) -> None:
    browser = lead.context.browser
    assert browser is not None
    page = plain(browser, lead)
    page.goto(desk.of(ReviewReason.DISAGREEING))
    expect(page.locator("kbd.key").first).to_be_hidden()
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("button.agree")).to_be_hidden()
    page.locator("#decide input[name=severity][value='2']").check()
    page.get_by_role("button", name="Save, next").click()
    expect(page.locator(".last")).to_contain_text("Saved: 2")
    # The next item is where the keyboard is.
    assert page.evaluate("document.activeElement.id") == "item"
    page.get_by_role("button", name=re.compile("Take back")).click()
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".last")).to_contain_text("Skipped.")
    page.get_by_role("link", name="Skipped").click()
    expect(page.locator(".review")).to_contain_text("Skipped")
    page.context.close()


def plain(browser: Browser, lead: Page) -> Page:
    """Return a page of the same person in a browser that runs no script."""
    state = lead.context.storage_state()
    return browser.new_context(
        java_script_enabled=False, storage_state=state, locale="en-GB"
    ).new_page()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_wrong_with_any_kind_of_item(
    width: int, scheme: str, lead: Page, desk: Desk, pictures: Path, said: list[str]
) -> None:
    page = lead
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    open_ones = {row.reason: row for row in desk.rows(ReviewState.OPEN)}
    places = {reason.value: f"/lead/review/{row.id}" for reason, row in open_ones.items()}
    places["decided"] = "/lead/review?state=decided"
    places["none"] = "/lead/review?reason=rerouted"
    assert {"uncertain", "label_error", "random", "proposal", "decided"} <= set(places)
    for name, place in places.items():
        page.goto(f"{desk.base}{place}")
        if page.locator("#keys").is_visible():
            page.locator("#keys summary").click()
        assert page.evaluate(_SIDEWAYS) is False, name
        assert page.evaluate(_SMALL) == [], name
        assert faults(page) == [], f"{name}, {width}, {scheme}"
        shot = pictures / f"lead-review-{name}-{width}-{scheme}.png"
        page.screenshot(path=shot, full_page=True)
    assert said == []


@pytest.mark.parametrize("lang", ["sv", "nb", "da", "fi", "de"])
def test_it_speaks_every_language_on_a_phone(
    lang: str, lead: Page, desk: Desk, said: list[str]
) -> None:
    page = lead
    page.set_viewport_size({"width": 320, "height": 800})
    for reason in (ReviewReason.UNCERTAIN, ReviewReason.RANDOM, ReviewReason.PROPOSAL):
        page.goto(f"{desk.of(reason)}?language={lang}")
        assert page.locator("html").get_attribute("lang") == lang
        page.locator("#keys summary").click()
        assert page.evaluate(_SIDEWAYS) is False, reason
    assert said == []
