"""Cases of experts become answers: proposed, decided by a person, found at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from triage.crypto.persons import person_hasher
from triage.intake import ingest_cases
from triage.store import count_threads, get_cases, iter_acts, iter_threads, rows_of_person

from .conftest import World
from .samples import shown

CASE: dict[str, Any] = {
    "id": "C-77",
    "title": "Warehouse scanner forgets the pallet weights",
    "body": "Hi support,\n\nsince Monday the handheld scanner srv-scan01.corp.local forgets every"
    " pallet weight. Write to anna.berg@nordfisk.example.\n\nBest regards\nAnna Berg, Nordfisk AB",
    "answer": "Hello Anna,\n\nclear the scale cache under Devices > Scales and pair the scanner"
    " again. Anna, tell Nordfisk AB that 8.3 mends it.\n\nKind regards\nErik Lund",
    "user": "anna",
    "account": "nordfisk",
    "lang": "en",
    "product": "warehouse",
    "version": "8.2",
    "created": "2026-02-20T08:00:00Z",
    "destination": "expert",
    "kind": "bug",
}
DRAFT = {
    "title": "Warehouse scanner forgets the pallet weights",
    "body": "Since today our handheld scanner forgets the pallet weight.",
    "lang": "en",
}
PRIVATE = ("srv-scan01", "nordfisk", "Nordfisk", "anna", "Anna", "Erik", "Lund", "C-77")


def ingest(world: World, folder: Path, *cases: dict[str, Any]) -> None:
    """Keep cases as `ingest cases` does."""
    file = folder / "cases.jsonl"
    file.write_text("\n".join(json.dumps(case) for case in cases), encoding="utf-8")
    hashed = person_hasher(world.settings.person_key, "bikes")
    done = ingest_cases(world.database, world.forum().id, file, hashed, True, lambda line: None)
    assert done.reading.rows == len(cases)


def proposals(world: World, state: str = "open") -> list[dict[str, Any]]:
    reply = world.send("GET", f"/v1/proposals?state={state}", "lead")
    assert reply.status_code == 200, reply.text
    rows: list[dict[str, Any]] = reply.json()["proposals"]
    return rows


def only(world: World) -> str:
    (row,) = proposals(world)
    proposal_id: str = row["proposal_id"]
    return proposal_id


def approve(world: World, proposal_id: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401
    path = f"/v1/proposals/{proposal_id}/approve"
    reply = world.send("POST", path, "lead", json={"groups": [], **body})
    assert reply.status_code == 200, reply.text
    row: dict[str, Any] = reply.json()
    return row


def acts(world: World) -> list[str]:
    with world.database.read() as c:
        return [row.act.act for row in iter_acts(c, world.forum().id)]


@pytest.fixture
def proposed(world: World, tmp_path: Path) -> World:
    """A server with one case of an expert, and one of the community."""
    of_community = {**CASE, "id": "C-78", "destination": "community", "title": "Blue labels"}
    ingest(world, tmp_path, CASE, of_community)
    return world


def test_a_case_of_an_expert_is_proposed_without_what_nobody_else_may_read(
    proposed: World,
) -> None:
    (row,) = proposals(proposed)
    assert (row["case_id"], row["state"], row["thread_id"]) == ("C-77", "open", None)
    told = proposed.send("GET", f"/v1/proposals/{row['proposal_id']}", "lead").json()
    assert told["answer"] == (
        "clear the scale cache under Devices > Scales and pair the scanner again. [NAME], tell"
        " [COMPANY] that 8.3 mends it."
    )
    words = " ".join((told["title"], told["body"], told["answer"]))
    assert not [name for name in PRIVATE if name in words]
    assert {"email", "host", "company"} <= set(told["found"])


def test_what_is_approved_is_suggested_to_the_next_matching_draft(proposed: World) -> None:
    before = proposed.ask(DRAFT)
    assert not [one for one in shown(before) if one.startswith("k_")]
    row = approve(proposed, only(proposed))
    reply = proposed.ask(DRAFT, "publishable")
    assert row["thread_id"] in shown(reply)
    (said,) = [s for s in reply["suggestions"] if s["thread_id"] == row["thread_id"]]
    assert (said["staff"], said["solved"], said["trust"]["verified"]) == (True, True, True)
    assert {r["code"] for r in said["reasons"]} >= {"staff_verified", "staff_answer"}
    read = proposed.send("GET", f"/v1/threads/{row['thread_id']}", "frontend")
    everything = json.dumps(reply) + read.text
    assert not [name for name in PRIVATE if name in everything]
    assert proposals(proposed) == []


def test_it_is_never_shown_to_somebody_outside_its_groups(proposed: World) -> None:
    row = approve(proposed, only(proposed), groups=["partners"])
    path = f"/v1/threads/{row['thread_id']}"
    for draft in (DRAFT, {**DRAFT, "groups": ["beta"]}):
        reply = proposed.ask(draft)
        assert row["thread_id"] not in json.dumps(reply)
        assert "scale cache" not in json.dumps(reply)
    assert proposed.send("GET", path, "frontend").status_code == 404
    assert proposed.send("GET", f"{path}?groups=beta", "frontend").status_code == 404
    assert row["thread_id"] in shown(proposed.ask({**DRAFT, "groups": ["partners"]}))


def test_the_case_itself_is_for_staff_alone(proposed: World) -> None:
    row = approve(proposed, only(proposed))
    for key in ("publishable", "frontend", "analyst"):
        for path in ("/v1/proposals", f"/v1/proposals/{row['proposal_id']}"):
            assert proposed.send("GET", path, key).status_code == 403
        reply = proposed.send("POST", "/v1/triage", key, json=DRAFT)
        assert "C-77" not in reply.text
    # What the community answered is in the forum already, if it is to be there at all.
    reply = proposed.ask({"title": "Blue labels", "body": CASE["body"], "lang": "en"})
    assert "C-78" not in json.dumps(reply)


def test_approving_twice_changes_nothing(proposed: World) -> None:
    first = approve(proposed, only(proposed))
    with proposed.database.read() as c:
        forum_id = proposed.forum().id
        before = (list(iter_threads(c, forum_id)), proposed.forum().revision, acts(proposed))
    assert approve(proposed, first["proposal_id"]) == first
    with proposed.database.read() as c:
        after = (list(iter_threads(c, forum_id)), proposed.forum().revision, acts(proposed))
    assert after == before
    path = f"/v1/proposals/{first['proposal_id']}"
    for body in ({"groups": ["beta"]}, {"groups": [], "answer": "Buy a new one."}):
        reply = proposed.send("POST", f"{path}/approve", "lead", json=body)
        assert (reply.status_code, reply.json()["code"]) == (409, "already_decided")
    reply = proposed.send("POST", f"{path}/refuse", "lead", json={})
    assert reply.json()["code"] == "already_decided"


def test_of_many_who_approve_at_once_one_makes_the_thread(proposed: World) -> None:
    proposal_id = only(proposed)
    with proposed.database.read() as c:
        before = count_threads(c, proposed.forum().id)
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda _: approve(proposed, proposal_id), range(8)))
    assert len({row["thread_id"] for row in rows}) == 1
    with proposed.database.read() as c:
        assert count_threads(c, proposed.forum().id) == before + 1
    assert acts(proposed).count("proposal.approve") == 1


def test_a_refused_one_comes_back_only_when_the_case_says_something_else(
    proposed: World, tmp_path: Path
) -> None:
    path = f"/v1/proposals/{only(proposed)}/refuse"
    for _ in range(2):
        reply = proposed.send("POST", path, "lead", json={"reason": "only theirs"})
        assert reply.json()["state"] == "refused"
    assert acts(proposed).count("proposal.refuse") == 1
    ingest(proposed, tmp_path, CASE)
    assert proposals(proposed) == []
    # Another label says nothing else.
    ingest(proposed, tmp_path, {**CASE, "severity": 3, "topic": "scanners"})
    assert proposals(proposed) == []
    ingest(proposed, tmp_path, {**CASE, "answer": "Update the scanner to 8.3."})
    (row,) = proposals(proposed)
    assert len(proposals(proposed, "refused")) == 1
    # Back to what was refused.
    ingest(proposed, tmp_path, CASE)
    assert proposals(proposed) == []
    assert [r["proposal_id"] for r in proposals(proposed, "superseded")] == [row["proposal_id"]]


def test_a_case_that_says_something_else_would_replace_its_thread(
    proposed: World, tmp_path: Path
) -> None:
    first = approve(proposed, only(proposed))
    ingest(proposed, tmp_path, {**CASE, "answer": "Update the scanner to 8.3."})
    (row,) = proposals(proposed)
    assert row["thread_id"] == first["thread_id"]
    read = f"/v1/threads/{first['thread_id']}"
    assert "scale cache" in proposed.send("GET", read, "lead").text
    second = approve(proposed, row["proposal_id"])
    assert second["thread_id"] == first["thread_id"]
    assert "8.3" in proposed.send("GET", read, "lead").json()["answers"][0]["body"]


def test_what_changed_since_it_was_looked_at_is_not_approved(
    proposed: World, tmp_path: Path
) -> None:
    stale = only(proposed)
    ingest(proposed, tmp_path, {**CASE, "answer": "Update the scanner to 8.3."})
    path = f"/v1/proposals/{stale}/approve"
    reply = proposed.send("POST", path, "lead", json={"groups": []})
    assert (reply.status_code, reply.json()["code"]) == (409, "already_decided")


def test_what_a_person_writes_instead_is_redacted_too(proposed: World) -> None:
    row = approve(
        proposed,
        only(proposed),
        answer="Clear the scale cache, or write to erik@vendor.example on srv-mail02.",
        valid_versions=">=8.0,<8.3",
    )
    told = proposed.send("GET", f"/v1/threads/{row['thread_id']}", "lead").json()
    assert told["answers"][0]["body"] == "Clear the scale cache, or write to [EMAIL] on [HOST]."
    assert told["valid_versions"] == ">=8.0,<8.3"
    for body in ({"groups": [], "valid_versions": "8"}, {"groups": [" "]}, {}):
        path = f"/v1/proposals/{row['proposal_id']}/approve"
        assert proposed.send("POST", path, "lead", json=body).status_code == 422


def test_with_the_person_of_the_case_goes_what_was_made_of_it(proposed: World) -> None:
    row = approve(proposed, only(proposed))
    proposed.send("POST", "/v1/answers/votes", "frontend", json=_vote(row["thread_id"], "bo"))
    assert row["thread_id"] in shown(proposed.ask(DRAFT))
    receipt = proposed.send("POST", "/v1/erasures", json={"user": "anna"}).json()
    assert receipt["state"] == "done"
    assert receipt["removed"]["proposals"] == receipt["removed"]["threads"] == 1
    assert row["thread_id"] not in json.dumps(proposed.ask(DRAFT))
    assert proposed.send("GET", f"/v1/threads/{row['thread_id']}", "lead").status_code == 404
    assert proposals(proposed, "approved") == []
    with proposed.database.read() as c:
        forum_id = proposed.forum().id
        person = person_hasher(proposed.settings.person_key, "bikes")("anna")
        assert rows_of_person(c, forum_id, person).keys() == {"erasures"}
        assert get_cases(c, forum_id, ["C-77"]) == {}
        assert not [t for t in iter_threads(c, forum_id) if t.id == row["thread_id"]]


def _vote(thread_id: str, user: str) -> dict[str, str]:
    return {"thread_id": thread_id, "answer_id": "a1", "word": "helpful", "user": user}


def test_whoever_decides_sees_what_the_forum_has_already_and_what_to_look_at(
    world: World, tmp_path: Path
) -> None:
    known = {
        "id": "C-1",
        "title": "Invoice export stops at 90 percent with error E-417",
        "body": "We are angry about our contract and the notice period in it. The export stops.",
        "answer": "Turn off the preview pane before the export.",
        "destination": "expert",
        "kind": "complaint",
        "groups": ["partners"],
        "severity": 1,
        "lang": "en",
    }
    ingest(world, tmp_path, known)
    told = world.send("GET", f"/v1/proposals/{only(world)}", "lead").json()
    assert told["similar"][0]["thread_id"] == "export"
    assert set(told["cautions"]) == {"confidential", "complaint", "severe", "group"}
    assert told["groups"] == ["partners"]


def test_the_list_is_given_in_pages_and_is_whole(world: World, tmp_path: Path) -> None:
    days = range(1, 8)
    rows = [
        {**CASE, "id": f"C-{n}", "title": f"Case {n}", "created": f"2026-02-0{n}"} for n in days
    ]
    ingest(world, tmp_path, *rows)
    found, after = [], ""
    while True:
        page = world.send("GET", f"/v1/proposals?limit=3{after}", "lead").json()
        found += [row["case_id"] for row in page["proposals"]]
        if page["next_after"] is None:
            break
        after = f"&after={page['next_after']}"
    assert found == [f"C-{n}" for n in reversed(days)]


def test_another_forum_has_no_such_proposal(proposed: World) -> None:
    proposal_id = only(proposed)
    for path in ("", "/approve", "/refuse"):
        method = "POST" if path else "GET"
        body = {"groups": []} if path else None
        reply = proposed.send(method, f"/v1/proposals/{proposal_id}{path}", "boats", json=body)
        assert (reply.status_code, reply.json()["code"]) == (404, "no_proposal")
    assert proposals(proposed)
