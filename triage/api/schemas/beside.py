"""What stands beside the suggestions in the reply to a draft.

In: known issues that it is about, open threads that ask the same, what it lacks or holds too much
of. Out: the same as JSON.
Not here: known issues by themselves (issue), the rest of the reply (triage).
"""

from datetime import datetime

from pydantic import Field

from triage.api.schemas.bases import Told
from triage.records import KnownIssue


class KnownIssueReply(Told):
    """A fault that is known, in the words of the staff."""

    issue_id: str
    title: str
    body: str
    lang: str | None
    certain: bool = Field(
        description="Whether the asker's product and version are known to be affected."
    )
    probability: float
    affected: int = Field(
        description="How many other persons asked about it, of those the asker may know of."
    )
    workaround: str | None
    fix: str | None
    fixed_in: str | None
    thread_id: str | None
    published_at: datetime | None

    @classmethod
    def of(cls, issue: KnownIssue) -> "KnownIssueReply":
        """Tell an issue."""
        return cls(**{name: getattr(issue, name) for name in cls.model_fields})


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
