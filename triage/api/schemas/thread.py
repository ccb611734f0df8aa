"""Threads as they are sent and given: the documented threads format.

In: Threads. Out: the same as JSON, without anything that points to a person.
Not here: reading a thread's fields (connect), what the format means (data/README.md).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, RootModel

from triage.api.schemas.bases import Received, Told
from triage.api.schemas.trust import FaceReply, TrustReply
from triage.records import Answer, Face, Thread, Trust


class AnswerBody(Received):
    """One answer as it is sent; only text is needed."""

    id: str | None = None
    body: str
    user: str | None = Field(None, description="Kept as a keyed hash.")
    accepted: bool = False
    staff: bool = False
    votes: int = 0
    created: datetime | None = None
    updated: datetime | None = None
    outdated_votes: int = 0


class ThreadBody(Received):
    """One thread as it is sent (the documented schema; `triage.connect` reads the fields)."""

    id: str | None = Field(None, description="With PUT the address says it; in a batch it is due.")
    title: str = ""
    body: str = ""
    answers: list[AnswerBody] = Field([])
    user: str | None = Field(None, description="Kept as a keyed hash.")
    solved: bool | None = Field(None, description="Without it: whether an answer is accepted.")
    lang: str | None = None
    tags: list[str] = Field([])
    product: str | None = None
    valid_versions: str | None = Field(None, description="A range such as `>=8.0,<9`.")
    groups: list[str] = Field([], description="Who may read it; none means everyone.")
    url: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    duplicate_of: list[str] = Field([])
    superseded_by: str | None = None
    outdated_votes: int = 0
    verified_by: str | None = Field(None, description="Kept as a keyed hash.")
    verified_at: datetime | None = None


class AnswerReply(Told):
    """One answer as it is kept."""

    id: str
    body: str
    accepted: bool
    staff: bool
    votes: int
    created: datetime | None
    updated: datetime | None
    outdated_votes: int
    by: FaceReply | None = Field(description="Who answered, if they chose a name.")
    trust: TrustReply | None

    @classmethod
    def of(cls, a: Answer, trust: Trust | None, by: Face | None) -> "AnswerReply":
        """Tell an answer."""
        return cls(
            id=a.id,
            body=a.body,
            accepted=a.accepted,
            staff=a.staff,
            votes=a.votes,
            created=a.created,
            updated=a.updated,
            outdated_votes=a.outdated_votes,
            by=FaceReply.of(by) if by is not None else None,
            trust=TrustReply.of(trust) if trust is not None else None,
        )


class ThreadReply(Told):
    """One thread as it is kept: redacted, without persons."""

    id: str
    title: str
    body: str
    answers: list[AnswerReply]
    asked_by: FaceReply | None = Field(description="Who asked, if they chose a name.")
    solved: bool
    lang: str | None
    tags: list[str]
    product: str | None
    valid_versions: str | None
    groups: list[str]
    url: str | None
    created: datetime | None
    updated: datetime | None
    duplicate_of: list[str]
    superseded_by: str | None
    outdated_votes: int
    verified_at: datetime | None

    @classmethod
    def of(cls, t: Thread, trust: Mapping[str, Trust], faces: Mapping[str, Face]) -> "ThreadReply":
        """Tell a thread, with the trust in its answers by id, and the faces of persons by hash."""
        asker = faces.get(t.person or "")
        return cls(
            id=t.id,
            title=t.title,
            body=t.body,
            answers=[
                AnswerReply.of(a, trust.get(a.id), faces.get(a.person or "")) for a in t.answers
            ],
            asked_by=FaceReply.of(asker) if asker is not None else None,
            solved=t.solved,
            lang=t.lang,
            tags=list(t.tags),
            product=t.product,
            valid_versions=t.valid_versions,
            groups=sorted(t.groups),
            url=t.url,
            created=t.created,
            updated=t.updated,
            duplicate_of=list(t.duplicate_of),
            superseded_by=t.superseded_by,
            outdated_votes=t.outdated_votes,
            verified_at=t.verified_at,
        )


class ThreadRow(RootModel[dict[str, Any]]):
    """One thread's body before its fields are read: any object."""


class ThreadBatch(Received):
    """Many threads; each is judged by itself."""

    threads: list[Any]


class ThreadBatchBody(Received):
    """Many threads as they are sent (the documented schema)."""

    threads: list[ThreadBody]


ThreadState = Literal["created", "updated", "unchanged", "refused"]


class ThreadResult(Told):
    """What became of one thread; a refused one has a code and a sentence."""

    id: str | None
    state: ThreadState
    code: str | None = None
    detail: str | None = None


class ThreadBatchReply(Told):
    """What became of each thread, in the order that they were sent."""

    results: list[ThreadResult]
