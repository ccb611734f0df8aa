"""Posted questions as they are sent and given: to their asker, to other customers, to staff.

In: JSON, or questions as they are kept. Out: checked values; the same as JSON, with only as much as
the reader may know.
Not here: who may know what (question_rights), what may become of a question (lifecycle).
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from triage.api.schemas.triage import Received, Short, Told, TriageRequest, UserName
from triage.api.schemas.trust import FaceReply
from triage.lifecycle import Expected, State, Who, Why, tell_expected
from triage.phrases import say
from triage.records import Destination, Reason, Visibility
from triage.store import QuestionRow

_Visible = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,100}$")]
_Words = Annotated[str, Field(max_length=200_000)]
Code = Literal["ask_version", "ask_error", "ask_steps", "ask_impact"]


class QuestionRequest(TriageRequest):
    """A question as it is posted: the text of a draft, and which reply was made to it."""

    triage_id: Annotated[str, Field(max_length=64)] | None = Field(
        None,
        description="Of the reply that was made to the draft. Without title and body, the text is"
        " the one that was replied to.",
    )
    external_id: UserName | None = Field(
        None,
        description="What the forum itself calls the question; kept, and found by it. Left out"
        " from a browser that nobody vouches for.",
    )


class ChangeRequest(Received):
    """What somebody wants of a question."""

    state: State = Field(description="What it is to become.")
    who: Who | None = Field(
        None,
        description="For whom a server speaks; found out where it is not said. Staff are whoever"
        " has a key of a lead or an administrator, or is signed in as one.",
    )
    change_id: _Visible | None = Field(
        None, description="Yours; the same one again gives the change that was made."
    )
    revision: int | None = Field(
        None, ge=1, description="The revision that you looked at; refused when it has moved on."
    )
    why: Why | None = Field(
        None, description="The reason, where the step wants one; from the asker it is found out."
    )
    answer_id: Short | None = Field(None, description="Of the answer, as the forum calls it.")
    answer_public: bool | None = Field(
        None, description="Whether a staff answer may be read by others than the asker."
    )
    asked: Annotated[list[Code], Field(max_length=2)] = Field(
        [], description="What the asker is asked for."
    )
    owner: Annotated[str, Field(max_length=100)] | None = Field(
        None, description="Who of the staff has it from now on."
    )
    by: Annotated[str, Field(max_length=100)] | None = Field(
        None, description="Who of the staff it was, where a key speaks for many."
    )
    words: _Words | None = Field(
        None, description="What the asker says or is told with it; kept redacted."
    )
    note: _Words | None = Field(
        None,
        description="For the staff; kept redacted. Whoever asked has it in an export of their"
        " data.",
    )
    user: UserName | None = Field(None, description="The asker. Counts only with a secret key.")
    session: UserName | None = Field(
        None, description="The visit that asked, where nobody was signed in."
    )


class SaidReply(Told):
    """A sentence, and the code that it is made of."""

    code: str
    params: dict[str, str | int | float]
    text: str

    @classmethod
    def of(cls, reason: Reason, lang: str) -> "SaidReply":
        """Say a reason in a language."""
        return cls(code=reason.code, params=dict(reason.params), text=say(reason, lang))


class TimelineReply(Told):
    """One line of what became of a question."""

    at: datetime
    state: State
    who: Who
    told: SaidReply
    answer_id: str | None
    asked: list[SaidReply]
    words: str | None = Field(description="What the asker said or was told with it.")


class ExpectedReply(Told):
    """By when such questions have a first answer, and on how many that rests."""

    told: SaidReply
    half_seconds: float | None
    most_seconds: float | None
    cases: int
    answered: int

    @classmethod
    def of(cls, expected: Expected, lang: str) -> "ExpectedReply":
        """Tell an expected time; unknown is said as that."""
        half, most = expected.half, expected.most
        return cls(
            told=SaidReply.of(tell_expected(expected), lang),
            half_seconds=None if half is None else half.total_seconds(),
            most_seconds=None if most is None else most.total_seconds(),
            cases=expected.cases,
            answered=expected.answered,
        )


class ChangeReply(Told):
    """One change as it is kept, for staff."""

    change_id: str
    revision: int
    before: State | None
    after: State
    who: Who
    at: datetime
    why: Why | None
    by: str | None
    answer_id: str | None
    answer_public: bool | None
    asked: list[str]
    owner: str | None
    words: str | None
    note: str | None


class TakenReply(Told):
    """How long each step took since it was received, in seconds; null: not yet."""

    to_owner: float | None
    to_person: float | None
    to_answer: float | None
    to_solved: float | None


class StaffPart(Told):
    """What of a question only staff may know."""

    owner: str
    account: str | None
    kind: str | None
    topic: str | None
    severity: int | None
    customer_severity: int | None
    due_at: datetime | None = Field(description="When the sweep does something if nobody has.")
    reroutes: int
    decision: dict[str, Any]
    taken: TakenReply
    changes: list[ChangeReply]


class QuestionReply(Told):
    """A posted question, as far as its reader may know it."""

    question_id: str
    external_id: str | None = Field(description="What the forum itself calls it.")
    triage_id: str | None = Field(description="For whoever asked it and staff; else null.")
    state: State
    open: bool = Field(description="Whether somebody still has to do something.")
    destination: Destination
    visibility: Visibility
    revision: int = Field(description="One more with every change.")
    received_at: datetime
    since: datetime = Field(description="In this state since then.")
    changed_at: datetime
    lang: str | None
    product: str | None
    version: str | None
    title: str = Field(description="As it is kept: redacted.")
    body: str
    timeline: list[TimelineReply] = Field(
        description="What the asker is told, oldest first; `told.text` is the sentence to show."
    )
    expected: ExpectedReply | None = Field(description="Until there is an answer; then null.")
    handover_url: str | None = Field(
        description="Where a person of the company is met, with the question filled in; for"
        " whoever asked it and staff, while a person is the way; else null."
    )
    missing: list[SaidReply] = Field(description="What the asker is asked for now.")
    also_affected: int = Field(description="How many other persons ask the same.")
    asked_by: FaceReply | None = Field(
        description="Who asked, if they chose a name; the company only where they show it."
    )
    allowed: list[State] = Field(description="What the caller may make it, with what is needed.")
    staff: StaffPart | None


class BriefReply(Told):
    """A question in a list."""

    question_id: str
    external_id: str | None
    state: State
    open: bool
    destination: Destination
    visibility: Visibility
    title: str
    lang: str | None
    product: str | None
    version: str | None
    received_at: datetime
    changed_at: datetime
    first_answer_at: datetime | None
    customer_severity: int | None
    owner: str | None = Field(description="For staff; else null.")
    kind: str | None = Field(description="For staff; else null.")
    topic: str | None = Field(description="For staff; else null.")
    severity: int | None = Field(description="For staff; else null.")
    due_at: datetime | None = Field(description="For staff; else null.")

    @classmethod
    def of(cls, row: QuestionRow, *, to_staff: bool, is_open: bool, whole: bool) -> "BriefReply":
        """Tell a row of a list; `whole` with what only asker and staff may know."""
        return cls(
            question_id=row.question_id,
            external_id=row.external_id,
            state=State(row.state),
            open=is_open,
            destination=Destination(row.destination),
            visibility=Visibility(row.visibility),
            title=row.question.get("title") or "",
            lang=row.lang,
            product=row.product,
            version=row.version,
            received_at=row.received_at,
            changed_at=row.changed_at,
            first_answer_at=row.first_answer_at,
            customer_severity=row.customer_severity if whole else None,
            owner=row.owner if to_staff else None,
            kind=row.kind if to_staff else None,
            topic=row.topic if to_staff else None,
            severity=row.severity if to_staff else None,
            due_at=row.due_at if to_staff else None,
        )


class QuestionsReply(Told):
    """A page of questions, newest first."""

    questions: list[BriefReply]
    next_after: str | None = Field(description="`after` of the next page; null: this is the last.")
