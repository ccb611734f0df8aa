"""Leads see what to look at next by the API, decide once, and take it back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from triage import store
from triage.kept import kept_labels
from triage.records import Label, Target
from triage.reviewing import LONGEST_NOTE
from triage.store import ReviewDraw, ReviewReason, ReviewRow, ReviewSubject

from .conftest import World

ASKED = {
    "title": "My dynamo hums, write to anna.berg@nordfisk.example",
    "body": "It began on Monday.",
    "user": "anna",
    "stage": "submit",
}
LABELS = {"kind": "bug", "topic": "dynamo", "severity": 2}


def put(world: World, reason: ReviewReason = ReviewReason.UNCERTAIN, number: int = 0) -> str:
    """Have somebody ask, and put that into the queue; return the item's id."""
    ask_id = world.ask({**ASKED, "title": f"{ASKED['title']} {number}"})["ask_id"]
    now = datetime.now(UTC) - timedelta(days=number)
    row = ReviewRow(
        id=f"r_{number}",
        subject=ReviewSubject.ASK,
        subject_id=ask_id,
        reason=reason,
        targets=("kind", "topic"),
        drawn_on=now.date(),
        drawn_at=now,
        place=0,
        model_version="v1",
        said=kept_labels({Target.KIND: Label("problem", 0.9, (("bug", 0.1),), False)}),
        evidence={"kind": 0.2},
        propensity=0.5 if reason is ReviewReason.RANDOM else None,
        ask_id=ask_id,
    )
    draw = ReviewDraw(now.date(), now, now, now, 2, 1, 1, "v1")
    with world.database.write() as c:
        assert store.add_review_draw(c, world.forum().id, draw, [row])
    return row.id


def send(world: World, path: str, json: object = None, key: str = "lead") -> dict[str, Any]:
    method = "GET" if json is None else "POST"
    reply = world.send(method, f"/v1/reviews{path}", key, json=json)
    assert reply.status_code == 200, reply.text
    told: dict[str, Any] = reply.json()
    return told


def test_a_lead_looks_decides_and_takes_it_back(world: World) -> None:
    review_id = put(world)
    listed = send(world, "")
    (row,) = listed["reviews"]
    assert row["title"].startswith("My dynamo hums")
    assert "nordfisk" not in row["title"]
    assert (listed["waiting"], listed["done_today"], listed["to_do_today"]) == (
        {"uncertain": 1},
        0,
        1,
    )
    whole = send(world, f"/{review_id}")
    assert whole["asked"]["body"] == "It began on Monday."
    assert whole["machine"]["kind"]["value"] == "problem"
    assert "bug" in whole["choices"]["kind"]
    decided = send(world, f"/{review_id}/decide", {"labels": LABELS, "note": "Said twice"})
    assert (decided["state"], decided["verdict"]) == ("decided", "labelled")
    assert decided["labels"] == {"kind": "bug", "topic": "dynamo", "severity": "2"}
    assert decided["machine"] == whole["machine"]
    with world.database.read() as c:
        name = f"ask:{row['subject_id']}"
        case = store.get_cases(c, world.forum().id, [name])[name]
    assert (case.kind, case.severity) == ("bug", 2)
    undone = send(world, f"/{review_id}/undo", {})
    assert (undone["state"], undone["labels"], undone["note"]) == ("open", {}, None)


def test_the_second_of_two_leads_is_told_who_was_first(world: World) -> None:
    review_id = put(world)
    first = send(world, f"/{review_id}/decide", {"labels": LABELS})
    again = send(world, f"/{review_id}/decide", {"labels": LABELS})
    assert again == first
    other = world.send("POST", f"/v1/reviews/{review_id}/decide", json={"labels": LABELS})
    assert (other.status_code, other.json()["code"]) == (409, "review_taken")
    assert first["decided_by"] in other.json()["detail"]
    skipped = world.send("POST", f"/v1/reviews/{review_id}/skip", "lead", json={})
    assert (skipped.status_code, skipped.json()["code"]) == (409, "review_taken")


