"""Proposals as they are told, and what a decision about one takes.

In: JSON. Out: checked values; proposals as JSON, without anything that points to a person.
Not here: what a proposal says (answers.proposing), deciding (answers.publishing).
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from triage.answers.publishing import Shown, Wanted
from triage.api.schemas.bases import Received, Short, Told, UserName
from triage.errors import BadField
from triage.store import ProposalRow, ProposalState

_Text = Annotated[str, Field(max_length=200_000)]


class ApprovalRequest(Received):
    """Who may read the thread, and what it says instead of what was drafted."""

    groups: Annotated[list[UserName], Field(max_length=200)] = Field(
        description="Who may read the thread; an empty list means everyone, so it has to be there."
    )
    title: Annotated[str, Field(max_length=1000)] | None = Field(
        None, description="Instead of what was drafted; redacted as that was. So are the others."
    )
    body: _Text | None = None
    answer: _Text | None = None
    valid_versions: Short | None = Field(
        None, description="For which versions it is right, as `>=8.2,<9`."
    )

    def wanted(self) -> Wanted:
        """Return what is approved. Raises BadField where groups are named and all are blank."""
        groups = frozenset(name.strip() for name in self.groups if name.strip())
        if self.groups and not groups:
            raise BadField("groups", "holds nothing but blank names; an empty list means everyone")
        return Wanted(groups, **self.model_dump(exclude={"groups"}))


class RefusalRequest(Received):
    """Why a case is to stay what it is."""

    reason: Short | None = Field(None, description="For the log of acts, redacted.")


class ProposalReply(Told):
    """A case of an expert that might become a thread."""

    proposal_id: str
    state: ProposalState = Field(
        description="`open`, `approved`, `refused`, or `superseded`: the case says something else."
    )
    case_id: str
    thread_id: str | None = Field(
        description="The thread that was made of the case; of an open one, which would be replaced."
    )
    title: str | None = Field(description="As drafted; null: the case is gone.")
    found: list[str] = Field(description="Types of what was taken out of the texts.")
    cautions: list[str] = Field(
        description="Look twice: `confidential`, `complaint`, `severe`, `group`, `customised`."
    )
    case_at: datetime
    proposed_at: datetime
    decided_at: datetime | None

    @classmethod
    def of(cls, row: ProposalRow, shown: Shown | None) -> "ProposalReply":
        """Tell a proposal."""
        return cls(**_facts(row, shown))


class ProposalsReply(Told):
    """A page of proposals, that of the newest case first."""

    proposals: list[ProposalReply]
    next_after: str | None = Field(description="`after` of the next page; null: this is the last.")


class SimilarReply(Told):
    """A thread that there is already."""

    thread_id: str
    title: str
    probability: float = Field(description="That it settles the question of the case.")
    groups: list[str]


class ProposalDetailReply(ProposalReply):
    """A proposal with all that a decision needs."""

    body: str
    answer: str
    lang: str | None
    product: str | None
    version: str | None = Field(description="Of whoever asked.")
    groups: list[str] = Field(description="Who could read the case.")
    kind: str | None
    topic: str | None
    severity: int | None
    answer_public: bool = Field(description="Whether the case says that its answer may be shown.")
    similar: list[SimilarReply] = Field(description="What the forum has already, likeliest first.")

    @classmethod
    def of_shown(cls, shown: Shown, similar: list[SimilarReply]) -> "ProposalDetailReply":
        """Tell a proposal whole."""
        case, drafted = shown.case, shown.drafted
        return cls(
            **_facts(shown.row, shown),
            body=drafted.body,
            answer=drafted.answer,
            lang=drafted.lang,
            product=drafted.product,
            version=case.version,
            groups=sorted(case.groups),
            kind=case.kind,
            topic=case.topic,
            severity=case.severity,
            answer_public=case.answer_public,
            similar=similar,
        )


def _facts(row: ProposalRow, shown: Shown | None) -> dict[str, Any]:
    drafted = shown.drafted if shown is not None else None
    return {
        "proposal_id": row.id,
        "state": row.state,
        "case_id": row.case_id,
        "thread_id": row.thread_id,
        "title": drafted.title if drafted else None,
        "found": list(drafted.found) if drafted else [],
        "cautions": list(drafted.cautions) if drafted else [],
        "case_at": row.case_at,
        "proposed_at": row.proposed_at,
        "decided_at": row.decided_at,
    }


APPROVAL: dict[str, Any] = {
    "groups": [],
    "title": "Invoice export stops at 90 percent",
    "valid_versions": ">=8.2,<8.3",
}
REFUSAL: dict[str, Any] = {"reason": "Only true of this customer's own export."}
PROPOSAL: dict[str, Any] = {
    "proposal_id": "p_72c8820edac46196",
    "state": "open",
    "case_id": "C-20931",
    "thread_id": None,
    "title": "Export of invoices aborted",
    "found": ["host"],
    "cautions": [],
    "case_at": "2026-02-26T14:10:00Z",
    "proposed_at": "2026-02-27T03:00:00Z",
    "decided_at": None,
}
PROPOSAL_DETAIL: dict[str, Any] = {
    **PROPOSAL,
    "body": "Since the update the export on [HOST] stops at 90 %.",
    "answer": "Turn off the preview pane before you export; 8.2.2 repairs it for good.",
    "lang": "en",
    "product": "portal",
    "version": "8.2.1",
    "groups": [],
    "kind": "bug",
    "topic": "invoices",
    "severity": 2,
    "answer_public": False,
    "similar": [
        {
            "thread_id": "1042",
            "title": "Invoice export ends with E-417",
            "probability": 0.41,
            "groups": [],
        }
    ],
}
PROPOSALS: dict[str, Any] = {"proposals": [PROPOSAL], "next_after": None}
