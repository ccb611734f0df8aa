"""A forum's rules about its questions, whoever is alerted, and what experts read first, as JSON.

In: JSON, or values. Out: checked values; the same as JSON.
Not here: what the rules mean (lifecycle), who may set them (matrix).
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from triage.api.schemas.question import SaidReply
from triage.api.schemas.triage import Received, Told
from triage.lifecycle import Slot, Span
from triage.lifecycle.intake import Filled
from triage.nearest import NearCase
from triage.questions.handover import Handover
from triage.store import AlertRow

_Named = Annotated[dict[str, str], Field(max_length=2_000)]
_Hours = Annotated[float, Field(gt=0, le=8760)]


class OwnersBody(Received):
    """Who of the staff owns what; `forum` owns whatever nobody else does."""

    forum: str = Field(min_length=1, max_length=100)
    accounts: _Named = Field({}, description="By account: who answers its expert questions.")
    teams: _Named = Field({}, description="By expert team: who leads it.")
    topics: _Named = Field({}, description="By topic.")
    away: Annotated[list[str], Field(max_length=2_000)] = Field(
        [], description="Who is passed over."
    )


class LimitsBody(Received):
    """Hours that something may wait; what is left out is as it is everywhere."""

    community: _Hours | None = None
    least: _Hours | None = None
    most: _Hours | None = None
    pressing: _Hours | None = None
    routing: _Hours | None = None
    expert: _Hours | None = None
    customer: _Hours | None = None
    confirming: _Hours | None = None
    by_topic: Annotated[dict[str, _Hours], Field(max_length=2_000)] = Field({})


class RulesBody(Received):
    """A forum's rules, all of them."""

    owners: OwnersBody
    limits: LimitsBody = LimitsBody()
    handover_url: Annotated[str, Field(max_length=2_000)] | None = Field(
        None,
        description="Where a person of the company is met: an https address, with places such as"
        " `{title}`, `{situation}`, `{problem}`, `{impact}`, `{next_step}`, `{severity}`, `{lang}`,"
        " `{product}`, `{version}`, `{topic}`, `{triage_id}` and `{question_id}` behind its path.",
    )


class RulesReply(Told):
    """A forum's rules as they are kept, and the hours that were learnt by topic."""

    owners: dict[str, Any]
    limits: dict[str, Any]
    handover_url: str | None
    learned: dict[str, float] = Field(
        description="By when nine in ten questions of a topic had an answer."
    )


class AlertReply(Told):
    """Somebody of the staff who was told at once, or reminded, of a question."""

    alert_id: str
    question_id: str
    owner: str
    why: str
    at: datetime
    seen_at: datetime | None
    seen_by: str | None

    @classmethod
    def of(cls, row: AlertRow) -> "AlertReply":
        """Tell an alert."""
        return cls(
            alert_id=row.alert_id,
            question_id=row.question_id,
            owner=row.owner,
            why=row.why,
            at=row.at,
            seen_at=row.seen_at,
            seen_by=row.seen_by,
        )


class SeenRequest(Received):
    """Who has seen an alert."""

    by: Annotated[str, Field(max_length=100)] | None = Field(
        None, description="Who of the staff it was, where a key speaks for many."
    )


class AlertsReply(Told):
    """A page of alerts, newest first."""

    alerts: list[AlertReply]
    next_after: str | None = Field(description="`after` of the next page; null: this is the last.")


class SpanReply(Told):
    """Words of the customer, and where in which field they stand."""

    field: str
    start: int
    end: int
    text: str
    signs: list[str] = Field(description="By which it was chosen.")

    @classmethod
    def of(cls, span: Span, signs: tuple[str, ...] = ()) -> "SpanReply":
        """Tell a span."""
        return cls(
            field=span.field, start=span.start, end=span.end, text=span.text, signs=list(signs)
        )


class EnvironmentReply(Told):
    """On what it happened, as far as it is told."""

    product: SpanReply | None
    version: SpanReply | None
    error_codes: list[SpanReply]
    page: SpanReply | None
    form: SpanReply | None
    record_type: SpanReply | None


class SeverityReply(Told):
    """How bad it is, 1 worst, and who says so."""

    value: int | None
    customer: int | None
    predicted: int | None
    probability: float | None
    reason: Literal["customer", "predicted", "both", "unknown"]


class SimilarCaseReply(Told):
    """A resolved case whose text is near."""

    case_id: str
    title: str
    similarity: float
    kind: str | None
    topic: str | None
    severity: int | None
    answer: str | None

    @classmethod
    def of(cls, near: NearCase) -> "SimilarCaseReply":
        """Tell a case."""
        case = near.case
        return cls(
            case_id=case.id,
            title=case.title,
            similarity=round(near.similarity, 4),
            kind=case.kind,
            topic=case.topic,
            severity=case.severity,
            answer=case.answer,
        )


class OfferedReply(Told):
    """A thread that was suggested to the asker, and what became of that."""

    thread_id: str
    title: str | None
    probability: float | None
    became: Literal["solved", "refused", "opened", "shown"]


class IntakeReply(Told):
    """What an expert reads first."""

    question_id: str
    situation: list[SpanReply]
    problem: list[SpanReply]
    impact: list[SpanReply]
    next_step: list[SpanReply]
    environment: EnvironmentReply
    severity: SeverityReply
    similar_cases: list[SimilarCaseReply]
    cases_compared: int | None
    offered: list[OfferedReply]
    asked_for_help: bool = Field(description="Looked at what was suggested and went on.")
    missing: list[SaidReply] = Field(description="What is worth asking the customer for.")
    original: bool = Field(
        description="Whether more may be kept for a time: `GET /v1/triage/{id}/original`."
    )

    @classmethod
    def of(cls, question_id: str, found: Handover, lang: str, original: bool) -> "IntakeReply":
        """Tell what was gathered."""
        intake, told = found.intake, found.intake.environment
        slots = {slot.value: [_filled(one) for one in intake.slots[slot]] for slot in Slot}
        where = {
            name: _span(getattr(told, name))
            for name in ("product", "version", "page", "form", "record_type")
        }
        codes = [SpanReply.of(span) for span in told.error_codes]
        return cls(
            question_id=question_id,
            **slots,
            environment=EnvironmentReply(error_codes=codes, **where),
            severity=SeverityReply.model_validate(
                {
                    "value": found.severity.value,
                    "customer": found.severity.customer,
                    "predicted": found.severity.predicted,
                    "probability": found.severity.probability,
                    "reason": found.severity.reason,
                }
            ),
            similar_cases=[SimilarCaseReply.of(near) for near in found.nearest.cases],
            cases_compared=found.nearest.compared,
            offered=[
                OfferedReply.model_validate(
                    {
                        "thread_id": one.thread_id,
                        "title": one.title,
                        "probability": one.probability,
                        "became": one.became,
                    }
                )
                for one in found.offered
            ],
            asked_for_help=found.asked_for_help,
            missing=[SaidReply.of(reason, lang) for reason in found.missing],
            original=original,
        )


def _filled(filled: Filled) -> SpanReply:
    return SpanReply.of(filled.span, filled.signs)


def _span(span: Span | None) -> SpanReply | None:
    return None if span is None else SpanReply.of(span)
