"""A question from its post to its end, through the API: who sees what, and who may do what."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from triage import store as kept
from triage.affected import Watcher
from triage.encode import HashingEncoder
from triage.lifecycle import State, Who, allowed
from triage.records import Event, EventType
from triage.store import Database
from triage.visitors import create_secret, sign_visitor

from .conftest import World
from .samples import EXPORT_DRAFT

# Somebody's number is nobody else's to read.
PRIVATE_DRAFT = {
    "title": "Wrong number in our payroll",
    "body": "Please correct it, mine is 811228-9874. Write to kim@customer.example then.",
    "lang": "en",
}
Bring = Callable[..., dict[str, str]]
Json = dict[str, Any]


@pytest.fixture
def bring(store: Database, world: World) -> Bring:
    """Return what makes the header of a visitor for whom the forum's server vouches."""
    with store.write() as c:
        now = datetime.now(UTC)
        secret = create_secret(c, world.forum(), world.settings.person_key, "server", now)

    def header(user: str, **claims: Any) -> dict[str, str]:  # noqa: ANN401
        token = sign_visitor(*secret, "bikes", user=user, at=datetime.now(UTC), **claims)
        return {"Triage-Visitor": token}

    return header


def post(world: World, body: Json, key: str = "frontend", **how: Any) -> httpx2.Response:  # noqa: ANN401
    return world.send("POST", "/v1/questions", key, json=body, **how)


def posted(world: World, body: Json, key: str = "frontend", **how: Any) -> Json:  # noqa: ANN401
    response = post(world, body, key, **how)
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


def change(
    world: World,
    question_id: str,
    body: Json,
    key: str = "lead",
    headers: Mapping[str, str] | None = None,
) -> httpx2.Response:
    path = f"/v1/questions/{question_id}/changes"
    return world.send("POST", path, key, json=body, headers=headers)


def read(
    world: World,
    question_id: str,
    key: str = "publishable",
    headers: Mapping[str, str] | None = None,
) -> httpx2.Response:
    return world.send("GET", f"/v1/questions/{question_id}", key, headers=headers)


def events_of(world: World) -> list[Event]:
    with world.database.read() as c:
        found = kept.iter_events(c, world.forum().id)
        return [event for event in found if event.type is not EventType.ASKED]


def test_a_posted_question_is_acknowledged_owned_and_routed(world: World) -> None:
    asked = world.ask({**EXPORT_DRAFT, "user": "anna"})
    told = posted(world, {"triage_id": asked["triage_id"], "user": "anna", "external_id": "77"})
    assert told["state"] == f"with_{asked['destination']}"
    assert [line["state"] for line in told["timeline"]] == ["received", told["state"]]
    assert told["title"] == EXPORT_DRAFT["title"]
    assert told["expected"]["told"]["code"] == "answer_time_unknown"
    assert told["allowed"] == list(allowed(State(told["state"]), Who.CUSTOMER))
    assert told["staff"] is None
    staff = read(world, told["question_id"], "lead").json()["staff"]
    assert staff["owner"] == "staff"
    assert [one["who"] for one in staff["changes"]] == ["customer", "machine"]


def test_posting_once_more_gives_the_question_that_is_there_and_one_event(world: World) -> None:
    asked = world.ask({**EXPORT_DRAFT, "user": "anna", "session": "s"})
    body = {"triage_id": asked["triage_id"], "user": "anna"}
    first = posted(world, body)
    again = posted(world, {**body, "external_id": "77"})
    assert again["question_id"] == first["question_id"]
    assert again["external_id"] == "77"
    assert post(world, {**body, "external_id": "78"}).json()["code"] == "bad_field"
    (event,) = events_of(world)
    assert (event.ask_id, event.question_id) == (asked["ask_id"], first["question_id"])


