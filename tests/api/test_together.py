"""Known issues and clusters through the API, with a real server and store."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from triage.affected import Watcher
from triage.encode import HashingEncoder
from triage.store.tables.base import events

from .conftest import World
from .samples import BETA_DRAFT, EXPORT_DRAFT, OPEN_DRAFT

FREEZE = {
    "title": "The ledger freezes when the month is closed",
    "body": "It has frozen for us each time since the update.",
    "lang": "en",
}
ISSUE = {**FREEZE, "products": ["ledger"], "versions": ">=8.2,<8.2.3"}
Look = Callable[[], Any]


@pytest.fixture
def look(world: World) -> Look:
    """Look at the forum as the server's own round does, some moments later each time."""
    watcher = Watcher(world.database, world.forum().id)
    clock = [datetime.now(UTC)]

    def looked() -> Any:  # noqa: ANN401
        clock[0] += timedelta(seconds=20)
        return watcher.look(HashingEncoder(), clock[0])

    return looked


def publish(world: World, key: str = "lead", **more: object) -> dict[str, Any]:
    response = world.send("POST", "/v1/known-issues", key, json={**ISSUE, **more})
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


def post(world: World, user: str, **more: object) -> str:
    asked = {**FREEZE, "user": user, **more}
    triage_id = world.ask(asked)["triage_id"]
    response = world.send(
        "POST", "/v1/questions", "frontend", json={**asked, "triage_id": triage_id}
    )
    assert response.status_code == 200, response.text
    question_id: str = response.json()["question_id"]
    return question_id


def notices(world: World, user: str) -> list[dict[str, Any]]:
    response = world.send("GET", f"/v1/notifications?user={user}", "frontend")
    found: list[dict[str, Any]] = response.json()["notifications"]
    return found


def test_publishing_reaches_drafts_and_those_who_asked_before(world: World) -> None:
    world.ask({**FREEZE, "user": "anna", "product": "ledger", "version": "8.2.1"})
    world.ask({**FREEZE, "user": "bo", "version": "8.3"})
    issue = publish(world)
    assert (issue["state"], issue["affected"], issue["asks"]) == ("published", 1, 1)
    (told,) = notices(world, "anna")
    assert (told["kind"], told["issue_id"]) == ("known_issue", issue["issue_id"])
    assert told["title"] == FREEZE["title"]
    assert notices(world, "bo") == []
    (shown,) = world.ask({**FREEZE, "user": "cia", "version": "8.2"})["known_issues"]
    assert (shown["issue_id"], shown["affected"]) == (issue["issue_id"], 1)
    assert world.ask({**EXPORT_DRAFT, "user": "cia"})["known_issues"] == []


def test_the_fix_is_told_once_and_stands_in_the_reply(world: World) -> None:
    world.ask({**FREEZE, "user": "anna"})
    issue = publish(world)
    path = f"/v1/known-issues/{issue['issue_id']}"
    fixed = {**ISSUE, "fix": "Update to 8.2.3.", "fixed_in": "8.2.3"}
    for _ in range(2):
        reply = world.send("PUT", path, "lead", json=fixed)
        assert reply.json()["state"] == "fixed", reply.text
    assert [one["kind"] for one in notices(world, "anna")] == ["issue_fixed", "known_issue"]
    (shown,) = world.ask({**FREEZE, "user": "bo"})["known_issues"]
    assert (shown["fix"], shown["fixed_in"]) == ("Update to 8.2.3.", "8.2.3")
    ids = [one["notice_id"] for one in notices(world, "anna")]
    read = world.send(
        "POST", "/v1/notifications/read", "frontend", json={"user": "anna", "notice_ids": ids}
    )
    assert read.json() == {"read": 2}
    assert all(one["read_at"] for one in notices(world, "anna"))


def test_a_proposal_exists_for_leads_alone_until_one_act_publishes_it(world: World) -> None:
    issue = publish(world, publish=False)
    path = f"/v1/known-issues/{issue['issue_id']}"
    assert issue["state"] == "proposed"
    assert world.send("GET", path, "lead").status_code == 200
    for key in ("publishable", "frontend", "analyst"):
        assert world.send("GET", path, key).json()["code"] == "no_known_issue"
        assert world.send("GET", "/v1/known-issues", key).json()["known_issues"] == []
        assert (
            world.send("GET", "/v1/known-issues?state=proposed", key).json()["known_issues"] == []
        )
    assert world.ask(FREEZE)["known_issues"] == []
    done = world.send("POST", f"{path}/publish", "lead", json={})
    assert done.json()["state"] == "published"
    assert [one["issue_id"] for one in world.ask(FREEZE)["known_issues"]] == [issue["issue_id"]]
    (listed,) = world.send("GET", "/v1/known-issues", "publishable").json()["known_issues"]
    assert (listed["asks"], listed["evidence"], listed["proposed_at"]) == (None, None, None)
    world.send("POST", f"{path}/withdraw", "lead", json={"reason": "It was the network."})
    assert world.ask(FREEZE)["known_issues"] == []
    assert world.send("GET", path, "frontend").status_code == 404


