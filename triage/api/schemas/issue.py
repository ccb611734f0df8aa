"""Known issues as they are sent and given.

In: what leads write. Out: issues as whoever reads may know them.
Not here: which fields may hold what (affected.publishing), issues beside a reply (schemas).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from triage.affected import Written
from triage.api.schemas.triage import Received, Short, Told, UserName
from triage.store import AffectedAsk, IssueState, KnownIssueRow

_Text = Annotated[str, Field(max_length=20_000)]
_Groups = Annotated[list[UserName], Field(max_length=200)]
_Products = Annotated[list[Short], Field(max_length=100)]


class IssueBody(Received):
    """A known issue as leads write it. It is redacted like a thread: everybody reads it."""

    title: Annotated[str, Field(max_length=300)]
    body: _Text = ""
    lang: Annotated[str, Field(min_length=2, max_length=12)] | None = None
    products: _Products = Field([], description="Which are affected; none means every product.")
    versions: Short | None = Field(
        None, description="Which are affected, as `>=8.2,<8.2.3`; null means every version."
    )
    groups: _Groups = Field([], description="Who may read it; none means everyone.")
    workaround: _Text | None = Field(None, description="What helps until it is fixed.")
    fix: _Text | None = Field(
        None, description="What ends it. With the first fix everybody is told who asked about it."
    )
    fixed_in: Short | None = Field(None, description="The version that holds the fix.")
    thread_id: Short | None = Field(None, description="A thread that tells more.")

    def written(self) -> Written:
        """Return what is written as it travels."""
        told = {name: getattr(self, name) for name in Written.__slots__}
        sets = {name: frozenset(told[name]) for name in ("products", "groups")}
        return Written(**{**told, **sets})


class NewIssueBody(IssueBody):
    """A known issue that is written anew."""

    publish: bool = Field(True, description="False: only the staff see it until it is published.")
    cluster_id: Short | None = Field(
        None, description="A cluster of questions that are about it; they stand for it as well."
    )


class PublishRequest(Received):
    """What is to be otherwise in what is published; `{}` publishes it as it is."""

    title: Annotated[str, Field(max_length=300)] | None = None
    body: _Text | None = None
    lang: Annotated[str, Field(min_length=2, max_length=12)] | None = None
    products: _Products | None = None
    versions: Short | None = None
    groups: _Groups | None = None
    workaround: _Text | None = None
    fix: _Text | None = None
    fixed_in: Short | None = None
    thread_id: Short | None = None

    def over(self, row: KnownIssueRow) -> Written:
        """Return the words of an issue with those that are sent in their place."""
        told: dict[str, Any] = {name: getattr(row, name) for name in Written.__slots__}
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        for name in ("products", "groups"):
            if name in sent:
                sent[name] = frozenset(sent[name] or ())
        for name in ("title", "body"):
            if sent.get(name, "") is None:
                del sent[name]
        return Written(**{**told, **sent})


class WithdrawRequest(Received):
    """Why an issue is shown no more, or why a proposal is none."""

    reason: Annotated[str, Field(max_length=1000)] | None = None


class IssueReply(Told):
    """A known issue. What only the staff may know is null for everybody else."""

    issue_id: str
    state: IssueState
    title: str
    body: str
    lang: str | None
    products: list[str]
    versions: str | None
    groups: list[str]
    workaround: str | None
    fix: str | None
    fixed_in: str | None
    thread_id: str | None
    affected: int = Field(
        description="How many other persons asked about it, of those the reader may know of."
    )
    proposed_at: datetime | None
    published_at: datetime | None
    fixed_at: datetime | None
    withdrawn_at: datetime | None
    evidence: dict[str, Any] | None = Field(
        description="What a proposal rests on: how many asked within how many minutes, how many"
        " were to be expected, in which languages and versions. For the staff."
    )
    asks: int | None = Field(description="How many asks there are about it. For the staff.")

    @classmethod
    def of(
        cls,
        row: KnownIssueRow,
        affected: int,
        asks: list[AffectedAsk] | None,
        open_threads: frozenset[str],
    ) -> "IssueReply":
        """Tell an issue; with its asks, as the staff see it."""
        staff = asks is not None
        return cls(
            issue_id=row.issue_id,
            state=row.state,
            title=row.title,
            body=row.body,
            lang=row.lang,
            products=sorted(row.products),
            versions=row.versions,
            groups=sorted(row.groups),
            workaround=row.workaround,
            fix=row.fix,
            fixed_in=row.fixed_in,
            thread_id=row.thread_id if row.thread_id in open_threads else None,
            affected=affected,
            proposed_at=row.proposed_at if staff else None,
            published_at=row.published_at,
            fixed_at=row.fixed_at,
            withdrawn_at=row.withdrawn_at,
            evidence=dict(row.evidence) if staff and row.evidence is not None else None,
            asks=len(asks) if asks is not None else None,
        )


class IssuesReply(Told):
    """A page of known issues, newest first."""

    known_issues: list[IssueReply]
    next_after: str | None = Field(description="`after` of the next page; null: this is the last.")


ISSUE: Mapping[str, Any] = {
    "title": "Invoice export stops at 90 % with E-417",
    "body": "Since 8.2 exports of more than 500 invoices stop. Your invoices are safe.",
    "lang": "en",
    "products": ["portal"],
    "versions": ">=8.2,<8.2.3",
    "groups": [],
    "workaround": "Turn off the preview pane before you export.",
    "fix": None,
    "fixed_in": None,
    "thread_id": "1042",
}
NEW_ISSUE: Mapping[str, Any] = {**ISSUE, "thread_id": None, "publish": True, "cluster_id": None}
FIXED_ISSUE: Mapping[str, Any] = {
    **ISSUE,
    "thread_id": None,
    "fix": "Update to 8.2.3.",
    "fixed_in": "8.2.3",
}
ISSUE_REPLY: Mapping[str, Any] = {
    "issue_id": "ki_019cc3a0b2e85f1d2c4b",
    "state": "published",
    **ISSUE,
    "affected": 7,
    "proposed_at": "2026-03-06T09:21:40Z",
    "published_at": "2026-03-06T09:24:05Z",
    "fixed_at": None,
    "withdrawn_at": None,
    "evidence": {
        "asks": 6,
        "persons": 5,
        "minutes": 10,
        "expected": 0.02,
        "p_value": 2.6e-11,
        "langs": ["en", "sv", "fi"],
        "first_at": "2026-03-06T09:13:02+00:00",
        "last_at": "2026-03-06T09:21:31+00:00",
        "versions": {"8.2.1": 4},
    },
    "asks": 11,
}
ISSUES_REPLY: Mapping[str, Any] = {"known_issues": [ISSUE_REPLY], "next_after": None}
