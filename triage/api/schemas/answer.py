"""Votes, reviews and profiles as they are sent, and what is replied.

In: JSON. Out: checked values, and replies that name nobody but by a name that they chose.
Not here: trust and faces themselves (trust).
"""

from typing import Annotated, Any

from pydantic import Field

from triage.api.schemas.bases import Received, Short, Told, UserName
from triage.api.schemas.trust import ANSWER_TRUST, FACE, FaceReply, TrustReply
from triage.records import StaffWord, Word

_Id = Annotated[UserName, Field(min_length=1)]


class VoteRequest(Received):
    """What somebody says of an answer."""

    thread_id: _Id
    answer_id: _Id
    word: Word | None = Field(
        description="`helpful`, `not_helpful`, `outdated`; null takes back what they said before."
    )
    user: UserName | None = Field(None, description="Who says so. Counts only with a secret key.")
    groups: Annotated[list[UserName], Field(max_length=200)] | None = Field(
        None, description="Their groups. Count only with a secret key."
    )


class ReviewRequest(Received):
    """What staff say of an answer."""

    thread_id: _Id
    answer_id: _Id
    word: StaffWord = Field(description="`verified`: it holds. `outdated`: it does no more.")
    valid_versions: Short | None = Field(
        None, description="For which versions it is right, as `>=8.2,<9`; null: as the forum says."
    )


class AnswerReply(Told):
    """An answer, by its ids, and the trust in it."""

    thread_id: str
    answer_id: str
    trust: TrustReply


class DoubtedReply(AnswerReply):
    """An answer that somebody called outdated."""

    title: str = Field(description="Of its thread.")


class DoubtedAnswersReply(Told):
    """A page of answers that somebody called outdated."""

    answers: list[DoubtedReply]
    next_after: str | None = Field(description="`after` of the next page; null: this is the last.")


class ProfileRequest(Received):
    """The name that somebody wants to be known by."""

    display_name: Annotated[str, Field(max_length=100)] | None = Field(
        description="2 to 40 characters; null gives the name up, and with it the profile."
    )
    company_shown: bool = Field(False, description="Whether others see their company beside it.")
    user: UserName | None = Field(None, description="Whose it is. Counts only with a secret key.")


class ProfileReply(Told):
    """How others see somebody; null: they chose no name, and are seen by nobody."""

    profile: FaceReply | None


VOTE: dict[str, Any] = {
    "thread_id": "1042",
    "answer_id": "1042-a1",
    "word": "helpful",
    "user": "anna.larsson",
}
REVIEW: dict[str, Any] = {
    "thread_id": "1042",
    "answer_id": "1042-a1",
    "word": "verified",
    "valid_versions": ">=8.2,<8.2.2",
}
ANSWER: dict[str, Any] = {"thread_id": "1042", "answer_id": "1042-a1", "trust": ANSWER_TRUST}
DOUBTED: dict[str, Any] = {
    "answers": [{**ANSWER, "title": "Invoice export ends with E-417"}],
    "next_after": None,
}
PROFILE_REQUEST: dict[str, Any] = {
    "display_name": "Ledger Owl",
    "company_shown": False,
    "user": "anna.larsson",
}
PROFILE: dict[str, Any] = {"profile": FACE}
