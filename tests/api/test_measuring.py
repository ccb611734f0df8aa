"""The holdout and bursts over HTTP: what leads set, and that nobody else can see into it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from triage import store
from triage.assigning import Shares, assign
from triage.crypto.persons import person_hasher
from triage.records import Arm

from .bursting import open_burst, report_too_much
from .conftest import World
from .samples import EXPORT_DRAFT

HALF = {"share": 0.5, "by_language": {}}


@pytest.fixture
def held(world: World) -> str:
    """Half of all are in the holdout; the name of somebody who is."""
    assert world.send("PUT", "/v1/holdout", "lead", json=HALF).status_code == 200
    hasher = person_hasher(world.settings.person_key, "bikes")
    return next(
        name
        for name in (f"user-{n}" for n in range(1000))
        if assign(Shares(0.5), hasher(name), None, "en").arm is Arm.HOLDOUT
    )


def send(world: World, reply: dict[str, Any], key: str = "frontend", **fields: object) -> str:
    event = {
        "event_id": f"e-{datetime.now(UTC).timestamp()}",
        "type": "opened",
        "triage_id": reply["triage_id"],
        "ask_id": reply["ask_id"],
        "occurred_at": datetime.now(UTC).isoformat(),
        **fields,
    }
    (result,) = world.send("POST", "/v1/events", key, json={"events": [event]}).json()["results"]
    return str(result["code"] or result["state"])


def test_a_lead_sets_the_holdout_and_it_is_told(world: World) -> None:
    first = world.send("GET", "/v1/holdout", "analyst").json()
    assert (first["share"], first["since"], first["changes"]) == (world.settings.holdout, None, [])
    wanted = {"share": 0.1, "by_language": {"fi": 0.0}}
    told = world.send("PUT", "/v1/holdout", "lead", json=wanted).json()
    assert {name: told[name] for name in wanted} == wanted
    assert len(told["changes"]) == 1
    assert world.send("PUT", "/v1/holdout", "analyst", json=wanted).status_code == 403
    with world.database.read() as c:
        (noted,) = [
            row.act for row in store.iter_acts(c, world.forum().id) if row.act.act == "holdout.set"
        ]
    assert noted.before == {"share": world.settings.holdout, "by_language": {}}
    assert noted.after == wanted


@pytest.mark.parametrize(
    "wrong", [{}, {"share": 0.6}, {"share": -0.1}, {"share": 0.1, "by_language": {"xx": 0.1}}]
)
def test_what_is_no_share_is_refused(world: World, wrong: dict[str, object]) -> None:
    response = world.send("PUT", "/v1/holdout", "lead", json=wrong)
    assert (response.status_code, response.json()["code"]) == (422, "bad_request")


def test_nothing_of_what_is_withheld_reaches_a_front_end(world: World, held: str) -> None:
    draft = {**EXPORT_DRAFT, "user": held}
    headers = {"Idempotency-Key": "once"}
    bodies = [
        world.send("POST", "/v1/triage", "frontend", json=draft, headers=headers) for _ in range(2)
    ]
    first, again = bodies
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json() == again.json()
    reply = first.json()
    assert (reply["arm"], reply["suggestions"], reply["same_question"]) == ("holdout", [], [])
    assert "export" not in {reason["code"] for reason in reply["reasons"]}
    # A thread of the forum that was withheld is as little known to an event as any other.
    codes = {send(world, reply, thread_id=thread, user=held) for thread in ("export", "no-such")}
    assert codes == {"not_shown"}
    # The thread itself is the forum's, and stays readable.
    assert world.send("GET", "/v1/threads/export", "frontend").status_code == 200
    with world.database.read() as c:
        ask = store.get_ask(c, world.forum().id, reply["ask_id"])
    assert ask is not None
    assert (ask.arm, ask.offered, ask.unit, ask.share) == (Arm.HOLDOUT, True, "person", 0.5)


def test_a_lead_sees_what_was_withheld(world: World, held: str) -> None:
    draft = {**EXPORT_DRAFT, "user": held}
    triage_id = world.send("POST", "/v1/triage", "frontend", json=draft).json()["triage_id"]
    where = f"/v1/triage/{triage_id}/explanation"
    told = world.send("GET", where, "lead").json()
    assert told["arm"] == "holdout"
    assert [one["thread_id"] for one in told["withheld"]] == ["export"]
    assert world.send("GET", where, "frontend").status_code == 403


def test_with_a_share_of_0_everybody_is_helped(world: World, held: str) -> None:
    world.send("PUT", "/v1/holdout", "lead", json={"share": 0.0})
    reply = world.ask({**EXPORT_DRAFT, "user": held})
    assert reply["arm"] == "treatment"
    assert [s["thread_id"] for s in reply["suggestions"]] == ["export"]


def test_what_was_shown_is_kept_as_it_was_served(world: World) -> None:
    reply = world.ask(EXPORT_DRAFT)
    shown = {"type": "shown", "thread_id": "export", "visible": False, "event_id": "s"}
    assert send(world, reply, **shown) == "accepted"
    with world.database.read() as c:
        event = next(e for e in store.iter_events(c, world.forum().id) if e.event_id == "s")
    (served,) = reply["suggestions"]
    assert (event.visible, event.propensity) == (False, 1.0)
    assert (event.rank, event.probability) == (served["rank"], served["probability"])


def test_a_browser_speaks_for_its_own_session_alone(world: World) -> None:
    reply = world.ask({**EXPORT_DRAFT, "session": "mine"}, "publishable")
    codes = [send(world, reply, "publishable", session=s) for s in ("mine", "another", None)]
    assert codes == ["accepted", "wrong_session", "wrong_session"]


def test_a_crawler_counts_in_no_measure(world: World) -> None:
    headers = {"User-Agent": "Mozilla/5.0 (compatible; Examplebot/2.1)"}
    draft = {**EXPORT_DRAFT, "session": "crawl"}
    reply = world.send("POST", "/v1/triage", "publishable", json=draft, headers=headers).json()
    staff = world.ask({**EXPORT_DRAFT, "session": "desk", "asker": "staff"})
    with world.database.read() as c:
        barred = [
            store.get_ask(c, world.forum().id, r["ask_id"]).barred  # type: ignore[union-attr]
            for r in (reply, staff)
        ]
    assert barred == ["bot", "staff"]


def test_a_burst_is_reviewed_by_a_lead(world: World) -> None:
    assert {result["state"] for result in report_too_much(world)} == {"accepted"}
    burst = open_burst(world)
    assert (burst["events"], burst["known"]) == (51, True)
    assert "person" not in burst
    path = f"/v1/event-bursts/{burst['id']}/settle"
    assert world.send("POST", path, "frontend", json={"counts": True}).status_code == 403
    left = world.send("POST", path, "lead", json={"counts": False}).json()
    assert (left["state"], left["held"][0]["events"]) == ("left_out", 51)
    counted = world.send("POST", path, "lead", json={"counts": True}).json()
    assert (counted["state"], counted["held"]) == ("counted", [])
    again = world.send("POST", path, "lead", json={"counts": False})
    assert (again.status_code, again.json()["code"]) == (409, "burst_counts")
    unknown = world.send("POST", "/v1/event-bursts/none/settle", "lead", json={"counts": True})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_burst")
