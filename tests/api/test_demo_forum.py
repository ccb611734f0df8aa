"""The demo forum: asked, answered and accepted as different persons; private is private."""

import html
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from triage.demo.forum import DemoForum
from triage.demo.people import person_called
from triage.records import LANGUAGES, EventType
from triage.store import get_thread, iter_acts, iter_events
from triage.web import word
from triage.web.widget import widget_file

from .browsing import Browser, shown
from .conftest import Start, World
from .samples import EXPORT, OPEN, SECRET_BETA

_HERE = "http://127.0.0.1:8000"
_PAGE = {"Origin": _HERE, "Sec-Fetch-Site": "same-origin"}
QUESTION = {
    "title": "The chain slips in third gear",
    "body": "Since the service in March it slips whenever I go uphill.",
}
SECRET = {"title": "Cannot sign in", "body": "My password is hunter2-Blue-Kettle! and it fails."}
ANSWER = {"words": "Tighten the cable at the derailleur by half a turn."}


@dataclass(frozen=True)
class Visit(Browser):
    """A browser on the machine of the demo, and who it is there."""

    def send(self, path: str, **form: str) -> httpx2.Response:
        return self.post(path, form, _PAGE)

    def ask(self, **form: str) -> str:
        """Post a question; return its id."""
        response = self.send("/ask", **{"once": "form-1", **form})
        assert response.status_code == 303, shown(response)
        where = response.headers["location"]
        found = re.fullmatch(r"/t/([0-9a-f]{32})\?said=(posted|there)", where)
        assert found is not None
        return found[1]

    def answer(self, thread_id: str, once: str = "form-2", **form: str) -> str:
        """Answer a thread; return the id of the answer."""
        response = self.send(f"/t/{thread_id}/answers", once=once, **{**ANSWER, **form})
        assert response.status_code == 303, shown(response)
        return response.headers["location"].partition("#")[2]

    def accept(self, thread_id: str, answer: str, once: str = "form-3") -> httpx2.Response:
        return self.send(f"/t/{thread_id}/accept", answer=answer, once=once)


@pytest.fixture
def demo(world: World, start: Start) -> World:
    return start(demo=True, forum="bikes")


def visit(demo: World, who: str | None = None) -> Visit:
    client = TestClient(demo.client.app, base_url=_HERE, client=("127.0.0.1", 50_000))
    found = Visit(client)
    if who is not None:
        assert found.send("/demo/be", who=who, next="/").status_code == 303
    return found


