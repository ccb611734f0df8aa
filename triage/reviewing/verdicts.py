"""A verdict of a lead -> an item as it will be once that is said of it, and what is noted of it.

In: an item, what somebody says of it. Out: the item with the verdict, which nobody has kept yet.
Not here: keeping it (queue), what becomes of labels (teaching).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from triage.audit.acting import Acting, plain_reason
from triage.errors import BadField
from triage.reviewing.teaching import checked
from triage.reviewing.values import LONGEST_NOTE, Verdict
from triage.store import ReviewRow, ReviewState, ReviewSubject, ReviewVerdict


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of an item, and when."""

    acting: Acting
    at: datetime
    verdict: Verdict


def wanted_of(row: ReviewRow, said: Said) -> ReviewRow:
    """Return an item as it will be once this is said of it. Raises BadField."""
    verdict, labels = said.verdict, dict[str, str]()
    match row.subject:
        case ReviewSubject.BURST:
            word = _burst_said(verdict)
        case ReviewSubject.PROPOSAL:
            word = _proposal_said(verdict)
        case _:
            labels = {t.value: label for t, label in checked(row, verdict.labels).items()}
            word = ReviewVerdict.LABELLED
    return replace(
        row,
        state=ReviewState.DECIDED,
        labels=labels,
        verdict=word,
        note=note_of(verdict.note),
        decided_by=said.acting.actor.name,
        decided_at=said.at,
    )


def note_of(said: str | None) -> str | None:
    """Return a note as it is kept: redacted, on one line. Raises BadField where it is too long."""
    told = " ".join(said.split()) if said else ""
    if len(told) > LONGEST_NOTE:
        raise BadField("note", f"is longer than {LONGEST_NOTE} characters")
    return plain_reason(told) or None if told else None


def noted(before: ReviewRow, after: ReviewRow) -> dict[str, Mapping[str, Any]]:
    """Return what is noted of a change: what it is about, and what was said."""
    told = {"subject": after.subject.value, "subject_id": after.subject_id}
    return {
        "before": {"state": before.state.value, **dict(before.labels)},
        "after": {
            "state": after.state.value,
            "why": after.reason.value,
            **told,
            **dict(after.labels),
            "verdict": after.verdict.value if after.verdict else None,
        },
    }


def _burst_said(verdict: Verdict) -> ReviewVerdict:
    if verdict.counts is None or verdict.labels or verdict.approve or verdict.refuse:
        raise BadField("counts", "is what is said of a burst: true or false, and nothing else")
    return ReviewVerdict.COUNTED if verdict.counts else ReviewVerdict.LEFT_OUT


def _proposal_said(verdict: Verdict) -> ReviewVerdict:
    both = verdict.refuse == (verdict.approve is not None)
    if both or verdict.labels or verdict.counts is not None:
        raise BadField("approve", "or `refuse` is what is said of a proposal, one of the two")
    return ReviewVerdict.REFUSED if verdict.refuse else ReviewVerdict.APPROVED
