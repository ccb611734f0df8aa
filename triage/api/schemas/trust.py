"""What is told of an answer besides its words, and of people who chose a name.

In: the values of records. Out: the same as JSON, with nothing that leads to a person.
Not here: votes, reviews and profiles as they are sent (answer).
"""

from datetime import datetime
from typing import Any

from pydantic import Field

from triage.api.schemas.bases import Told
from triage.records import Face, Holds, Standing, Trust


class TrustReply(Told):
    """What is known of one answer besides its words."""

    holds: Holds = Field(
        description="`current`; `other_version`: it is right for other versions than the asker's;"
        " `outdated`: staff say so, or more people than it has helped since."
    )
    accepted: bool = Field(description="Whoever asked took it.")
    staff: bool = Field(description="Staff wrote it.")
    verified: bool = Field(description="Staff have checked that it holds.")
    verified_at: datetime | None
    helpful: int = Field(description="How many people say that it helps.")
    not_helpful: int
    outdated_votes: int = Field(
        description="How many ever called it outdated, here or in the forum."
    )
    confirmed: int = Field(description="How many asks the thread settled, as their askers said.")
    contradicted: int = Field(description="How many it did not, as their askers said.")
    last_confirmed: datetime | None = Field(
        description="When staff, or somebody whom it helped, last said that it holds."
    )
    valid_versions: str | None

    @classmethod
    def of(cls, t: Trust) -> "TrustReply":
        """Tell the trust in an answer."""
        return cls(
            holds=t.holds,
            accepted=t.accepted,
            staff=t.staff,
            verified=t.verified,
            verified_at=t.verified_at,
            helpful=t.helpful,
            not_helpful=t.not_helpful,
            outdated_votes=t.outdated_votes,
            confirmed=t.confirmed,
            contradicted=t.contradicted,
            last_confirmed=t.last_confirmed,
            valid_versions=t.valid_versions,
        )


class FaceReply(Told):
    """Somebody as others see them, under the name that they chose."""

    profile_id: str = Field(description="Drawn at random; it leads to no person and no company.")
    display_name: str
    standing: Standing = Field(description="How far their answers have helped others.")
    staff: bool = Field(description="Whether they have answered as staff.")
    answers: int
    accepted: int = Field(description="How many of their answers the asker took.")
    helped: int = Field(description="How many people their answers helped.")
    company: str | None = Field(description="Only where they show it.")

    @classmethod
    def of(cls, face: Face) -> "FaceReply":
        """Tell a face."""
        return cls(
            profile_id=face.profile_id,
            display_name=face.display_name,
            standing=face.standing,
            staff=face.staff,
            answers=face.answers,
            accepted=face.accepted,
            helped=face.helped,
            company=face.company,
        )


ANSWER_TRUST: dict[str, Any] = {
    "holds": "current",
    "accepted": True,
    "staff": True,
    "verified": False,
    "verified_at": None,
    "helpful": 0,
    "not_helpful": 0,
    "outdated_votes": 0,
    "confirmed": 0,
    "contradicted": 0,
    "last_confirmed": None,
    "valid_versions": ">=8.2,<8.2.2",
}
FACE: dict[str, Any] = {
    "profile_id": "m_5b0c7e6f2a914d38",
    "display_name": "Ledger Owl",
    "standing": "helping",
    "staff": False,
    "answers": 4,
    "accepted": 2,
    "helped": 7,
    "company": None,
}
