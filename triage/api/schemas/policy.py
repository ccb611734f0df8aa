"""A forum's policy as it is sent and told, and what a trial of one tells.

In: JSON, rows of versions. Out: checked values; replies, every field of them always there.
Not here: what may stand in a policy (policy), what may become of a version (policies).
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from triage.api.schemas.model import Reason
from triage.api.schemas.triage import ReasonReply, Received, Told, TriageReply
from triage.policies.drafting import Activated, Shown
from triage.policies.trial import MOST_DAYS
from triage.records import Decision, Destination, Reply, Visibility
from triage.store import PolicyChange, PolicyRow

Toml = Annotated[str, Field(max_length=500_000)]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class PolicyDraftRequest(Received):
    """A policy as a file holds it (TOML); what it leaves out is as by default."""

    toml: Toml
    reason: Reason | None = Field(None, description="Kept in the history.")


class PolicyActivateRequest(Received):
    """Which version is to decide."""

    version: Number = Field(description="The draft, or one that decided before.")
    reason: Reason | None = Field(None, description="Kept in the history.")


class PolicyDiscardRequest(Received):
    """Which draft is given up."""

    version: Number | None = Field(None, description="Only if the draft is this one.")
    reason: Reason | None = Field(None, description="Kept in the history.")


class PolicySimulateRequest(Received):
    """What is tried on past asks: a version, a text that is kept nowhere, or else the draft."""

    days: Annotated[float, Field(ge=1, le=MOST_DAYS)] = 30.0
    version: Number | None = None
    toml: Toml | None = None


class PolicyVersionReply(Told):
    """One version; `simulated` is the reply of its last trial, if there was one."""

    version: int
    state: Literal["draft", "active", "retired", "discarded"]
    made_at: datetime
    by: str = Field(description="A user name or address, or the beginning of an API key.")
    simulated: dict[str, Any] | None

    @classmethod
    def of(cls, row: PolicyRow) -> "PolicyVersionReply":
        """Tell a version."""
        return cls(**_of_row(row))


class PolicyTextReply(PolicyVersionReply):
    """One version with its text: every field of it, with its meaning."""

    toml: str

    @classmethod
    def of(cls, row: PolicyRow) -> "PolicyTextReply":
        """Tell a version and its text."""
        return cls(**_of_row(row), toml=row.toml)


class PolicyReply(Told):
    """What decides now, and the draft."""

    version: str = Field(description="A number, or `default` where no version ever was active.")
    toml: str
    active: PolicyVersionReply | None
    draft: PolicyVersionReply | None

    @classmethod
    def of(cls, shown: Shown) -> "PolicyReply":
        """Tell what decides."""
        return cls(
            version=shown.version,
            toml=shown.toml,
            active=None if shown.active is None else PolicyVersionReply.of(shown.active),
            draft=None if shown.draft is None else PolicyVersionReply.of(shown.draft),
        )


class PolicyActivatedReply(Told):
    """The version that decides now, and the one before; null: the default did."""

    version: int
    former: int | None

    @classmethod
    def of(cls, done: Activated) -> "PolicyActivatedReply":
        """Tell a change."""
        return cls(version=done.version, former=done.former)


class PolicyChangeReply(Told):
    """One thing that happened to a version; `former` is the draft or the active one before it."""

    at: datetime
    action: Literal["draft", "activate", "discard"]
    version: int
    former: int | None
    by: str
    reason: str | None

    @classmethod
    def of(cls, change: PolicyChange) -> "PolicyChangeReply":
        """Tell what happened."""
        return cls(
            at=change.at,
            action=change.action.value,
            version=change.version,
            former=change.former,
            by=change.by,
            reason=change.reason,
        )


class PolicyHistoryReply(Told):
    """What happened to the versions, newest first; `next_before` asks for the next page."""

    changes: list[PolicyChangeReply]
    next_before: int | None

    @classmethod
    def of(cls, page: list[PolicyChange], more: bool) -> "PolicyHistoryReply":
        """Tell a page."""
        return cls(
            changes=[PolicyChangeReply.of(change) for change in page],
            next_before=page[-1].position if more else None,
        )


class MeasuredReply(Told):
    """A number with its 95 % interval; null where nothing is known of it."""

    value: float | None
    low: float | None
    high: float | None


class DecidedReply(Told):
    """How many asks something decided, by the draft and as it is now."""

    draft: int
    current: int


class MovedReply(Told):
    """One ask that the draft sends elsewhere, and what decides about it then and now."""

    ask_id: str
    to: Destination
    draft: str
    current: str
    truth: Destination | None = Field(description="Who really had to answer, if that is known.")


class SimulationReply(Told):
    """What a draft would have done to past asks, beside the policy in force."""

    draft_version: str
    current_version: str
    since: datetime
    until: datetime
    counted: Literal["posted", "sent"] = Field(
        description="Asks that were posted, or all that were sent where no post is told of."
    )
    wordless: int = Field(description="Left out: their words are kept no more.")
    answer_times: int = Field(description="So many measured answers stand behind the waiting.")
    hours_per_question: float = Field(description="Taken where an expert's time is not known.")
    simulated: int = Field(description="Made-up asks among them, which a demo alone counts.")
    asks: int
    persons: int
    known: int = Field(description="Of so many it is known who really had to answer.")
    days: float
    draft: dict[str, MeasuredReply]
    current: dict[str, MeasuredReply]
    difference: dict[str, MeasuredReply]
    moved_to_expert: int
    moved_to_community: int
    decided: dict[str, DecidedReply] = Field(
        description="By what decides (`decided_by` of a decision), how many asks it decides."
    )
    moved: list[MovedReply] = Field(
        description="Some of those that move, 25 of each way: first those that would go wrong."
    )


class CutReply(Told):
    """From over which probability of needing an expert one was asked, and how the load moved it."""

    at: float
    moved: float
    queue: int | None
    community_hours: float | None
    closed: bool


class DecisionReply(Told):
    """Why a question went where it did: for leads alone."""

    policy_version: str | None
    decided_by: str | None = Field(description="The rule that decided, or `costs`.")
    destination: Destination
    visibility: Visibility
    for_leads: list[ReasonReply] = Field(description="What leads should know of whoever asks.")
    would_change: list[ReasonReply] = Field(
        description="What, all of it together, would have sent the question the other way."
    )
    cut: CutReply | None = Field(description="Where costs decided.")

    @classmethod
    def of(cls, decision: Decision, lang: str) -> "DecisionReply":
        """Tell a decision, its reasons in a language."""
        cut = decision.cut
        return cls(
            policy_version=decision.policy_version,
            decided_by=decision.decided_by,
            destination=decision.destination,
            visibility=decision.visibility,
            for_leads=[ReasonReply.of(reason, lang) for reason in decision.for_leads],
            would_change=[ReasonReply.of(reason, lang) for reason in decision.would_change],
            cut=None
            if cut is None
            else CutReply(
                at=cut.at,
                moved=cut.moved,
                queue=cut.queue,
                community_hours=cut.community_hours,
                closed=cut.closed,
            ),
        )


class TriageReplyForLeads(TriageReply):
    """What is said to a lead: the reply, and why the question goes where it does."""

    decision: DecisionReply


def for_leads(told: TriageReply, reply: Reply) -> TriageReplyForLeads:
    """Add to a reply what leads alone are told."""
    decision = DecisionReply.of(reply.decision, reply.question.lang)
    return TriageReplyForLeads(**dict(told), decision=decision)


def _of_row(row: PolicyRow) -> dict[str, Any]:
    return {
        "version": row.version,
        "state": row.state.value,
        "made_at": row.made_at,
        "by": row.by,
        "simulated": None if row.simulated is None else dict(row.simulated),
    }
