"""A topic with its posts -> a thread of the documented format (data/README.md).

In: the JSON of a topic and of its posts. Out: a mapping of our fields. What is deleted, hidden or
whispered, what moderators' buttons write, and private messages are never read.
Not here: asking for it (source), turning persons into hashes (connect.threads).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triage.connect.discourse.categories import Category
from triage.connect.discourse.cooked import words_of
from triage.connect.discourse.listings import tag_names
from triage.connect.discourse.wishes import Persons, Solved, Wishes
from triage.errors import BadField

# Of post types: 2 is a moderator's action, 3 a small action, 4 a whisper of the staff.
_REGULAR = 1
# Of post actions.
_LIKE = 2

Post = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """A topic as it was replied, with the posts that were asked for besides."""

    topic: Mapping[str, Any]
    posts: Sequence[Post]


def thread_of(
    read: Read, category: Category, wishes: Wishes, thread_id: str, url: str
) -> dict[str, object] | None:
    """Return a topic in our format; None: its first post is nobody's to read."""
    posts = sorted((one for one in read.posts if _is_read(one)), key=lambda one: one["post_number"])
    if not posts or posts[0]["post_number"] != 1:
        return None
    first, replies = posts[0], posts[1:]
    accepted = _accepted(read)
    answers = [_answer(one, accepted, wishes) for one in replies]
    row: dict[str, object] = {
        "id": thread_id,
        "title": _text(read.topic, "title"),
        "body": words_of(_text(first, "cooked")),
        "user": _person(first, wishes),
        "answers": answers,
        "tags": tag_names(read.topic.get("tags")),
        "product": category.product,
        "groups": sorted(category.groups),
        "url": url,
        "created": read.topic.get("created_at") or first.get("created_at"),
        "updated": max(_text(one, "updated_at") for one in posts) or None,
    }
    solved = any(answer["accepted"] for answer in answers)
    if solved or wishes.solved is Solved.ACCEPTED:
        # Without it an answer of the staff settles it, as in every other thread.
        row["solved"] = solved
    return row


def _is_read(post: Post) -> bool:
    """Whether a post is a word of somebody that everybody who may read the topic may read."""
    return (
        post.get("post_type", _REGULAR) == _REGULAR
        and isinstance(post.get("post_number"), int)
        and not post.get("deleted_at")
        and not post.get("user_deleted")
        and not post.get("hidden")
    )


def _accepted(read: Read) -> frozenset[int]:
    """Return the numbers of the posts that solve it; the topic names one, the posts say it too."""
    named = read.topic.get("accepted_answer")
    many = read.topic.get("accepted_answers")
    said = [named, *(many if isinstance(many, list) else ())]
    numbers = [one.get("post_number") for one in said if isinstance(one, dict)]
    numbers += [one.get("post_number") for one in read.posts if one.get("accepted_answer") is True]
    return frozenset(number for number in numbers if isinstance(number, int))


def _answer(post: Post, accepted: frozenset[int], wishes: Wishes) -> dict[str, object]:
    return {
        "id": str(post.get("id", post["post_number"])),
        "body": words_of(_text(post, "cooked")),
        "user": _person(post, wishes),
        "accepted": post["post_number"] in accepted,
        "staff": _is_staff(post, wishes),
        "votes": _votes(post),
        "created": post.get("created_at"),
        "updated": post.get("updated_at"),
    }


def _is_staff(post: Post, wishes: Wishes) -> bool:
    if any(post.get(name) is True for name in ("staff", "moderator", "admin")):
        return True
    return post.get("primary_group_name") in wishes.staff_groups


def _votes(post: Post) -> int:
    actions = post.get("actions_summary")
    counts = [
        one.get("count")
        for one in (actions if isinstance(actions, list) else ())
        if isinstance(one, dict) and one.get("id") == _LIKE
    ]
    counts.append(post.get("post_voting_vote_count"))
    return sum(n for n in counts if isinstance(n, int) and not isinstance(n, bool))


def _person(post: Post, wishes: Wishes) -> str | None:
    if wishes.persons is Persons.USERNAME:
        return _text(post, "username") or None
    number = post.get("user_id")
    return str(number) if isinstance(number, int) else None


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadField(name, "is no text")
    return value
