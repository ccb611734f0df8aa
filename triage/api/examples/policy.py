"""Examples of what is sent and told of a forum's policy.

In: nothing. Out: JSON that its schemas accept.
Not here: the other examples (examples, model_examples).
"""

from typing import Any

_TOML = "[costs]\nmissed_expert = 4.0\n\n[severity]\nexpert_from = 2\n"
_COVERAGE = {"value": 0.71, "low": 0.69, "high": 0.73}
_LESS = {"value": -0.05, "low": -0.06, "high": -0.04}

SIMULATION_REPLY: dict[str, Any] = {
    "draft_version": "4",
    "current_version": "3",
    "since": "2026-02-06T09:00:00Z",
    "until": "2026-03-08T09:00:00Z",
    "counted": "posted",
    "wordless": 0,
    "answer_times": 1804,
    "hours_per_question": 0.6,
    "simulated": 0,
    "asks": 2210,
    "persons": 1377,
    "known": 1932,
    "days": 30.0,
    "draft": {"coverage": _COVERAGE, "wait_median_hours": {"value": 6.1, "low": 5.6, "high": 6.8}},
    "current": {
        "coverage": {"value": 0.76, "low": 0.74, "high": 0.78},
        "wait_median_hours": {"value": 6.4, "low": 5.8, "high": 7.0},
    },
    "difference": {
        "coverage": _LESS,
        "wait_median_hours": {"value": -0.3, "low": -0.5, "high": -0.1},
    },
    "moved_to_expert": 121,
    "moved_to_community": 10,
    "decided": {
        "costs": {"draft": 1832, "current": 1950},
        "severity": {"draft": 378, "current": 260},
    },
    "moved": [
        {
            "ask_id": "a-2f1c",
            "to": "expert",
            "draft": "severity",
            "current": "costs",
            "truth": "community",
        }
    ],
}
VERSION: dict[str, Any] = {
    "version": 3,
    "state": "active",
    "made_at": "2026-03-01T09:12:00Z",
    "by": "lead@forum.example",
    "simulated": None,
}
DRAFT: dict[str, Any] = {
    "version": 4,
    "state": "draft",
    "made_at": "2026-03-08T08:55:00Z",
    "by": "lead@forum.example",
    "simulated": None,
}
POLICY_REPLY: dict[str, Any] = {"version": "3", "toml": _TOML, "active": VERSION, "draft": DRAFT}
TEXT_REPLY: dict[str, Any] = {**DRAFT, "toml": _TOML}
DRAFT_REQUEST: dict[str, Any] = {"toml": _TOML, "reason": "Too much was missed in February."}
ACTIVATE_REQUEST: dict[str, Any] = {"version": 4, "reason": "Better in the trial."}
ACTIVATED_REPLY: dict[str, Any] = {"version": 4, "former": 3}
DISCARD_REQUEST: dict[str, Any] = {"version": 4}
SIMULATE_REQUEST: dict[str, Any] = {"days": 30}
HISTORY_REPLY: dict[str, Any] = {
    "changes": [
        {
            "at": "2026-03-08T09:30:00Z",
            "action": "activate",
            "version": 4,
            "former": 3,
            "by": "lead@forum.example",
            "reason": "Better in the trial.",
        }
    ],
    "next_before": None,
}
DECISION: dict[str, Any] = {
    "policy_version": "3",
    "decided_by": "costs",
    "destination": "community",
    "visibility": "public",
    "for_leads": [],
    "would_change": [
        {
            "code": "turn_probability",
            "params": {"limit": 0.27, "was": 0.11},
            "text": "An expert is asked over a probability of 0.27; it was 0.11.",
        }
    ],
    "cut": {"at": 0.27, "moved": 0, "queue": None, "community_hours": None, "closed": False},
}