def test_an_issue_of_groups_is_there_for_them_alone(world: World) -> None:
    issue = publish(world, groups=["beta"])
    path = f"/v1/known-issues/{issue['issue_id']}"
    assert world.send("GET", path, "frontend").status_code == 404
    assert world.send("GET", f"{path}?groups=beta", "publishable").status_code == 404
    assert world.send("GET", f"{path}?groups=beta", "frontend").status_code == 200
    assert world.ask(FREEZE)["known_issues"] == []
    assert world.ask({**FREEZE, "groups": ["beta"]})["known_issues"]
    assert world.send("GET", path, "boats").status_code == 404


def test_a_thread_that_not_all_may_read_is_not_linked(world: World) -> None:
    body = {**ISSUE, "thread_id": "beta/quantum"}
    refused = world.send("POST", "/v1/known-issues", "lead", json=body)
    assert refused.json()["code"] == "bad_field"
    assert publish(world, groups=["beta"], thread_id="beta/quantum")["thread_id"] == "beta/quantum"
    assert publish(world, thread_id="export")["thread_id"] == "export"
    missing = world.send("POST", "/v1/known-issues", "lead", json={**ISSUE, "thread_id": "none"})
    assert missing.json()["code"] == "no_thread"


def test_issues_are_paged_and_narrowed(world: World) -> None:
    made = [publish(world, title=f"Fault number {n}", products=[f"p{n}"]) for n in range(3)]
    seen, after = [], ""
    while after is not None:
        page = world.send("GET", f"/v1/known-issues?limit=2{after}", "lead").json()
        seen += [one["issue_id"] for one in page["known_issues"]]
        after = f"&after={page['next_after']}" if page["next_after"] else None
    assert seen == [one["issue_id"] for one in reversed(made)]
    only = world.send("GET", "/v1/known-issues?product=p1&version=8.2.1", "publishable").json()
    assert [one["issue_id"] for one in only["known_issues"]] == [made[1]["issue_id"]]
    none = world.send("GET", "/v1/known-issues?product=p1&version=9.0", "publishable").json()
    assert none["known_issues"] == []


def test_one_answer_is_for_all_and_not_mine_splits(world: World, look: Look) -> None:
    one, other = post(world, "anna"), post(world, "bo", lang="sv")
    look()
    (cluster,) = world.send("GET", "/v1/clusters", "lead").json()["clusters"]
    assert (cluster["persons"], cluster["open"]) == (2, 2)
    assert cluster["langs"] == ["en", "sv"]
    assert {q["question_id"] for q in cluster["questions"]} == {one, other}
    seen = world.send("GET", f"/v1/questions/{one}", "lead").json()
    assert seen["also_affected"] == 1
    answer = {"state": "answered", "words": "Close the month twice.", "answer_public": True}
    changed = world.send("POST", f"/v1/questions/{one}/changes", "lead", json=answer)
    assert changed.status_code == 200, changed.text
    assert world.send("GET", f"/v1/questions/{other}", "lead").json()["state"] == "answered"
    (told,) = notices(world, "bo")
    assert (told["kind"], told["question_id"]) == ("same_answer", other)
    assert told["text"].startswith("En fråga som din")
    (own,) = notices(world, "anna")
    assert (own["kind"], own["question_id"], own["issue_id"]) == ("answered", one, None)
    assert own["text"] == "Your question has an answer."
    path = f"/v1/questions/{other}/not-mine"
    assert world.send("POST", path, "frontend", json={"user": "anna"}).status_code == 404
    assert world.send("POST", path, "publishable", json={"user": "bo"}).status_code == 404
    for _ in range(2):
        said = world.send("POST", path, "frontend", json={"user": "bo"})
        assert said.json() == {"question_id": other, "state": "reopened", "also_affected": 0}
    look()
    assert world.send("GET", "/v1/clusters", "lead").json()["clusters"] == []


def test_a_private_answer_stays_where_it_is(world: World, look: Look) -> None:
    one, other = post(world, "anna"), post(world, "bo")
    look()
    answer = {"state": "answered", "words": "For you alone.", "answer_public": False}
    world.send("POST", f"/v1/questions/{one}/changes", "lead", json=answer)
    assert look().answered == 0
    assert world.send("GET", f"/v1/questions/{other}", "lead").json()["state"] != "answered"
    assert notices(world, "bo") == []


