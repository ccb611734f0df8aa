"""What a posted question is at a moment, and the changes that made it so.

In: nothing. Out: the frozen values of the room.
Not here: which change is allowed (table), making one (changing), rows and replies (store, api).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from triage.records import Destination


class State(StrEnum):
    """Where a posted question stands."""

    RECEIVED = "received"
    WITH_COMMUNITY = "with_community"
    WITH_EXPERT = "with_expert"
    WAITING_FOR_CUSTOMER = "waiting_for_customer"
    ANSWERED = "answered"
    CONFIRMED_SOLVED = "confirmed_solved"
    REOPENED = "reopened"
    ESCALATED = "escalated"
    CLOSED = "closed"


# Somebody still has to do something. What is answered waits for nothing but a word of thanks.
OPEN = frozenset(State) - {State.ANSWERED, State.CONFIRMED_SOLVED, State.CLOSED}


class Who(StrEnum):
    """Who makes a change."""

    CUSTOMER = "customer"
    COMMUNITY = "community"
    STAFF = "staff"
    MACHINE = "machine"


class Why(StrEnum):
    """The reason of a change, a closed choice; free words are a note that is kept beside it."""

    DECIDED = "decided"
    SENT_ON = "sent_on"
    TAKEN = "taken"
    WANTS_PERSON = "wants_person"
    UNANSWERED = "unanswered"
    COMPLAINT = "complaint"
    URGENT = "urgent"
    REPLIED = "replied"
    SAME_ANSWER = "same_answer"
    NOT_SOLVED = "not_solved"
    NOT_MINE = "not_mine"
    SOLVED_ALONE = "solved_alone"
    WITHDRAWN = "withdrawn"
    NO_REPLY = "no_reply"
    NOT_CONFIRMED = "not_confirmed"
    DUPLICATE = "duplicate"
    NOT_HERE = "not_here"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a question, as it is kept. `revision` is the question's after it.

    `id` is chosen by whoever asks for the change, so that asking twice changes once. `by` is the
    keyed hash of a person or the name of a member of staff or of a process, for staff alone.
    `owner` and `shareable` are told where the change sets them: always in the first one.
    `asked` are the codes of what the customer is asked for.
    """

    id: str
    question_id: str
    revision: int
    before: State | None
    after: State
    who: Who
    at: datetime
    why: Why | None = None
    by: str | None = None
    answer_id: str | None = None
    asked: tuple[str, ...] = ()
    owner: str | None = None
    destination: Destination | None = None
    shareable: bool | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A question as its changes have made it. It has exactly one owner from its first moment.

    `destination` is who has to answer: `waiting_for_customer` leads back there. `shareable` says
    whether other customers may read it, all or those of its group. `in_community` says whether it
    ever stood before them: then they may still answer, even when staff have it as well.
    `since` is when it came into its state, `answers` the answers in their order, `changes` the
    whole history, oldest first.
    """

    question_id: str
    state: State
    revision: int
    owner: str
    destination: Destination
    shareable: bool
    in_community: bool
    received_at: datetime
    since: datetime
    answers: tuple[str, ...] = ()
    solved_by: str | None = None
    asked: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN
