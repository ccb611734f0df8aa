"""Clusters of questions, as they are given.

In: clusters. Out: the same as JSON, without anything that points to a person.
Not here: known issues (issue), questions themselves, what people are told (notification).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from triage.affected import ClusterTold
from triage.api.schemas.triage import Received, Short, Told, UserName
from triage.records import Visibility
from triage.store import QuestionRow


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