def test_a_lead_splits_a_cluster_and_publishes_from_one(world: World, look: Look) -> None:
    ids = [post(world, user) for user in ("anna", "bo", "cia")]
    look()
    (cluster,) = world.send("GET", "/v1/clusters", "lead").json()["clusters"]
    path = f"/v1/clusters/{cluster['cluster_id']}"
    left = world.send("POST", f"{path}/split", "lead", json={"question_id": ids[2]}).json()
    assert ids[2] not in [q["question_id"] for q in left["questions"]]
    issue = publish(world, title="Month end", body="", cluster_id=cluster["cluster_id"])
    assert issue["asks"] >= 2
    assert {one["kind"] for one in notices(world, "anna")} == {"known_issue"}
    gone = world.send("POST", f"{path}/split", "lead", json={"question_id": "none"})
    assert gone.json()["code"] == "no_cluster"
    assert world.send("GET", "/v1/clusters", "analyst").status_code == 403


def test_nobody_learns_of_others_private_questions(world: World, look: Look) -> None:
    secret = {"body": f"{FREEZE['body']} My card is 4111 1111 1111 1111."}
    post(world, "anna")
    post(world, "bo", **secret)
    look()
    assert world.ask({**FREEZE, "user": "cia"})["also_affected"] == 1
    assert world.ask({**FREEZE, "user": "anna"})["also_affected"] == 0


def test_a_repeated_publication_publishes_once(world: World) -> None:
    headers = {"Idempotency-Key": "publish-1"}
    first, again = (
        world.send("POST", "/v1/known-issues", "lead", json=ISSUE, headers=headers)
        for _ in range(2)
    )
    assert first.json() == again.json()
    assert len(world.send("GET", "/v1/known-issues", "lead").json()["known_issues"]) == 1


def test_what_is_of_another_group_does_not_show_in_a_reply(world: World) -> None:
    publish(world, **{**BETA_DRAFT, "groups": ["beta"], "products": [], "versions": None})
    assert world.ask(BETA_DRAFT)["known_issues"] == []
    assert world.ask({**BETA_DRAFT, "groups": ["partners"]})["known_issues"] == []


def test_a_repeated_reply_holds_no_issue_that_is_gone(world: World) -> None:
    issue = publish(world)
    headers = {"Idempotency-Key": "ask-1"}
    first = world.send("POST", "/v1/triage", "frontend", json=FREEZE, headers=headers).json()
    assert [one["issue_id"] for one in first["known_issues"]] == [issue["issue_id"]]
    world.send("POST", f"/v1/known-issues/{issue['issue_id']}/withdraw", "lead", json={})
    again = world.send("POST", "/v1/triage", "frontend", json=FREEZE, headers=headers).json()
    assert again["known_issues"] == []


def test_an_open_thread_says_how_many_others_follow_it(world: World, look: Look) -> None:
    def followers(user: str) -> int:
        asked = {**OPEN_DRAFT, "user": user, "session": user}
        found = {one["thread_id"]: one["followers"] for one in world.ask(asked)["same_question"]}
        count: int = found["open"]
        return count

    def follow(user: str, event_id: str) -> None:
        reply = world.ask({**OPEN_DRAFT, "user": user, "session": user})
        event = {
            "event_id": event_id,
            "type": "followed",
            "thread_id": "open",
            "triage_id": reply["triage_id"],
            "ask_id": reply["ask_id"],
            "occurred_at": datetime.now(UTC).isoformat(),
        }
        sent = world.send("POST", "/v1/events", "frontend", json={"events": [event]})
        assert sent.json()["results"][0]["state"] == "accepted"

    assert followers("anna") == 0
    for event_id in ("f1", "f2"):
        follow("bo", event_id)
    assert (followers("anna"), followers("bo")) == (1, 0)
    # The thread is a question that was posted here; whoever else posted the same counts too.
    post(world, "cia", **OPEN_DRAFT, external_id="open")
    post(world, "dan", **OPEN_DRAFT)
    look()
    assert (followers("anna"), followers("bo"), followers("dan")) == (2, 1, 1)
    follow("dan", "f3")
    # Whoever asked it there is none of the others.
    follow("cia", "f4")
    assert followers("anna") == 2
    with world.database.write() as c:
        c.execute(events.update().where(events.c.event_id.in_(["f1", "f2"])).values(held="b1"))
    assert followers("anna") == 1
