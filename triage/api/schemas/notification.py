"""What people are told, and how they want to be told, as it is sent and given.

In: JSON, or notices and what somebody chose. Out: checked values; the same as JSON.
Not here: who is told what (affected, questions), addresses as they are kept (notifications).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, model_validator

from triage.api.schemas.triage import Received, Short, Told, UserName
from triage.notifications import Address, Chosen, Standing
from triage.phrases import say
from triage.records import ChannelKind, Reason, Way
from triage.store import Notice, NoticeKind

_SAID: Mapping[NoticeKind, Reason] = {
    NoticeKind.KNOWN_ISSUE: Reason("notice_known_issue"),
    NoticeKind.ISSUE_FIXED: Reason("notice_issue_fixed"),
    NoticeKind.SAME_ANSWER: Reason("notice_same_answer"),
    NoticeKind.ANSWERED: Reason("notice_answered"),
    NoticeKind.ASKED_BACK: Reason("notice_asked_back"),
}
_ADDRESSES: Mapping[str, ChannelKind] = {
    "email": ChannelKind.PERSON_EMAIL,
    "webhook": ChannelKind.PERSON_WEBHOOK,
}
_User = Annotated[
    UserName | None, Field(description="Whose they are; counts only with a secret key.")
]


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
        of_question = notice.kind.of_question
        return cls(
            notice_id=notice.notice_id,
            kind=notice.kind,
            text=say(_SAID[notice.kind], notice.lang or ""),
            issue_id=None if of_question else notice.subject,
            question_id=notice.subject if of_question else None,
            answer_id=None if notice.kind is NoticeKind.ASKED_BACK else notice.detail,
            title=title,
            at=notice.at,
            read_at=notice.read_at,
        )


class UnreadReply(Told):
    """How much a person has not read yet."""

    all: int
    by_kind: dict[NoticeKind, int] = Field(description="Every kind, also those with nothing.")

    @classmethod
    def of(cls, counts: Mapping[NoticeKind, int]) -> "UnreadReply":
        """Tell counts."""
        by_kind = {kind: counts.get(kind, 0) for kind in NoticeKind}
        return cls(all=sum(by_kind.values()), by_kind=by_kind)


class NotificationsReply(Told):
    """A page of what a person is told, newest first."""

    notifications: list[NoticeReply]
    unread: UnreadReply = Field(description="Of all that they have been told, not of this page.")
    next_after: str | None = Field(description="`after` of the next page; null: this is the last.")


class ReadRequest(Received):
    """What a person has read: these, or one and all that is older."""

    user: _User = None
    notice_ids: Annotated[list[Short], Field(min_length=1, max_length=500)] | None = None
    up_to: Short | None = Field(None, description="A `notice_id`: it, and all that is older.")

    @model_validator(mode="after")
    def _one_of_both(self) -> "ReadRequest":
        if (self.notice_ids is None) == (self.up_to is None):
            raise ValueError("needs either `notice_ids` or `up_to`")
        return self


class ReadReply(Told):
    """How many of them were unread before."""

    read: int


class NotificationSettingsRequest(Received):
    """How somebody wants to be told. What is left out stays as it is."""

    user: _User = None
    ways: dict[NoticeKind, Way] | None = Field(
        None,
        description="By kind of notice. `none`: it is not kept at all; all others stand in the"
        " feed, `email` and `webhook` are sent besides.",
    )
    email: Annotated[str, Field(max_length=300)] | None = Field(
        None, description="An e-mail address; null: none any more."
    )
    webhook: Annotated[str, Field(max_length=2_000)] | None = Field(
        None,
        description="An https address; null: none any more. The same one again gives a new secret.",
    )
    code: Annotated[str, Field(max_length=40)] | None = Field(
        None, description="That was mailed to the e-mail address, to confirm it."
    )
    lang: Annotated[str, Field(max_length=12)] | None = Field(
        None, description="Of the mail that brings the code."
    )

    def addresses(self) -> dict[ChannelKind, str | None]:
        """Return the addresses that are named; None is one that is given up."""
        named = {name: getattr(self, name) for name in _ADDRESSES if name in self.model_fields_set}
        return {_ADDRESSES[name]: address for name, address in named.items()}


class AddressReply(Told):
    """An address of somebody. It is never given back whole."""

    address: str = Field(description="As much of it as its owner knows it by.")
    state: Standing = Field(description="`unconfirmed`: nothing but a code is sent there yet.")
    why: str | None = Field(description="Why it is `disabled`; give it again to use it again.")
    secret: str | None = Field(
        description="That messages to a webhook are signed with; told once, when it is made."
    )

    @classmethod
    def of(cls, address: Address) -> "AddressReply":
        """Tell an address."""
        return cls(
            address=address.shown,
            state=address.standing,
            why=address.why,
            secret=address.secret,
        )


class NotificationSettingsReply(Told):
    """How somebody is told."""

    ways: dict[NoticeKind, Way]
    email: AddressReply | None
    webhook: AddressReply | None
    email_offered: bool = Field(description="Whether this service sends e-mail.")

    @classmethod
    def of(cls, chosen: Chosen, *, mails: bool) -> "NotificationSettingsReply":
        """Tell what somebody chose."""
        return cls(
            ways=dict(chosen.ways),
            email=None if chosen.email is None else AddressReply.of(chosen.email),
            webhook=None if chosen.webhook is None else AddressReply.of(chosen.webhook),
            email_offered=mails,
        )


NOTIFICATIONS: Mapping[str, Any] = {
    "notifications": [
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
    "unread": {
        "all": 1,
        "by_kind": {
            "known_issue": 0,
            "issue_fixed": 1,
            "same_answer": 0,
            "answered": 0,
            "asked_back": 0,
        },
    },
    "next_after": None,
}
READ_REQUEST: Mapping[str, Any] = {"user": "u-1077", "up_to": "0b6f3d2c9a8e4f51b7c0d1e2f3a4b5c6"}
SETTINGS_REQUEST: Mapping[str, Any] = {
    "user": "u-1077",
    "email": "anna@customer.example",
    "webhook": "https://hooks.customer.example/triage",
    "ways": {"answered": "email", "asked_back": "webhook", "known_issue": "none"},
}
SETTINGS: Mapping[str, Any] = {
    "ways": {
        "known_issue": "none",
        "issue_fixed": "feed",
        "same_answer": "feed",
        "answered": "email",
        "asked_back": "webhook",
    },
    "email": {"address": "a…@customer.example", "state": "in_use", "why": None, "secret": None},
    "webhook": {
        "address": "https://hooks.customer.example/…",
        "state": "in_use",
        "why": None,
        "secret": "whsec_ZXhhbXBsZS1vbmx5LW5vdC1hLXJlYWwtc2VjcmV0",
    },
    "email_offered": True,
}
