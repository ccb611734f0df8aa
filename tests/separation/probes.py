"""A working example call of every endpoint: what comes to be an endpoint comes to be here.

Each test of this folder sends all of them: an endpoint that is not here fails the tests.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

from .house import PASSWORD
from .making import Call, Known, Making

Probe = Callable[[Known | Making, str], Call]


def _triage(known: Known | Making, words: str) -> Call:
    body = {
        "title": words,
        "body": f"It is so: {words}",
        "lang": "en",
        "product": words,
        "version": words,
        "context": {"page": words, "form": words, "record_type": words, "error_text": words},
        "attachments": [{"name": words, "type": words, "text": words}],
        "user": words,
        "session": words,
        "stage": "submit",
    }
    return Call("POST", "/v1/triage", json=body)


def _events(known: Known | Making, words: str) -> Call:
    event = {
        "event_id": f"e-{known.triage_id}",
        "type": "survey_reply",
        "triage_id": known.triage_id,
        "ask_id": known.ask_id,
        "user": words,
        "session": words,
        "value": words,
        "occurred_at": datetime.now(UTC).isoformat(),
    }
    return Call("POST", "/v1/events", json={"events": [event]})


def _beacon(known: Known | Making, words: str) -> Call:
    body = _events(known, words).json
    return Call("POST", "/v1/events/beacon", json=body, answers=frozenset({202}))


_CLOSED = count(1)


def _close(known: Known | Making, words: str) -> Call:
    # A period can be closed once: each call has another.
    end = datetime(2025, 6, 1, tzinfo=UTC) + timedelta(hours=next(_CLOSED))
    body = {"from": "2025-05-01", "to": end.isoformat()}
    return Call("POST", "/v1/reports/periods", json=body, answers=frozenset({201}))


def _told(known: Known | Making, words: str) -> Call:
    """Return what a Discourse site says, signed as the channel's secret has it."""
    body = {"topic": {"id": 7, "title": words}}
    return Call(
        "POST",
        f"/v1/incoming/{known.forum_channel.id}",
        json=body,
        headers=known.forum_channel.headers(body),
        answers=frozenset({202}),
    )


def _thread(words: str) -> dict[str, object]:
    answer = {"id": "a1", "body": words, "user": words, "accepted": True}
    texts = dict.fromkeys(("title", "body", "user", "verified_by"), words)
    return {**texts, "tags": [words[:40]], "answers": [answer], "lang": "en"}


def _ruled(words: str) -> str:
    named = hashlib.sha256(words.encode()).hexdigest()[:12]
    return f'[[rules]]\nname = "r-{named}"\ndestination = "expert"\nwords = ["probing"]\n'


def _at(path: str, *answers: int) -> Probe:
    """Return the probe of a GET that needs nothing else."""
    return lambda known, words: Call(
        "GET", path.format(known=known), answers=frozenset(answers or {200})
    )


def _post(path: str, body: Mapping[str, object], *answers: int) -> Probe:
    return lambda known, words: Call(
        "POST",
        path.format(known=known),
        json={name: words if value is ... else value for name, value in body.items()},
        answers=frozenset(answers or {200}),
    )


def _of_answer(path: str, word: str, *answers: int) -> Probe:
    return lambda known, words: Call(
        "POST",
        f"/v1/answers/{path}",
        json={"thread_id": known.thread_id, "answer_id": "a1", "word": word, "user": words},
        answers=frozenset(answers),
    )


def _form(path: str, fields: Mapping[str, str], *answers: int) -> Probe:
    return lambda known, words: Call(
        "POST",
        path.format(known=known),
        form={name: value.format(known=known, words=words) for name, value in fields.items()},
        answers=frozenset(answers or {303}),
    )


def _of_draft(probe: Probe) -> Probe:
    """Return the same of what is about the draft of a policy, and does not name it."""

    def made(known: Known | Making, words: str) -> Call:
        assert known.policy
        return probe(known, words)

    return made


