"""What a triage call takes and gives, field by field.

In: JSON. Out: checked values; and the reply, every field of it always there.
Not here: what the values mean (records), threads and events (thread_schemas, event_schemas).
"""

from typing import Annotated

from pydantic import Field

from triage.api.bases import Received as Received
from triage.api.bases import Short as Short
from triage.api.bases import Told as Told
from triage.api.bases import UserName as UserName
from triage.api.beside_schemas import KnownIssueReply
from triage.api.trust_schemas import TrustReply
from triage.phrases import say
from triage.records import (
    Applicability,
    Arm,
    Asker,
    Attachment,
    Context,
    Destination,
    Label,
    Mode,
    Reason,
    Reply,
    Stage,
    Suggestion,
    Target,
    Visibility,
)


class ContextBody(Received):
    """Where in the customer's system the problem arose."""

    page: Short | None = None
    form: Short | None = None
    record_type: Short | None = None
    error_text: Annotated[str, Field(max_length=10_000)] | None = None


class AttachmentBody(Received):
    """A file beside the draft; `text` is what could be read of it."""

    name: Short
    type: Short | None = None
    text: Annotated[str, Field(max_length=100_000)] | None = None


class TriageRequest(Received):
    """A draft, and what is known about where it comes from."""

    title: Annotated[str, Field(max_length=1000)] | None = ""
    body: Annotated[str, Field(max_length=200_000)] | None = ""
    lang: Annotated[str, Field(min_length=2, max_length=12)] | None = Field(
        None, description="The language, as `sv` or `sv-SE`; found out where it is not given."
    )
    product: Short | None = None
    version: Short | None = None
    context: ContextBody | None = None
    customer_severity: Annotated[int, Field(ge=1, le=4)] | None = Field(
        None, description="How bad the customer says it is: 1 is worst."
    )
    attachments: Annotated[list[AttachmentBody], Field(max_length=10)] | None = None
    user: UserName | None = Field(
        None, description="Who asks. Counts only with a secret key; kept as a keyed hash."
    )
    account: UserName | None = Field(None, description="Counts only with a secret key.")
    groups: Annotated[list[UserName], Field(max_length=200)] | None = Field(
        None, description="The groups of who asks. Count only with a secret key."
    )
    session: UserName | None = Field(
        None, description="What one visit's calls have in common; kept as a keyed hash."
    )
    stage: Stage = Stage.SUBMIT
    asker: Asker | None = Field(
        None, description="Staff and bots get the same replies and count in no measure."
    )
    wants_person: bool = Field(
        False, description="The asker wants a person of the staff: an expert takes it at once."
    )
    wants_public: bool = Field(
        False,
        description="The asker wants it public: no tone then keeps it from the community.",
    )

    def context_value(self) -> Context:
        """Return the context as it travels."""
        return Context(**self.context.model_dump()) if self.context else Context()

    def attachment_values(self) -> tuple[Attachment, ...]:
        """Return the attachments as they travel."""
        return tuple(Attachment(**a.model_dump()) for a in self.attachments or ())


class ReasonReply(Told):
    """Why: a stable code, its parameters, and a sentence in the asker's language."""

    code: str
    params: dict[str, str | int | float]
    text: str

    @classmethod
    def of(cls, reason: Reason, lang: str) -> "ReasonReply":
        """Say a reason in a language."""
        return cls(code=reason.code, params=dict(reason.params), text=say(reason, lang))


class SuggestionReply(Told):
    """A known thread that probably settles the question."""

    thread_id: str
    answer_id: str | None
    title: str
    snippet: str
    url: str | None
    lang: str | None
    rank: int
    probability: float
    solved: bool
    staff: bool
    applicability: Applicability
    reasons: list[ReasonReply]
    trust: TrustReply | None = Field(description="Null: nothing is known of the answer.")

    @classmethod
    def of(cls, s: Suggestion, lang: str) -> "SuggestionReply":
        """Tell a suggestion."""
        return cls(
            thread_id=s.thread_id,
            answer_id=s.answer_id,
            title=s.title,
            snippet=s.snippet,
            url=s.url,
            lang=s.lang,
            rank=s.rank,
            probability=s.probability,
            solved=s.solved,
            staff=s.staff,
            applicability=s.applicability,
            reasons=[ReasonReply.of(r, lang) for r in s.reasons],
            trust=TrustReply.of(s.trust) if s.trust is not None else None,
        )


