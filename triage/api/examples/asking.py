"""The examples in the API's own documents; fictional, and used by tests as well.

In: nothing. Out: JSON values.
Not here: the schemas.
"""

from typing import Any

from triage.api.examples.policy import DECISION
from triage.api.examples.thread import THREAD as THREAD
from triage.api.examples.thread import THREAD_BATCH as THREAD_BATCH
from triage.api.examples.thread import THREAD_BATCH_REPLY as THREAD_BATCH_REPLY
from triage.api.examples.thread import THREAD_REPLY as THREAD_REPLY
from triage.api.examples.thread import THREAD_RESULT as THREAD_RESULT
from triage.api.schemas.trust import ANSWER_TRUST

_TRIAGE_ID = "5b0c7e6f2a914d38a1c4be0f97d3e862"
_ASK_ID = "e41d9a07c8b34f5f8d26a05b13c97f4e"

TRIAGE_REQUEST: dict[str, Any] = {
    "title": "Export stops at 90 %",
    "body": "Since the update to 8.2 the invoice export stops at 90 % with error E-417.",
    "lang": "en",
    "product": "portal",
    "version": "8.2.1",
    "context": {"page": "/invoices/export", "error_text": "E-417 export aborted"},
    "customer_severity": 3,
    "session": "visit-20481",
    "stage": "submit",
}

TRIAGE_REPLY: dict[str, Any] = {
    "triage_id": _TRIAGE_ID,
    "ask_id": _ASK_ID,
    "suggestions": [
        {
            "thread_id": "1042",
            "answer_id": "1042-a1",
            "title": "Invoice export ends with E-417",
            "snippet": "Turn off the preview pane before you export; 8.2.2 repairs it for good.",
            "url": "https://forum.example/t/1042",
            "lang": "en",
            "rank": 1,
            "probability": 0.86,
            "solved": True,
            "staff": True,
            "applicability": "fits",
            "reasons": [{"code": "staff_answer", "params": {}, "text": "Answered by staff."}],
            "trust": ANSWER_TRUST,
        }
    ],
    "destination": "community",
    "destination_probability": 0.91,
    "visibility": "public",
    "public_allowed": True,
    "labels": {
        "kind": {
            "value": "problem",
            "probability": 0.88,
            "alternatives": [{"value": "bug", "probability": 0.09}],
            "abstained": False,
        },
        "topic": {
            "value": "invoices",
            "probability": 0.79,
            "alternatives": [],
            "abstained": False,
        },
        "severity": {"value": "3", "probability": 0.64, "alternatives": [], "abstained": False},
        "difficulty": {"value": 0.31, "probability": None, "alternatives": [], "abstained": False},
        "destination": {
            "value": "community",
            "probability": 0.91,
            "alternatives": [{"value": "expert", "probability": 0.09}],
            "abstained": False,
        },
        "tone": {"value": "calm", "probability": 0.93, "alternatives": [], "abstained": False},
        "scope": {"value": "known", "probability": 0.97, "alternatives": [], "abstained": False},
    },
    "reasons": [
        {
            "code": "community_can",
            "params": {"percent": 91},
            "text": "Other customers can usually answer this (91 % likely).",
        }
    ],
    "same_question": [{"thread_id": "1077", "followers": 0}],
    "known_issues": [],
    "also_affected": 2,
    "missing": [],
    "sensitive": [{"type": "company", "field": "body", "start": 71, "end": 88}],
    "handover_url": None,
    "expected_seconds": None,
    "arm": "treatment",
    "mode": "hybrid",
    "model_version": "20260301-081502-3fa2c1",
    "index_version": "311@six-languages",
    "index_age_seconds": 0.004,
}

_UNEXPLAINED: dict[str, Any] = {
    "value": None,
    "probability": None,
    "alternatives": [],
    "abstained": True,
    "explained": None,
    "against": None,
    "log_odds": None,
    "base": None,
    "moved_by": [],
}


def _moved(kind: str, towards: str, weight: float, **named: str) -> dict[str, Any]:
    names = {"text": None, "sign": None, "level": None, **named}
    return {"kind": kind, **names, "towards": towards, "weight": weight}


