"""What was told of drift is seen over the interface, too: once, by whoever was first."""

from datetime import UTC, datetime, timedelta

import httpx2

from triage.store import DriftAlert, add_drift_alert, count_unseen_alerts, iter_acts

from .conftest import World

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TURNED = {"part": "inputs", "measure": "words", "slice": "all", "persons": 214}


def told(world: World, forum: str = "bikes", *, alert_id: str = "msg_1") -> str:
    """Have something drift, as if the server had found it; return its address."""
    with world.database.write() as c:
        alert = DriftAlert(
            alert_id=alert_id, at=NOW, model_version="v1", receivers=2, drifted=[TURNED]
        )
        add_drift_alert(c, world.forum(forum).id, alert)
    return f"/v1/drift/alerts/{alert_id}/seen"


def seen(world: World, path: str, body: dict[str, str], key: str = "lead") -> httpx2.Response:
    return world.send("POST", path, key, json=body)


def acts(world: World) -> list[tuple[str, str, object]]:
    with world.database.read() as c:
        rows = [row.act for row in iter_acts(c, world.forum().id)]
    return [(act.act, act.object, (act.after or {}).get("reason")) for act in rows]


def test_an_alert_is_seen_with_a_reason_and_who_was_first_stays(empty: World) -> None:
    path = told(empty)
    reply = seen(empty, path, {"reason": "The spring release, says eva@example.com."})
    assert reply.status_code == 200, reply.text
    found = reply.json()
    assert (found["alert_id"], found["receivers"], found["drifted"]) == ("msg_1", 2, [TURNED])
    assert "spring release" in found["reason"]
    assert "eva@" not in found["reason"]
    seen_at = datetime.fromisoformat(found["seen_at"])
    assert datetime.now(UTC) - seen_at < timedelta(minutes=1)
    again = seen(empty, path, {"reason": "It was me."}, "admin")
    assert again.json() == found
    with empty.database.read() as c:
        assert count_unseen_alerts(c, empty.forum().id) == 0
    assert acts(empty) == [("drift.seen", "msg_1", found["reason"])]


def test_the_body_may_be_empty(empty: World) -> None:
    reply = empty.send("POST", told(empty), "lead", content=b"")
    assert (reply.status_code, reply.json()["reason"]) == (200, None)


def test_what_is_no_alert_of_this_forum_is_not_there(empty: World) -> None:
    path = told(empty, "boats")
    for unknown in (path, path.replace("msg_1", "msg_9")):
        reply = seen(empty, unknown, {})
        assert (reply.status_code, reply.json()["code"]) == (404, "no_alert")
    with empty.database.read() as c:
        assert count_unseen_alerts(c, empty.forum("boats").id) == 1
    assert acts(empty) == []


def test_a_reason_that_is_too_long_is_refused_and_notes_nothing(empty: World) -> None:
    reply = seen(empty, told(empty), {"reason": "x" * 1001})
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, "reason")
    with empty.database.read() as c:
        assert count_unseen_alerts(c, empty.forum().id) == 1


def test_who_asks_from_a_page_sees_no_alerts(empty: World) -> None:
    reply = seen(empty, told(empty), {}, "frontend")
    assert (reply.status_code, reply.json()["code"]) == (403, "wrong_role")
