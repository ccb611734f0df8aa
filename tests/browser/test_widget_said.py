"""What is said beside the suggestions: what is private, where it goes, who else, what is known."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Route, expect

from benchmarks.sample_server import call
from triage.phrases import say
from triage.records import Reason

from .asking import AskPage
from .conftest import Sample

pytestmark = pytest.mark.browser

TWIN, TWIN_TITLE = "en-t039", "Entra ID sign-in goes round in circles in Portal 4.0"
FOLLOWERS = 14
ISSUE = {
    "title": "KV-9977: barcode labels are printed mirrored",
    "body": "Since Monday the label printer prints every barcode label mirrored, error KV-9977.",
    "products": ["ledger"],
    "workaround": "Print labels from the web page until then.",
}
SECRET = "Blomster-4711-Hemlig"


@pytest.fixture(scope="module")
def followed(started: Sample) -> None:
    """Fourteen others follow an open thread."""
    for number in range(FOLLOWERS):
        session = f"follower {number} {uuid.uuid4()}"
        draft = {"title": TWIN_TITLE, "product": "portal", "session": session, "stage": "typing"}
        reply = call(started.service, started.secret, "/v1/triage", draft)
        event = {
            **{"event_id": str(uuid.uuid4()), "type": "followed", "thread_id": TWIN},
            **{"triage_id": reply["triage_id"], "ask_id": reply["ask_id"], "session": session},
            "occurred_at": datetime.now(UTC).isoformat(),
        }
        told = call(started.service, started.secret, "/v1/events", {"events": [event]})
        assert told["results"][0]["state"] == "accepted", told


@pytest.fixture
def known(sample: Sample) -> Iterator[str]:
    """A fault that is known, for as long as a test."""
    issue_id = call(sample.service, sample.lead, "/v1/known-issues", ISSUE)["issue_id"]
    yield issue_id
    call(sample.service, sample.lead, f"/v1/known-issues/{issue_id}/withdraw", {})


def test_a_draft_with_a_password_says_so_and_takes_it_out_where_it_is_asked_to(
    asking: AskPage, page: Page
) -> None:
    asking.open()
    body = f"I cannot sign in any more. My password is {SECRET}, what is wrong with it?"
    page.evaluate(
        """() => { window.types = []; document.addEventListener('triage-sensitive',
          e => window.types.push(e.detail.types)); }"""
    )
    asking.ask("Sign-in refused", body)
    note = asking.widget.locator(".sensitive, [part~=sensitive]").first
    expect(note).to_be_visible()
    assert "password" in note.inner_text().lower()
    assert page.evaluate("types")[0] == ["password"]
    # It says where it goes as it stands, before anything is posted.
    assert asking.reply()["visibility"] == "private"
    asking.act("redact").click()
    kept = page.locator("#ask-body").input_value()
    assert SECRET not in kept
    assert kept.startswith("I cannot sign in any more. My password is ")
    assert kept.endswith(", what is wrong with it?")
    asking.replied("Sign-in refused", kept)
    expect(note).to_be_hidden()


def test_a_draft_that_is_posted_with_its_password_goes_privately(
    asking: AskPage, sample: Sample
) -> None:
    asking.open()
    asking.ask("Sign-in refused", f"My password is {SECRET}, what is wrong with it?")
    posted = asking.post()
    question = call(
        sample.service,
        sample.secret,
        "/v1/questions",
        {
            "triage_id": posted["triage_id"],
            "session": posted["triage_session"],
        },
    )
    assert question["visibility"] == "private"
    assert SECRET not in str(question)


def test_it_says_where_the_question_goes_and_why(asking: AskPage) -> None:
    asking.open()
    asking.ask("Different default hourly rate per project in Go", "Is there a way?")
    route = asking.widget.locator("[part~=route]").first
    expect(route).to_contain_text("community")
    told = asking.reply()
    assert told["destination"] == "community"
    assert told["reasons"][0]["text"] in route.inner_text()
    price = "We pay 29.80 per seat until 2028. What would it cost us to get out of the contract?"
    asking.ask("Our contract price and an early exit", price)
    expect(route).to_contain_text("experts")
    assert asking.reply()["visibility"] == "private"


def test_who_wants_a_person_goes_to_an_expert(asking: AskPage, page: Page) -> None:
    asking.open()
    asking.ask("Different default hourly rate per project in Go", "Is there a way?")
    assert asking.reply()["destination"] == "community"
    asking.act("need-help").click()
    asking.act("person").click()
    asking.until(lambda: asking.reply()["destination"] == "expert", asking.reply)
    posted = asking.post()
    submitted = asking.network.to("/v1/triage")[-1].told
    assert submitted["wants_person"] is True
    assert posted["ask_id"]


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_the_one_thing_that_is_missing_is_asked_for(lang: str, asking: AskPage, page: Page) -> None:
    # Whether something is worth asking for is learnt from months of a forum (tests/lifecycle):
    # here the service's own sentences are put into its reply.
    asked = [say(Reason(code), lang) for code in ("ask_version", "ask_error")]
    codes = ("ask_version", "ask_error")

    def lack(route: Route) -> None:
        reply = route.fetch()
        missing = [{"code": c, "text": t} for c, t in zip(codes, asked, strict=True)]
        route.fulfill(response=reply, json={**reply.json(), "missing": missing})

    page.route("**/v1/triage", lack)
    asking.open(lang=lang)
    asking.ask("The label printer does nothing", "Since Monday.")
    note = asking.widget.locator("[part~=missing]").first
    expect(note).to_contain_text(asked[0])
    # One thing, not a form.
    assert asked[1] not in note.inner_text()
    field = note.get_by_role("textbox")
    field.fill("8.2.1")
    asking.act("add", note).click()
    asking.until(lambda: "8.2.1" in str(asking.network.to("/v1/triage")[-1].told))
    assert "8.2.1" in page.locator("#ask-form").evaluate(
        "form => [...new FormData(form).values()].join(' ')"
    )


@pytest.mark.usefixtures("followed")
@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "{} others follow it"),
        ("sv", "{} andra följer den"),
        ("nb", "{} andre følger det"),
        ("da", "{} andre følger det"),
        ("fi", "{} muuta seuraa sitä"),
        ("de", "{} weitere Personen folgen ihr"),
    ],
)
def test_an_open_twin_says_how_many_follow_it(lang: str, words: str, asking: AskPage) -> None:
    asking.open(product="portal", lang=lang)
    asking.ask(TWIN_TITLE, "")
    (twin,) = asking.reply()["same_question"]
    assert twin["followers"] >= FOLLOWERS
    said = words.format(twin["followers"])
    expect(asking.widget.locator("[part~=twins]").first).to_contain_text(said)


def test_who_has_the_same_question_follows_it_instead(asking: AskPage) -> None:
    asking.open(product="portal", thread_url="/t/{id}", follow="")
    asking.ask(TWIN_TITLE, "")
    ask_id = asking.reply()["ask_id"]
    asking.act("follow").click()
    asking.until(lambda: asking.events(ask_id)["followed", TWIN] == 1)


def test_a_known_issue_stands_first(asking: AskPage, known: str) -> None:
    asking.open(product="ledger")
    asking.ask(ISSUE["title"], ISSUE["body"])
    issue = asking.widget.locator("[part~=issue]").first
    expect(issue).to_contain_text(ISSUE["title"])
    expect(issue).to_contain_text(ISSUE["workaround"])
    box = asking.widget.locator("[part=box]").inner_text()
    for told in asking.reply()["suggestions"]:
        assert box.index(ISSUE["title"]) < box.index(told["title"])
    ask_id = asking.reply()["ask_id"]
    asking.act("solved", issue).click()
    asking.until(lambda: any(kind == "solved" for kind, _ in asking.events(ask_id)))


def test_context_severity_and_token_come_from_attributes_or_from_the_page(
    asking: AskPage, page: Page
) -> None:
    asking.open(
        data_page="/invoices", data_form="ask", data_record_type="invoice", data_severity="2"
    )
    asking.ask("The export stops", "It says E-417.")
    sent = asking.network.to("/v1/triage")[-1].told
    assert sent["customer_severity"] == 2
    assert {k: sent["context"][k] for k in ("page", "form", "record_type")} == {
        "page": "/invoices",
        "form": "ask",
        "record_type": "invoice",
    }
    page.evaluate(
        """() => { const one = document.querySelector('triage-suggest');
          one.context = () => ({ page: '/orders', error_text: 'E-418' });
          one.severity = () => 1; }"""
    )
    asking.ask("The export stops", "It says E-418 now.")
    sent = asking.network.to("/v1/triage")[-1].told
    assert sent["customer_severity"] == 1
    assert sent["context"]["page"] == "/orders"
    assert sent["context"]["error_text"] == "E-418"