EXPLANATION_REPLY: dict[str, Any] = {
    "triage_id": _TRIAGE_ID,
    "model_version": "20260301-081502-3fa2c1",
    "reply_model_version": "20260222-081447-b81d07",
    "same_model": False,
    "predictions": {
        **dict.fromkeys(TRIAGE_REPLY["labels"], _UNEXPLAINED),
        "kind": {
            **TRIAGE_REPLY["labels"]["kind"],
            "explained": "problem",
            "against": "bug",
            "log_odds": 2.28,
            "base": 0.31,
            "moved_by": [
                _moved("words", "problem", 1.12, text="stops at"),
                _moved("words", "bug", 0.74, text="417"),
                _moved("meaning", "problem", 0.66),
                _moved("form", "problem", 0.52, sign="trace", level="less"),
                _moved("fact", "bug", 0.08, sign="product=portal"),
                _moved("rest", "problem", 0.49),
            ],
        },
    },
    "nearest_cases": [
        {
            "case_id": "C-20931",
            "title": "Export of invoices aborted",
            "similarity": 0.83,
            "kind": "problem",
            "topic": "invoices",
            "severity": 3,
            "difficulty": None,
            "destination": "community",
            "tone": None,
        }
    ],
    "cases_compared": 9604,
    "decision": DECISION,
    "arm": "treatment",
    "withheld": [],
}

EVENT_BATCH: dict[str, Any] = {
    "events": [
        {
            "event_id": "0f8b7a52-33c1-4a06-9d5e-6a1c2f40b7d9",
            "type": "opened",
            "triage_id": _TRIAGE_ID,
            "ask_id": _ASK_ID,
            "thread_id": "1042",
            "session": "visit-20481",
            "occurred_at": "2026-03-02T12:00:07Z",
            "rank": 1,
        }
    ]
}

BEACON: dict[str, Any] = {"key": "pk_4f0dJ2mCw7", "visitor": None, **EVENT_BATCH}

EVENT_BATCH_REPLY: dict[str, Any] = {
    "results": [
        {
            "event_id": "0f8b7a52-33c1-4a06-9d5e-6a1c2f40b7d9",
            "state": "accepted",
            "code": None,
            "detail": None,
        }
    ]
}

TRUST: dict[str, Any] = {
    "operator": "Example AB",
    "contact": "privacy@example.com",
    "location": "Stockholm, Sweden",
    "processors": [],
    "protection": {
        "https": True,
        "disks": "LUKS, AES-XTS",
        "sealed": "AES-256-GCM",
        "persons": "HMAC-SHA-256",
        "passwords": "Argon2id",
    },
    "kept": [
        {
            "table": "originals",
            "purpose": "what only an expert may read of a question, sealed",
            "personal": True,
            "days": 30,
            "words_days": None,
            "until": None,
            "on_erasure": "deleted",
        }
    ],
    "last_backup": None,
    "last_restore_test": None,
    "version": "0.1.0",
    "database": "SQLite",
    "encoder": "shipped",
    "languages": ["en", "sv", "nb", "da", "fi", "de"],
    "running_since": "2026-03-02T06:00:00Z",
    "uptime_seconds": 86400,
}
HEALTH: dict[str, Any] = {"status": "ok"}
READY: dict[str, Any] = {
    "ready": True,
    "parts": {
        "store": "ok",
        "encoder": "ok",
        "forum": "demo",
        "channels": {"all": 2, "resting": 0, "disabled": 0, "waiting": 1, "dead": 0},
        "index_version": "311@all-MiniLM-L6-v2",
        "index_age_seconds": 2.181,
        "index_threads": 48210,
        "index_behind": 0,
        "index_in": "folder",
        "index_trouble": None,
        "snapshot_behind": 3,
        "snapshot_age_seconds": 1804.2,
        "canaries": "ok",
        "canaries_sung": {"asked": 5, "failed": 0, "at": "2026-03-02T12:03:41+00:00"},
        "model_version": "20260301-081502-3fa2c1",
        "model_refused": None,
        "encoder_serving": "all-MiniLM-L6-v2",
        "encoder_wanted": "shipped",
        "encoder_trouble": None,
        "encoding": {
            "encoder": "shipped",
            "state": "running",
            "done": 5120,
            "total": 8604,
            "code": None,
            "started_at": "2026-03-02T12:00:07+00:00",
            "finished_at": None,
        },
        "gate": {
            "risk": 0.1,
            "guaranteed": ["en"],
            "fitted_on": "412 duplicates, 160 confirmed questions",
        },
    },
}
