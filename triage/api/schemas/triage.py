"""What a triage call takes and gives, field by field.

In: JSON. Out: checked values; and the reply, every field of it always there.
Not here: what the values mean (records), threads and events (thread, event).
"""

from typing import Annotated

from pydantic import Field

from triage.api.schemas.bases import Received as Received
from triage.api.schemas.bases import Short as Short
from triage.api.schemas.bases import Told as Told
from triage.api.schemas.bases import UserName as UserName
from triage.api.schemas.beside import (
    KnownIssueReply,
    MissingReply,
    SameQuestionReply,
    SensitiveReply,
)
from triage.api.schemas.trust import TrustReply
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
    lang: Annotated[str, Field(max_length=12)] | None = Field(
        None, description="The language, as `sv` or `sv-SE`; found out where none is given."
    )
    product: Short | None = Field(
        None, description="What it is about, as threads and cases name it."
    )
    version: Short | None = Field(None, description="Of the product, as `8.2.1`.")
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
        None,
        description="What one visit's calls have in common, such as a random text; kept as a keyed"
        " hash. Calls of one session within half an hour are one ask.",
    )
    stage: Stage = Field(
        Stage.SUBMIT, description="`typing` while they type, `submit` when they press send."
    )
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

    thread_id: str = Field(description="As the forum calls it; events name it.")
    answer_id: str | None = Field(description="Of the answer that the snippet is of.")
    title: str = Field(description="Plain text.")
    snippet: str = Field(description="What of the answer is worth reading first; plain text.")
    url: str | None = Field(description="Where to read it, as the forum said; null: it did not.")
    lang: str | None = Field(description="The thread's language, not always the asker's.")
    rank: int = Field(description="The place at which to show it, from 1.")
    probability: float = Field(description="That it settles the draft.")
    solved: bool
    staff: bool = Field(description="Whether staff gave the answer.")
    applicability: Applicability = Field(
        description="Whether it is for the asker's product and version, and still holds."
    )
    reasons: list[ReasonReply] = Field(description="Why it is suggested; sentences to show.")
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


class TriageReply(Told):
    """Everything that is said to one draft."""

    triage_id: str = Field(description="Of this reply; events and the posted question name it.")
    ask_id: str = Field(description="The same for all calls about one problem; events name it.")
    suggestions: list[SuggestionReply] = Field(
        description="At most three, the likeliest first; mostly none while little is typed."
    )
    destination: Destination = Field(description="Who answers it when it is posted.")
    destination_probability: float | None
    visibility: Visibility = Field(
        description="Who may then read it: everybody, the asker's groups, or asker and staff."
    )
    public_allowed: bool = Field(
        description="Whether the asker may choose to post it to everybody after all."
    )
    labels: LabelsReply
    reasons: list[ReasonReply] = Field(
        description="Why it goes there; sentences to show, in the draft's language."
    )
    same_question: list[SameQuestionReply] = Field(
        description="Open threads that ask the same, to be followed instead (event `followed`)."
    )
    known_issues: list[KnownIssueReply] = Field(
        description="Known faults that the draft is about; they stand before all suggestions."
    )
    also_affected: int = Field(
        description="How many other persons have an open question like this, of those the asker"
        " may know of; in the holdout 0."
    )
    missing: list[MissingReply] = Field(
        description="What whoever answers will ask for; sentences to show beside the draft."
    )
    sensitive: list[SensitiveReply] = Field(
        description="What was taken out, by its characters in the field that was sent."
    )
    handover_url: str | None = Field(
        description="Where a person of the company is met, with the question filled in; null:"
        " that is not the way, or the forum names no such place."
    )
    expected_seconds: float | None = Field(
        description="Within which half of such questions have a first answer; null: unknown."
    )
    arm: Arm = Field(description="In the `holdout` nothing is suggested; show no difference.")
    mode: Mode = Field(description="What the reply was made with; `hybrid`: everything works.")
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
            handover_url=reply.handover_url,
            expected_seconds=reply.expected_seconds,
            arm=reply.arm,
            mode=reply.mode,
            model_version=reply.model_version,
            index_version=reply.index_version,
            index_age_seconds=reply.index_age_seconds,
        )
