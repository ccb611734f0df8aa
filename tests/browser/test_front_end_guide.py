"""Every example of docs/front-end.md, as it stands there, does what the page says of it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from benchmarks.sample_server import FORUM, call, make_key
from triage.settings import ROOT

from .asking import wait_until
from .conftest import Sample
from .gateway import Call, Fault
from .guide_site import GuideSite, examples, guide_site, wait_for_site

pytestmark = pytest.mark.browser

QUESTION = "how to mail the same invoice to a different adress without changing number"
BODY = "The customer has moved."
SECRET = "My login is kim@example.com and the password is hunter2-Kuling-88, please reset it"
_STATE = """() => {
  const client = document.querySelector('triage-suggest')?.client;
  return [client?.state ?? null, client?.draft?.title ?? null, client?.draft?.body ?? null];
}"""
_ELSEWHERE = "https://triage.example.com"
# Debian's packages node-react and node-react-dom.
_REACT = Path("/usr/share/nodejs")
_RUN = {
    ("A key, and the two lines", "sh"): 1,  # tests/docs types all commands
    ("Plain HTML", "html"): 1,
    ("What the page knows and the person need not type", "js"): 1,
    ("React", "js"): 2,
    ("Discourse", "sh"): 1,
    ("A look of your own", "js"): 1,
    ("Your server vouches for whoever is signed in", "sh"): 1,
    ("Your server vouches for whoever is signed in", "python"): 1,
    ("Your server vouches for whoever is signed in", "js"): 1,
    ("Your server posts the question", "python"): 1,
    ("Content-Security-Policy", "text"): 1,
    ("Privacy", "js"): 1,
    ("Privacy", "text"): 1,  # words for a notice
}


@dataclass(frozen=True)
class Guide:
    """The examples, a site to put them on, and somebody before it."""

    page: Page
    site: GuideSite
    sample: Sample
    key: str

    def example(self, heading: str, language: str, n: int = 0) -> str:
        """Return an example with the running service in it."""
        text = examples()[heading, language][n]
        address = f"{self.sample.network.base}/widget/{self.sample.front.file}"
        text = text.replace(f"{_ELSEWHERE}/widget/triage-suggest.js?v=…", address)
        text = text.replace("sha384-…", self.sample.front.integrity)
        return text.replace(_ELSEWHERE, self.sample.network.base).replace("pk_…", self.key)

    def ask_page(self, *, attributes: str = "", script: str = "") -> None:
        """Open the page of plain HTML, with a script of its own and more attributes."""
        page = self.example("Plain HTML", "html")
        page = page.replace("<triage-suggest ", f"<triage-suggest {attributes} ")
        line = '<script type="module" src="/own.js"></script>'
        self.site.put("/own.js", script)
        self.site.put("/ask", page.replace("</html>", f"{line}\n</html>") if script else page)
        self.page.goto(f"{self.site.base}/ask")

    def ask(self, title: str, body: str = "") -> dict[str, Any]:
        """Write a draft, and wait for the reply to it."""
        self.page.get_by_label("Title").fill(title)
        self.page.get_by_label("Question").fill(body)
        wait_until(lambda: self.state() == ["ready", title, body], self.state)
        found: dict[str, Any] = self.page.evaluate("document.querySelector('triage-suggest').reply")
        return found

    def state(self) -> list[str | None]:
        """Return how the widget's client is, and which draft it has a reply to."""
        found: list[str | None] = self.page.evaluate(_STATE)
        return found

    def triages(self) -> list[Call]:
        return self.sample.network.to("/v1/triage")

    def events(self, ask_id: str) -> list[tuple[str, str | None]]:
        query = "SELECT type, external_id FROM events WHERE ask_id = ? AND type <> 'asked'"
        with self.sample.database.read() as c:
            return [(row[0], row[1]) for row in c.exec_driver_sql(query, (ask_id,))]


@pytest.fixture(scope="module")
def site(started: Sample) -> Iterator[tuple[GuideSite, str]]:
    with guide_site() as served:
        key = make_key(started.database, served.base)
        wait_for_site(started.service, served.base)
        yield served, key


@pytest.fixture
def guide(page: Page, site: tuple[GuideSite, str], sample: Sample) -> Guide:
    served, key = site
    served.files.clear()
    served.posts.clear()
    served.policy = ""
    return Guide(page, served, sample, key)


