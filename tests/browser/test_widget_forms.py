"""The element beside forms as people build them, with a service that says what each test wants."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from triage.web import widget

pytestmark = pytest.mark.browser

SITE = "https://forum.example"
USUAL = '<input name="title"><textarea name="body"></textarea><button>Post</button>'


def suggestion(thread_id: str) -> dict[str, Any]:
    """Return a suggestion, as the service gives it."""
    return {
        **{"thread_id": thread_id, "answer_id": None, "title": f"About {thread_id}"},
        **{"snippet": "Restart it.", "url": None, "lang": "en", "rank": 1, "probability": 0.5},
        **{"solved": True, "staff": False, "applicability": "fits", "reasons": [], "trust": None},
    }


def reply(**more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a reply, as the service gives it."""
    return {
        **{"triage_id": "t1", "ask_id": "a1", "suggestions": [suggestion("x")]},
        **{"destination": "community", "visibility": "public", "public_allowed": True},
        **{"reasons": [], "same_question": [], "known_issues": [], "also_affected": 0},
        **{"missing": [], "sensitive": [], "handover_url": None, "expected_seconds": None},
        **more,
    }


@dataclass
class Forms:
    """A page with a form, and a service that replies `answer` to every draft."""

    page: Page
    answer: dict[str, Any] = field(default_factory=reply)
    drafts: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    html: str = ""

    def open(self, fields: str = USUAL, attributes: str = "", around: str = "") -> None:
        """Open a page with these fields, and wait until the widget is there."""
        self.html = (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            f'<script type="module" src="/widget/{widget.SUGGEST}"></script>{around}'
            f'<form id="ask">{fields}</form>'
            f'<triage-suggest for="ask" key="pk_x" {attributes}></triage-suggest>'
        )
        self.page.goto(f"{SITE}/ask")
        self.page.wait_for_function("() => customElements.get('triage-suggest') !== undefined")

    @property
    def box(self) -> Locator:
        """The element; what is looked for in it is found in its shadow as well."""
        return self.page.locator("triage-suggest")

    def ask(self, title: str = "The export stops") -> dict[str, Any]:
        """Write a title; return the draft that comes of it."""
        self.page.locator("[name=title]").fill(title)
        self.until(lambda: any(one["title"] == title for one in self.drafts))
        return next(one for one in reversed(self.drafts) if one["title"] == title)

    def until(self, holds: Any) -> None:  # noqa: ANN401
        """Wait for what the page does meanwhile."""
        for _ in range(200):
            if holds():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{self.drafts[-1:]} {self.events}")

    def serve(self, route: Route) -> None:
        """Answer whatever the page asks for."""
        path = route.request.url.removeprefix(SITE).partition("?")[0]
        told = json.loads(route.request.post_data or "{}")
        if path.startswith("/widget/"):
            file = widget.widget_file(path.removeprefix("/widget/"))
            route.fulfill(content_type=file.media_type, body=file.content)
        elif path == "/v1/triage":
            self.drafts.append(told)
            route.fulfill(json=self.answer)
        elif path == "/v1/events/beacon":
            self.events.extend(told["events"])
            route.fulfill(status=202, json={"results": []})
        else:
            route.fulfill(content_type="text/html", body=self.html)


@pytest.fixture
def forms(page: Page) -> Forms:
    found = Forms(page)
    page.route(f"{SITE}/**", found.serve)
    return found


def test_of_several_severities_the_one_that_is_chosen_is_sent(forms: Forms) -> None:
    radios = "".join(f'<input type="radio" name="severity" value="{n}">' for n in (1, 2, 3, 4))
    forms.open(USUAL + radios)
    assert "customer_severity" not in forms.ask()
    forms.page.locator("[value='3']").check()
    forms.until(lambda: forms.drafts[-1].get("customer_severity") == 3)


def test_a_form_that_is_emptied_has_no_suggestions(forms: Forms) -> None:
    forms.open()
    forms.ask()
    expect(forms.box.locator(".card")).to_have_count(1)
    forms.page.evaluate("document.forms[0].reset()")
    expect(forms.box.locator(".card")).to_have_count(0)
    assert forms.page.locator("input[name=triage_id]").input_value() == ""