class AlternativeReply(Told):
    """A value that the label might have had instead."""

    value: str
    probability: float


class LabelReply(Told):
    """One prediction; `abstained` when there is no head or it is not sure enough."""

    value: str | float | None
    probability: float | None
    alternatives: list[AlternativeReply]
    abstained: bool

    @classmethod
    def of(cls, label: Label) -> "LabelReply":
        """Tell a label."""
        others = [AlternativeReply(value=v, probability=p) for v, p in label.alternatives]
        return cls(
            value=label.value,
            probability=label.probability,
            alternatives=others,
            abstained=label.abstained,
        )


class LabelsReply(Told):
    """All predictions about one question."""

    kind: LabelReply
    topic: LabelReply
    severity: LabelReply
    difficulty: LabelReply
    destination: LabelReply
    tone: LabelReply
    scope: LabelReply


class SameQuestionReply(Told):
    """An open thread that asks the same."""

    thread_id: str
    followers: int


class MissingReply(Told):
    """Something that whoever answers will ask for."""

    code: str
    text: str


class SensitiveReply(Told):
    """Characters `start` to `end` of a submitted field that were taken out."""

    type: str
    field: str
    start: int
    end: int


class TriageReply(Told):
    """Everything that is said to one draft."""

    triage_id: str
    ask_id: str
    suggestions: list[SuggestionReply]
    destination: Destination
    destination_probability: float | None
    visibility: Visibility
    public_allowed: bool
    labels: LabelsReply
    reasons: list[ReasonReply]
    same_question: list[SameQuestionReply]
    known_issues: list[KnownIssueReply]
    also_affected: int = Field(
        description="How many other persons have an open question like this, of those the asker"
        " may know of; in the holdout 0."
    )
    missing: list[MissingReply]
    sensitive: list[SensitiveReply]
    expected_seconds: float | None
    arm: Arm
    mode: Mode
    model_version: str | None
    index_version: str
    index_age_seconds: float

    @classmethod
    def of(cls, reply: Reply, *, to_asker: bool = False) -> "TriageReply":
        """Tell a reply, its reasons in the language of the question.

        What goes straight `to_asker`, into a browser, says nothing of how they sound.
        """
        lang, decision = reply.question.lang, reply.decision
        told = {**reply.labels, Target.TONE: Label()} if to_asker else reply.labels
        labels = {str(t): LabelReply.of(told.get(t, Label())) for t in Target}
        return cls(
            triage_id=reply.triage_id,
            ask_id=reply.ask_id,
            suggestions=[SuggestionReply.of(s, lang) for s in reply.suggestions],
            destination=decision.destination,
            destination_probability=decision.destination_probability,
            visibility=decision.visibility,
            public_allowed=decision.public_allowed,
            labels=LabelsReply(**labels),
            reasons=[ReasonReply.of(r, lang) for r in decision.reasons],
            same_question=[
                SameQuestionReply(thread_id=s.thread_id, followers=s.followers)
                for s in decision.same_question
            ],
            known_issues=[KnownIssueReply.of(i) for i in reply.known_issues],
            also_affected=reply.also_affected,
            missing=[MissingReply(code=r.code, text=say(r, lang)) for r in reply.missing],
            sensitive=[
                SensitiveReply(type=f.type, field=f.field, start=f.start, end=f.end)
                for f in reply.question.sensitive
            ],
            expected_seconds=reply.expected_seconds,
            arm=reply.arm,
            mode=reply.mode,
            model_version=reply.model_version,
            index_version=reply.index_version,
            index_age_seconds=reply.index_age_seconds,
        )
