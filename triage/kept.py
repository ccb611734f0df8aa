"""A reply -> the row that is kept of it, and back: the redacted question and what was said.

In: a reply and the key that asked, or a row. Out: a row for the store, or the question of a row.
What a reply quotes of threads is not kept: the words are the thread's, and go with it.
Not here: SQL (store), what is said to the caller (api).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from triage import store
from triage.records import (
    ApiKey,
    Attachment,
    Context,
    Cut,
    Decision,
    Destination,
    Finding,
    Label,
    Labels,
    Question,
    Reason,
    Reply,
    SameQuestion,
    Stage,
    Suggestion,
    Target,
    Visibility,
)

Withheld = tuple[Sequence[Suggestion], Sequence[SameQuestion]]
_TARGETS = {target.value: target for target in Target}
_FIELDS = frozenset(field.name for field in fields(Question))
# What is the thread's own, and what is said of it, which is known anew whenever it is read.
_QUOTED = frozenset({"title", "snippet", "url", "trust"})


def kept_row(
    reply: Reply, key: ApiKey | None, at: datetime, withheld: Withheld | None = None
) -> store.TriageRow:
    """Make the row that is kept of a reply; what was `withheld` from it is for leads alone."""
    said: dict[str, Any] = {
        "suggestions": [_unquoted(asdict(s)) for s in reply.suggestions],
        "same_question": [asdict(s) for s in reply.decision.same_question],
        "known_issues": [
            {"issue_id": one.issue_id, "thread_id": one.thread_id, "probability": one.probability}
            for one in reply.known_issues
        ],
        "decision": kept_decision(reply.decision),
        "labels": kept_labels(reply.labels),
        "arm": reply.arm,
    }
    if withheld is not None:
        suggestions, same = withheld
        said["withheld"] = {
            "suggestions": [_unquoted(asdict(s)) for s in suggestions],
            "same_question": [asdict(s) for s in same],
        }
    return store.TriageRow(
        triage_id=reply.triage_id,
        ask_id=reply.ask_id,
        key_id=key.id if key else None,
        stage=reply.question.stage,
        at=at,
        question=kept_words(reply.question),
        reply=said,
        model_version=reply.model_version,
        index_version=reply.index_version,
        mode=reply.mode,
    )


def kept_words(question: Question) -> dict[str, Any]:
    """Return a question as it is kept in a row."""
    return {**asdict(question), "groups": sorted(question.groups)}


def kept_decision(decision: Decision) -> dict[str, Any]:
    """Return what is kept of a decision."""
    return {
        "destination": decision.destination,
        "probability": decision.destination_probability,
        "visibility": decision.visibility,
        "public_allowed": decision.public_allowed,
        "reasons": [asdict(r) for r in decision.reasons],
        "for_leads": [asdict(r) for r in decision.for_leads],
        "policy_version": decision.policy_version,
        "decided_by": decision.decided_by,
        "would_change": [asdict(r) for r in decision.would_change],
        "cut": asdict(decision.cut) if decision.cut else None,
    }


def kept_labels(labels: Labels) -> dict[str, Any]:
    """Return what is kept of labels."""
    return {str(target): asdict(label) for target, label in labels.items()}


def _unquoted(suggestion: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in suggestion.items() if name not in _QUOTED}


def kept_question(row: store.TriageRow | store.QuestionRow) -> Question:
    """Return the question of a row as it was when it was replied to, or posted."""
    return read_question(row.question)


def read_question(question: Mapping[str, Any]) -> Question:
    """Return a question of what is kept of it."""
    kept = {name: value for name, value in question.items() if name in _FIELDS}
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


def read_labels(reply: Mapping[str, Any]) -> Labels:
    """Return the labels of what is kept of a reply."""
    return {
        _TARGETS[target]: Label(
            label["value"],
            label["probability"],
            tuple(map(tuple, label["alternatives"])),
            label["abstained"],
        )
        for target, label in (reply.get("labels") or {}).items()
        if target in _TARGETS
    }


def decision_of(kept: Mapping[str, Any]) -> Decision:
    """Return the decision that is kept, without what was shown with it."""
    cut = kept.get("cut")
    return Decision(
        shown=(),
        same_question=(),
        destination=Destination(kept["destination"]),
        destination_probability=kept["probability"],
        visibility=Visibility(kept["visibility"]),
        public_allowed=kept["public_allowed"],
        reasons=_reasons(kept["reasons"]),
        for_leads=_reasons(kept.get("for_leads") or ()),
        policy_version=kept.get("policy_version"),
        decided_by=kept.get("decided_by"),
        would_change=_reasons(kept.get("would_change") or ()),
        cut=None if cut is None else Cut(**cut),
    )


def _reasons(kept: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    told = ((one["code"], one["params"]) for one in kept)
    return tuple(Reason(code, params) for code, params in told)
