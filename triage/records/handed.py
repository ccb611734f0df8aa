"""What is handed to other systems, and to whom: kinds, types, states.

In: nothing. Out: closed lists of words that stand in tables, the API and messages.
Not here: how anything is sent (connect), kept (store) or tried again (delivering).
"""

from enum import StrEnum


class ChannelKind(StrEnum):
    """What stands at the other end of a channel.

    A `person_…` is the address of one person, who is told there what they would read in their feed.
    """

    WEBHOOK = "webhook"
    DISCOURSE = "discourse"
    ZAMMAD = "zammad"
    EMAIL = "email"
    PERSON_EMAIL = "person_email"
    PERSON_WEBHOOK = "person_webhook"

    @property
    def personal(self) -> bool:
        """Whether it is of one person, and none of the company's systems."""
        return self in (ChannelKind.PERSON_EMAIL, ChannelKind.PERSON_WEBHOOK)

    @property
    def needs_words(self) -> bool:
        """Whether it is told what a question says, and not only that there is one."""
        return self in (ChannelKind.DISCOURSE, ChannelKind.ZAMMAD, ChannelKind.EMAIL)


class MessageType(StrEnum):
    """What a message tells of. `question.…` names the state that a question came to."""

    RECEIVED = "question.received"
    WITH_COMMUNITY = "question.with_community"
    WITH_EXPERT = "question.with_expert"
    WAITING = "question.waiting_for_customer"
    ANSWERED = "question.answered"
    SOLVED = "question.confirmed_solved"
    REOPENED = "question.reopened"
    ESCALATED = "question.escalated"
    CLOSED = "question.closed"
    ALERT = "alert.raised"
    ISSUE_PUBLISHED = "known_issue.published"
    ISSUE_FIXED = "known_issue.fixed"
    # Traffic is unlike what the live model was made for, or the model is right less often.
    DRIFT = "drift.found"
    # What usually comes all the time has stopped: the service may be dead though it answers.
    SILENT = "service.silent"
    # One person is told of something; it reaches that person's own channels alone.
    NOTICE = "notice.created"
    # A person is to say that an address is theirs: it reaches that address alone.
    CONFIRM = "address.confirm"
    # A person at a console wants to see whether anything arrives.
    PING = "ping"


class DeliveryState(StrEnum):
    """Where the handing over of one message through one channel stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    # Tried as often as we try; somebody replays or skips it. What is behind it waits.
    DEAD = "dead"
    # Somebody decided that it is not to be delivered.
    SKIPPED = "skipped"


class Way(StrEnum):
    """How a person wants to be told of one kind of notice.

    All but `none` stand in the feed; the others are sent besides.
    """

    FEED = "feed"
    EMAIL = "email"
    WEBHOOK = "webhook"
    NONE = "none"
