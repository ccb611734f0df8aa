"""A reply -> the row that is kept of it: the redacted question and what was said.

In: a reply, the key that asked. Out: a row for the store.
Not here: SQL (store), what is said to the caller (api).
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from triage import store
from triage.records import ApiKey, Reply


def kept_row(reply: Reply, key: ApiKey | None, at: datetime) -> store.TriageRow:
    """Make the row that is kept of a reply."""
    question = asdict(reply.question)
    question["groups"] = sorted(reply.question.groups)
    said: dict[str, Any] = {
        "suggestions": [asdict(s) for s in reply.suggestions],
        "same_question": [asdict(s) for s in reply.decision.same_question],
        "known_issues": [],
        "decision": {
            "destination": reply.decision.destination,
            "probability": reply.decision.destination_probability,
            "visibility": reply.decision.visibility,
            "public_allowed": reply.decision.public_allowed,
            "reasons": [asdict(r) for r in reply.decision.reasons],
        },
        "labels": {target: asdict(label) for target, label in reply.labels.items()},
        "arm": reply.arm,
    }
    return store.TriageRow(
        triage_id=reply.triage_id,
        ask_id=reply.ask_id,
        key_id=key.id if key else None,
        stage=reply.question.stage,
        at=at,
        question=question,
        reply=said,
        model_version=reply.model_version,
        index_version=reply.index_version,
        mode=reply.mode,
    )
