import json

import pytest

from triage.store import get_triage

from .conftest import World
from .samples import (
    BETA_DRAFT,
    EXPORT_DRAFT,
    LABEL_FIELDS,
    LABELS,
    OPEN,
    REPLY_FIELDS,
    SUGGESTION_FIELDS,
    shown,
)


def test_a_known_question_is_answered_with_its_thread(world: World) -> None:
    reply = world.ask(EXPORT_DRAFT)
    first = reply["suggestions"][0]
    assert first["thread_id"] == "export"
    assert first["answer_id"] == "export-a1"
    assert first["rank"] == 1
    assert "preview pane" in first["snippet"]
    assert {"code": "staff_answer", "params": {}, "text": "Answered by staff."} in first["reasons"]


def test_every_field_of_the_contract_is_there_and_no_other(world: World) -> None:
    reply = world.ask(EXPORT_DRAFT)
    assert reply.keys() == REPLY_FIELDS
    assert reply["suggestions"]
    assert all(s.keys() == SUGGESTION_FIELDS for s in reply["suggestions"])
    assert reply["labels"].keys() == LABELS
    assert all(label.keys() == LABEL_FIELDS for label in reply["labels"].values())
    assert all(r.keys() == {"code", "params", "text"} for r in reply["reasons"])
    assert len(bytes.fromhex(reply["triage_id"])) == 16


def test_parts_without_anything_to_say_are_empty_and_not_absent(empty: World) -> None:
    reply = empty.ask({"body": "Nobody has asked anything here."})
    assert reply.keys() == REPLY_FIELDS
    assert reply["mode"] == "unrouted"
    assert reply["model_version"] is None
    assert reply["expected_seconds"] is None
    for part in ("suggestions", "same_question", "known_issues", "missing", "sensitive"):
        assert reply[part] == []
    for label in reply["labels"].values():
        assert label == {"value": None, "probability": None, "alternatives": [], "abstained": True}


def test_an_open_thread_that_asks_the_same_is_told(world: World) -> None:
    reply = world.ask({"title": OPEN["title"], "body": OPEN["body"]})
    assert {"thread_id": "open", "followers": 0} in reply["same_question"]
    assert "open" not in shown(reply)


@pytest.mark.parametrize("lang", ["", "-", "x", "svenska"])
def test_a_language_that_is_none_costs_no_suggestion(world: World, lang: str) -> None:
    reply = world.ask({"body": "Fakturorna kommer inte fram till kunderna", "lang": lang})
    (reason, *_) = reply["reasons"]
    told = world.ask({"body": "Fakturorna kommer inte fram till kunderna", "lang": "sv"})
    assert reason["text"] == told["reasons"][0]["text"]


def test_reasons_are_in_the_language_of_the_draft(world: World) -> None:
    reply = world.ask({"body": "Fakturorna kommer inte fram till kunderna", "lang": "sv-SE"})
    assert "Forumet har ingen tränad modell än" in reply["reasons"][0]["text"]


def test_calls_of_one_session_are_one_ask(world: World) -> None:
    typing = world.ask({"title": "Export", "session": "s1", "stage": "typing"}, "publishable")
    submit = world.ask({**EXPORT_DRAFT, "session": "s1"}, "publishable")
    other = world.ask({**EXPORT_DRAFT, "session": "s2"}, "publishable")
    assert typing["ask_id"] == submit["ask_id"] != other["ask_id"]
    assert typing["triage_id"] != submit["triage_id"]


def test_fields_that_nobody_knows_are_ignored_and_null_is_absence(world: World) -> None:
    nothing = dict.fromkeys(("lang", "product", "context", "attachments", "user", "groups"))
    reply = world.ask({**EXPORT_DRAFT, **nothing, "mood": "cross", "title": None})
    assert reply.keys() == REPLY_FIELDS


def test_an_integer_names_a_user_as_well_as_a_text(world: World) -> None:
    first = world.ask({**EXPORT_DRAFT, "user": 7})
    assert world.ask({**EXPORT_DRAFT, "user": "7"})["ask_id"] == first["ask_id"]


@pytest.mark.parametrize("key", ["frontend", "lead", "admin"])
def test_a_member_is_shown_the_threads_of_the_group(world: World, key: str) -> None:
    assert "beta/quantum" in shown(world.ask({**BETA_DRAFT, "groups": ["beta"]}, key))
    assert "beta/quantum" not in shown(world.ask({**BETA_DRAFT, "groups": ["gamma"]}, key))
    assert "beta/quantum" not in shown(world.ask(BETA_DRAFT, key))


def test_a_browser_that_names_groups_and_a_user_is_not_believed(world: World) -> None:
    draft = {**BETA_DRAFT, "groups": ["beta"], "user": "anna", "account": "acme"}
    reply = world.ask(draft, "publishable")
    assert "beta/quantum" not in json.dumps(reply)
    with world.database.read() as c:
        row = get_triage(c, world.forum().id, reply["triage_id"])
    assert row is not None
    assert (row.question["person"], row.question["account"]) == (None, None)
    assert row.question["groups"] == []


def test_a_server_that_names_a_user_is_believed_and_only_a_hash_is_kept(world: World) -> None:
    reply = world.ask({**EXPORT_DRAFT, "user": "anna", "session": "anna", "account": "acme"})
    with world.database.read() as c:
        row = get_triage(c, world.forum().id, reply["triage_id"])
    assert row is not None
    assert row.question["account"] == "acme"
    assert len(row.question["person"]) == 32
    assert row.question["person"] != row.question["session"]
    assert "anna" not in json.dumps(row.question)


def test_what_is_kept_of_a_draft_is_redacted(world: World) -> None:
    mail = "jane.roe@customer.example"
    draft = {
        "title": f"Export for {mail}",
        "body": f"Write to {mail} please.",
        "product": mail,
        "version": mail,
        "context": {"page": mail, "form": mail, "record_type": mail, "error_text": mail},
        "attachments": [{"name": mail, "type": mail, "text": f"log of {mail}"}],
    }
    reply = world.ask(draft)
    assert {"type": "email", "field": "body", "start": 9, "end": 34} in reply["sensitive"]
    assert mail not in json.dumps(reply)
    with world.database.read() as c:
        row = get_triage(c, world.forum().id, reply["triage_id"])
    assert row is not None
    assert mail not in json.dumps([row.question, row.reply])
    assert "[EMAIL]" in row.question["title"]


def test_a_key_fixes_the_forum(world: World) -> None:
    assert shown(world.ask(EXPORT_DRAFT, "boats")) == []
    assert world.send("GET", "/v1/threads/export", "boats").status_code == 404
    world.send("PUT", "/v1/threads/export", "boats", json={"title": "Another one"})
    assert world.send("GET", "/v1/threads/export").json()["title"] != "Another one"
