"""The examples of posted questions in the API's own documents; fictional, and used by tests.

In: nothing. Out: JSON values.
Not here: the schemas (schemas.question, schemas.rule).
"""

from typing import Any

_QUESTION_ID = "0c1f7a9be25d4c6db1f3a8e47d90526c"
_TRIAGE_ID = "5b0c7e6f2a914d38a1c4be0f97d3e862"

QUESTION_REQUEST: dict[str, Any] = {
    "triage_id": _TRIAGE_ID,
    "external_id": "2077",
    "title": "Export stops at 90 %",
    "body": "Since the update to 8.2 the invoice export stops at 90 % with error E-417.",
    "session": "visit-20481",
}


def _said(code: str, text: str) -> dict[str, Any]:
    return {"code": code, "params": {}, "text": text}


_RECEIVED: dict[str, Any] = {
    "at": "2026-03-02T12:01:00Z",
    "state": "received",
    "who": "customer",
    "told": _said("question_received", "We have received your question."),
    "answer_id": None,
    "asked": [],
    "words": None,
}
_ROUTED: dict[str, Any] = {
    **_RECEIVED,
    "state": "with_community",
    "who": "machine",
    "told": _said(
        "question_with_community", "Other customers can see your question and answer it."
    ),
}
_EXPECTED: dict[str, Any] = {
    "told": {
        "code": "answer_in_hours",
        "params": {"half": 10, "most": 18},
        "text": "Half of such questions have an answer within 10 h, nine in ten within 18 h.",
    },
    "half_seconds": 36000.0,
    "most_seconds": 64800.0,
    "cases": 212,
    "answered": 171,
}

QUESTION_REPLY: dict[str, Any] = {
    "question_id": _QUESTION_ID,
    "external_id": "2077",
    "triage_id": _TRIAGE_ID,
    "state": "with_community",
    "open": True,
    "destination": "community",
    "visibility": "public",
    "revision": 2,
    "received_at": "2026-03-02T12:01:00Z",
    "since": "2026-03-02T12:01:00Z",
    "changed_at": "2026-03-02T12:01:00Z",
    "lang": "en",
    "product": "portal",
    "version": "8.2.1",
    "title": "Export stops at 90 %",
    "body": "Since the update to 8.2 the invoice export stops at 90 % with error E-417.",
    "timeline": [_RECEIVED, _ROUTED],
    "expected": _EXPECTED,
    "handover_url": None,
    "missing": [],
    "also_affected": 0,
    "asked_by": None,
    "allowed": ["confirmed_solved", "escalated", "closed"],
    "staff": None,
}

CHANGE_REQUEST: dict[str, Any] = {
    "state": "escalated",
    "why": "wants_person",
    "change_id": "want-a-person-1",
    "words": "We close the month tomorrow.",
}
CHANGED_REPLY: dict[str, Any] = {
    **QUESTION_REPLY,
    "state": "escalated",
    "destination": "expert",
    "revision": 3,
    "since": "2026-03-02T14:00:00Z",
    "changed_at": "2026-03-02T14:00:00Z",
    "timeline": [
        _RECEIVED,
        _ROUTED,
        {
            **_RECEIVED,
            "at": "2026-03-02T14:00:00Z",
            "state": "escalated",
            "told": _said(
                "question_escalated_wanted", "You asked for a person, so our staff take over."
            ),
            "words": "We close the month tomorrow.",
        },
    ],
    "handover_url": "https://support.example.com/new?product=portal"
    f"&subject=Export%20stops%20at%2090%20%25&ref={_QUESTION_ID}",
    "allowed": ["confirmed_solved", "closed"],
}