def _of_past(probe: Probe) -> Probe:
    """Return the same of what is tried on what was asked: something was."""

    def made(known: Known | Making, words: str) -> Call:
        assert known.triage_id
        return probe(known, words)

    return made


_NEW = {"new": "another long enough phrase", "again": "another long enough phrase"}

PROBES: Mapping[tuple[str, str], Probe] = {
    ("POST", "/v1/triage"): _triage,
    ("GET", "/v1/triage/{triage_id}/explanation"): _at("/v1/triage/{known.triage_id}/explanation"),
    ("POST", "/v1/events"): _events,
    ("POST", "/v1/events/beacon"): _beacon,
    ("POST", "/v1/questions"): lambda known, words: Call(
        "POST", "/v1/questions", json={"title": words, "body": f"So: {words}", "user": words}
    ),
    ("GET", "/v1/questions"): _at("/v1/questions?external_id=9"),
    ("GET", "/v1/questions/{question_id}"): _at("/v1/questions/{known.question_id}", 200, 404),
    # It is the staff's to do, or the asker's; to anybody else the question is not there.
    ("POST", "/v1/questions/{question_id}/changes"): _post(
        "/v1/questions/{known.question_id}/changes",
        {"state": "answered", "words": ..., "note": ...},
        *(200, 404),
    ),
    ("GET", "/v1/questions/{question_id}/intake"): _at("/v1/questions/{known.question_id}/intake"),
    # Somebody has to be vouched for.
    ("GET", "/v1/my"): _at("/v1/my", 200, 422),
    ("GET", "/v1/question-rules"): _at("/v1/question-rules"),
    ("PUT", "/v1/question-rules"): lambda known, words: Call(
        "PUT",
        "/v1/question-rules",
        json={
            "owners": {"forum": "staff", "topics": {"x": "staff"}},
            "handover_url": "https://support.example/new?about={title}&what={problem}",
        },
    ),
    ("GET", "/v1/alerts"): _at("/v1/alerts"),
    ("POST", "/v1/alerts/{alert_id}/seen"): _post("/v1/alerts/{known.alert_id}/seen", {}),
    ("POST", "/v1/drift/alerts/{alert_id}/seen"): _post(
        "/v1/drift/alerts/{known.drift_alert_id}/seen", {"reason": ...}
    ),
    ("GET", "/v1/reports"): _at("/v1/reports?from=2026-03-01&to=2026-03-31"),
    ("GET", "/v1/reports/periods"): _at("/v1/reports/periods"),
    ("POST", "/v1/reports/periods"): _close,
    ("GET", "/v1/reports/baseline"): _at("/v1/reports/baseline"),
    ("PUT", "/v1/reports/baseline"): lambda known, words: Call(
        "PUT",
        "/v1/reports/baseline",
        json={"periods": [{"from": "2025-01-01", "to": "2025-01-31", "questions": 1930}]},
    ),
    ("GET", "/v1/reports/exports/{table}"): _at("/v1/reports/exports/events?format=csv"),
    ("GET", "/v1/holdout"): _at("/v1/holdout"),
    ("PUT", "/v1/holdout"): lambda known, words: Call(
        "PUT", "/v1/holdout", json={"share": 0.0, "by_language": {"fi": 0.0}}
    ),
    ("GET", "/v1/event-bursts"): _at("/v1/event-bursts"),
    ("POST", "/v1/event-bursts/{burst_id}/settle"): _post(
        "/v1/event-bursts/{known.burst_id}/settle", {"counts": False}
    ),
    ("GET", "/v1/follow-ups"): _at("/v1/follow-ups"),
    ("POST", "/v1/follow-ups/due"): _post("/v1/follow-ups/due", {"user": ..., "session": ...}),
    ("POST", "/v1/follow-ups/opt-out"): _post(
        "/v1/follow-ups/opt-out", {"user": ..., "session": ...}
    ),
    ("POST", "/v1/follow-ups/{follow_up_id}/reply"): lambda known, words: Call(
        "POST",
        f"/v1/follow-ups/{known.follow_up_id}/reply",
        json={"user": known.user, "session": words, "value": "yes"},
        # What a browser says of a person counts for nothing.
        answers=frozenset({200, 404}),
    ),
    ("GET", "/v1/threads/{thread_id:path}"): _at("/v1/threads/{known.thread_id}"),
    ("PUT", "/v1/threads/{thread_id:path}"): lambda known, words: Call(
        "PUT", f"/v1/threads/{known.thread_id}", json=_thread(words)
    ),
    ("DELETE", "/v1/threads/{thread_id:path}"): lambda known, words: Call(
        "DELETE", f"/v1/threads/{known.thread_id}", answers=frozenset({204})
    ),
    ("POST", "/v1/threads/batch"): lambda known, words: Call(
        "POST",
        "/v1/threads/batch",
        json={"threads": [{"id": f"{known.thread_id}-{n}", **_thread(words)} for n in range(2)]},
    ),
    # Somebody has to be vouched for, and is known by one name that nobody else has.
    ("POST", "/v1/answers/votes"): _of_answer("votes", "helpful", 200, 401),
    ("POST", "/v1/answers/reviews"): _of_answer("reviews", "verified", 200),
    ("GET", "/v1/answers/doubted"): _at("/v1/answers/doubted"),
    ("GET", "/v1/proposals"): _at("/v1/proposals"),
    ("GET", "/v1/proposals/{proposal_id}"): _at("/v1/proposals/{known.proposal_id}"),
    ("POST", "/v1/proposals/{proposal_id}/approve"): _post(
        "/v1/proposals/{known.proposal_id}/approve", {"groups": [], "title": ..., "answer": ...}
    ),
    ("POST", "/v1/proposals/{proposal_id}/refuse"): _post(
        "/v1/proposals/{known.proposal_id}/refuse", {"reason": ...}
    ),
    ("PUT", "/v1/profile"): lambda known, words: Call(
        "PUT",
        "/v1/profile",
        json={"display_name": f"Heron {known.proposal_id[-6:]}", "user": f"{known.user} {words}"},
        answers=frozenset({200, 401}),
    ),
    ("GET", "/v1/profile"): _at("/v1/profile"),
    ("GET", "/v1/profiles/{profile_id}"): _at("/v1/profiles/{known.profile_id}"),
    ("GET", "/v1/known-issues"): _at("/v1/known-issues"),
    ("POST", "/v1/known-issues"): _post(
        "/v1/known-issues", {"title": ..., "body": ..., "workaround": ..., "fix": ...}, 201
    ),
    # What only staff may see yet does not exist for others.
    ("GET", "/v1/known-issues/{issue_id}"): _at("/v1/known-issues/{known.issue_id}", 200, 404),
    ("PUT", "/v1/known-issues/{issue_id}"): lambda known, words: Call(
        "PUT", f"/v1/known-issues/{known.issue_id}", json={"title": words, "products": [words]}
    ),
    ("POST", "/v1/known-issues/{issue_id}/publish"): _post(
        "/v1/known-issues/{known.issue_id}/publish", {"workaround": ...}
    ),
    ("POST", "/v1/known-issues/{issue_id}/withdraw"): _post(
        "/v1/known-issues/{known.issue_id}/withdraw", {"reason": ...}
    ),
    ("GET", "/v1/gaps"): _at("/v1/gaps"),
    ("POST", "/v1/gaps/{gap_id}"): lambda known, words: Call(
        "POST", f"/v1/gaps/{known.gap_id}", json={"state": "drafting"}
    ),
    ("GET", "/v1/reviews"): _at("/v1/reviews"),
    ("GET", "/v1/reviews/estimate"): _at("/v1/reviews/estimate?from=2026-01-01"),
    ("GET", "/v1/reviews/{review_id}"): _at("/v1/reviews/{known.review_id}"),
    # A topic that holds what is sensitive is none.
    ("POST", "/v1/reviews/{review_id}/decide"): lambda known, words: Call(
        "POST",
        f"/v1/reviews/{known.review_id}/decide",
        json={"labels": {"kind": "bug", "topic": "chains"}, "note": words},
    ),
    ("POST", "/v1/reviews/{review_id}/skip"): _post("/v1/reviews/{known.review_id}/skip", {}),
    ("POST", "/v1/reviews/{review_id}/undo"): _post(
        "/v1/reviews/{known.skipped_review_id}/undo", {}
    ),
    ("GET", "/v1/clusters"): _at("/v1/clusters"),
    ("GET", "/v1/clusters/{cluster_id}"): _at("/v1/clusters/{known.cluster_id}"),
    ("POST", "/v1/clusters/{cluster_id}/split"): lambda known, words: Call(
        "POST",
        f"/v1/clusters/{known.cluster_id}/split",
        json={"question_id": known.question_id},
    ),
    # To whom it is not, the question does not exist.
    ("POST", "/v1/questions/{question_id}/not-mine"): lambda known, words: Call(
        "POST",
        f"/v1/questions/{known.question_id}/not-mine",
        json={"user": known.user},
        answers=frozenset({200, 404}),
    ),
    ("GET", "/v1/notifications"): _at("/v1/notifications?user={known.user}"),
    ("POST", "/v1/notifications/read"): lambda known, words: Call(
        "POST", "/v1/notifications/read", json={"user": known.user, "notice_ids": [known.notice_id]}
    ),
    # Somebody has to be vouched for.
    ("GET", "/v1/notifications/settings"): _at(
        "/v1/notifications/settings?user={known.user}", 200, 401
    ),
    ("PUT", "/v1/notifications/settings"): lambda known, words: Call(
        "PUT",
        "/v1/notifications/settings",
        json={
            "user": f"{known.user} {words}",
            "webhook": "https://hooks.customer.example/in",
            "ways": {"answered": "webhook"},
        },
        answers=frozenset({200, 401}),
    ),
    ("GET", "/v1/channels"): _at("/v1/channels"),
    ("POST", "/v1/channels"): lambda known, words: Call(
        "POST",
        "/v1/channels",
        json={"kind": "webhook", "name": words[:90], "address": "https://hooks.example/in"},
        answers=frozenset({201}),
    ),
    ("GET", "/v1/channels/{channel_id}"): _at("/v1/channels/{known.channel_id}"),
    ("PUT", "/v1/channels/{channel_id}"): lambda known, words: Call(
        "PUT", f"/v1/channels/{known.channel_id}", json={"kind": "webhook", "name": words[:90]}
    ),
    ("DELETE", "/v1/channels/{channel_id}"): lambda known, words: Call(
        "DELETE", f"/v1/channels/{known.channel_id}", answers=frozenset({204})
    ),
    ("POST", "/v1/channels/{channel_id}/rotate"): _post(
        "/v1/channels/{known.channel_id}/rotate", {}
    ),
    ("POST", "/v1/channels/{channel_id}/enable"): _post(
        "/v1/channels/{known.channel_id}/enable", {}
    ),
    ("POST", "/v1/channels/{channel_id}/disable"): _post(
        "/v1/channels/{known.channel_id}/disable", {}
    ),
    ("POST", "/v1/channels/{channel_id}/ping"): _post(
        "/v1/channels/{known.channel_id}/ping", {}, 202
    ),
    ("GET", "/v1/deliveries"): _at("/v1/deliveries"),
    ("POST", "/v1/deliveries/replay"): lambda known, words: Call(
        "POST", "/v1/deliveries/replay", json={"channel_id": known.channel_id}
    ),
    ("GET", "/v1/deliveries/{channel_id}/{message_id}"): _at(
        "/v1/deliveries/{known.channel_id}/{known.dead_id}"
    ),
    ("POST", "/v1/deliveries/{channel_id}/{message_id}/replay"): _post(
        "/v1/deliveries/{known.channel_id}/{known.dead_id}/replay", {}
    ),
    ("POST", "/v1/deliveries/{channel_id}/{message_id}/skip"): _post(
        "/v1/deliveries/{known.channel_id}/{known.dead_id}/skip", {}
    ),
    ("POST", "/v1/incoming/{channel_id}"): _told,
    ("POST", "/v1/training-runs"): _post("/v1/training-runs", {"force": ...}, 202),
    ("GET", "/v1/training-runs/current"): _at("/v1/training-runs/current", 200, 404),
    ("GET", "/v1/training-runs/current/events"): _at("/v1/training-runs/current/events", 200, 404),
    ("POST", "/v1/training-runs/current/cancel"): _post(
        "/v1/training-runs/current/cancel", {}, 200, 404
    ),
    ("GET", "/v1/models"): _at("/v1/models"),
    ("GET", "/v1/models/{version}"): _at("/v1/models/{known.version}"),
    ("POST", "/v1/models/{version}/activate"): _post(
        "/v1/models/{known.version}/activate", {"reason": ...}
    ),
    ("POST", "/v1/models/rollback"): _post("/v1/models/rollback", {"reason": ...}),
    ("GET", "/v1/policy"): _at("/v1/policy"),
    ("GET", "/v1/policy/versions/{version}"): _at("/v1/policy/versions/{known.policy}"),
    ("PUT", "/v1/policy/draft"): lambda known, words: Call(
        "PUT", "/v1/policy/draft", json={"toml": f"# {words}\n{_ruled(words)}", "reason": words}
    ),
    ("POST", "/v1/policy/activate"): lambda known, words: Call(
        "POST", "/v1/policy/activate", json={"version": known.policy, "reason": words}
    ),
    ("POST", "/v1/policy/discard"): _of_draft(_post("/v1/policy/discard", {"reason": ...})),
    ("POST", "/v1/policy/simulate"): _of_past(_of_draft(_post("/v1/policy/simulate", {"days": 2}))),
    ("GET", "/v1/policy/history"): _at("/v1/policy/history"),
    ("GET", "/v1/triage/{triage_id}/original"): _at("/v1/triage/{known.triage_id}/original"),
    ("POST", "/v1/erasures"): lambda known, words: Call(
        "POST", "/v1/erasures", json={"user": f"gone {words}", "texts": [words]}
    ),
    ("GET", "/v1/erasures"): _at("/v1/erasures"),
    ("GET", "/v1/erasures/{erasure_id}"): _at("/v1/erasures/{known.erasure_id}"),
    ("POST", "/v1/persons/export"): lambda known, words: Call(
        "POST", "/v1/persons/export", json={"user": f"{known.user} {words}"}
    ),
    ("GET", "/v1/audit"): _at("/v1/audit"),
    ("GET", "/v1/audit/export"): _at("/v1/audit/export"),
    ("GET", "/sign-in"): _at("/sign-in?forum=bikes&next=/account", 200, 303),
    ("POST", "/sign-in"): _form(
        "/sign-in", {"forum": "bikes", "email": "{known.email}", "password": PASSWORD}
    ),
    ("GET", "/sign-in/link"): _at("/sign-in/link?token={known.link}"),
    ("POST", "/sign-in/link"): _form("/sign-in/link", {"token": "{known.link}"}),
    # Nobody here has a company's own sign-in.
    ("GET", "/sign-in/company"): _at("/sign-in/company", 404),
    ("GET", "/sign-in/company/return"): _at("/sign-in/company/return", 404),
    ("POST", "/sign-out"): _form("/sign-out", {}),
    ("GET", "/account"): _at("/account"),
    ("POST", "/account/password"): _form("/account/password", _NEW),
    ("POST", "/account/sessions/end"): _form(
        "/account/sessions/end", {"session": "{known.session}"}
    ),
    ("GET", "/lead"): _at("/lead"),
    ("GET", "/lead/models"): _at("/lead/models"),
    ("GET", "/lead/models/compare"): _at(
        "/lead/models/compare?a={known.version}&b={known.version}"
    ),
    ("GET", "/lead/models/{version}"): _at("/lead/models/{known.version}"),
    ("POST", "/lead/models/rollback"): _form("/lead/models/rollback", {"reason": "{words}"}),
    ("POST", "/lead/models/{version}/activate"): _form(
        "/lead/models/{known.version}/activate", {"reason": "{words}"}
    ),
    ("GET", "/lead/training"): _at("/lead/training"),
    ("POST", "/lead/training"): _form("/lead/training", {"force": "{words}"}),
    ("POST", "/lead/training/cancel"): _form("/lead/training/cancel", {}),
    ("GET", "/analytics"): _at("/analytics"),
    ("GET", "/analytics/slices"): _at("/analytics/slices"),
    ("GET", "/analytics/gaps"): _at("/analytics/gaps"),
    ("GET", "/analytics/trends"): _at("/analytics/trends"),
    ("GET", "/analytics/threads"): _at("/analytics/threads"),
    ("GET", "/analytics/activity"): _at("/analytics/activity"),
    ("GET", "/analytics/asks"): _at("/analytics/asks"),
    ("GET", "/analytics/definitions"): _at("/analytics/definitions"),
    ("GET", "/analytics/exports/{table}.{how}"): _at("/analytics/exports/cards.csv"),
    ("POST", "/analytics/gaps/{gap_id}"): lambda known, words: Call(
        "POST",
        f"/analytics/gaps/{known.gap_id}",
        form={"state": "drafting"},
        answers=frozenset({303}),
    ),
    ("GET", "/lead/drift"): _at("/lead/drift"),
    ("POST", "/lead/drift/alerts/{alert_id}"): _form(
        "/lead/drift/alerts/{known.drift_alert_id}", {"reason": "{words}"}
    ),
    ("GET", "/lead/issues"): _at("/lead/issues"),
    ("GET", "/lead/issues/new"): _at("/lead/issues/new?cluster={known.cluster_id}"),
    ("POST", "/lead/issues/new"): _form(
        "/lead/issues/new",
        {"do": "publish", "title": "{words}", "body": "{words}", "workaround": "{words}"},
    ),
    ("GET", "/lead/issues/{issue_id}"): _at("/lead/issues/{known.issue_id}", 200, 404),
    ("POST", "/lead/issues/{issue_id}"): _form(
        "/lead/issues/{known.issue_id}", {"do": "publish", "title": "{words}"}
    ),
    ("POST", "/lead/issues/clusters/{cluster_id}/split"): _form(
        "/lead/issues/clusters/{known.cluster_id}/split", {"question_id": "{known.question_id}"}
    ),
    ("POST", "/lead/issues/bursts/{burst_id}"): _form(
        "/lead/issues/bursts/{known.burst_id}", {"counts": "no"}
    ),
    ("GET", "/lead/review"): _at("/lead/review"),
    ("GET", "/lead/review/{review_id}"): _at("/lead/review/{known.review_id}"),
    ("POST", "/lead/review/{review_id}/decide"): _form(
        "/lead/review/{known.review_id}/decide", {"kind": "bug", "note": "{words}"}
    ),
    ("POST", "/lead/review/{review_id}/skip"): _form(
        "/lead/review/{known.review_id}/skip", {"note": "{words}"}
    ),
    ("POST", "/lead/review/{review_id}/undo"): _form(
        "/lead/review/{known.skipped_review_id}/undo", {"note": "{words}"}
    ),
    ("GET", "/lead/policy"): _at("/lead/policy"),
    ("GET", "/lead/policy/edit"): _at("/lead/policy/edit"),
    ("POST", "/lead/policy/edit"): lambda known, words: Call(
        "POST",
        "/lead/policy/edit",
        form={
            "groups.closed": hashlib.sha256(words.encode()).hexdigest()[:12] + str(known.policy),
            "reason": words,
        },
        answers=frozenset({303}),
    ),
    ("GET", "/lead/policy/text"): _at("/lead/policy/text"),
    ("POST", "/lead/policy/text"): lambda known, words: Call(
        "POST",
        "/lead/policy/text",
        form={"toml": _ruled(words), "reason": words, "do": "save"},
        answers=frozenset({303}),
    ),
    ("GET", "/lead/policy/rules/{place}"): _at("/lead/policy/rules/new"),
    ("POST", "/lead/policy/rules/{place}"): lambda known, words: Call(
        "POST",
        "/lead/policy/rules/new",
        form={
            "name": f"r-{hashlib.sha256(words.encode()).hexdigest()[:12]}-{known.policy}",
            "destination": "expert",
            "words": "probing",
            "reason": words,
        },
        answers=frozenset({303}),
    ),
    ("GET", "/lead/policy/versions/{version}"): _at("/lead/policy/versions/{known.policy}"),
    ("POST", "/lead/policy/simulate"): _of_past(
        _of_draft(_form("/lead/policy/simulate", {"days": "7"}))
    ),
    ("POST", "/lead/policy/activate"): _form(
        "/lead/policy/activate", {"version": "{known.policy}", "reason": "{words}"}
    ),
    ("POST", "/lead/policy/discard"): _of_draft(
        _form("/lead/policy/discard", {"reason": "{words}"})
    ),
    ("GET", "/lead/taxonomy"): _at("/lead/taxonomy"),
    ("GET", "/lead/taxonomy/{target}/{label:path}"): _at("/lead/taxonomy/kind/how_to"),
    ("GET", "/lead/questions"): _at("/lead/questions"),
    ("GET", "/lead/questions/{question_id}"): _at("/lead/questions/{known.question_id}", 200, 404),
    ("POST", "/lead/questions/{question_id}"): _form(
        "/lead/questions/{known.question_id}",
        {"act": "hand", "revision": "2", "owner": "nils", "note": "{words}"},
    ),
    ("POST", "/lead/questions/{question_id}/original"): _form(
        "/lead/questions/{known.private_question_id}/original", {}, 200
    ),
    ("POST", "/lead/questions/alerts/{alert_id}/seen"): _form(
        "/lead/questions/alerts/{known.alert_id}/seen", {}
    ),
    ("GET", "/lead/deliveries"): _at("/lead/deliveries"),
    ("POST", "/lead/deliveries/replay"): _form(
        "/lead/deliveries/replay", {"channel_id": "{known.channel_id}"}
    ),
    ("GET", "/lead/deliveries/{channel_id}/{message_id}"): _at(
        "/lead/deliveries/{known.channel_id}/{known.dead_id}"
    ),
    ("POST", "/lead/deliveries/{channel_id}/{message_id}/replay"): _form(
        "/lead/deliveries/{known.channel_id}/{known.dead_id}/replay", {}
    ),
    ("POST", "/lead/deliveries/{channel_id}/{message_id}/skip"): _form(
        "/lead/deliveries/{known.channel_id}/{known.dead_id}/skip", {}
    ),
    ("GET", "/lead/audit"): _at("/lead/audit"),
    ("GET", "/pages/{name}"): _at("/pages/style.css", 200, 404),
    ("GET", "/widget/manifest.json"): _at("/widget/manifest.json"),
    ("GET", "/widget/words/{lang}.json"): _at("/widget/words/sv.json"),
    ("GET", "/widget/{name}"): _at("/widget/triage-suggest.js"),
    ("GET", "/trust"): _at("/trust"),
    ("GET", "/v1/trust"): _at("/v1/trust"),
    ("GET", "/health"): _at("/health"),
    ("GET", "/ready"): _at("/ready"),
    ("GET", "/docs"): _at("/docs"),
    ("GET", "/docs/{name}"): _at("/docs/start.js"),
    ("GET", "/openapi.json"): _at("/openapi.json"),
}
