"""What nobody learns of posted questions by asking cleverly, and what is decided about anew."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from triage import store as kept
from triage.policies.drafting import Policies
from triage.policy import Policy, write_policy
from triage.records import Actor, ActorKind, Role
from triage.store.question_aging import unlink_questions

from .conftest import World
from .samples import EXPORT_DRAFT
from .test_questions import PRIVATE_DRAFT, Bring, bring, change, posted, read

__all__ = ["bring"]


@pytest.mark.parametrize("key", ["publishable", "frontend"])
@pytest.mark.parametrize("wanted", ["account=acme", "owner=staff", "kind=problem", "topic=export"])
def test_no_filter_tells_others_whose_a_question_is(world: World, key: str, wanted: str) -> None:
    posted(world, {**EXPORT_DRAFT, "user": "anna", "account": "acme", "external_id": "7"})
    path = "/v1/questions?external_id=7"
    assert len(world.send("GET", path, key).json()["questions"]) == 1
    refused = world.send("GET", f"{path}&{wanted}", key)
    assert refused.json()["code"] == "bad_request"
    assert world.send("GET", f"{path}&{wanted}", "lead").status_code == 200


def test_no_page_ends_at_a_question_that_the_caller_may_not_see(world: World, bring: Bring) -> None:
    first, second = (
        posted(world, {**EXPORT_DRAFT, "user": user, "external_id": "7"})
        for user in ("anna", "eva")
    )
    hidden = posted(world, {**PRIVATE_DRAFT, "user": "bo", "external_id": "7"})
    path = "/v1/questions?external_id=7&limit=1"
    page = world.send("GET", path, "publishable").json()
    assert [one["question_id"] for one in page["questions"]] == [second["question_id"]]
    rest = world.send("GET", f"{path}&after={page['next_after']}", "publishable").json()
    assert [one["question_id"] for one in rest["questions"]] == [first["question_id"]]
    assert rest["next_after"] is None
    # What is hidden and what is not there are told apart nowhere.
    for gone in (hidden["question_id"], "0" * 32):
        refused = world.send("GET", f"{path}&after={gone}", "publishable")
        mine = world.send("GET", f"/v1/my?after={gone}", "publishable", headers=bring("eva"))
        assert (refused.json()["code"], mine.json()["code"]) == ("bad_request", "bad_request")


def test_a_severity_that_is_told_only_when_it_is_posted_counts(world: World) -> None:
    asked = world.ask({**EXPORT_DRAFT, "user": "anna"})
    assert asked["destination"] == "community"
    body = {"triage_id": asked["triage_id"], "user": "anna", "customer_severity": 1}
    told = posted(world, body)
    assert (told["destination"], told["visibility"]) == ("expert", "private")
    staff = read(world, told["question_id"], "lead").json()["staff"]
    assert (staff["severity"], staff["customer_severity"]) == (1, 1)
    assert world.send("GET", "/v1/alerts", "lead").json()["alerts"][0]["why"] == "urgent"


def test_the_groups_of_an_asker_who_signed_in_meanwhile_keep_it_closed(world: World) -> None:
    policies = Policies(world.database, world.forum().id, Actor(ActorKind.COMMAND, "test"))
    closed = replace(Policy(), closed_groups=frozenset({"vip"}))
    policies.activate(policies.draft(write_policy(closed)).version)
    asked = world.ask({**EXPORT_DRAFT, "session": "s"})
    assert asked["visibility"] == "public"
    body = {"triage_id": asked["triage_id"], "session": "s", "user": "anna", "groups": ["vip"]}
    told = posted(world, body)
    assert told["visibility"] == "group"
    assert read(world, told["question_id"]).status_code == 404


def test_the_version_that_was_corrected_before_posting_is_kept(world: World) -> None:
    asked = world.ask({**EXPORT_DRAFT, "user": "anna", "version": "8.1"})
    body = {**EXPORT_DRAFT, "user": "anna", "version": "8.2", "triage_id": asked["triage_id"]}
    assert posted(world, body)["version"] == "8.2"


def test_a_visit_is_forgotten_wherever_the_question_holds_it(world: World) -> None:
    told = posted(world, {**EXPORT_DRAFT, "session": "s"}, "publishable")
    later, forum_id = datetime.now(UTC) + timedelta(days=1), world.forum().id
    with world.database.write() as c:
        assert unlink_questions(c, forum_id, later, dry_run=False, most=10) == 1
        assert unlink_questions(c, forum_id, later, dry_run=False, most=10) == 0
        row = kept.get_question(c, forum_id, told["question_id"])
        assert row is not None
        assert (row.session, row.question["session"]) == (None, None)
        assert row.question["title"] == told["title"]
        assert c.execute(text("SELECT count(*) FROM questions")).scalar_one() == 1


def test_whoever_approves_a_case_of_a_group_is_told_so(world: World) -> None:
    told = posted(world, {**PRIVATE_DRAFT, "user": "anna", "groups": ["vip"]})
    question_id = told["question_id"]
    change(world, question_id, {"state": "answered", "words": "Set it under Persons."})
    change(world, question_id, {"state": "confirmed_solved", "user": "anna"}, "frontend")
    (proposal,) = world.send("GET", "/v1/proposals", "lead").json()["proposals"]
    assert proposal["cautions"] == ["group"]
    path = f"/v1/proposals/{proposal['proposal_id']}"
    assert world.send("GET", path, "lead").json()["groups"] == ["vip"]


def test_who_answers_for_an_account_reads_its_questions_and_changes_none(
    world: World, bring: Bring
) -> None:
    asked = {**EXPORT_DRAFT, "user": "anna", "account": "acme", "customer_severity": 1}
    told = posted(world, asked)
    boss = bring("boss", account="acme", account_admin=True)
    assert read(world, told["question_id"], "publishable", boss).status_code == 200
    wants = {"state": "closed", "why": "other"}
    refused = change(world, told["question_id"], wants, "publishable", boss)
    assert refused.json()["code"] == "no_question"


def test_a_browser_gives_no_question_the_name_of_another(world: World, bring: Bring) -> None:
    posted(world, {**EXPORT_DRAFT, "user": "anna", "external_id": "2077"})
    posted(world, {**EXPORT_DRAFT, "session": "x", "external_id": "2077"}, "publishable")
    found = world.send("GET", "/v1/questions?external_id=2077", "lead").json()["questions"]
    assert len(found) == 1


def test_the_visit_of_somebody_known_opens_nothing_to_whoever_sits_there_after_them(
    world: World, bring: Bring
) -> None:
    body = {**PRIVATE_DRAFT, "session": "library"}
    told = posted(world, body, "publishable", headers=bring("anna"))
    closing = {"state": "closed", "session": "library"}
    for headers in ({}, bring("eva"), {"Triage-Session": "library"}):
        refused = change(world, told["question_id"], closing, "publishable", headers)
        assert (refused.status_code, refused.json()["code"]) == (404, "no_question")
        assert read(world, told["question_id"], headers=headers).status_code == 404
    mine = change(world, told["question_id"], closing, "publishable", bring("anna"))
    assert mine.status_code == 200, mine.text


def test_what_is_only_tried_out_wakes_nobody(world: World, store: kept.Database) -> None:
    with store.write() as c:
        made = {"name": "try", "role": Role.FRONTEND, "publishable": False, "test": True}
        key, _ = kept.create_key(c, world.forum().id, **made, at=datetime.now(UTC))
    posted(world, {**EXPORT_DRAFT, "user": "anna", "customer_severity": 1}, key)
    assert world.send("GET", "/v1/alerts", "lead").json()["alerts"] == []


def test_whoever_asks_is_seen_under_the_name_they_chose_and_no_other(world: World) -> None:
    wanted = {"user": "anna", "display_name": "Quiet Fox"}
    assert world.send("PUT", "/v1/profile", "frontend", json=wanted).status_code == 200
    asked = {**EXPORT_DRAFT, "user": "anna", "account": "acme"}
    named, nameless = posted(world, asked), posted(world, {**EXPORT_DRAFT, "user": "eva"})
    face = read(world, named["question_id"]).json()["asked_by"]
    assert (face["display_name"], face["company"]) == ("Quiet Fox", None)
    assert read(world, nameless["question_id"]).json()["asked_by"] is None