def question(demo: World, question_id: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {demo.keys['lead']}"}
    reply: dict[str, Any] = visit(demo).get(f"/v1/questions/{question_id}", **headers).json()
    return reply


def attribute(page: httpx2.Response, name: str) -> str:
    found = re.search(rf'<triage-suggest[^>]* {name}="([^"]*)"', page.text)
    assert found is not None, name
    return html.unescape(found[1])


def triage(demo: World, page: httpx2.Response, draft: dict[str, Any]) -> dict[str, Any]:
    """Ask as the widget of this page does."""
    headers = {"Authorization": f"Bearer {attribute(page, 'key')}", "Origin": _HERE}
    headers["Triage-Visitor"] = attribute(page, "data-token")
    response = visit(demo).client.post("/v1/triage", json=draft, headers=headers)
    assert response.status_code == 200, response.text
    reply: dict[str, Any] = response.json()
    return reply


def test_without_the_demo_its_addresses_lead_nowhere(world: World) -> None:
    for path in ("/", "/ask", "/t/export"):
        response = world.client.get(path)
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_the_forum_shows_what_everybody_may_read_and_says_that_it_is_made_up(demo: World) -> None:
    page = visit(demo).get("/")
    text = shown(page)
    assert word("demo.banner", "en") in text
    assert EXPORT["title"] in text
    assert OPEN["title"] in text
    assert SECRET_BETA["title"] not in text
    # Jonas belongs to a group that tries the beta, Maggie to none.
    assert SECRET_BETA["title"] in shown(visit(demo, "jonas").get("/"))
    assert SECRET_BETA["title"] not in shown(visit(demo, "maggie_books").get("/"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_there_in_every_language(demo: World, lang: str) -> None:
    sanna = visit(demo, "sanna")
    for path in ("/", "/?q=export", "/ask", "/t/export", "/t/nowhere"):
        joined = f"{path}{'&' if '?' in path else '?'}lang={lang}"
        response = sanna.get(joined)
        assert response.status_code == (404 if "nowhere" in path else 200)
        assert f'<html lang="{lang}">' in response.text
        assert word("demo.banner", lang) in shown(response)
        assert "style=" not in response.text
        assert not re.search(r"<script(?![^>]* src=)", response.text)


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("state=solved", False),
        ("state=open", True),
        ("product=nothing&in=xx&state=?&page=-1", True),
        ("page=99999999999", True),
        ("in=sv", False),
        ("q=payment+reminders+on+monday", True),
    ],
)
def test_what_is_looked_for_is_what_is_shown(demo: World, query: str, there: bool) -> None:
    response = visit(demo).get(f"/?{query}")
    assert response.status_code == 200
    assert (OPEN["title"] in shown(response)) is there


def test_a_thread_is_shown_with_its_answers_and_what_is_of_a_group_is_not(demo: World) -> None:
    text = shown(visit(demo).get("/t/export"))
    assert EXPORT["answers"][0]["body"] in text
    assert word("demo.accepted", "en") in text
    assert visit(demo).get("/t/beta/quantum").status_code == 404
    assert SECRET_BETA["title"] in shown(visit(demo, "lead").get("/?q=quantum+ledger"))
    assert SECRET_BETA["title"] not in shown(visit(demo).get("/?q=quantum+ledger"))
    assert "Lock the rotation" in shown(visit(demo, "jonas").get("/t/beta/quantum"))


def test_a_question_is_asked_answered_accepted_and_suggested_to_the_next(demo: World) -> None:
    claire, helper = visit(demo, "claire"), visit(demo, "maggie_books")
    question_id = claire.ask(**QUESTION)
    assert QUESTION["title"] in shown(helper.get("/"))
    assert question(demo, question_id)["state"] == "with_community"

    name = helper.answer(question_id)
    again = helper.answer(question_id)
    assert name == again
    assert shown(claire.get(f"/t/{question_id}")).count(ANSWER["words"]) == 1
    told = question(demo, question_id)
    assert (told["state"], told["timeline"][-1]["who"]) == ("answered", "community")
    assert told["timeline"][-1]["answer_id"] == f"{question_id}:{name}"

    draft = {**QUESTION, "lang": "en"}
    assert triage(demo, visit(demo, "aino").get("/ask"), draft)["suggestions"] == []
    assert claire.accept(question_id, name).status_code == 303
    assert question(demo, question_id)["state"] == "confirmed_solved"
    with demo.database.read() as c:
        thread = get_thread(c, demo.forum().id, question_id)
    assert thread is not None
    assert (thread.solved, [a.accepted for a in thread.answers]) == (True, [True])
    found = triage(demo, visit(demo, "aino").get("/ask"), draft)["suggestions"]
    assert [(s["thread_id"], s["url"]) for s in found] == [(question_id, f"/t/{question_id}")]


def test_accepting_twice_is_accepting_once_and_only_the_asker_can(demo: World) -> None:
    claire, helper = visit(demo, "claire"), visit(demo, "maggie_books")
    question_id = claire.ask(**QUESTION)
    name = helper.answer(question_id)
    for other in (helper, visit(demo), visit(demo, "lead"), visit(demo, "sanna")):
        assert other.accept(question_id, name).status_code == 404
    assert question(demo, question_id)["state"] == "answered"
    for once in ("form-3", "form-3", "form-4"):
        assert claire.accept(question_id, name, once).status_code == 303
    assert len(question(demo, question_id)["timeline"]) == 4


def test_staff_answer_in_the_forum_as_staff_and_that_is_noted(demo: World) -> None:
    claire, lead = visit(demo, "claire"), visit(demo, "lead")
    question_id = claire.ask(**QUESTION)
    name = lead.answer(question_id)
    told = question(demo, question_id)
    assert (told["state"], told["timeline"][-1]["who"]) == ("answered", "staff")
    with demo.database.read() as c:
        thread = get_thread(c, demo.forum().id, question_id)
        acts = [row.act.act for row in iter_acts(c, demo.forum().id)]
    assert thread is not None
    assert [(a.id, a.staff) for a in thread.answers] == [(name, True)]
    assert "question.change" in acts


def test_what_holds_a_secret_is_seen_by_nobody_else_and_answered_by_staff(demo: World) -> None:
    claire, lead = visit(demo, "claire"), visit(demo, "lead")
    question_id = claire.ask(**SECRET)
    assert word("demo.private_yours", "en") in shown(claire.get(f"/t/{question_id}"))
    for who in (None, "jonas", "sanna", "maggie_books", "analyst"):
        other = visit(demo, who)
        assert other.get(f"/t/{question_id}").status_code == 404
        assert SECRET["title"] not in shown(other.get("/"))
        response = other.send(f"/t/{question_id}/answers", once="x", **ANSWER)
        assert response.status_code == 404
    page = lead.get("/")
    assert word("demo.waiting", "en") in shown(page)
    assert f'href="/t/{question_id}"' in page.text
    assert "hunter2" not in lead.get(f"/t/{question_id}").text
    name = lead.answer(question_id, words="Use the link on the sign-in page.")
    assert "Use the link on the sign-in page." in shown(claire.get(f"/t/{question_id}"))
    assert claire.accept(question_id, name).status_code == 303
    told = question(demo, question_id)
    assert (told["state"], told["destination"]) == ("confirmed_solved", "expert")
    assert word("demo.waiting", "en") not in shown(lead.get("/"))


def test_who_answers_for_an_account_sees_what_it_asked_in_private(demo: World) -> None:
    question_id = visit(demo, "aino").ask(**SECRET)
    response = visit(demo, "sanna").get(f"/t/{question_id}")
    assert word("demo.private", "en") in shown(response)
    assert visit(demo, "ingrid").get(f"/t/{question_id}").status_code == 404


def test_what_the_widget_was_told_goes_with_what_is_posted(demo: World) -> None:
    claire = visit(demo, "claire")
    page = claire.get("/ask")
    reply = triage(demo, page, {**QUESTION, "session": "s-1", "stage": "submit"})
    hidden = {"triage_id": reply["triage_id"], "ask_id": reply["ask_id"], "triage_session": "s-1"}
    question_id = claire.ask(**QUESTION, **hidden)
    assert question(demo, question_id)["triage_id"] == reply["triage_id"]
    # Another form, the same ask: it is posted once, and told as an event once.
    assert claire.ask(**QUESTION, **hidden | {"once": "form-9"}) == question_id
    with demo.database.read() as c:
        events = [e for e in iter_events(c, demo.forum().id) if e.type is EventType.POSTED]
    assert [e.question_id for e in events] == [question_id]


def test_who_has_the_same_question_follows_it_and_finds_it_again(demo: World) -> None:
    claire, jonas = visit(demo, "claire"), visit(demo, "jonas")
    question_id = claire.ask(**QUESTION)
    page = jonas.get("/ask")
    reply = triage(demo, page, {**QUESTION, "session": "s-1"})
    assert [one["thread_id"] for one in reply["same_question"]] == [question_id]
    event = {
        "event_id": "followed-1",
        "type": "followed",
        "thread_id": question_id,
        "occurred_at": datetime.now(UTC).isoformat(),
        **{name: reply[name] for name in ("triage_id", "ask_id")},
    }
    headers = {"Authorization": f"Bearer {attribute(page, 'key')}", "Origin": _HERE}
    told = jonas.client.post(
        "/v1/events", json={"events": [{**event, "session": "s-1"}]}, headers=headers
    )
    assert [one["state"] for one in told.json()["results"]] == ["accepted"]
    assert word("demo.followed", "en") in shown(jonas.get("/"))
    assert word("demo.followed", "en") not in shown(claire.get("/"))
    seen = shown(jonas.get(f"/t/{question_id}"))
    assert f"{word('demo.followers_one', 'en')} {word('demo.you_follow', 'en')}" in seen
    assert word("demo.you_follow", "en") not in shown(claire.get(f"/t/{question_id}"))


def test_a_reply_to_somebody_else_is_not_taken_for_ones_own(demo: World) -> None:
    page = visit(demo, "jonas").get("/ask")
    reply = triage(demo, page, {**QUESTION, "session": "s-1", "stage": "submit"})
    question_id = visit(demo, "claire").ask(**QUESTION, triage_id=reply["triage_id"])
    assert question(demo, question_id)["triage_id"] is None
    assert visit(demo, "claire").ask(**QUESTION, triage_id="no-such") == question_id


def test_the_form_works_without_the_widget_and_sent_twice_it_posts_once(demo: World) -> None:
    claire = visit(demo, "claire")
    first, again = claire.ask(**QUESTION), claire.ask(**QUESTION)
    assert first == again != claire.ask(**QUESTION, once="another")
    # Somebody went back and wrote something else in the same form.
    assert claire.ask(**{**QUESTION, "body": "Only on Mondays, though."}) != first
    assert word("demo.said_there", "en") in shown(claire.get(f"/t/{first}?said=there"))


def test_who_wants_a_person_gets_one(demo: World) -> None:
    claire = visit(demo, "claire")
    question_id = claire.ask(**QUESTION, wants_person="yes", severity="1", product="bikes")
    told = question(demo, question_id)
    assert (told["destination"], told["visibility"]) == ("expert", "private")
    assert (told["product"], told["staff"]["customer_severity"]) == ("bikes", 1)


@pytest.mark.parametrize("who", [None, "lead", "analyst"])
def test_who_is_no_customer_posts_nothing_and_loses_nothing(demo: World, who: str | None) -> None:
    response = visit(demo, who).send("/ask", **QUESTION)
    assert response.status_code == 403
    assert word("demo.ask_as_customer", "en") in shown(response)
    assert QUESTION["body"] in response.text
    assert f'value="{QUESTION["title"]}"' in response.text
    assert QUESTION["title"] not in shown(visit(demo).get("/"))


def test_a_question_needs_words(demo: World) -> None:
    response = visit(demo, "claire").send("/ask", title=" ", body="", product="")
    assert response.status_code == 422
    assert word("demo.ask_empty", "en") in shown(response)


def test_an_answer_needs_words_and_somebody_who_gives_it(demo: World) -> None:
    helper = visit(demo, "maggie_books")
    response = helper.send("/t/open/answers", words=" ", once="x")
    assert response.status_code == 422
    assert word("demo.answer_empty", "en") in shown(response)
    for who in (None, "analyst"):
        refused = visit(demo, who).send("/t/open/answers", once="x", **ANSWER)
        assert refused.status_code == 403
        # Who is somebody again can send it: a restarted server knows nobody.
        assert word("demo.answer_who", "en") in shown(refused)
        assert ANSWER["words"] in refused.text
        assert visit(demo, who).send("/t/beta/quantum/answers", **ANSWER).status_code == 404
    assert ANSWER["words"] not in shown(helper.get("/t/open"))


def test_who_wrote_while_it_was_solved_keeps_their_words(demo: World) -> None:
    claire, helper = visit(demo, "claire"), visit(demo, "redovisarn_i_ume")
    question_id = claire.ask(**QUESTION)
    assert claire.accept(question_id, visit(demo, "maggie_books").answer(question_id))
    late = {"once": "late", "words": "Or change the chain."}
    response = helper.send(f"/t/{question_id}/answers", **late)
    assert response.status_code == 409
    assert word("demo.answer_closed", "en") in shown(response)
    assert "Or change the chain.</textarea>" in response.text
    assert "Or change the chain." not in helper.get(f"/t/{question_id}").text
    own = claire.send(f"/t/{question_id}/answers", **late)
    assert (own.status_code, late["words"] in own.text) == (403, True)


def test_staff_who_wrote_while_a_private_question_ended_keep_their_words(demo: World) -> None:
    claire, lead = visit(demo, "claire"), visit(demo, "lead")
    question_id = claire.ask(**SECRET)
    assert claire.send(f"/my/{question_id}", state="closed").status_code == 303
    response = lead.send(f"/t/{question_id}/answers", once="late", words="Use the link.")
    assert response.status_code == 409
    assert "Use the link.</textarea>" in response.text


@pytest.mark.parametrize("draft", [QUESTION, SECRET], ids=["public", "private"])
def test_what_ends_at_the_very_moment_of_an_answer_loses_no_words(
    draft: dict[str, str], demo: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    claire, lead = visit(demo, "claire"), visit(demo, "lead")
    question_id, safe = claire.ask(**draft), DemoForum.safe

    def ended_meanwhile(forum: DemoForum, words: str) -> str:
        claire.send(f"/my/{question_id}", state="closed", change_id="once")
        return safe(forum, words)

    monkeypatch.setattr(DemoForum, "safe", ended_meanwhile)
    response = lead.send(f"/t/{question_id}/answers", once="late", words="Use the link.")
    assert question(demo, question_id)["state"] == "closed"
    if draft is QUESTION:
        assert "?said=answered#" in response.headers["location"]
        assert "Use the link." in shown(claire.get(f"/t/{question_id}"))
    else:
        assert response.status_code == 409
        assert "Use the link.</textarea>" in response.text


def test_who_goes_back_and_answers_something_else_is_not_told_that_it_was_kept(
    demo: World,
) -> None:
    claire, helper, lead = (visit(demo, who) for who in ("claire", "maggie_books", "lead"))
    public, private = claire.ask(**QUESTION), claire.ask(**SECRET, once="other")
    for browser, question_id in ((helper, public), (lead, private)):
        browser.answer(question_id, words="Oil it.")
        browser.answer(question_id, words="No: clean it first.")
        page = shown(claire.get(f"/t/{question_id}"))
        assert "Oil it." in page
        assert "No: clean it first." in page


def test_what_was_opened_again_is_accepted_again_from_the_same_page(demo: World) -> None:
    claire, helper = visit(demo, "claire"), visit(demo, "maggie_books")
    question_id = claire.ask(**QUESTION)
    name = helper.answer(question_id)
    for once in ("one-page", "one-page", "å" * 200):
        location = claire.accept(question_id, name, once).headers["location"]
        assert location == f"/t/{question_id}?said=accepted#{name}"
        assert question(demo, question_id)["state"] == "confirmed_solved"
        assert claire.send(f"/my/{question_id}", state="reopened").status_code == 303


def test_only_what_is_solved_is_said_to_be_solved(demo: World) -> None:
    claire, helper = visit(demo, "claire"), visit(demo, "maggie_books")
    question_id = claire.ask(**QUESTION)
    name = helper.answer(question_id)
    assert claire.accept(question_id, "a-nothing").status_code == 404
    assert question(demo, question_id)["state"] == "answered"
    assert claire.send(f"/my/{question_id}", state="closed").status_code == 303
    late = claire.accept(question_id, name)
    assert late.headers["location"] == f"/t/{question_id}#{name}"


def test_a_form_of_another_site_is_refused(demo: World) -> None:
    claire = visit(demo, "claire")
    for headers in ({}, {"Origin": "https://evil.example"}, {**_PAGE, "Sec-Fetch-Site": "none"}):
        assert claire.post("/ask", QUESTION, headers).status_code == 403
        assert claire.post("/t/open/answers", ANSWER, headers).status_code == 403
        assert claire.post("/t/open/accept", {"answer": "a"}, headers).status_code == 403


def test_what_people_write_is_shown_as_they_wrote_it(demo: World) -> None:
    claire = visit(demo, "claire")
    written = "<script>alert(1)</script> & <b>bold</b>"
    question_id = claire.ask(title=f"It says {written}", body=written)
    visit(demo, "maggie_books").answer(question_id, words=f"So it says {written}")
    for path in ("/", f"/t/{question_id}", "/?q=alert", f"/ask?title={written}"):
        text = claire.get(path).text
        assert "<b>bold" not in text
        assert "<script>" not in text


def test_the_widget_is_there_by_two_lines_with_its_digest(demo: World) -> None:
    page = visit(demo, "sanna").get("/ask")
    ours = widget_file("triage-suggest.js")
    assert f'src="{ours.address}" integrity="{ours.integrity}" crossorigin' in page.text
    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert attribute(page, "for") == "ask-form"
    assert attribute(page, "key").startswith("pk_")
    assert "data-token" not in visit(demo).get("/ask").text


def test_the_token_of_the_page_is_of_whoever_is_here(demo: World) -> None:
    sanna = person_called("sanna")
    assert sanna is not None
    token = attribute(visit(demo, "sanna").get("/ask"), "data-token")
    visitor = demo.client.app.state.installation.check_visitor(demo.forum(), token)  # type: ignore[attr-defined]
    assert replace(visitor, expires=visitor.expires) == sanna.visitor(visitor.expires)
