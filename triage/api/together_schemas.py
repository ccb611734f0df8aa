"""Clusters of questions, and what people are told, as they are given.

In: clusters and notices. Out: the same as JSON, without anything that points to a person.
Not here: known issues (issue_schemas), questions themselves.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from triage.affected import ClusterTold
from triage.api.schemas import Received, Short, Told, UserName
from triage.phrases import say
from triage.records import Reason, Visibility
from triage.store import Notice, NoticeKind, QuestionRow

_SAID: Mapping[NoticeKind, Reason] = {
    NoticeKind.KNOWN_ISSUE: Reason("notice_known_issue"),
    NoticeKind.ISSUE_FIXED: Reason("notice_issue_fixed"),
    NoticeKind.SAME_ANSWER: Reason("notice_same_answer"),
}


class MemberReply(Told):
    """One question of a cluster, for the staff."""

    question_id: str
    external_id: str | None
    title: str
    lang: str | None
    product: str | None
    version: str | None
    state: str
    visibility: Visibility
    received_at: datetime

    @classmethod
    def of(cls, row: QuestionRow) -> "MemberReply":
        """Tell a question."""
        return cls(
            question_id=row.question_id,
            external_id=row.external_id,
            title=row.question.get("title") or "",
            lang=row.lang,
            product=row.product,
            version=row.version,
            state=row.state,
            visibility=Visibility(row.visibility),
            received_at=row.received_at,
        )


class ClusterReply(Told):
    """Questions with one meaning, in whatever languages."""

    cluster_id: str
    persons: int = Field(description="How many persons asked them; several times counts once.")
    open: int = Field(description="How many of them somebody still has something to do with.")
    langs: list[str]
    questions: list[MemberReply]

    @classmethod
    def of(cls, told: ClusterTold) -> "ClusterReply":
        """Tell a cluster."""
        return cls(
            cluster_id=told.cluster_id,
            persons=told.persons,
            open=told.open,
            langs=sorted({row.lang for row in told.rows if row.lang}),
            questions=[MemberReply.of(row) for row in told.rows],
        )


class ClustersReply(Told):
    """A page of clusters, those of most persons first."""

    clusters: list[ClusterReply]
    next_after: str | None = Field(description="`after` of the next page; null: this is the last.")


class SplitRequest(Received):
    """Which question does not mean the same as the others."""

    question_id: Short


class NotMineRequest(Received):
    """Who says that theirs is another question."""

    user: UserName | None = Field(None, description="Counts only with a secret key.")
    session: UserName | None = Field(
        None, description="The visit in which it was posted, where nobody is known."
    )


class NotMineReply(Told):
    """Where the question stands now."""

    question_id: str
    state: str
    also_affected: int


class NoticeReply(Told):
    """Something that a person is told."""

    notice_id: str
    kind: NoticeKind
    text: str = Field(description="In the language of what they asked.")
    issue_id: str | None
    question_id: str | None
    answer_id: str | None
    title: str | None = Field(description="Of the known issue, while the person may read it.")
    at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, notice: Notice, title: str | None) -> "NoticeReply":
        """Tell a notice."""
        of_question = notice.kind is NoticeKind.SAME_ANSWER
        return cls(
            notice_id=notice.notice_id,
            kind=notice.kind,
            text=say(_SAID[notice.kind], notice.lang or ""),
            issue_id=None if of_question else notice.subject,
            question_id=notice.subject if of_question else None,
            answer_id=notice.detail if of_question else None,
            title=title,
            at=notice.at,
            read_at=notice.read_at,
        )


class NoticesReply(Told):
    """A page of what a person is told, newest first."""

    notices: list[NoticeReply]
    next_after: str | None = Field(description="`after` of the next page; null: this is the last.")


class ReadRequest(Received):
    """Which notices a person has read."""

    user: UserName | None = Field(None, description="Counts only with a secret key.")
    notice_ids: Annotated[list[Short], Field(min_length=1, max_length=500)]


class ReadReply(Told):
    """How many of them were unread before."""

    read: int


CLUSTER: Mapping[str, Any] = {
    "cluster_id": "q_7d1e0c",
    "persons": 2,
    "open": 2,
    "langs": ["en", "sv"],
    "questions": [
        {
            "question_id": "q_7d1e0c",
            "external_id": "2041",
            "title": "Invoice export stops at 90 %",
            "lang": "en",
            "product": "portal",
            "version": "8.2.1",
            "state": "with_community",
            "visibility": "public",
            "received_at": "2026-03-06T09:13:02Z",
        },
        {
            "question_id": "q_81b3f2",
            "external_id": None,
            "title": "Fakturaexporten stannar vid 90 %",
            "lang": "sv",
            "product": "portal",
            "version": None,
            "state": "with_expert",
            "visibility": "private",
            "received_at": "2026-03-06T09:20:44Z",
        },
    ],
}
CLUSTERS: Mapping[str, Any] = {"clusters": [CLUSTER], "next_after": None}
NOT_MINE: Mapping[str, Any] = {"question_id": "q_81b3f2", "state": "reopened", "also_affected": 0}
NOTICES: Mapping[str, Any] = {
    "notices": [
        {
            "notice_id": "0b6f3d2c9a8e4f51b7c0d1e2f3a4b5c6",
            "kind": "issue_fixed",
            "text": "There is a fix for a known issue that you asked about.",
            "issue_id": "ki_019cc3a0b2e85f1d2c4b",
            "question_id": None,
            "answer_id": None,
            "title": "Invoice export stops at 90 % with E-417",
            "at": "2026-03-09T08:00:12Z",
            "read_at": None,
        }
    ],
    "next_after": None,
}