def test_what_the_machine_said_of_the_lot_is_told_once_it_is_decided(world: World) -> None:
    review_id = put(world, ReviewReason.RANDOM)
    for told in (send(world, "")["reviews"][0], send(world, f"/{review_id}")):
        assert (told["blind"], told["machine"], told["propensity"]) == (True, None, 0.5)
    assert send(world, f"/{review_id}/skip", {})["machine"] is None
    decided = send(world, f"/{review_id}/decide", {"labels": LABELS})
    assert (decided["blind"], decided["machine"]["kind"]["value"]) == (False, "problem")
    since = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    kind = send(world, f"/estimate?from={since}")["labels"]["kind"]
    assert (kind["precision"]["value"], kind["judged"], kind["lowest"]) == (0.0, 1, 0.0)


def test_items_come_a_page_at_a_time(world: World) -> None:
    ids = [put(world, number=n) for n in range(3)]
    first = send(world, "?limit=2")
    rest = send(world, f"?limit=2&after={first['next_after']}")
    assert [one["review_id"] for one in (*first["reviews"], *rest["reviews"])] == ids
    assert rest["next_after"] is None
    assert send(world, "?reason=novel")["reviews"] == []


def test_a_list_does_not_begin_behind_what_it_does_not_have(world: World) -> None:
    review_id = put(world)
    for query in ("after=r_none", f"state=decided&after={review_id}"):
        reply = world.send("GET", f"/v1/reviews?{query}", "lead")
        assert (reply.status_code, reply.json()["code"]) == (422, "bad_field"), query
        assert "next_after" in reply.json()["detail"]


def test_another_note_is_kept_and_too_long_a_one_refused(world: World) -> None:
    review_id = put(world)
    path = f"/{review_id}/decide"
    send(world, path, {"labels": LABELS, "note": "Said once"})
    send(world, path, {"labels": LABELS, "note": "Said better"})
    assert send(world, f"/{review_id}")["note"] == "Said better"
    body = {"labels": LABELS, "note": "n" * (LONGEST_NOTE + 1)}
    long = world.send("POST", f"/v1/reviews{path}", "lead", json=body)
    assert long.status_code == 422
    assert send(world, f"/{review_id}")["note"] == "Said better"


def test_who_was_first_is_told_before_what_is_wrong_with_labels(world: World) -> None:
    review_id = put(world)
    send(world, f"/{review_id}/decide", {"labels": LABELS})
    body = {"labels": {"kind": "nonsense"}}
    reply = world.send("POST", f"/v1/reviews/{review_id}/decide", "admin", json=body)
    assert (reply.status_code, reply.json()["code"]) == (409, "review_taken")


def test_what_was_taken_back_is_told_to_be_missing(world: World) -> None:
    review_id = put(world, ReviewReason.RANDOM)
    send(world, f"/{review_id}/decide", {"labels": LABELS})
    assert send(world, f"/{review_id}/undo", {})["machine"] is None
    send(world, f"/{review_id}/decide", {"labels": {"kind": "problem"}})
    since = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    found = send(world, f"/estimate?from={since}")
    assert (found["decided"], found["unanswered"], found["seen"]) == (0, 1, 1)
    kind = found["labels"]["kind"]
    assert (kind["precision"], kind["lowest"], kind["highest"]) == (None, 0.0, 1.0)


def test_what_cannot_be_said_is_refused_with_the_reason(world: World) -> None:
    review_id = put(world)
    path = f"/v1/reviews/{review_id}/decide"
    for body in (
        {},
        {"labels": {}},
        {"labels": {"kind": "nonsense"}},
        {"labels": {"topic": "x@y.example"}},
        {"labels": {"topic": "ge\x00ars"}},
    ):
        reply = world.send("POST", path, "lead", json=body)
        assert (reply.status_code, reply.json()["code"]) == (422, "bad_field"), body
    unknown = world.send("GET", "/v1/reviews/r_none", "lead")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_review")
    assert send(world, f"/{review_id}")["state"] == "open"


def test_nobody_but_leads_and_administrators_sees_any_of_it(world: World) -> None:
    review_id = put(world)
    for path in ("", "/estimate?from=2026-01-01", f"/{review_id}"):
        assert world.send("GET", f"/v1/reviews{path}", "analyst").status_code == 403
        assert world.send("GET", f"/v1/reviews{path}", "frontend").status_code == 403
        assert world.send("GET", f"/v1/reviews{path}", "admin").status_code == 200
