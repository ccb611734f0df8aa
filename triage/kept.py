"""A reply -> the row that is kept of it, and back: the redacted question and what was said.

In: a reply and the key that asked, or a row. Out: a row for the store, or the question of a row.
What a reply quotes of threads is not kept: the words are the thread's, and go with it.
Not here: SQL (store), what is said to the caller (api).
"""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from triage import store
from triage.records import ApiKey, Attachment, Context, Finding, Question, Reply, Stage

_FIELDS = frozenset(field.name for field in fields(Question))
_QUOTED = frozenset({"title", "snippet", "url"})


def kept_row(reply: Reply, key: ApiKey | None, at: datetime) -> store.TriageRow:
    """Make the row that is kept of a reply."""
    question = asdict(reply.question)
    question["groups"] = sorted(reply.question.groups)
    said: dict[str, Any] = {
        "suggestions": [_unquoted(asdict(s)) for s in reply.suggestions],
        "same_question": [asdict(s) for s in reply.decision.same_question],
        "known_issues": [],
        "decision": {
            "destination": reply.decision.destination,
            "probability": reply.decision.destination_probability,
            "visibility": reply.decision.visibility,
            "public_allowed": reply.decision.public_allowed,
            "reasons": [asdict(r) for r in reply.decision.reasons],
            "for_leads": [asdict(r) for r in reply.decision.for_leads],
            "policy_version": reply.decision.policy_version,
            "decided_by": reply.decision.decided_by,
            "would_change": [asdict(r) for r in reply.decision.would_change],
            "cut": asdict(reply.decision.cut) if reply.decision.cut else None,
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


def _unquoted(suggestion: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in suggestion.items() if name not in _QUOTED}


def kept_question(row: store.TriageRow) -> Question:
    """Return the question of a row as it was when it was replied to."""
    kept = {name: value for name, value in row.question.items() if name in _FIELDS}
    return Question(
        **{
            **kept,
            "context": Context(**kept["context"]),
            "attachments": tuple(Attachment(**one) for one in kept["attachments"]),
            "groups": frozenset(kept["groups"]),
            "stage": Stage(kept["stage"]),
            "sensitive": tuple(Finding(**one) for one in kept["sensitive"]),
        }
    )