def test_what_becomes_of_it_is_told_as_events_once(world: World, bring: Bring) -> None:
    asked = world.ask({**EXPORT_DRAFT, "user": "anna"})
    told = posted(world, {"triage_id": asked["triage_id"], "user": "anna"})
    for body, key, headers in (
        ({"state": "escalated"}, "publishable", bring("anna")),
        ({"state": "escalated", "owner": "nils", "by": "x"}, "lead", None),
        ({"state": "answered", "words": "Oil it.", "change_id": "a"}, "lead", None),
        ({"state": "answered", "words": "Oil it.", "change_id": "a"}, "lead", None),
        ({"state": "reopened"}, "publishable", bring("anna")),
        ({"state": "answered", "words": "Oil it well.", "change_id": "b"}, "lead", None),
        ({"state": "confirmed_solved"}, "publishable", bring("anna")),
    ):
        assert change(world, told["question_id"], body, key, headers).status_code == 200
    kinds = [event.type for event in events_of(world)]
    assert kinds == ["posted", "escalated", "answered", "reopened", "answered", "accepted"]
    assert {event.ask_id for event in events_of(world)} == {asked["ask_id"]}


def test_without_a_reply_the_forums_own_name_tells_questions_apart(world: World) -> None:
    body = {**EXPORT_DRAFT, "user": "anna", "external_id": "9"}
    first = posted(world, body)
    assert posted(world, body)["question_id"] == first["question_id"]
    assert posted(world, {**body, "external_id": "10"})["question_id"] != first["question_id"]
    found = world.send("GET", "/v1/questions?external_id=9", "lead").json()["questions"]
    assert [one["question_id"] for one in found] == [first["question_id"]]
    assert events_of(world) == []
    assert post(world, {"user": "anna"}).json()["code"] == "empty_draft"


def test_another_text_than_was_replied_to_is_decided_about_anew(world: World, bring: Bring) -> None:
    asked = world.ask({**EXPORT_DRAFT, "user": "anna"})
    told = posted(world, {**PRIVATE_DRAFT, "triage_id": asked["triage_id"], "user": "anna"})
    assert (told["destination"], told["visibility"]) == ("expert", "private")
    assert "811228" not in told["body"]
    with world.database.read() as c:
        row = kept.get_question(c, world.forum().id, told["question_id"])
    assert row is not None
    assert "811228" not in str(row)
    # What was taken out is there for an expert, as it would be had it been asked so.
    path = f"/v1/triage/{asked['triage_id']}/original"
    assert "kim@customer" in world.send("GET", path, "lead").json()["fields"]["body"]


def test_a_wish_for_a_person_is_honoured_when_it_is_posted(world: World) -> None:
    asked = world.ask({**EXPORT_DRAFT, "user": "anna"})
    body = {"triage_id": asked["triage_id"], "user": "anna", "wants_person": True}
    told = posted(world, body)
    assert (told["state"], told["visibility"]) == ("with_expert", "private")


def test_a_private_question_is_its_askers_their_accounts_and_the_staffs(
    world: World, bring: Bring
) -> None:
    told = posted(world, {**PRIVATE_DRAFT, "user": "anna", "account": "acme", "external_id": "5"})
    question_id = told["question_id"]
    may = [
        bring("anna"),
        bring("boss", account="acme", account_admin=True),
    ]
    may_not = [
        None,
        bring("eva"),
        bring("colleague", account="acme"),
        bring("boss", account="other", account_admin=True),
    ]
    for headers in may:
        found = read(world, question_id, headers=headers)
        assert found.status_code == 200
        assert found.json()["staff"] is None
        listed = world.send(
            "GET", "/v1/questions?external_id=5", "publishable", headers=headers
        ).json()
        assert len(listed["questions"]) == 1
    for headers in may_not:
        for key in ("publishable", "frontend"):
            refused = read(world, question_id, key, headers)
            unknown = read(world, "0" * 32, key, headers)
            assert refused.status_code == unknown.status_code == 404
            assert refused.json()["detail"] == unknown.json()["detail"]
            listed = world.send("GET", "/v1/questions?external_id=5", key, headers=headers).json()
            assert listed["questions"] == []
            tried = change(world, question_id, {"state": "closed"}, key, headers)
            assert tried.json()["code"] == "no_question"
    assert read(world, question_id, "lead").json()["staff"]["account"] == "acme"
    assert read(world, question_id, "boats").status_code == 404
    # A lead who brings a visitor sees what the visitor may.
    assert read(world, question_id, "lead", bring("eva")).status_code == 404


