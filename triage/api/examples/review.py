"""Examples of what is sent and told of the review queue.

In: nothing. Out: JSON that its schemas accept.
Not here: the schemas (schemas.review).
"""

from typing import Any

from triage.api.schemas.proposal import APPROVAL

DECISION: dict[str, Any] = {
    "labels": {"kind": "bug", "topic": "invoices", "severity": 2, "destination": "expert"},
    "note": "The export stops for all of this customer's users.",
}
BURST_DECISION: dict[str, Any] = {"counts": False}
PROPOSAL_DECISION: dict[str, Any] = {"approve": APPROVAL}
REVIEW: dict[str, Any] = {
    "review_id": "r_5b0c7e6f2a914d38",
    "reason": "uncertain",
    "subject": "question",
    "subject_id": "q_81b3f2",
    "state": "open",
    "title": "Export of invoices aborted",
    "targets": ["kind", "severity", "topic", "destination"],
    "drawn_on": "2026-02-27",
    "score": 0.93,
    "propensity": None,
    "blind": False,
    "machine": {
        "kind": {
            "value": "problem",
            "probability": 0.51,
            "abstained": True,
            "alternatives": [["bug", 0.44]],
        }
    },
    "model_version": "20260226-210000-4f1a2b",
    "evidence": {"kind": 0.93, "severity": 0.71},
    "lang": "en",
    "product": "portal",
    "simulated": False,
    "labels": {},
    "verdict": None,
    "note": None,
    "decided_by": None,
    "decided_at": None,
}
DECIDED: dict[str, Any] = {
    **REVIEW,
    "state": "decided",
    "labels": {"kind": "bug", "topic": "invoices", "severity": "2", "destination": "expert"},
    "verdict": "labelled",
    "note": DECISION["note"],
    "decided_by": "tk_3f2a",
    "decided_at": "2026-02-27T08:12:00Z",
}
SKIPPED: dict[str, Any] = {
    **REVIEW,
    "state": "skipped",
    "decided_by": "tk_3f2a",
    "decided_at": "2026-02-27T08:12:00Z",
}
REVIEWS: dict[str, Any] = {
    "reviews": [REVIEW],
    "waiting": {"uncertain": 6, "random": 8},
    "done_today": 10,
    "to_do_today": 24,
    "next_after": None,
}
REVIEW_DETAIL: dict[str, Any] = {
    **REVIEW,
    "asked": {
        "title": "Export of invoices aborted",
        "body": "Since the update the export on [HOST] stops at 90 %.",
        "lang": "en",
        "product": "portal",
        "version": "8.2.1",
        "asked_at": "2026-02-26T14:10:00Z",
        "triage_id": "t_01hq3",
        "question_id": "q_81b3f2",
        "case_labels": None,
    },
    "events": [],
    "choices": {
        "kind": ["how_to", "problem", "bug", "request", "complaint", "account"],
        "topic": ["invoices", "login"],
        "severity": ["1", "2", "3", "4"],
        "destination": ["community", "expert"],
    },
}
_SHARE = {"value": 0.91, "low": 0.84, "high": 0.95, "asks": 112, "persons": 98}
ESTIMATE: dict[str, Any] = {
    "drawn": 160,
    "decided": 148,
    "waiting": 8,
    "unanswered": 4,
    "seen": 1,
    "labels": {
        "kind": {
            "precision": _SHARE,
            "coverage": {"value": 0.76, "low": 0.69, "high": 0.82, "asks": 160, "persons": 131},
            "judged": 112,
            "unanswered": 9,
            "lowest": 0.84,
            "highest": 0.92,
        }
    },
}
