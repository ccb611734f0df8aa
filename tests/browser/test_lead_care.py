"""What leads see of questions, deliveries and the audit trail, in a browser; each act is done once.

The sample's model serves them; the questions are posted here, and some of them are made old.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from benchmarks.sample_server import FORUM, call, make_key, serving, store_in
from triage.channels import ping_message
from triage.records import Role
from triage.store import Database, get_forum, post_to
from triage.store.tables.handing import deliveries
from triage.store.tables.question import questions

from .chromium import faults
from .leading import sign_in

pytestmark = pytest.mark.browser

_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
_SMALL = """[...document.querySelectorAll(
  'main button, main input:not([type=checkbox]):not([type=hidden]), main select, nav a, summary')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
  .map(e => e.outerHTML)"""
HOOK = {
    "kind": "webhook",
    "name": "The ticket system of the house, with a name that is long enough to break",
    "address": "https://hooks.example.com/triage",
}
ASKED = (
    (
        "Integrationen nekas inloggning efter uppgradering",
        "Vårt script som hämtar kundfakturor varje natt får ”unauthorized” sedan leverantören lyfte"
        " Connect till 2.3. Vi skickar samma nyckel som vi haft sen 2021. Har den slutat gälla och"
        " vad ska vi använda i stället?",
        "sv",
        4.2,
        {"product": "connect", "version": "2.3"},
    ),
    (
        "All invoices of March are gone and nobody can work",
        "We are at a standstill since Monday. We want to speak to a person about this complaint.",
        "en",
        1.4,
        {"customer_severity": 1, "wants_person": True},
    ),
    (
        "Wo stelle ich die Sprache der Rechnung um?",
        "Unsere Kunden in Finnland möchten ihre Rechnungen auf Finnisch bekommen.",
        "de",
        0.0,
        {},
    ),
    (
        "Lasku ei avaudu",
        "Virhe KV-1234, kun avaan laskun. " + "Pitkäsanainenselitys" * 40,
        "fi",
        8.0,
        {},
    ),
)


@dataclass(frozen=True)
class House:
    """A server with questions of every age, and a system that could not be told of them."""

    base: str
    database: Database
    ids: tuple[str, ...]
    channel_id: str
    dead: tuple[str, ...]

    def enter(self, page: Page, role: Role) -> None:
        """Sign in as somebody of a role."""
        sign_in(page, self.base, self.database, role)


@pytest.fixture(scope="module")
def house(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("care")
    shutil.copytree(trained, folder, dirs_exist_ok=True)
    database = store_in(folder)
    key, admin = make_key(database, role=Role.LEAD), make_key(database, role=Role.ADMIN)
    with serving(folder) as base:
        ids = tuple(post(base, key, database, *one) for one in ASKED)
        channel_id = call(base, admin, "/v1/channels", HOOK)["channel_id"]
        dead = tuple(given_up(database, channel_id) for _ in range(2))
        yield House(base, database, ids, channel_id, dead)
    database.close()


def post(
    base: str,
    key: str,
    database: Database,
    title: str,
    body: str,
    lang: str,
    days: float,
    more: Mapping[str, object],
) -> str:
    """Post a question as if that had been some days ago; return its id."""
    asked = {"title": title, "body": body, "lang": lang, **more}
    question_id: str = call(base, key, "/v1/questions", asked)["question_id"]
    then = datetime.now(UTC) - timedelta(days=days)
    with database.write() as c:
        mine = update(questions).where(questions.c.question_id == question_id)
        c.execute(mine.values(received_at=then, since=then))
    return question_id


def given_up(database: Database, channel_id: str) -> str:
    """Have a message that could not be delivered; return its id."""
    now = datetime.now(UTC)
    message = ping_message(now)
    with database.write() as c:
        forum_id = get_forum(c, FORUM).id
        post_to(c, forum_id, message, channel_id)
        mine = update(deliveries).where(deliveries.c.message_id == message.message_id)
        dead = {"state": "dead", "attempts": 12, "code": "http_500", "status": 500}
        c.execute(mine.values(due_at=None, last_at=now, milliseconds=31, **dead))
    return message.message_id


@pytest.fixture
def lead(page: Page, house: House) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    house.enter(page, Role.LEAD)
    return page


def looked_at(page: Page, pictures: Path, name: str, said: list[str]) -> None:
    """Look at a page wide, on a phone, in the dark, as a machine does; keep what people look at."""
    for width, scheme in ((1280, "light"), (320, "light"), (320, "dark"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert not page.evaluate(_SIDEWAYS), (name, width)
        assert page.evaluate(_SMALL) == [], (name, width)
        assert faults(page) == [], (name, width, scheme)
        page.screenshot(path=pictures / f"lead-{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    assert said == []


def test_every_page_stands_on_a_phone_in_the_dark_and_before_axe(
    lead: Page, house: House, pictures: Path, said: list[str]
) -> None:
    for name, path in (
        ("questions", "/lead/questions"),
        ("questions-ended", "/lead/questions?state=ended"),
        ("questions-none", "/lead/questions?product=nothing"),
        ("question", f"/lead/questions/{house.ids[0]}"),
        ("question-long", f"/lead/questions/{house.ids[3]}?language=fi"),
        ("deliveries", "/lead/deliveries?language=de"),
        ("delivery", f"/lead/deliveries/{house.channel_id}/{house.dead[1]}?language=en"),
        ("audit", "/lead/audit"),
    ):
        lead.goto(f"{house.base}{path}")
        for one in lead.locator("main details").all():
            one.evaluate("details => { details.open = true }")
        looked_at(lead, pictures, name, said)


def test_a_question_is_taken_asked_back_and_answered_by_keyboard(
    lead: Page, house: House, said: list[str]
) -> None:
    page = lead
    page.goto(f"{house.base}/lead/questions?state=late")
    link = page.get_by_role("link", name=ASKED[0][0])
    link.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("dl.slots")).to_contain_text("Integrationen nekas inloggning")
    with page.expect_navigation():
        page.get_by_role("button", name="I take it").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("You have it now")
    act(page, "Ask back")
    # With nothing chosen it is said, and what was typed is still there.
    form = page.locator("details[open] form")
    form.get_by_label("What the asker is told").fill("Hej!")
    with page.expect_navigation():
        form.get_by_role("button", name="Ask").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("something is missing")
    form = page.locator("details.sure[open] form")
    expect(form).to_contain_text("Choose one or two")
    assert form.get_by_label("What the asker is told").input_value() == "Hej!"
    form.get_by_role("checkbox").first.press("Space")
    with page.expect_navigation():
        form.get_by_role("button", name="Ask").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("was asked")
    act(page, "Answer")
    form = page.locator("details.sure[open] form")
    form.get_by_label("Your answer").fill("Skapa en ny nyckel under Inställningar.")
    form.get_by_label("Note for the staff").fill("Samma som i mars.")
    with page.expect_navigation():
        form.get_by_role("button", name="Send the answer").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("was sent")
    expect(page.locator("ol.timeline")).to_contain_text("Skapa en ny nyckel")
    assert [one for one in said if "422" not in one] == []


def test_a_question_is_handed_over_and_closed(lead: Page, house: House) -> None:
    page = lead
    page.goto(f"{house.base}/lead/questions/{house.ids[2]}")
    act(page, "Hand it to a colleague")
    form = page.locator("details.sure[open] form")
    form.get_by_label("To whom").fill("nils@example.com")
    with page.expect_navigation():
        form.get_by_role("button", name="Hand over").press("Enter")
    page.goto(f"{house.base}/lead/questions?owner=nils%40example.com")
    with page.expect_navigation():
        page.get_by_role("link", name=ASKED[2][0]).press("Enter")
    act(page, "Close it")
    form = page.locator("details.sure[open] form")
    form.get_by_label("Why").select_option("not_here")
    with page.expect_navigation():
        form.get_by_role("button", name="Close the question").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It is closed")
    page.goto(f"{house.base}/lead/questions?state=closed")
    expect(page.locator("main table").first).to_contain_text(ASKED[2][0])


def test_an_alert_is_seen(lead: Page, house: House) -> None:
    page = lead
    page.goto(f"{house.base}/lead/questions")
    alerts = page.locator("ul.alerts > li")
    before = alerts.count()
    assert before >= 1
    with page.expect_navigation():
        alerts.first.get_by_role("button").press("Enter")
    assert page.locator("ul.alerts > li").count() == before - 1


def test_messages_that_were_given_up_are_tried_anew_and_skipped(lead: Page, house: House) -> None:
    page = lead
    page.goto(f"{house.base}/lead/deliveries")
    expect(page.locator("ul.channels")).to_contain_text("2 messages were given up")
    with page.expect_navigation():
        page.get_by_role("link", name="2 messages were given up").press("Enter")
    assert page.locator("main table tbody tr").count() == 2
    with page.expect_navigation():
        page.locator("main table tbody th a").first.press("Enter")
    page.locator("summary", has_text="Skip it").press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name="Skip this message").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("was skipped")
    page.goto(f"{house.base}/lead/deliveries")
    page.locator("summary", has_text="Try all that was given up").press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Try all anew")).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("tried anew")
    assert page.get_by_text("were given up").count() == 0


def test_a_lead_and_an_administrator_read_of_different_acts(
    lead: Page, house: House, pictures: Path, said: list[str]
) -> None:
    page = lead
    page.goto(f"{house.base}/lead/audit")
    acts = {one.get_attribute("data-act") for one in page.locator("tr[data-act]").all()}
    assert not {act for act in acts if act and act.startswith(("key.", "user.", "session."))}
    with page.expect_navigation():
        page.get_by_role("link", name="Check the whole log").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is whole")
    house.enter(page, Role.ADMIN)
    page.goto(f"{house.base}/lead/audit?kind=staff")
    expect(page.locator("main table")).to_contain_text("Signed in")
    for one in page.locator("main details").all():
        one.evaluate("details => { details.open = true }")
    looked_at(page, pictures, "audit-admin", said)
    with page.expect_download() as taken:
        page.get_by_role("link", name=re.compile("signed")).click()
    assert taken.value.suggested_filename == "audit.jsonl"


def act(page: Page, name: str) -> None:
    """Open the form of an act."""
    page.locator("summary", has_text=name).first.press("Enter")
