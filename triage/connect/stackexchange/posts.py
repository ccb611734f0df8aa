"""The posts of one question -> a row of our threads format.

In: what was kept of a question, its answers and its links (`kept_post`, `kept_link`), and the site.
Out: the fields of data/README.md, or what is wrong with the question.
Not here: reading tables (tables), bringing together what belongs together (dump).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from triage.connect.buckets import Record
from triage.connect.markup import text_of

QUESTION, ANSWER, LINK = "1", "2", "3"
_DUPLICATE = "3"
_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
_TAG = re.compile(r"[^<>|]+")

Attributes = Mapping[str, str]

# What is kept of a post between the two readings, in this order.
_KEPT = (
    "Id",
    "Score",
    "OwnerUserId",
    "CreationDate",
    "LastEditDate",
    "ClosedDate",
    "AcceptedAnswerId",
    "Title",
    "Tags",
    "Body",
)


class Post:
    """One post as it was kept."""

    def __init__(self, record: Record) -> None:
        self.line: int = record[1]
        self._values = dict(zip(_KEPT, record[2], strict=True))

    def said(self, name: str) -> str:
        """Return an attribute, or an empty text."""
        return str(self._values[name] or "")


def number_in(attributes: Attributes, name: str) -> str | None:
    """Return the number of a post, or None where it is none."""
    value = attributes.get(name, "").strip()
    return value if _NUMBER.fullmatch(value) else None


def kept_post(kind: str, line: int, attributes: Attributes) -> Record:
    """Return what is kept of a post, in an order of its own."""
    return kind, line, [attributes.get(name) for name in _KEPT]


def kept_link(line: int, attributes: Attributes) -> tuple[str, Record] | None:
    """Return the question that a duplicate link is of, and what is kept; None for other links."""
    if attributes.get("LinkTypeId") != _DUPLICATE:
        return None
    own, other = number_in(attributes, "PostId"), number_in(attributes, "RelatedPostId")
    return None if own is None or other is None else (own, (LINK, line, other))


def thread_row(site: str, records: Sequence[Record]) -> tuple[int, dict[str, Any]] | None:
    """Return the line and the fields of a question with all that belongs to it.

    None where the question itself is not there: an answer or a link alone is no thread.
    """
    questions = [Post(one) for one in records if one[0] == QUESTION]
    if not questions:
        return None
    question = questions[-1]
    # Of two with one number the last counts, as in every file.
    answers = {post.said("Id"): post for post in map(Post, (r for r in records if r[0] == ANSWER))}
    duplicate_of = sorted({one[2] for one in records if one[0] == LINK}, key=int)
    accepted = question.said("AcceptedAnswerId")
    rows = [_answer(site, answers[key], accepted) for key in sorted(answers, key=int)]
    return question.line, {
        "id": thread_id(site, question.said("Id")),
        "title": question.said("Title"),
        "body": text_of(question.said("Body")),
        "answers": rows,
        "user": _person(site, question),
        "solved": _solved(question, rows, bool(duplicate_of)),
        "tags": _TAG.findall(question.said("Tags")),
        "url": f"https://{site}/questions/{question.said('Id')}",
        "created": question.said("CreationDate"),
        "updated": question.said("LastEditDate"),
        "duplicate_of": [thread_id(site, other) for other in duplicate_of],
    }


def thread_id(site: str, number: str) -> str:
    """Return the id of a question's thread; two sites in one forum have their own."""
    return f"{site}-{number}"


def _answer(site: str, post: Post, accepted: str) -> dict[str, Any]:
    return {
        "id": post.said("Id"),
        "body": text_of(post.said("Body")),
        "user": _person(site, post),
        "accepted": post.said("Id") == accepted,
        "votes": post.said("Score"),
        "created": post.said("CreationDate"),
        "updated": post.said("LastEditDate"),
    }


def _person(site: str, post: Post) -> str | None:
    """Name an owner as the site's own address does; whoever deleted their account has no number."""
    number = post.said("OwnerUserId")
    return f"{site}/users/{number}" if number else None


def _solved(question: Post, answers: Sequence[Mapping[str, Any]], duplicate: bool) -> bool:
    """Say whether the sites count it as answered: one accepted, or one that somebody voted for.

    A question that was closed, not as a duplicate, is one that the site does not want answered.
    """
    if any(one["accepted"] for one in answers):
        return True
    if question.said("ClosedDate") and not duplicate:
        return False
    return any(re.fullmatch(r"\+?0*[1-9][0-9]*", str(one["votes"]).strip()) for one in answers)
