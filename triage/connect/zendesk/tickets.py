"""A ticket and its comments -> the fields of our cases format.

In: a ticket as the export has it, all its comments, what is known of people. Out: the fields of a
case, and what a map can name besides. Only what the customer could read becomes text; a ticket
that has nothing such is none of ours.
Not here: reading files (files), a company's own map (export).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage.connect.markup import text_of
from triage.connect.zendesk.people import People, Values, number_of

# What a map cannot change: it is what was said, by whom and when.
SETTLED = frozenset("id title body answer answer_public created first_response closed".split())

_KINDS = {"problem": "problem", "incident": "problem", "question": "how_to", "task": "request"}
_SEVERITIES = {"urgent": 1, "high": 2, "normal": 3, "low": 4}
_DONE = frozenset({"solved", "closed"})
_MERGED = "closed_by_merge"
# No column: what people wrote, and lists that have columns of their own.
_NO_COLUMNS = frozenset(
    "comments description subject raw_subject custom_fields fields tags metric_set".split()
)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as far as it counts."""

    author: str | None
    at: str
    public: bool
    text: str


def comments_of(ticket: Values, beside: Sequence[Values]) -> list[Comment]:
    """Return the comments of a ticket, its own or from a file beside it, oldest first."""
    own = ticket.get("comments")
    given = [one for one in own if isinstance(one, Mapping)] if isinstance(own, list) else []
    # The same comment may stand in both.
    by_id = {number_of(one.get("id")) or f"-{place}": one for place, one in enumerate(given)}
    for place, one in enumerate(beside, len(given)):
        by_id.setdefault(number_of(one.get("id")) or f"-{place}", one)
    found = [_comment(one) for one in by_id.values()]
    return sorted(found, key=lambda one: one.at)


def _comment(values: Values) -> Comment:
    author = values.get("author")
    inner = author.get("id") if isinstance(author, Mapping) else None
    return Comment(
        number_of(values.get("author_id")) or number_of(inner),
        str(values.get("created_at") or ""),
        # What does not say that it is public is not.
        values.get("public") is True,
        _words(values),
    )


def _words(values: Values) -> str:
    for name in ("plain_body", "body"):
        said = values.get(name)
        if isinstance(said, str) and said.strip():
            return said
    said = values.get("html_body")
    return text_of(said) if isinstance(said, str) else ""


def case_fields(
    ticket: Values, comments: Sequence[Comment], people: People
) -> dict[str, Any] | None:
    """Return what is known of a case; None where nothing in the ticket was for the customer."""
    ticket = _with_ids(ticket)
    body = _question(ticket, comments, people)
    if body is None:
        return None
    notes = {one.author for one in comments if not one.public and one.author is not None}
    first = next((place for place, one in enumerate(comments) if one.public), len(comments))
    answers = [
        one
        for one in comments[first + 1 :]
        if one.public and one.text.strip() and people.is_staff(one.author, ticket, notes)
    ]
    done = str(ticket.get("status")) in _DONE
    merged = _MERGED in _tags(ticket)
    requester = number_of(ticket.get("requester_id"))
    return {
        "id": number_of(ticket.get("id")),
        "title": _subject(ticket),
        "body": body,
        "user": f"zendesk/users/{requester}" if requester else None,
        "account": number_of(ticket.get("organization_id")),
        "created": ticket.get("created_at"),
        "first_response": answers[0].at if answers else None,
        "closed": _solved_at(ticket, answers) if done else None,
        # What a merged ticket ends with speaks of the other one.
        "answer": answers[-1].text if answers and done and not merged else None,
    }


def usual_fields(ticket: Values) -> dict[str, Any]:
    """Return the labels that a ticket has where no map says otherwise."""
    return {
        "kind": _KINDS.get(str(ticket.get("type")).lower()),
        "severity": _SEVERITIES.get(str(ticket.get("priority")).lower()),
        "destination": "expert",
    }


def columns_of(ticket: Values, people: People) -> dict[str, object]:
    """Return what a map can name: the ticket's own fields, names in place of numbers."""
    ticket = _with_ids(ticket)
    columns: dict[str, object] = {k: v for k, v in ticket.items() if k not in _NO_COLUMNS}
    for name, kind in (("group", "groups"), ("organization", "organizations")):
        known = people.name(kind, ticket.get(f"{name}_id"))
        inner = ticket.get(name)
        if isinstance(inner, Mapping):
            known = known or inner.get("name")
            columns |= {f"{name}.{k}": v for k, v in inner.items()}
        columns[name] = known
    person = people.person(number_of(ticket.get("requester_id")))
    columns |= {f"requester.{k}": v for k, v in person.items()}
    for one in _own_fields(ticket):
        number, value = number_of(one.get("id")), one.get("value")
        title = people.name("ticket_fields", number)
        columns |= {f"custom_fields.{k}": value for k in (number, title) if k is not None}
    return columns | {f"tags.{tag}": True for tag in _tags(ticket)}


def _with_ids(ticket: Values) -> dict[str, Any]:
    """Return a ticket whose people and groups are named by number, as pages have them."""
    found = dict(ticket)
    for name in ("requester", "submitter", "assignee", "organization", "group"):
        inner = ticket.get(name)
        if found.get(f"{name}_id") is None and isinstance(inner, Mapping):
            found[f"{name}_id"] = inner.get("id")
    return found


def _question(ticket: Values, comments: Sequence[Comment], people: People) -> str | None:
    """Return the question as it was first written; None where no customer may have read it."""
    if comments:
        return next((one.text for one in comments if one.public), None)
    if ticket.get("is_public") is False:
        return None
    submitter = number_of(ticket.get("submitter_id"))
    if submitter is None or submitter == number_of(ticket.get("requester_id")):
        return str(ticket.get("description") or "")
    # It may be a note: it is not said whether customers see what the staff began with.
    return ""


def _subject(ticket: Values) -> str:
    return str(ticket.get("subject") or ticket.get("raw_subject") or "")


def _solved_at(ticket: Values, answers: Sequence[Comment]) -> object:
    """Return when a ticket was solved: closing comes days later, by itself."""
    metrics = ticket.get("metric_set")
    said = metrics.get("solved_at") if isinstance(metrics, Mapping) else None
    said = said or ticket.get("solved_at")
    if not said and answers:
        said = answers[-1].at
    return said or (ticket.get("updated_at") if ticket.get("status") == "solved" else None)


def _tags(ticket: Values) -> list[str]:
    tags = ticket.get("tags")
    return [one for one in tags if isinstance(one, str)] if isinstance(tags, list) else []


def _own_fields(ticket: Values) -> Iterator[Values]:
    for name in ("fields", "custom_fields"):
        members = ticket.get(name)
        if isinstance(members, list):
            yield from (one for one in members if isinstance(one, Mapping))
