"""What an answer is worth by what people said of it, and how its author is known to others."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Holds(StrEnum):
    """Whether an answer still holds: for everybody, for some versions, or no more."""

    CURRENT = "current"
    OTHER_VERSION = "other_version"
    OUTDATED = "outdated"


class Word(StrEnum):
    """What one person says of one answer; their last word counts."""

    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    OUTDATED = "outdated"


class StaffWord(StrEnum):
    """What staff say of one answer after looking at it."""

    VERIFIED = "verified"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known of one answer besides its words.

    `verified_at` is when staff last checked it, here or in the forum; `verified` is true without a
    moment too. `confirmed` and `contradicted` count asks whose asker said that the thread settled
    them, or did not; `last_confirmed` is the last time anybody who should know said that it holds:
    staff, or an asker whom it helped. `outdated_votes` are the forum's own and those given here.
    """

    holds: Holds
    accepted: bool = False
    staff: bool = False
    verified: bool = False
    verified_at: datetime | None = None
    helpful: int = 0
    not_helpful: int = 0
    outdated_votes: int = 0
    confirmed: int = 0
    contradicted: int = 0
    last_confirmed: datetime | None = None
    valid_versions: str | None = None


class Standing(StrEnum):
    """How far somebody's answers have helped others. It buys nothing."""

    NEW = "new"
    HELPING = "helping"
    TRUSTED = "trusted"
    LEADING = "leading"


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody as others see them: a name that they chose, never the hash or their own name.

    `company` is there only if they show it. `helped` counts the people whom their answers helped,
    `accepted` the answers that an asker took.
    """

    profile_id: str
    display_name: str
    standing: Standing
    staff: bool
    answers: int
    accepted: int
    helped: int
    company: str | None = None