def test_others_read_what_stands_before_them_without_what_is_the_askers(
    world: World, bring: Bring
) -> None:
    told = posted(world, {**EXPORT_DRAFT, "user": "anna", "customer_severity": 3})
    if told["visibility"] != "public":
        pytest.skip("without a model it went to an expert")
    found = read(world, told["question_id"], headers=bring("eva")).json()
    assert found["title"] == told["title"]
    assert (found["staff"], found["allowed"], found["triage_id"]) == (None, [], None)
    refused = change(world, told["question_id"], {"state": "closed"}, "publishable", bring("eva"))
    assert refused.status_code == 404


def test_a_nobody_who_brings_the_reply_of_another_posts_nothing(world: World, bring: Bring) -> None:
    draft = {**EXPORT_DRAFT, "session": "a"}
    asked = world.ask(draft, "publishable")
    body = {"triage_id": asked["triage_id"]}
    assert post(world, {**body, "session": "b"}, "publishable").json()["code"] == "no_triage"
    assert post(world, body, "publishable").json()["code"] == "no_triage"
    mine = posted(world, {**body, "session": "a"}, "publishable")
    # Whoever was not signed in is known by the visit; a server speaks for anybody.
    path = f"/v1/questions/{mine['question_id']}/changes"
    wants = {"state": "escalated", "session": "a"}
    assert world.send("POST", path, "publishable", json=wants).status_code == 200
    other = world.ask({**EXPORT_DRAFT, "session": "c"}, "publishable")
    assert posted(world, {"triage_id": other["triage_id"], "user": "anna"})["question_id"]


def test_a_visit_comes_back_to_a_question_of_its_own_where_nobody_was_signed_in(
    world: World, bring: Bring
) -> None:
    body = {**PRIVATE_DRAFT, "session": "a-long-random-visit"}
    told = posted(world, body, "publishable")
    assert told["visibility"] == "private"
    own = {"Triage-Session": "a-long-random-visit"}
    found = read(world, told["question_id"], headers=own).json()
    assert (found["state"], found["triage_id"]) == (told["state"], told["triage_id"])
    assert found["allowed"] == told["allowed"] != []
    assert found["staff"] is None
    for other in ({"Triage-Session": "another"}, {"Triage-Session": ""}, {}, bring("anna")):
        assert read(world, told["question_id"], headers=other).status_code == 404, other
    # Whose it is was vouched for: then a session, which a page may have told, is not enough.
    signed = {**PRIVATE_DRAFT, "session": "b-visit"}
    hers = posted(world, signed, "publishable", headers=bring("anna"))
    assert read(world, hers["question_id"], headers=bring("anna")).status_code == 200
    only = {"Triage-Session": "b-visit"}
    assert read(world, hers["question_id"], headers=only).status_code == 404


