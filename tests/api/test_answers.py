"""What people and staff say of answers is kept, shown, and heeded when an answer is suggested."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from triage.records import Role
from triage.store import Database, create_key, iter_triages
from triage.visitors import create_secret, sign_visitor

from .conftest import World
from .samples import EXPORT, EXPORT_DRAFT, shown

ANSWER = {"thread_id": "export", "answer_id": "export-a1"}
VERSIONED = {**EXPORT_DRAFT, "version": "8.2"}
Sign = Callable[..., dict[str, str]]


@pytest.fixture
def sign(store: Database, world: World) -> Sign:
    with store.write() as c:
        secret = create_secret(
            c, world.forum(), world.settings.person_key, "site", datetime.now(UTC)
        )

    def signed(user: str, *groups: str) -> dict[str, str]:
        token = sign_visitor(*secret, "bikes", user=user, groups=groups, at=datetime.now(UTC))
        return {"Triage-Visitor": token}

    return signed


def vote(world: World, user: str, word: str | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    body = {**ANSWER, "word": word, "user": user, **more}
    reply = world.send("POST", "/v1/answers/votes", "frontend", json=body)
    assert reply.status_code == 200, reply.text
    trust: dict[str, Any] = reply.json()["trust"]
    return trust


def review(world: World, word: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    reply = world.send("POST", "/v1/answers/reviews", "lead", json={**ANSWER, "word": word, **more})
    assert reply.status_code == 200, reply.text
    trust: dict[str, Any] = reply.json()["trust"]
    return trust


def suggested(world: World, draft: dict[str, Any] = EXPORT_DRAFT) -> dict[str, Any]:
    """The suggestion of the thread, which has to be there."""
    reply = world.ask(draft)
    (found,) = [s for s in reply["suggestions"] if s["thread_id"] == "export"]
    suggestion: dict[str, Any] = found
    return suggestion


def codes(suggestion: dict[str, Any]) -> set[str]:
    return {reason["code"] for reason in suggestion["reasons"]}


def solved(world: World, user: str, kind: str = "solved") -> None:
    """Have somebody ask, be shown the thread, and say what came of it."""
    reply = world.ask({**EXPORT_DRAFT, "user": user})
    assert "export" in shown(reply)
    event = {
        "event_id": f"{kind}-{user}",
        "type": kind,
        "triage_id": reply["triage_id"],
        "ask_id": reply["ask_id"],
        "thread_id": "export",
        "user": user,
        "occurred_at": datetime.now(UTC).isoformat(),
    }
    told = world.send("POST", "/v1/events", "frontend", json={"events": [event]}).json()
    assert told["results"][0]["state"] == "accepted"


def test_of_each_person_the_last_word_counts(world: World) -> None:
    assert vote(world, "bo", "helpful")["helpful"] == 1
    assert vote(world, "bo", "helpful")["helpful"] == 1
    trust = vote(world, "bo", "not_helpful")
    assert (trust["helpful"], trust["not_helpful"]) == (0, 1)
    assert vote(world, "bo", None)["not_helpful"] == 0
    assert vote(world, "bo", "helpful")["helpful"] == 1
    assert vote(world, "eva", "helpful")["helpful"] == 2


def test_only_somebody_who_is_vouched_for_says_a_word(world: World, sign: Sign) -> None:
    body = {**ANSWER, "word": "outdated"}
    for key in ("publishable", "frontend"):
        more = {"user": "bo"} if key == "publishable" else {}
        reply = world.send("POST", "/v1/answers/votes", key, json={**body, **more})
        assert (reply.status_code, reply.json()["code"]) == (401, "bad_visitor")
    reply = world.send("POST", "/v1/answers/votes", "publishable", json=body, headers=sign("bo"))
    assert reply.json()["trust"]["outdated_votes"] == 1
    reply = world.send(
        "POST", "/v1/answers/votes", "publishable", json=body, headers=sign("helper.of.export")
    )
    assert reply.status_code == 422
    assert reply.json()["code"] == "bad_field"


def test_what_somebody_may_not_read_they_cannot_vote_on(world: World, sign: Sign) -> None:
    body = {"thread_id": "beta/quantum", "answer_id": "q-a1", "word": "helpful"}
    path = "/v1/answers/votes"
    for groups in ((), ("others",)):
        reply = world.send("POST", path, "publishable", json=body, headers=sign("bo", *groups))
        unknown = world.send(
            "POST", path, "publishable", json={**body, "thread_id": "x"}, headers=sign("bo")
        )
        assert reply.status_code == unknown.status_code == 404
        assert reply.json()["code"] == unknown.json()["code"] == "no_thread"
    reply = world.send("POST", path, "publishable", json=body, headers=sign("bo", "beta"))
    assert reply.status_code == 200
    reply = world.send("POST", path, "frontend", json={**ANSWER, "answer_id": "x", "word": None})
    assert reply.json()["code"] == "bad_visitor"
    gone = {**ANSWER, "answer_id": "x", "word": "helpful", "user": "bo"}
    assert world.send("POST", path, "frontend", json=gone).json()["code"] == "no_answer"


def test_an_answer_that_two_call_outdated_is_marked_and_never_said_to_fit(world: World) -> None:
    world.send("PUT", "/v1/threads/export", json={**EXPORT, "valid_versions": ">=8"})
    before = suggested(world, VERSIONED)
    assert (before["applicability"], before["trust"]["holds"]) == ("fits", "current")
    assert vote(world, "bo", "outdated")["holds"] == "current"
    assert suggested(world, VERSIONED)["applicability"] == "fits"
    assert vote(world, "eva", "outdated")["holds"] == "outdated"
    after = suggested(world, VERSIONED)
    assert (after["applicability"], after["trust"]["holds"]) == ("outdated", "outdated")
    assert "outdated_answer" in codes(after)
    assert "outdated_answer" not in codes(before)
    assert after["probability"] < before["probability"]


def test_people_whom_it_helps_since_outweigh_those_who_doubt_it(world: World) -> None:
    solved(world, "ida")
    vote(world, "bo", "outdated")
    assert vote(world, "eva", "outdated")["holds"] == "outdated"
    # Whoever was helped before it was doubted says nothing about now.
    solved(world, "olaf")
    solved(world, "maja")
    trust = suggested(world)["trust"]
    assert (trust["holds"], trust["confirmed"]) == ("current", 3)
    assert trust["last_confirmed"] is not None
    solved(world, "kim", "not_solved")
    assert suggested(world)["trust"]["contradicted"] == 1


def test_the_word_of_staff_settles_it_until_somebody_doubts_it_again(world: World) -> None:
    for user in ("bo", "eva", "kim"):
        vote(world, user, "outdated")
    trust = review(world, "verified")
    assert (trust["holds"], trust["verified"], trust["outdated_votes"]) == ("current", True, 3)
    assert trust["last_confirmed"] == trust["verified_at"]
    assert "staff_verified" in codes(suggested(world))
    vote(world, "ida", "outdated")
    assert vote(world, "olaf", "outdated")["holds"] == "outdated"
    assert "staff_verified" not in codes(suggested(world))
    assert review(world, "outdated")["holds"] == "outdated"
    # Written anew, it is another answer: what was said is about the old one.
    answer = {**EXPORT["answers"][0], "updated": datetime.now(UTC).isoformat()}
    world.send("PUT", "/v1/threads/export", json={**EXPORT, "answers": [answer]})
    assert suggested(world)["trust"]["holds"] == "current"


def test_what_the_forum_counts_itself_is_heeded_too(world: World) -> None:
    doubted = {**EXPORT, "answers": [{**EXPORT["answers"][0], "outdated_votes": 3}]}
    world.send("PUT", "/v1/threads/export", json=doubted)
    assert suggested(world)["trust"]["holds"] == "outdated"
    assert review(world, "verified")["holds"] == "current"
    world.send("PUT", "/v1/threads/export", json={**doubted, "outdated_votes": 5})
    assert suggested(world)["trust"]["holds"] == "outdated"


def test_staff_say_for_which_versions_an_answer_is_right(world: World) -> None:
    assert suggested(world, VERSIONED)["applicability"] == "unknown"
    review(world, "verified", valid_versions="<8")
    expired = suggested(world, VERSIONED)
    assert (expired["applicability"], expired["trust"]["holds"]) == (
        "other_version",
        "other_version",
    )
    assert suggested(world, {**VERSIONED, "version": "7.9"})["applicability"] == "fits"
    # What the forum sends later leaves it alone.
    world.send("PUT", "/v1/threads/export", json={**EXPORT, "tags": ["invoices"]})
    assert suggested(world, VERSIONED)["applicability"] == "other_version"
    bad = {**ANSWER, "word": "verified", "valid_versions": "8"}
    assert world.send("POST", "/v1/answers/reviews", "lead", json=bad).status_code == 422


def test_the_trust_stands_beside_the_thread(world: World) -> None:
    vote(world, "bo", "helpful")
    read = world.send("GET", "/v1/threads/export", "frontend").json()
    assert read["answers"][0]["trust"]["helpful"] == 1
    assert read["answers"][0]["trust"]["accepted"] is True


def test_staff_find_what_is_doubted(world: World) -> None:
    vote(world, "bo", "outdated")
    login = {"thread_id": "login", "answer_id": "login-a1"}
    vote(world, "bo", "outdated", **login)
    first = world.send("GET", "/v1/answers/doubted?limit=1", "lead").json()
    assert [one["thread_id"] for one in first["answers"]] == ["export"]
    path = f"/v1/answers/doubted?after={first['next_after']}"
    second = world.send("GET", path, "lead").json()
    assert [one["thread_id"] for one in second["answers"]] == ["login"]
    assert second["next_after"] is None
    for key in ("publishable", "frontend", "analyst"):
        assert world.send("GET", "/v1/answers/doubted", key).status_code == 403


def test_a_repeated_request_votes_once_and_the_erased_are_counted_no_more(world: World) -> None:
    body = {**ANSWER, "word": "helpful", "user": "bo"}
    headers = {"Idempotency-Key": "k"}
    replies = [
        world.send("POST", "/v1/answers/votes", "frontend", json=body, headers=headers)
        for _ in range(2)
    ]
    assert replies[0].json() == replies[1].json()
    assert replies[1].headers["Idempotency-Replayed"] == "true"
    world.send("POST", "/v1/erasures", json={"user": "bo"})
    assert suggested(world)["trust"]["helpful"] == 0


def test_what_is_kept_of_a_reply_says_nothing_of_trust(world: World) -> None:
    suggested(world)
    with world.database.read() as c:
        (row,) = iter_triages(c, world.forum().id)
    assert "trust" not in json.dumps(row.reply["suggestions"])


def test_what_is_tried_out_with_a_test_key_condemns_no_answer(world: World) -> None:
    with world.database.write() as c:
        forum_id, now = world.forum().id, datetime.now(UTC)
        secret, _ = create_key(
            c, forum_id, name="t", role=Role.FRONTEND, publishable=False, test=True, at=now
        )
    body = {**ANSWER, "word": "outdated"}
    for user in ("a", "b"):
        sent = world.send("POST", "/v1/answers/votes", secret, json={**body, "user": user})
        assert (sent.status_code, sent.json()["trust"]["holds"]) == (200, "current")
    assert world.send("GET", "/v1/answers/doubted", "lead").json()["answers"] == []