def test_what_is_too_long_around_a_draft_is_cut_and_costs_nothing(forms: Forms) -> None:
    forms.open(attributes=f'data-page="/{"p" * 400}" data-error-text="{"e" * 20_000}"')
    forms.page.evaluate("document.querySelector('triage-suggest').context = { record_type: 7 }")
    context = forms.ask()["context"]
    assert {name: len(told) for name, told in context.items()} == {
        **{"page": 300, "error_text": 10_000, "record_type": 1}
    }
    assert context["record_type"] == "7"


def test_the_question_is_posted_by_the_button_of_its_own_form(
    forms: Forms, said: list[str]
) -> None:
    foreign = '<button type="submit" form="other">Search</button>'
    forms.open(foreign + USUAL, around='<form id="other"></form>')
    forms.ask()
    forms.page.evaluate(
        "document.forms.ask.addEventListener('submit', (event) => {"
        " event.preventDefault(); window.by = event.submitter.textContent; })"
    )
    forms.box.locator("[data-act=need-help]").click()
    forms.box.locator("[data-act=post]").click()
    assert forms.page.evaluate("window.by") == "Post"
    assert said == []


def test_a_form_that_is_sent_twice_is_posted_once(forms: Forms) -> None:
    forms.open()
    forms.ask()
    forms.page.evaluate(
        "document.forms.ask.addEventListener('submit', (event) => event.preventDefault())"
    )
    expect(forms.box.locator(".card")).to_have_count(1)
    forms.page.get_by_role("button", name="Post").dblclick()
    forms.page.wait_for_timeout(500)
    assert [one["type"] for one in forms.events].count("posted") == 1


def test_what_is_partly_bold_is_taken_out_of_a_rich_text(forms: Forms) -> None:
    text = "My \U0001f511 is hunter22 and hunter23"
    start = text.index("hunter22")
    span = {"type": "password", "field": "body", "start": start, "end": start + 8}
    other = {**span, "start": text.index("hunter23"), "end": len(text)}
    forms.answer = reply(sensitive=[span, other])
    forms.open(
        '<input name="title"><div contenteditable>'
        "My \U0001f511 is hun<b>ter</b>22 and hunter23</div>"
    )
    forms.ask()
    forms.box.locator("[data-act=redact]").click()
    assert forms.page.locator("[contenteditable]").inner_html() == (
        "My \U0001f511 is [PASSWORD]<b></b> and [PASSWORD]"
    )


def test_a_banner_that_is_answered_later_is_heard(forms: Forms) -> None:
    forms.open()
    forms.page.evaluate(
        "document.querySelector('triage-suggest').consent = () => window.agreed ?? false"
    )
    kept = "() => sessionStorage.getItem('triage.session')"
    forms.ask()
    assert forms.page.evaluate(kept) is None
    forms.page.evaluate("window.agreed = true")
    forms.ask("The export still stops")
    assert forms.page.evaluate(kept)
    forms.page.evaluate("window.agreed = false")
    forms.ask("The export stops again")
    assert forms.page.evaluate(kept) is None


def test_a_page_that_changes_its_language_takes_the_widget_along(forms: Forms) -> None:
    forms.open()
    forms.ask()
    expect(forms.box.locator("h2").first).to_have_text("Answers that may help")
    forms.page.evaluate("document.documentElement.lang = 'sv'")
    forms.ask("Exporten stannar")
    expect(forms.box.locator("h2").first).to_have_text("Svar som kan hjälpa")


def test_what_is_still_in_sight_is_seen_by_the_next_ask_too(forms: Forms) -> None:
    forms.open()
    forms.ask()
    forms.until(lambda: [one["ask_id"] for one in forms.events] == ["a1"])
    forms.answer = reply(triage_id="t2", ask_id="a2")
    forms.ask("The import stops")
    forms.until(lambda: [one["ask_id"] for one in forms.events] == ["a1", "a2"])
