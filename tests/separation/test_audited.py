"""Whatever changes something is noted: who did it, in the transaction that did it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from triage.api.matrix import MATRIX, PUBLIC
from triage.audit.export import check_export, still_holds
from triage.records import ActorKind
from triage.store import AuditRow, Database, broken_act, get_forum, iter_acts, last_act

from .house import House
from .probes import PROBES

CHANGES = [row for row in MATRIX if row[0] != "GET"]
# Not privileged: what everybody does who asks.
ASKING = {
    ("POST", "/v1/triage"),
    ("POST", "/v1/events"),
    ("POST", "/v1/events/beacon"),
    ("POST", "/v1/questions"),
    ("POST", "/v1/questions/{question_id}/not-mine"),
    ("POST", "/v1/notifications/read"),
    ("PUT", "/v1/notifications/settings"),
    ("POST", "/v1/follow-ups/due"),
    ("POST", "/v1/follow-ups/opt-out"),
    ("POST", "/v1/follow-ups/{follow_up_id}/reply"),
    ("POST", "/v1/answers/votes"),
    # Another system tells that something has changed there.
    ("POST", "/v1/incoming/{channel_id}"),
    ("PUT", "/v1/profile"),
}
ACTS: Mapping[tuple[str, str], str] = {
    ("PUT", "/v1/threads/{thread_id:path}"): "thread.put",
    ("DELETE", "/v1/threads/{thread_id:path}"): "thread.delete",
    ("POST", "/v1/threads/batch"): "thread.put",
    ("POST", "/v1/questions/{question_id}/changes"): "question.change",
    ("PUT", "/v1/question-rules"): "question_rules.put",
    ("POST", "/v1/alerts/{alert_id}/seen"): "alert.seen",
    ("PUT", "/v1/holdout"): "holdout.set",
    ("POST", "/v1/reports/periods"): "period.close",
    ("PUT", "/v1/reports/baseline"): "baseline.import",
    ("POST", "/v1/event-bursts/{burst_id}/settle"): "burst.settle",
    ("POST", "/v1/gaps/{gap_id}"): "gap.change",
    ("POST", "/v1/reviews/{review_id}/decide"): "review.decide",
    ("POST", "/v1/reviews/{review_id}/skip"): "review.skip",
    ("POST", "/v1/reviews/{review_id}/undo"): "review.undo",
    ("POST", "/v1/answers/reviews"): "answer.review",
    ("POST", "/v1/proposals/{proposal_id}/approve"): "proposal.approve",
    ("POST", "/v1/proposals/{proposal_id}/refuse"): "proposal.refuse",
    ("POST", "/v1/known-issues"): "known_issue.publish",
    ("PUT", "/v1/known-issues/{issue_id}"): "known_issue.change",
    ("POST", "/v1/known-issues/{issue_id}/publish"): "known_issue.publish",
    ("POST", "/v1/known-issues/{issue_id}/withdraw"): "known_issue.withdraw",
    ("POST", "/v1/clusters/{cluster_id}/split"): "cluster.split",
    ("POST", "/v1/channels"): "channel.add",
    ("PUT", "/v1/channels/{channel_id}"): "channel.change",
    ("DELETE", "/v1/channels/{channel_id}"): "channel.remove",
    ("POST", "/v1/channels/{channel_id}/rotate"): "channel.rotate",
    ("POST", "/v1/channels/{channel_id}/enable"): "channel.enable",
    ("POST", "/v1/channels/{channel_id}/disable"): "channel.disable",
    ("POST", "/v1/channels/{channel_id}/ping"): "channel.ping",
    ("POST", "/v1/deliveries/replay"): "deliveries.replay",
    ("POST", "/v1/deliveries/{channel_id}/{message_id}/replay"): "delivery.replay",
    ("POST", "/v1/deliveries/{channel_id}/{message_id}/skip"): "delivery.skip",
    ("POST", "/v1/training-runs"): "train.start",
    ("POST", "/v1/training-runs/current/cancel"): "train.cancel",
    ("POST", "/v1/models/{version}/activate"): "model.activate",
    ("POST", "/v1/models/rollback"): "model.rollback",
    ("PUT", "/v1/policy/draft"): "policy.draft",
    ("POST", "/v1/policy/activate"): "policy.activate",
    ("POST", "/v1/policy/discard"): "policy.discard",
    ("POST", "/v1/policy/simulate"): "policy.simulate",
    ("POST", "/v1/erasures"): "person.erase",
    ("POST", "/v1/persons/export"): "person.export",
    ("POST", "/sign-in"): "session.open",
    ("POST", "/sign-in/link"): "session.open",
    ("POST", "/sign-out"): "session.end",
    ("POST", "/account/password"): "user.password",
    ("POST", "/account/sessions/end"): "session.end",
    ("POST", "/analytics/gaps/{gap_id}"): "gap.change",
    ("POST", "/lead/policy/edit"): "policy.draft",
    ("POST", "/lead/policy/text"): "policy.draft",
    ("POST", "/lead/policy/rules/{place}"): "policy.draft",
    ("POST", "/lead/policy/simulate"): "policy.simulate",
    ("POST", "/lead/policy/activate"): "policy.activate",
    ("POST", "/lead/policy/discard"): "policy.discard",
    ("POST", "/lead/models/rollback"): "model.rollback",
    ("POST", "/lead/models/{version}/activate"): "model.activate",
    ("POST", "/lead/training"): "train.start",
    ("POST", "/lead/training/cancel"): "train.cancel",
    ("POST", "/lead/drift/alerts/{alert_id}"): "drift.seen",
    ("POST", "/v1/drift/alerts/{alert_id}/seen"): "drift.seen",
    ("POST", "/lead/issues/new"): "known_issue.publish",
    ("POST", "/lead/issues/{issue_id}"): "known_issue.publish",
    ("POST", "/lead/issues/clusters/{cluster_id}/split"): "cluster.split",
    ("POST", "/lead/issues/bursts/{burst_id}"): "burst.settle",
    ("POST", "/lead/review/{review_id}/decide"): "review.decide",
    ("POST", "/lead/review/{review_id}/skip"): "review.skip",
    ("POST", "/lead/review/{review_id}/undo"): "review.undo",
    ("POST", "/lead/questions/{question_id}"): "question.change",
    ("POST", "/lead/questions/{question_id}/original"): "original.read",
    ("POST", "/lead/questions/alerts/{alert_id}/seen"): "alert.seen",
    ("POST", "/lead/deliveries/replay"): "deliveries.replay",
    ("POST", "/lead/deliveries/{channel_id}/{message_id}/replay"): "delivery.replay",
    ("POST", "/lead/deliveries/{channel_id}/{message_id}/skip"): "delivery.skip",
}


def acts_since(database: Database, number: int) -> list[AuditRow]:
    with database.read() as c:
        return list(iter_acts(c, get_forum(c, "bikes").id, number))


def test_every_endpoint_that_changes_something_is_here() -> None:
    assert set(ACTS) == set(CHANGES) - ASKING


@pytest.mark.parametrize("row", ACTS, ids=" ".join)
def test_what_an_endpoint_changes_is_noted(shared_house: House, row: tuple[str, str]) -> None:
    house, access = shared_house, MATRIX[row]
    house.sign_in_again()
    house.go_through_versions()
    # All that the call is about is there before it.
    known = house.making()
    call = PROBES[row](known, "words")
    if row[1].endswith("/cancel"):
        house.send(PROBES["POST", "/v1/training-runs"](known, "words"))
    by_page = access is PUBLIC or not access.keys
    with house.world.database.read() as c:
        before = last_act(c, house.world.forum().id)
    response = house.send(call, "page_admin" if by_page else "admin")
    assert response.status_code < 400, response.text
    noted, *more = acts_since(house.world.database, before)
    assert noted.act.act == ACTS[row]
    # Who signs in over somebody's session ends that one, and it is noted as theirs.
    others = [one for one in more if one.act.actor != noted.act.actor]
    assert {one.act.act for one in others} <= {"session.end"}
    assert not others or row[1].startswith("/sign-in")
    kind = ActorKind.USER if by_page else ActorKind.KEY
    assert noted.act.actor.kind is kind
    if not by_page:
        secret = house.callers["admin"].headers["Authorization"].removeprefix("Bearer ")
        assert secret.startswith(noted.act.actor.name)
        assert len(noted.act.actor.name) < 20


def test_what_is_refused_is_not_noted(shared_house: House) -> None:
    house = shared_house
    known = house.known()
    with house.world.database.read() as c:
        before = last_act(c, house.world.forum().id)
    for row in ACTS:
        house.send(PROBES[row](known, "words"), "nobody" if row[1][:3] == "/v1" else "page_ended")
        if row[1].startswith("/v1/"):
            house.send(PROBES[row](known, "words"), "analyst")
    noted = {row.act.act for row in acts_since(house.world.database, before)}
    # Whoever signs in is nobody until then.
    assert noted <= {"session.open"}


def test_a_change_that_is_taken_back_takes_its_note_along(shared_house: House) -> None:
    house = shared_house
    known = house.known()
    start = PROBES["POST", "/v1/training-runs"](known, "words")
    assert house.send(start).status_code == 202
    with house.world.database.read() as c:
        before = last_act(c, house.world.forum().id)
    assert house.send(start).status_code == 409
    assert acts_since(house.world.database, before) == []


def test_a_note_says_how_it_was_and_how_it_is(shared_house: House) -> None:
    house = shared_house
    known = house.known()
    closed = {"title": "Chain", "groups": ["partners"], "answers": [{"body": "Oil it."}]}
    path = f"/v1/threads/{known.thread_id}"
    assert house.world.client.put(
        path, json=closed, headers=house.callers["lead"].headers
    ).is_success
    noted = acts_since(house.world.database, 0)[-1].act
    assert noted.object == known.thread_id
    assert noted.before == {"groups": [], "solved": True, "answers": 1}
    assert noted.after == {"groups": ["partners"], "solved": True, "answers": 1}


def test_the_log_is_paged_and_whole(shared_house: House) -> None:
    house = shared_house
    house.known()
    seen: list[int] = []
    after: int | None = 0
    headers = house.callers["admin"].headers
    while after is not None:
        page = house.client.get(f"/v1/audit?after={after}&limit=3", headers=headers).json()
        seen += [act["number"] for act in page["acts"]]
        after = page["next_after"]
    with house.world.database.read() as c:
        forum_id = house.world.forum().id
        assert seen == list(range(1, last_act(c, forum_id) + 1))
        assert broken_act(c, forum_id) is None


def test_an_export_ends_with_its_own_note_and_can_be_checked(
    shared_house: House, tmp_path: Path
) -> None:
    house = shared_house
    reply = house.client.get("/v1/audit/export", headers=house.callers["admin"].headers)
    file = tmp_path / "audit.jsonl"
    file.write_bytes(reply.content)
    exported = check_export(file, house.world.settings.audit_signer)
    with house.world.database.read() as c:
        forum_id = house.world.forum().id
        assert exported.acts == last_act(c, forum_id)
        assert still_holds(c, forum_id, exported)
    assert b'"audit.export"' in reply.content.splitlines()[-2]