_BRIEF: dict[str, Any] = {
    "question_id": _QUESTION_ID,
    "external_id": "2077",
    "state": "with_community",
    "open": True,
    "destination": "community",
    "visibility": "public",
    "title": "Export stops at 90 %",
    "lang": "en",
    "product": "portal",
    "version": "8.2.1",
    "received_at": "2026-03-02T12:01:00Z",
    "changed_at": "2026-03-02T12:01:00Z",
    "first_answer_at": None,
    "customer_severity": 3,
    "owner": None,
    "kind": None,
    "topic": None,
    "severity": None,
    "due_at": None,
}
QUESTIONS_REPLY: dict[str, Any] = {
    "questions": [
        {
            **_BRIEF,
            "owner": "tora",
            "kind": "problem",
            "topic": "invoices",
            "severity": 3,
            "due_at": "2026-03-03T06:01:00Z",
        }
    ],
    "next_after": None,
}
MY_REPLY: dict[str, Any] = {
    "open": 1,
    "questions": [_BRIEF],
    "next_after": None,
    "known_issues": [
        {
            "issue_id": "issue-20260302-1f",
            "title": "Invoice export ends with E-417 in 8.2",
            "workaround": "Turn off the preview pane before you export.",
            "fix": None,
            "fixed_in": "8.2.2",
            "questions": 1,
        }
    ],
    "account": {
        "account": "acme",
        "open": 1,
        "by_state": {"confirmed_solved": 6, "with_community": 1},
        "by_severity": {"3": 1},
        "persons": 2,
        "months": [
            {
                "month": "2026-03",
                "received": 7,
                "answered": 6,
                "solved": 6,
                "half_answered_seconds": 21600.0,
            }
        ],
    },
}


def _filled(field: str, start: int, text: str, *signs: str) -> dict[str, Any]:
    end = start + len(text)
    return {"field": field, "start": start, "end": end, "text": text, "signs": list(signs)}


INTAKE_REPLY: dict[str, Any] = {
    "question_id": _QUESTION_ID,
    "situation": [],
    "problem": [_filled("title", 0, "Export stops at 90 %", "trouble", "title")],
    "impact": [],
    "next_step": [],
    "environment": {
        "product": _filled("product", 0, "portal"),
        "version": _filled("version", 0, "8.2.1"),
        "error_codes": [_filled("body", 69, "E-417")],
        "page": _filled("context.page", 0, "/invoices/export"),
        "form": None,
        "record_type": None,
    },
    "severity": {
        "value": 3,
        "customer": 3,
        "predicted": 4,
        "probability": 0.71,
        "reason": "customer",
    },
    "similar_cases": [
        {
            "case_id": "C-20931",
            "title": "Export of invoices aborted",
            "similarity": 0.83,
            "kind": "problem",
            "topic": "invoices",
            "severity": 3,
            "answer": "Turn off the preview pane; 8.2.2 repairs it.",
        }
    ],
    "cases_compared": 9604,
    "offered": [
        {
            "thread_id": "1042",
            "title": "Invoice export ends with E-417",
            "probability": 0.86,
            "became": "refused",
        }
    ],
    "asked_for_help": True,
    "missing": [_said("ask_impact", "Who is affected, and what can you not do because of it?")],
    "original": True,
}

RULES: dict[str, Any] = {
    "owners": {
        "forum": "frida@example.com",
        "accounts": {"acme": "nils@example.com"},
        "teams": {"north": "nils@example.com"},
        "topics": {"invoices": "tora@example.com"},
        "away": [],
    },
    "limits": {
        "community": 48.0,
        "least": 1.0,
        "most": 168.0,
        "pressing": 4.0,
        "routing": 0.25,
        "expert": 24.0,
        "customer": 168.0,
        "confirming": 336.0,
        "by_topic": {"invoices": 12.0},
    },
    "handover_url": "https://support.example.com/new?product={product}&subject={title}"
    "&ref={question_id}",
}
RULES_REPLY: dict[str, Any] = {**RULES, "learned": {"invoices": 18.0}}

ALERT: dict[str, Any] = {
    "alert_id": f"alert:{_QUESTION_ID}:tora@example.com",
    "question_id": _QUESTION_ID,
    "owner": "tora@example.com",
    "why": "complaint",
    "at": "2026-03-02T12:01:00Z",
    "seen_at": None,
    "seen_by": None,
}
ALERTS_REPLY: dict[str, Any] = {"alerts": [ALERT], "next_after": None}
ALERT_SEEN_REQUEST: dict[str, Any] = {"by": "tora@example.com"}
ALERT_SEEN: dict[str, Any] = {
    **ALERT,
    "seen_at": "2026-03-02T12:04:00Z",
    "seen_by": "tora@example.com",
}
