"""Zammad's JSON -> tickets and articles; and back, what a ticket is made of.

In: JSON as the API gives it with `expand=true`. Out: values. What is of another shape than the API
documents is SendFailed (`bad_reply`), never half a ticket.
Not here: asking for it (rest).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from triage.connect.markup import text_of
from triage.errors import SendFailed

# Every ticket of ours bears these two, so that it is found again whoever made it.
OURS = "triage"
_NOBODY = frozenset({"", "-"})
_LONGEST_TITLE = 240
# What a mail answers is quoted below the answer.
_QUOTED = frozenset({"blockquote"})


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it stands. `owner` is the login of who has it, None where nobody has."""

    id: str
    number: str
    state: str
    group: str
    owner: str | None
    updated_at: datetime
    updated_by: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One thing said in a ticket; `by` is the login of whoever wrote it."""

    id: str
    sender: str
    internal: bool
    subject: str
    text: str = field(repr=False)
    by: str | None
    at: datetime

    @property
    def of_staff(self) -> bool:
        """Whether the customer is told it by somebody of the staff."""
        return self.sender == "Agent" and not self.internal

    @property
    def of_customer(self) -> bool:
        """Whether the customer said it."""
        return self.sender == "Customer" and not self.internal


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is written into a ticket for the staff alone; `mark` finds it again."""

    subject: str
    html: str = field(repr=False)
    mark: str

    def body(self) -> dict[str, Any]:
        """Return it as the API takes it."""
        return {
            "subject": f"{self.subject} [{self.mark}]",
            "body": self.html,
            "content_type": "text/html",
            "type": "note",
            "sender": "Agent",
            "internal": True,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """A question as a ticket. `customer` is a login, or `guess:` with an e-mail address."""

    question_id: str
    title: str = field(repr=False)
    group: str
    customer: str
    priority: str
    tags: tuple[str, ...]
    note: Note

    def body(self) -> dict[str, Any]:
        """Return it as the API takes it: the whole ticket in one request, or nothing of it."""
        title = " ".join(self.title.split()) or self.question_id
        by_address = self.customer.startswith("guess:")
        return {
            "title": title[:_LONGEST_TITLE],
            "group": self.group,
            "customer_id" if by_address else "customer": self.customer,
            "priority": self.priority,
            "tags": ",".join(dict.fromkeys((OURS, tag_of(self.question_id), *self.tags))),
            "article": self.note.body(),
        }


def tag_of(question_id: str) -> str:
    """Return the tag by which the ticket of a question is known."""
    return f"{OURS}-{question_id}"


def read_ticket(told: object) -> Ticket:
    """Return a ticket. Raises SendFailed."""
    values = _mapping(told)
    return Ticket(
        id=str(_number(values, "id")),
        number=str(values.get("number") or ""),
        state=_text(values, "state"),
        group=_text(values, "group"),
        owner=_name(values, "owner"),
        updated_at=_moment(values, "updated_at"),
        updated_by=_name(values, "updated_by"),
    )


def read_article(told: object) -> Article:
    """Return an article, as plain text. Raises SendFailed."""
    values = _mapping(told)
    body = str(values.get("body") or "")
    is_html = "html" in str(values.get("content_type") or "")
    return Article(
        id=str(_number(values, "id")),
        sender=_text(values, "sender"),
        # What does not say that it is for the customer is not.
        internal=values.get("internal") is not False,
        subject=str(values.get("subject") or ""),
        text=text_of(body, _QUOTED) if is_html else body,
        by=_name(values, "created_by"),
        at=_moment(values, "created_at"),
    )


def _mapping(told: object) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise SendFailed("bad_reply")
    return told


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value:
        raise SendFailed("bad_reply")
    return value


def _name(values: Mapping[str, Any], name: str) -> str | None:
    value = values.get(name)
    return value if isinstance(value, str) and value not in _NOBODY else None


def _number(values: Mapping[str, Any], name: str) -> int:
    value = values.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise SendFailed("bad_reply")
    return value


def _moment(values: Mapping[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(values.get(name)))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise SendFailed("bad_reply") from error
