"""The examples of training runs in the API's own documents; fictional, and used by tests as well.

In: nothing. Out: JSON values.
Not here: the schemas (schemas.training), the other examples.
"""

from typing import Any

TRAINING_REQUEST: dict[str, Any] = {"since": "2025-09-01", "seed": 0, "dry_run": False}

_QUEUED: dict[str, Any] = {
    "state": "queued",
    "note": None,
    "done": 0,
    "total": 0,
    "cancel_wanted": False,
    "code": None,
    "by": "lead sk_Qm4kzn",
    "since": "2025-09-01T00:00:00Z",
    "seed": 0,
    "dry_run": False,
    "force": None,
    "precision": None,
    "risk": None,
    "queued_at": "2026-03-06T15:02:11Z",
    "started_at": None,
    "finished_at": None,
    "result": None,
}
TRAINING_ASKED: dict[str, Any] = _QUEUED
TRAINING_RUN: dict[str, Any] = {
    **_QUEUED,
    "state": "running",
    "note": "topic: 8412 cases, 37 classes",
    "done": 14,
    "started_at": "2026-03-06T15:02:14Z",
}
TRAINING_CANCELLED: dict[str, Any] = {**TRAINING_RUN, "cancel_wanted": True}
TRAINING_EVENTS = """retry: 2000

id: 6f1d20c47be89a35
event: run
data: {"state": "running", "note": "topic: 8412 cases, 37 classes", "done": 14}

: still here

"""
