"""Items of the review queue as they are told, and what a decision about one takes.

In: JSON. Out: checked values; items as JSON, what the machine said apart from what a person said.
Not here: what is drawn and what a verdict does (reviewing).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from triage.api.schemas.bases import Received, Told
from triage.api.schemas.proposal import ApprovalRequest
from triage.kept import read_labels
from triage.outcomes.intervals import Share
from triage.records import Label, Target
from triage.reviewing import LONGEST_NOTE, Estimate, Subject, Unbiased, Verdict
from triage.store import (
    ReviewReason,
    ReviewRow,
    ReviewState,
    ReviewSubject,
    ReviewVerdict,
)


def _as_label(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_Label = Annotated[Annotated[str, Field(max_length=200)], BeforeValidator(_as_label)]


class LabelsRequest(Received):
    """Labels as a person has them; what is left out nobody can tell."""

    kind: _Label | None = None
    topic: _Label | None = Field(None, description="A new one is short and names nobody.")
    severity: _Label | None = None
    destination: _Label | None = None
    tone: _Label | None = None

    def said(self) -> dict[Target, str]:
        """Return those that are said."""
        given = self.model_dump(exclude_none=True)
        return {Target(name): label for name, label in given.items()}


class DecisionRequest(Received):
    """What a person says of an item: one of the four, by what it is about."""

    labels: LabelsRequest | None = Field(None, description="Of an ask, a question or a case.")
    counts: bool | None = Field(None, description="Of a burst: whether its events count.")
    approve: ApprovalRequest | None = Field(None, description="Of a proposal: the thread.")
    refuse: bool = Field(False, description="Of a proposal: the case stays what it is.")
    note: str | None = Field(
        None,
        description="Why; redacted, for the staff. Another one is kept instead.",
        max_length=LONGEST_NOTE,
    )

    def verdict(self) -> Verdict:
        """Return what is said. Raises BadField as `ApprovalRequest.wanted`."""
        approve = self.approve.wanted() if self.approve is not None else None
        labels = self.labels.said() if self.labels is not None else {}
        return Verdict(labels, self.note, self.counts, approve, self.refuse)


class SaidReply(Told):
    """What the machine said of one label."""

    value: str | float | None
    probability: float | None
    abstained: bool = Field(description="Not sure enough to be said.")
    alternatives: list[tuple[str, float]]


class ReviewReply(Told):
    """Something to look at."""

    review_id: str
    reason: ReviewReason
    subject: ReviewSubject
    subject_id: str = Field(description="Of the ask, question, case, burst or proposal.")
    state: ReviewState
    title: str | None = Field(description="What was asked, shortened; null: gone, or a burst.")
    targets: list[str] = Field(description="What to label, the most doubtful first.")
    drawn_on: date
    score: float | None = Field(description="How much spoke for it; comparable within a reason.")
    propensity: float | None = Field(description="Of what the lot drew: how likely that was.")
    blind: bool = Field(description="Decide without what the machine said: it is not told yet.")
    machine: dict[str, SaidReply] | None = Field(description="By label; null while `blind`.")
    model_version: str | None
    evidence: dict[str, Any] = Field(description="Why it is here, in codes and numbers.")
    lang: str | None
    product: str | None
    simulated: bool = Field(description="Nobody asked it; what is said of it teaches nothing.")
    labels: dict[str, str] = Field(description="The person's, by label.")
    verdict: ReviewVerdict | None
    note: str | None
    decided_by: str | None
    decided_at: datetime | None

    @classmethod
    def of(cls, row: ReviewRow, title: str | None) -> "ReviewReply":
        """Tell an item."""
        return cls(**_facts(row, title))


class ReviewsReply(Told):
    """A page of items, how many wait, and how the day goes."""

    reviews: list[ReviewReply]
    waiting: dict[str, int] = Field(description="Open items, by reason.")
    done_today: int
    to_do_today: int = Field(description="Done and open ones together.")
    next_after: str | None = Field(description="`after` of the next page; null: this is the last.")


class AskedReply(Told):
    """What was asked, redacted."""

    title: str
    body: str
    lang: str
    product: str | None
    version: str | None
    asked_at: datetime
    triage_id: str | None = Field(description="For `GET /v1/triage/{triage_id}/explanation`.")
    question_id: str | None
    case_labels: dict[str, str] | None = Field(description="Of a case: as it is labelled now.")


class ReviewDetailReply(ReviewReply):
    """An item with what it is about, and the labels to choose from."""

    asked: AskedReply | None = Field(description="Null: a burst, or its words are gone.")
    events: list[dict[str, Any]] = Field(description="Of a burst: types, how many, of threads.")
    choices: dict[str, list[str]]

    @classmethod
    def whole(
        cls,
        row: ReviewRow,
        title: str | None,
        about: Subject | None,
        choices: Mapping[Target, Sequence[str]],
    ) -> "ReviewDetailReply":
        """Tell an item whole."""
        contents = about.contents if about is not None else ()
        return cls(
            **_facts(row, title),
            asked=_asked(about),
            events=[{"type": t, "events": many, "threads": n} for t, many, n in contents],
            choices={target.value: list(labels) for target, labels in choices.items()},
        )


class ShareReply(Told):
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float
    asks: int
    persons: int


class UnbiasedReply(Told):
    """What the lot says of one label."""

    precision: ShareReply | None = Field(description="Right among those the machine said.")
    coverage: ShareReply | None = Field(description="Those of which it said any.")
    judged: int
    unanswered: int
    lowest: float | None = Field(description="Precision, if all unanswered ones were wrong.")
    highest: float | None = Field(description="The same, if all were right.")

    @classmethod
    def of(cls, one: Unbiased) -> "UnbiasedReply":
        """Tell it."""
        return cls(
            precision=_share(one.precision),
            coverage=_share(one.coverage),
            judged=one.judged,
            unanswered=one.unanswered,
            lowest=one.lowest,
            highest=one.highest,
        )


class EstimateReply(Told):
    """How often the machine is right, by what the lot drew: bent by no choice."""

    drawn: int
    decided: int
    waiting: int
    unanswered: int = Field(description="Skipped, expired, or `seen`.")
    seen: int = Field(description="Taken back after the machine's word was shown: none is blind.")
    labels: dict[str, UnbiasedReply]

    @classmethod
    def of(cls, found: Estimate) -> "EstimateReply":
        """Tell it."""
        return cls(
            drawn=found.drawn,
            decided=found.decided,
            waiting=found.waiting,
            unanswered=found.unanswered,
            seen=found.seen,
            labels={target.value: UnbiasedReply.of(one) for target, one in found.heads.items()},
        )


def _facts(row: ReviewRow, title: str | None) -> dict[str, Any]:
    return {
        "review_id": row.id,
        "reason": row.reason,
        "subject": row.subject,
        "subject_id": row.subject_id,
        "state": row.state,
        "title": title,
        "targets": list(row.targets),
        "drawn_on": row.drawn_on,
        "score": row.score,
        "propensity": row.propensity,
        "blind": row.blind,
        "machine": None if row.blind else _machine(row),
        "model_version": row.model_version,
        "evidence": dict(row.evidence),
        "lang": row.lang,
        "product": row.product,
        "simulated": row.simulated,
        "labels": dict(row.labels),
        "verdict": row.verdict,
        "note": row.note,
        "decided_by": row.decided_by,
        "decided_at": row.decided_at,
    }


def _machine(row: ReviewRow) -> dict[str, SaidReply]:
    labels = read_labels({"labels": row.said})
    return {target.value: _said(label) for target, label in labels.items()}


def _said(label: Label) -> SaidReply:
    return SaidReply(
        value=label.value,
        probability=label.probability,
        abstained=label.abstained,
        alternatives=[(name, chance) for name, chance in label.alternatives],
    )


def _asked(about: Subject | None) -> AskedReply | None:
    if about is None or about.burst is not None:
        return None
    question, case = about.question, about.case
    named = (Target.KIND, Target.TOPIC, Target.SEVERITY, Target.DESTINATION, Target.TONE)
    labels = None
    if case is not None:
        held = {target.value: getattr(case, target.value) for target in named}
        labels = {name: str(label) for name, label in held.items() if label is not None}
    return AskedReply(
        title=question.title,
        body=question.body,
        lang=question.lang,
        product=question.product,
        version=question.version,
        asked_at=about.at,
        triage_id=about.triage_id,
        question_id=about.question_row.question_id if about.question_row is not None else None,
        case_labels=labels,
    )


def _share(share: Share | None) -> ShareReply | None:
    if share is None:
        return None
    return ShareReply(
        value=share.value, low=share.low, high=share.high, asks=share.asks, persons=share.persons
    )
