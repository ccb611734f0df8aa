"""Which topics a site has, and the stamp of each, page by page.

In: the site and its categories. Out: stamps by topic. A listing that moves while it is read may
show a topic twice and, where one before it goes away, hide one: what was begun with is compared
with what is there at the end, and what a listing does not show is never taken to be gone.
Not here: the topics themselves (topics).
"""

from collections.abc import AsyncIterator, Callable, Mapping
from hashlib import sha256
from typing import Any

from triage.connect.discourse.categories import Categories
from triage.connect.discourse.client import Discourse
from triage.errors import SendFailed

_MOST_PAGES = 1_000_000
# What tells that a topic is another than it was; not how often it was looked at.
_STAMPED = (
    *("title", "slug", "category_id", "bumped_at", "last_posted_at", "posts_count"),
    *("highest_post_number", "like_count", "has_accepted_answer", "archetype"),
)

Topic = Mapping[str, Any]


async def list_all(
    site: Discourse, categories: Categories, print_: str, told: Callable[[str], None]
) -> tuple[dict[str, str], str]:
    """Return the stamps of every topic in the categories, and since when changes are to be read.

    Oldest first, so that what is written meanwhile comes at the end; then what changed meanwhile.
    """
    newest = await newest_change(site)
    stamps: dict[str, str] = {}
    for number in sorted(categories.read):
        parameters = [("category", str(number)), ("no_subcategories", "true")]
        order = [("order", "created"), ("ascending", "true")]
        async for page in _pages(site, [*parameters, *order]):
            stamps |= _stamps(page, categories, print_)
            told(f"{len(stamps)} topics listed")
    changed, since = await list_changed(site, categories, print_, newest)
    return stamps | changed, since


async def list_changed(
    site: Discourse, categories: Categories, print_: str, since: str
) -> tuple[dict[str, str], str]:
    """Return the stamps of the topics that changed at a moment or later, and the newest change."""
    stamps: dict[str, str] = {}
    newest = since
    async for page in _pages(site, [("order", "activity")]):
        stamps |= _stamps([t for t in page if _changed(t) >= since], categories, print_)
        newest = max([newest, *(_changed(t) for t in page)])
        # What is pinned stands first, however old it is.
        last = next((t for t in reversed(page) if not _pinned(t)), None)
        if last is not None and _changed(last) < since:
            break
    return stamps, newest


async def newest_change(site: Discourse) -> str:
    """Return the moment of the last change, by the site's own clock; empty: there was none."""
    async for page in _pages(site, [("order", "activity")]):
        return max((_changed(topic) for topic in page), default="")
    return ""


async def _pages(site: Discourse, parameters: list[tuple[str, str]]) -> AsyncIterator[list[Topic]]:
    for number in range(_MOST_PAGES):
        reply = await site.get("/latest.json", [*parameters, ("page", str(number))])
        try:
            found = reply["topic_list"]  # type: ignore[index]
            topics = list(found["topics"])
            more = found.get("more_topics_url")
        except (KeyError, TypeError, AttributeError):
            raise SendFailed("bad_reply") from None
        if not all(isinstance(t, dict) and isinstance(t.get("id"), int) for t in topics):
            raise SendFailed("bad_reply")
        yield topics
        if not topics or not more:
            return


def _stamps(page: list[Topic], categories: Categories, print_: str) -> dict[str, str]:
    return {
        str(topic["id"]): _stamp(topic, categories, print_)
        for topic in page
        if is_read(topic, categories)
    }


def is_read(topic: Topic, categories: Categories) -> bool:
    """Whether a topic is one of those that are read, as far as what is known of it tells."""
    number = topic.get("category_id")
    category = categories.read.get(number) if isinstance(number, int) else None
    return (
        category is not None
        and topic.get("archetype", "regular") in ("regular", "banner")
        and topic.get("visible") is not False
        and not topic.get("deleted_at")
        and topic["id"] != category.about
    )


def _stamp(topic: Topic, categories: Categories, print_: str) -> str:
    groups = sorted(categories.read[topic["category_id"]].groups)
    said = [topic.get(name) for name in _STAMPED]
    return sha256(repr((said, _tags(topic), groups, print_)).encode()).hexdigest()[:24]


def _tags(topic: Topic) -> list[str]:
    return sorted(tag_names(topic.get("tags")))


def tag_names(tags: Any) -> list[str]:  # noqa: ANN401
    """Return the names of tags: older sites give these alone, newer ones objects."""
    if not isinstance(tags, list):
        return []
    found = [one.get("name") if isinstance(one, dict) else one for one in tags]
    return [name for name in found if isinstance(name, str)]


def _changed(topic: Topic) -> str:
    """Return when a topic last changed; ISO 8601 of one shape, which sorts as text."""
    return str(topic.get("bumped_at") or topic.get("last_posted_at") or "")


def _pinned(topic: Topic) -> bool:
    return bool(topic.get("pinned") or topic.get("pinned_globally"))