def test_what_is_not_allowed_is_409_with_what_is(world: World, bring: Bring) -> None:
    told = posted(world, {**EXPORT_DRAFT, "user": "anna"})
    refused = change(
        world, told["question_id"], {"state": "reopened"}, "publishable", bring("anna")
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_change")
    assert all(f"`{state}`" in refused.json()["detail"] for state in told["allowed"])
    late = change(world, told["question_id"], {"state": "escalated", "revision": 1, "why": "other"})
    assert late.json()["code"] == "illegal_change"


@pytest.mark.parametrize("body", [{"state": "lost"}, {"state": "closed", "who": "machine"}, {}])
def test_what_nobody_may_say_is_refused(world: World, body: Json) -> None:
    told = posted(world, {**EXPORT_DRAFT, "user": "anna"})
    assert change(world, told["question_id"], body).json()["code"] == "bad_request"


def test_an_experts_answer_reaches_the_asker_and_nobody_else(world: World, bring: Bring) -> None:
    told = posted(world, {**PRIVATE_DRAFT, "user": "anna"})
    question_id = told["question_id"]
    taken = change(world, question_id, {"state": "with_expert", "why": "taken", "by": "nils"})
    assert taken.json()["staff"]["owner"] == "nils"
    words = "Set it under Payroll > Persons. Write to kim@example.com if not."
    body = {"state": "answered", "words": words, "note": "as in March", "by": "nils"}
    done = change(world, question_id, {**body, "change_id": "a-1"}).json()
    last = done["staff"]["changes"][-1]
    assert (last["answer_id"], last["answer_public"], last["note"]) == (
        "answer:a-1",
        False,
        "as in March",
    )
    mine = read(world, question_id, headers=bring("anna")).json()
    assert mine["timeline"][-1]["words"].startswith("Set it under Payroll > Persons.")
    assert "kim@example.com" not in mine["timeline"][-1]["words"]
    assert "as in March" not in str(mine)
    assert "nils" not in str(mine)
    solved = change(world, question_id, {"state": "confirmed_solved"}, "frontend", bring("anna"))
    assert solved.json()["state"] == "confirmed_solved"
    assert done["staff"]["taken"]["to_owner"] is not None
    # What an expert solved is a case, and waits for a lead to make an answer of it.
    (proposal,) = world.send("GET", "/v1/proposals", "lead").json()["proposals"]
    assert proposal["case_id"] == f"question:{question_id}"


def test_a_front_ends_key_is_no_staff(world: World) -> None:
    told = posted(world, {**EXPORT_DRAFT, "user": "anna"})
    body = {"state": "answered", "who": "staff", "answer_id": "a", "user": "anna"}
    assert change(world, told["question_id"], body, "frontend").json()["code"] == "wrong_role"
    body = {"state": "answered", "who": "community", "answer_id": "a"}
    answered = change(world, told["question_id"], body, "frontend")
    if told["visibility"] == "public":
        assert answered.json()["state"] == "answered"
    else:
        assert answered.json()["code"] == "no_question"


def test_a_person_sees_their_own_and_an_admin_the_accounts(world: World, bring: Bring) -> None:
    for user in ("anna", "anna", "bo"):
        posted(world, {**EXPORT_DRAFT, "user": user, "account": "acme", "customer_severity": 2})
    posted(world, {**EXPORT_DRAFT, "user": "eva"})

    def my(headers: dict[str, str] | None, query: str = "") -> Json:
        found: Json = world.send("GET", f"/v1/my{query}", "publishable", headers=headers).json()
        return found

    anna = my(bring("anna", account="acme"))
    assert (len(anna["questions"]), anna["open"], anna["account"]) == (2, 2, None)
    boss = bring("boss", account="acme", account_admin=True)
    whole = my(boss)
    assert whole["questions"] == []
    assert whole["account"]["persons"] == 2
    assert whole["account"]["by_severity"] == {"2": 3}
    (month,) = whole["account"]["months"]
    assert (month["received"], month["answered"]) == (3, 0)
    page = my(boss, "?whose=account&limit=2")
    rest = my(boss, f"?whose=account&limit=2&after={page['next_after']}")
    assert (len(page["questions"]), len(rest["questions"]), rest["next_after"]) == (2, 1, None)
    assert my(None)["code"] == "bad_request"
    assert my(bring("anna", account="acme"), "?whose=account")["code"] == "bad_request"


def test_staff_list_what_is_theirs(world: World) -> None:
    ids = [posted(world, {**EXPORT_DRAFT, "user": f"u{n}"})["question_id"] for n in range(3)]
    change(world, ids[0], {"state": "closed", "why": "duplicate"})
    found = world.send("GET", "/v1/questions?open=true", "lead").json()["questions"]
    assert [one["question_id"] for one in found] == ids[:0:-1]
    assert found[0]["owner"] == "staff"
    assert found[0]["due_at"] is not None
    assert world.send("GET", "/v1/questions", "frontend").json()["code"] == "bad_request"
    closed = world.send("GET", "/v1/questions?state=closed", "lead").json()["questions"]
    assert [one["question_id"] for one in closed] == ids[:1]


def test_the_intake_holds_the_customers_words_and_what_was_refused(world: World) -> None:
    draft = {**EXPORT_DRAFT, "user": "anna", "customer_severity": 2, "version": "8.2"}
    asked = world.ask(draft)
    shown = asked["suggestions"][0]["thread_id"] if asked["suggestions"] else None
    if shown is not None:
        event = {
            "event_id": "e1",
            "type": "not_solved",
            "triage_id": asked["triage_id"],
            "ask_id": asked["ask_id"],
            "thread_id": shown,
            "user": "anna",
            "occurred_at": datetime.now(UTC).isoformat(),
        }
        sent = world.send("POST", "/v1/events", "frontend", json={"events": [event]})
        assert sent.json()["results"][0]["state"] == "accepted"
    told = posted(world, {"triage_id": asked["triage_id"], "user": "anna"})
    path = f"/v1/questions/{told['question_id']}/intake"
    found = world.send("GET", path, "lead").json()
    texts = {"title": told["title"], "body": told["body"], "version": "8.2"}
    spans = [
        span for slot in ("situation", "problem", "impact", "next_step") for span in found[slot]
    ]
    assert spans
    for span in [*spans, found["environment"]["version"]]:
        assert texts[span["field"]][span["start"] : span["end"]] == span["text"]
    assert found["severity"] == {
        "value": 2,
        "customer": 2,
        "predicted": None,
        "probability": None,
        "reason": "customer",
    }
    if shown is not None:
        assert {one["thread_id"]: one["became"] for one in found["offered"]}[shown] == "refused"
    assert world.send("GET", path, "frontend").status_code == 403


def test_rules_name_owners_and_alerts_reach_them(world: World) -> None:
    rules = {"owners": {"forum": "frida"}, "limits": {"expert": 2.0}}
    assert world.send("PUT", "/v1/question-rules", json=rules).json()["limits"]["expert"] == 2.0
    told = posted(world, {**EXPORT_DRAFT, "user": "anna", "customer_severity": 1})
    (alert,) = world.send("GET", "/v1/alerts?owner=frida&unseen=true", "lead").json()["alerts"]
    assert (alert["question_id"], alert["why"]) == (told["question_id"], "urgent")
    path = f"/v1/alerts/{alert['alert_id']}/seen"
    seen = world.send("POST", path, "lead").json()
    assert seen["seen_by"].startswith("sk_")
    assert world.send("POST", path, "admin").json() == seen
    assert world.send("GET", "/v1/alerts?unseen=true", "lead").json()["alerts"] == []
    assert world.send("POST", "/v1/alerts/none/seen", "lead").json()["code"] == "no_alert"
    bad = {"owners": {"forum": "call me, password: x"}}
    assert world.send("PUT", "/v1/question-rules", json=bad).json()["code"] == "bad_field"


def test_erasing_a_person_takes_their_questions_with_their_history(world: World) -> None:
    told = posted(world, {**PRIVATE_DRAFT, "user": "anna"})
    change(world, told["question_id"], {"state": "answered", "words": "Set it under Persons."})
    other = posted(world, {**EXPORT_DRAFT, "user": "bo"})
    receipt = world.send("POST", "/v1/erasures", json={"user": "anna"}).json()
    assert receipt["removed"]["questions"] == 1
    assert receipt["removed"]["question_changes"] == 3
    assert read(world, told["question_id"], "lead").status_code == 404
    assert read(world, other["question_id"], "lead").status_code == 200


def test_blanks_about_a_session_do_not_count_and_a_blank_one_is_nobodys(world: World) -> None:
    told = posted(world, {**PRIVATE_DRAFT, "session": " a-visit "}, "publishable")
    own = {"Triage-Session": "a-visit"}
    assert read(world, told["question_id"], headers=own).status_code == 200
    lost = posted(world, {**PRIVATE_DRAFT, "session": "  "}, "publishable")
    change = {"state": "closed", "session": "   "}
    path = f"/v1/questions/{lost['question_id']}/changes"
    assert world.send("POST", path, "publishable", json=change).status_code == 404


def test_what_is_told_beside_the_text_only_at_posting_counts(world: World) -> None:
    draft = {**EXPORT_DRAFT, "user": "anna", "version": "8.1", "product": "portal"}
    asked = world.ask(draft)
    told = posted(
        world,
        {
            "triage_id": asked["triage_id"],
            "user": "anna",
            "version": "8.2.1",
            "context": {"error_text": "E-417 for jane.roe@customer.example"},
            "attachments": [{"name": "log.txt", "text": "It stopped. jane.roe@customer.example"}],
        },
    )
    with world.database.read() as c:
        row = kept.get_question(c, world.forum().id, told["question_id"])
    assert row is not None
    assert (row.product, row.version) == ("portal", "8.2.1")
    assert row.question["context"]["error_text"] == "E-417 for [EMAIL]"
    assert row.question["attachments"][0]["text"] == "It stopped. [EMAIL]"
    assert (row.question["title"], row.question["body"]) == tuple(
        EXPORT_DRAFT[name] for name in ("title", "body")
    )
    assert not {"version", "error"} & set(row.lacks)


def test_a_secret_told_only_at_posting_makes_the_question_private(world: World) -> None:
    asked = world.ask({**EXPORT_DRAFT, "user": "anna", "wants_public": True})
    assert asked["visibility"] == "public"
    secret = {"error_text": "login failed, password: Kx9#vQ2!mZ77"}
    body = {"triage_id": asked["triage_id"], "user": "anna", "context": secret}
    told = posted(world, {**body, "wants_public": True})
    seen = read(world, told["question_id"], "lead").json()
    assert seen["visibility"] == "private"
    assert "Kx9" not in str(seen)


def test_an_overview_tells_of_the_issues_also_of_what_came_without_a_triage(
    world: World, bring: Bring
) -> None:
    issue = {**EXPORT_DRAFT, "products": ["ledger"], "versions": ">=8.2,<8.3"}
    asked = {**EXPORT_DRAFT, "account": "acme", "product": "ledger", "version": "8.2.1"}
    body = {**asked, "user": "bo"}
    posted(world, {**body, "triage_id": world.ask(body)["triage_id"]})
    for number, version in enumerate(("8.2.1", "9.0")):
        named = {"user": "anna", "version": version, "external_id": f"n{number}"}
        posted(world, {**asked, **named})
    made = world.send("POST", "/v1/known-issues", "lead", json=issue).json()["issue_id"]
    # What the server does by itself, four times a minute.
    Watcher(world.database, world.forum().id).look(HashingEncoder(), datetime.now(UTC))

    def told(headers: dict[str, str]) -> list[tuple[str, int]]:
        found = world.send("GET", "/v1/my", "publishable", headers=headers).json()
        return [(one["issue_id"], one["questions"]) for one in found["known_issues"]]

    assert told(bring("anna")) == [(made, 1)]
    assert told(bring("bo")) == [(made, 1)]
    assert told(bring("boss", account="acme", account_admin=True)) == [(made, 2)]
    assert told(bring("cia")) == []