@pytest.fixture
def secret(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """A visitor secret, made by the command of the page, where the example looks for it."""
    env = {
        "TRIAGE_DATA_DIR": str(sample.folder),
        "TRIAGE_MODELS_DIR": str(sample.folder / "models"),
    }
    (typed,) = examples()["Your server vouches for whoever is signed in", "sh"]
    words = typed.replace('"', "").split()
    assert words[:3] == ["python", "-m", "triage"]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        command = [sys.executable, "-m", "triage", "visitors", "create", "--name", "guide"]
        told = subprocess.run(
            [*command, "--forum", FORUM], cwd=ROOT, check=True, capture_output=True, text=True
        )
    made = json.loads(told.stdout)
    monkeypatch.setenv("VISITOR_KID", made["kid"])
    monkeypatch.setenv("VISITOR_SECRET", made["secret"])
    monkeypatch.setenv("FORUM", made["aud"])


def test_every_example_of_the_page_is_run_here() -> None:
    assert {place: len(texts) for place, texts in examples().items()} == _RUN


def test_plain_html_with_the_policy_of_the_page(guide: Guide, said: list[str]) -> None:
    lines = guide.example("Content-Security-Policy", "text").strip().split("\n")
    guide.site.policy = "; ".join(
        ["default-src 'none'", "form-action 'self'", "require-trusted-types-for 'script'", *lines]
    )
    guide.ask_page()
    reply = guide.ask(QUESTION, BODY)
    expect(guide.page.locator("triage-suggest ol[part=list] li").first).to_be_visible()
    guide.page.get_by_role("button", name="Post question").click()
    expect(guide.page.get_by_text("Posted")).to_be_visible()
    (form,) = guide.site.posts
    assert (form["triage_id"], form["ask_id"]) == (reply["triage_id"], reply["ask_id"])
    assert (form["title"], form["body"]) == (QUESTION, BODY)
    wait_until(lambda: ("posted", None) in guide.events(reply["ask_id"]))
    assert guide.triages()[-1].told["session"] == form["triage_session"]
    assert said == []


def test_an_ask_page_within_a_sandboxed_iframe(guide: Guide, said: list[str]) -> None:
    guide.ask_page()
    guide.site.put(
        "/around",
        '<!doctype html><title>Around</title><iframe title="Ask" src="/ask" width="600"'
        ' height="800" sandbox="allow-scripts allow-forms allow-same-origin"></iframe>',
    )
    guide.page.goto(f"{guide.site.base}/around")
    frame = guide.page.frame_locator("iframe")
    frame.get_by_label("Title").fill(QUESTION)
    expect(frame.locator("triage-suggest ol[part=list] li").first).to_be_visible()
    # The browser warns of a frame of the same site, which this one is only here.
    assert [one for one in said if "can escape its sandboxing" not in one] == []


def test_what_the_page_knows_is_sent_and_what_was_solved_is_heard(guide: Guide) -> None:
    script = guide.example("What the page knows and the person need not type", "js")
    guide.ask_page(script=script)
    reply = guide.ask(QUESTION)
    told = guide.triages()[-1].told
    assert told["context"] == {
        **{"page": "/ask", "form": "ask", "record_type": "invoice", "error_text": "E-417"}
    }
    assert (told["product"], told["customer_severity"]) == ("ledger", 2)
    guide.page.locator("triage-suggest [data-act=solved]").first.click()
    solved = reply["suggestions"][0]["thread_id"]
    expect(guide.page.get_by_role("heading", level=1)).to_have_text(f"Solved by {solved}")


def _react_page(guide: Guide) -> None:
    """Put the hook and the form beside each other, as a bundler would have them."""
    for name in ("react", "react-dom"):
        path = _REACT / name / "umd" / f"{name}.production.min.js"
        assert path.is_file(), "Install React (Debian: apt-get install node-react node-react-dom)."
        guide.site.put(f"/{name}.js", path.read_text(encoding="utf-8"))
    names = "createElement, useEffect, useRef, useState"
    guide.site.put("/react-module.js", f"export const {{ {names} }} = window.React;")
    guide.site.put("/use-triage.js", guide.example("React", "js", 0))
    guide.site.put("/ask-form.js", guide.example("React", "js", 1))
    guide.site.put(
        "/start.js",
        'import { createElement } from "react"; import { AskForm } from "./ask-form.js";',
        "const post = async (topic) => ((window.topics = [topic]), { id: 'topic-9' });",
        "const token = () => ((window.tokens = (window.tokens ?? 0) + 1), null);",
        "window.root = ReactDOM.createRoot(document.querySelector('#root'));",
        f"const given = {{ publishableKey: '{guide.key}', token, post }};",
        "window.root.render(createElement(AskForm, given));",
    )
    address = f"{guide.sample.network.base}/widget/{guide.sample.front.file}"
    guide.site.put(
        "/ask",
        '<!doctype html><html lang="en"><title>Ask</title><div id="root"></div>',
        '<script type="importmap">{"imports": {"react": "/react-module.js"}}</script>',
        '<script src="/react.js"></script><script src="/react-dom.js"></script>',
        f'<script type="module" crossorigin src="{address}"></script>',
        '<script type="module" src="/start.js"></script></html>',
    )
    guide.page.goto(f"{guide.site.base}/ask")


def test_a_form_of_react_has_suggestions_and_tells_what_it_posted(
    guide: Guide, said: list[str]
) -> None:
    _react_page(guide)
    reply = guide.ask(QUESTION, BODY)
    expect(guide.page.locator("triage-suggest ol[part=list] li").first).to_be_visible()
    assert guide.page.evaluate("window.tokens") == 1
    guide.page.get_by_role("button", name="Post question").click()
    wait_until(lambda: ("posted", "topic-9") in guide.events(reply["ask_id"]))
    # Neither the button nor leaving tells of it besides.
    guide.page.wait_for_timeout(1000)
    assert [kind for kind, _ in guide.events(reply["ask_id"])].count("posted") == 1
    assert guide.page.evaluate("window.topics") == [{"title": QUESTION, "body": BODY}]
    guide.page.evaluate("window.root.unmount()")
    assert guide.page.locator("triage-suggest").count() == 0
    assert said == []


def test_react_knows_of_what_the_widget_took_out(guide: Guide) -> None:
    _react_page(guide)
    guide.ask("I cannot log in", SECRET)
    guide.page.locator("triage-suggest [data-act=redact]").first.click()
    expect(guide.page.get_by_label("Question")).not_to_have_value(SECRET)
    written = guide.page.get_by_label("Question").input_value()
    guide.page.get_by_role("button", name="Post question").click()
    wait_until(lambda: guide.page.evaluate("window.topics?.[0].body") == written)
    assert "hunter2" not in written


def test_a_look_of_ones_own(guide: Guide) -> None:
    guide.site.put("/own.js", guide.example("A look of your own", "js"))
    guide.site.put(
        "/ask",
        '<!doctype html><html lang="en"><title>Ask</title><label>Question',
        '<textarea id="question"></textarea></label><ul id="suggestions"></ul>',
        '<script type="module" src="/own.js"></script></html>',
    )
    guide.page.goto(f"{guide.site.base}/ask")
    guide.page.get_by_label("Question").fill(QUESTION)
    link = guide.page.locator("#suggestions a").first
    expect(link).to_be_visible()
    link.click()
    wait_until(lambda: len(guide.triages()) > 0)
    told: dict[str, str] = {}

    def both() -> bool:
        calls = guide.sample.network.to("/v1/events/beacon")
        told.update({one["event_id"]: one["type"] for c in calls for one in c.told["events"]})
        return {"shown", "opened"} <= set(told.values())

    wait_until(both, lambda: told)
    # What was on its way when the page was left is told once more, by the same name.
    assert sorted(told.values()) == ["opened", "shown"]


def test_whoever_is_signed_in_is_vouched_for(guide: Guide, secret: None) -> None:
    heading = "Your server vouches for whoever is signed in"
    names: dict[str, Any] = {}
    exec(guide.example(heading, "python"), names)
    guide.site.put("/triage-token", names["visitor_token"]("kim", "a07", ["partners"]))
    guide.ask_page(script=guide.example(heading, "js"))
    guide.ask(QUESTION)
    (asked,) = {_header(one, "Triage-Visitor") for one in guide.triages()[-1:]}
    assert asked == guide.site.files["/triage-token"]
    assert guide.page.evaluate("document.querySelector('triage-suggest').client.state") == "ready"


def _header(made: Call, name: str) -> str | None:
    return next((value for n, value in made.headers.items() if n.lower() == name.lower()), None)


def test_the_server_posts_what_the_form_brought(
    guide: Guide, secret: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICE_ADDRESS", guide.sample.network.base)
    monkeypatch.setenv("SERVICE_KEY", guide.sample.secret)
    names: dict[str, Any] = {}
    exec(guide.example("Your server vouches for whoever is signed in", "python"), names)
    exec(guide.example("Your server posts the question", "python"), names)
    guide.ask_page(attributes='posted="server"')
    reply = guide.ask(QUESTION, BODY)
    guide.page.get_by_role("button", name="Post question").click()
    expect(guide.page.get_by_text("Posted")).to_be_visible()
    (form,) = guide.site.posts
    name = f"post-{reply['ask_id']}"
    posted = names["post_question"](form, name)
    assert (posted["external_id"], posted["title"]) == (name, QUESTION)
    assert posted["visibility"] in ("public", "group", "private")
    again = names["post_question"](form, name)
    assert again["question_id"] == posted["question_id"]
    wait_until(lambda: [kind for kind, _ in guide.events(reply["ask_id"])].count("posted") == 1)

    token = names["visitor_token"]("kim")
    signed = names["post_question"]({"title": "The logo is blurry", "body": ""}, name + "b", token)
    assert signed["external_id"] == name + "b"
    guide.sample.network.goes_wrong = lambda call: Fault(status=503)
    assert names["post_question"](form, name + "c") is None


def test_a_visit_is_remembered_only_where_the_banner_allows_it(guide: Guide) -> None:
    script = guide.example("Privacy", "js")
    for allowed in ("false", "true"):
        banner = f"window.banner = {{ allows: () => {allowed} }};\n"
        guide.ask_page(script=banner + script)
        guide.ask(QUESTION)
        kept = guide.page.evaluate("Object.keys({...sessionStorage, ...localStorage})")
        assert ("triage.session" in kept) == (allowed == "true")
        assert guide.page.context.cookies() == []


def test_the_service_answers_the_key_of_the_examples(guide: Guide) -> None:
    reply = call(guide.sample.service, guide.key, "/v1/triage", {"title": QUESTION})
    assert reply["suggestions"]
