"""/lead/questions as the server sends it: what is late, and what is done about it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import update

from triage.lifecycle import State
from triage.records import LANGUAGES, Role
from triage.store import changes_of_question, get_question, iter_acts, list_alerts
from triage.store.tables.question import questions
from triage.web import word

from .browsing import Browser, browser, shown
from .conftest import World
from .samples import EXPORT_DRAFT
from .test_analytics import enter
from .test_questions import PRIVATE_DRAFT, posted

COMPLAINT = {
    "title": "The invoices of a whole month are gone",
    "body": "Nobody can work since Monday, and we are at a standstill.",
    "lang": "en",
    "customer_severity": 1,
}


def ask(world: World, draft: dict[str, Any], days: float = 0, **more: Any) -> str:  # noqa: ANN401
    """Post a question, as if that had been some days ago; return its id."""
    question_id: str = posted(world, {**draft, **more})["question_id"]
    then = datetime.now(UTC) - timedelta(days=days)
    if days:
        with world.database.write() as c:
            mine = update(questions).where(questions.c.question_id == question_id)
            c.execute(mine.values(received_at=then, since=then))
    return question_id


def form_of(page: httpx2.Response, act: str) -> dict[str, str]:
    """Return what stands hidden in the form of an act."""
    for form in re.findall(r"<form.*?</form>", page.text, re.DOTALL):
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        if hidden.get("act") == act:
            return hidden
    raise AssertionError(f"no form to {act}")


def acts(page: httpx2.Response) -> list[str]:
    return re.findall(r'name="act" value="(\w+)"', page.text)


def state_of(world: World, question_id: str) -> str:
    with world.database.read() as c:
        row = get_question(c, world.forum().id, question_id)
    assert row is not None
    return row.state


@pytest.fixture
def lead(world: World) -> Browser:
    return enter(world, Role.LEAD)


@pytest.mark.parametrize("role", [Role.LEAD, Role.ADMIN])
def test_a_forum_without_questions_says_so(empty: World, role: Role) -> None:
    page = enter(empty, role).get("/lead/questions")
    assert page.status_code == 200
    assert "Nothing is open." in shown(page)
    ended = enter(empty, Role.LEAD) if role is Role.ADMIN else None
    assert ended is None or ended.get("/lead/questions?state=ended").status_code == 200


@pytest.mark.parametrize("role", [Role.ANALYST, Role.FRONTEND])
def test_others_may_not_look(empty: World, role: Role) -> None:
    there = enter(empty, role)
    assert there.get("/lead/questions").status_code == 403
    assert there.get("/lead/questions/q1").status_code == 403


def test_who_is_nobody_signs_in_first(empty: World) -> None:
    assert browser(empty).get("/lead/questions").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_is_spoken(world: World, lead: Browser, lang: str) -> None:
    one = ask(world, PRIVATE_DRAFT, days=9)
    for path in ("/lead/questions", f"/lead/questions/{one}", "/lead/questions?state=ended"):
        page = lead.get(f"{path}{'&' if '?' in path else '?'}language={lang}")
        assert page.status_code == 200
        assert f'<html lang="{lang}">' in page.text
    said = shown(lead.get(f"/lead/questions/{one}?language={lang}"))
    assert word("lead_questions.happened", lang) in said
    assert word("lead_questions.slot_problem", lang) in said


def test_what_is_late_comes_first_and_is_counted(world: World, lead: Browser) -> None:
    fresh = ask(world, EXPORT_DRAFT)
    late = ask(world, PRIVATE_DRAFT, days=5)
    page = lead.get("/lead/questions")
    assert page.text.index(f"/lead/questions/{late}") < page.text.index(f"/lead/questions/{fresh}")
    said = " ".join(shown(page).split())
    assert re.search(r"Late 1 ", said)
    assert re.search(r"Open 2 ", said)
    only = lead.get("/lead/questions?state=late").text
    assert f"/lead/questions/{late}" in only
    assert f"/lead/questions/{fresh}" not in only
    # Every number of the table of owners is that of its list.
    for path, number in re.findall(
        r'<a href="(/lead/questions\?owner=[^"]+)">(\d+)</a>', page.text.replace("&amp;", "&")
    ):
        assert len(set(re.findall(r"/lead/questions/\w{32}", lead.get(path).text))) == int(number)


def test_questions_are_found_by_what_is_chosen(world: World, lead: Browser) -> None:
    one = ask(world, EXPORT_DRAFT, product="Ledger")
    other = ask(world, PRIVATE_DRAFT, product="Payroll", days=2)
    for query, found in (
        ("product=Ledger", {one}),
        ("destination=expert", {other}),
        ("age=1", {other}),
        ("age=0&product=Payroll", set()),
        ("state=closed", set()),
    ):
        listed = set(
            re.findall(r"/lead/questions/(\w{32})", lead.get(f"/lead/questions?{query}").text)
        )
        assert listed == found, query
    for query in ("state=lost", "severity=9", "age=x", "page=0", "destination=mars"):
        assert lead.get(f"/lead/questions?{query}").status_code == 422, query


def test_what_has_ended_is_listed_apart(world: World, lead: Browser) -> None:
    one = ask(world, EXPORT_DRAFT)
    form = form_of(lead.get(f"/lead/questions/{one}"), "close")
    sent = lead.change(f"/lead/questions/{one}", **{**form, "why": "duplicate"})
    assert sent.status_code == 303
    assert one not in lead.get("/lead/questions").text
    for query in ("state=ended", "state=closed", "state=ended&owner=staff"):
        assert one in lead.get(f"/lead/questions?{query}").text, query
    assert one not in lead.get("/lead/questions?state=answered").text


def test_a_question_is_taken_asked_back_and_answered(world: World, lead: Browser) -> None:
    one = ask(world, PRIVATE_DRAFT)
    path = f"/lead/questions/{one}"
    taken = lead.change(path, **form_of(lead.get(path), "take"))
    assert (taken.status_code, taken.headers["location"]) == (303, f"{path}?said=take")
    assert "You have it now." in shown(lead.get(taken.headers["location"]))
    asked = lead.change(path, **{**form_of(lead.get(path), "ask"), "ask_version": "1"})
    assert asked.status_code == 303
    assert state_of(world, one) == State.WAITING_FOR_CUSTOMER
    answer = {"words": "Corrected, write to eva@customer.example.", "note": "Easy."}
    form = {**form_of(lead.get(path), "answer"), **answer}
    assert lead.change(path, **form).status_code == 303
    # Sent twice it is done once, though nothing of the form is possible any more.
    assert lead.change(path, **form).status_code == 303
    with world.database.read() as c:
        forum_id = world.forum().id
        made = changes_of_question(c, forum_id, one)
        noted = [row.act for row in iter_acts(c, forum_id) if row.act.object == one]
    assert [change.after for change in made][-3:] == [
        State.WITH_EXPERT,
        State.WAITING_FOR_CUSTOMER,
        State.ANSWERED,
    ]
    assert {change.by for change in made[-3:]} == {"lead@example.com"}
    assert "eva@customer.example" not in (made[-1].words or "")
    assert [act.act for act in noted] == ["question.change"] * 3
    assert {act.actor.name for act in noted} == {"lead@example.com"}


def test_what_is_missing_is_said_and_nothing_typed_is_lost(world: World, lead: Browser) -> None:
    one = ask(world, EXPORT_DRAFT)
    path = f"/lead/questions/{one}"
    for act, typed, missing in (
        ("answer", {"note": "for us alone"}, "Write the answer."),
        ("ask", {"words": "please tell more"}, "Choose one or two."),
        ("hand", {"note": "your turn"}, "Say who is to have it."),
        ("close", {"words": "it is over", "why": "because"}, "Choose why."),
    ):
        page = lead.change(path, **{**form_of(lead.get(path), act), **typed})
        assert page.status_code == 422, act
        assert missing in shown(page)
        assert typed.get("note", typed.get("words", "")) in page.text
        assert f'id="{act}-' in page.text.partition('<details class="sure" open>')[2][:1500]
    assert state_of(world, one) == State.WITH_COMMUNITY
    page = lead.change(path, **{**form_of(lead.get(path), "hand"), "owner": "no; name <x>"})
    assert page.status_code == 422
    assert "is no name or address" in shown(page)
    assert "no; name &lt;x&gt;" in page.text


def test_of_two_leads_the_second_sees_how_it_stands_and_keeps_the_words(
    world: World, lead: Browser
) -> None:
    one = ask(world, EXPORT_DRAFT)
    path = f"/lead/questions/{one}"
    mine = {**form_of(lead.get(path), "answer"), "words": "A long and careful answer."}
    other = enter(world, Role.ADMIN)
    closing = {**form_of(other.get(path), "close"), "why": "not_here"}
    assert other.change(path, **closing).status_code == 303
    page = lead.change(path, **mine)
    assert page.status_code == 409
    assert "moved on" in shown(page)
    assert "A long and careful answer." in shown(page)
    assert acts(page) == ["reopen"]
    assert lead.change(path, **{**mine, "act": "", "change_id": "x"}).status_code == 422


def test_what_can_be_done_is_what_the_table_allows(world: World, lead: Browser) -> None:
    shared, private = ask(world, EXPORT_DRAFT), ask(world, PRIVATE_DRAFT)
    assert acts(lead.get(f"/lead/questions/{shared}")) == [
        *("take", "answer", "ask", "hand", "escalate", "close")
    ]
    told = acts(lead.get(f"/lead/questions/{private}"))
    # What is private never stands before the community.
    assert "to_community" not in told
    assert 'name="public"' not in lead.get(f"/lead/questions/{private}").text
    assert lead.get("/lead/questions/nothing").status_code == 404


def test_a_hand_over_changes_the_owner_alone(world: World, lead: Browser) -> None:
    one = ask(world, EXPORT_DRAFT)
    path = f"/lead/questions/{one}"
    form = {**form_of(lead.get(path), "hand"), "owner": "nils@example.com"}
    assert lead.change(path, **form).status_code == 303
    with world.database.read() as c:
        row = get_question(c, world.forum().id, one)
    assert row is not None
    assert (row.state, row.owner) == (State.WITH_COMMUNITY, "nils@example.com")
    assert "nils@example.com" in shown(lead.get("/lead/questions?owner=nils%40example.com"))
    assert one not in lead.get("/lead/questions?owner=staff").text


def test_an_alert_is_seen_once_by_whoever_saw_it(world: World, lead: Browser) -> None:
    one = ask(world, COMPLAINT)
    page = lead.get("/lead/questions")
    found = re.search(r'action="(/lead/questions/alerts/[^"]+/seen)"', page.text)
    assert found is not None, shown(page)
    assert lead.change(found[1]).status_code == 303
    assert enter(world, Role.ADMIN).change(found[1]).status_code == 303
    with world.database.read() as c:
        (alert,) = list_alerts(c, world.forum().id)
    assert (alert.question_id, alert.seen_by) == (one, "lead@example.com")
    assert "To be looked at now" not in shown(lead.get("/lead/questions"))
    assert lead.change("/lead/questions/alerts/nothing/seen").status_code == 404


def test_what_was_taken_out_is_read_for_a_note(world: World, lead: Browser) -> None:
    draft = {**PRIVATE_DRAFT, "stage": "submit"}
    triage_id = world.ask(draft)["triage_id"]
    one = ask(world, {"triage_id": triage_id})
    path = f"/lead/questions/{one}"
    before = lead.get(path)
    assert f'action="{path}/original"' in before.text
    assert "kim@customer.example" not in before.text
    page = lead.change(f"{path}/original")
    assert "kim@customer.example" in page.text
    with world.database.read() as c:
        last = list(iter_acts(c, world.forum().id))[-1].act
    assert (last.act, last.object) == ("original.read", triage_id)
    other = ask(world, EXPORT_DRAFT)
    refused = lead.change(f"/lead/questions/{other}/original")
    assert refused.status_code == 404
    assert "is kept any more" in shown(refused)


def test_forged_forms_change_nothing(world: World, lead: Browser) -> None:
    one = ask(world, EXPORT_DRAFT)
    path = f"/lead/questions/{one}"
    form = {**form_of(lead.get(path), "close"), "why": "duplicate"}
    assert lead.post(path, {**form, "forgery_token": "0" * 64}).status_code == 403
    assert lead.change(path, **{**form, "revision": "x"}).status_code == 422
    assert state_of(world, one) == State.WITH_COMMUNITY
