"""A Discourse site as a source of threads: listed, and read topic by topic.

In: a site and what is wanted of it. Out: what `connect.sources` asks for.
Not here: what is new in it, and keeping it (importing).
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from triage.connect.discourse.categories import Categories, read_categories
from triage.connect.discourse.client import Discourse
from triage.connect.discourse.listings import is_read, list_all, list_changed
from triage.connect.discourse.topics import Post, Read, thread_of
from triage.connect.discourse.wishes import Wishes
from triage.connect.sources import Listing
from triage.errors import SendFailed

# In the queue of what was told: not one topic, but who may read which.
EVERYTHING = "*"
_POSTS_A_PAGE = 50
# What stands behind so many posts settles nothing any more.
_MOST_POSTS = 2_000


class DiscourseSource:
    """One site, read with one key."""

    def __init__(self, site: Discourse, wishes: Wishes) -> None:
        self._site = site
        self._wishes = wishes
        self._categories: Categories | None = None

    async def listed(
        self, cursor: Mapping[str, Any] | None, told: Callable[[str], None]
    ) -> Listing:
        """List the topics that changed since; all, where other people may read than before."""
        categories = await self._fresh()
        # At another address every thread has another id.
        print_ = f"{self._wishes.print} {self._site.address}"
        begins = {"categories": categories.print, "wishes": print_}
        whole = cursor is None or any(cursor.get(name) != said for name, said in begins.items())
        if whole or cursor is None:
            stamps, since = await list_all(self._site, categories, print_, told)
        else:
            since = str(cursor.get("since", ""))
            stamps, since = await list_changed(self._site, categories, print_, since)
        cursor = {**begins, "since": since}
        return Listing(stamps, whole, cursor, categories.left_out, "categories")

    async def fetch(self, item_id: str) -> Mapping[str, object] | None:
        """Return a topic as a thread; None: it is gone, hidden, or not in what is read.

        Raises SendFailed, and BadField for a topic that is none.
        """
        try:
            return await self._fetched(item_id)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            # JSON of other shapes than Discourse has.
            raise SendFailed("bad_reply") from error

    async def _fetched(self, item_id: str) -> Mapping[str, object] | None:
        categories = self._categories or await self._fresh()
        topic = await self._topic(item_id)
        if topic is None:
            return None
        if not is_read(topic, categories):
            # It may stand in a category that is new.
            categories = await self._fresh()
            if not is_read(topic, categories):
                return None
        category = categories.read[topic["category_id"]]
        posts = await self._posts(item_id, topic)
        name = self._thread_id(item_id)
        return thread_of(Read(topic, posts), category, self._wishes, name, self._url(topic))

    async def _fresh(self) -> Categories:
        self._categories = await read_categories(self._site, self._wishes)
        return self._categories

    async def _topic(self, item_id: str) -> Mapping[str, Any] | None:
        try:
            topic = await self._site.get(f"/t/{int(item_id)}.json")
        except SendFailed as error:
            if error.code != "login_refused":
                raise
            # Of this topic, or of the key? With a key that is good for nothing this raises, too.
            await self._fresh()
            return None
        if topic is None:
            return None
        if not isinstance(topic, dict) or topic.get("id") != int(item_id):
            raise SendFailed("bad_reply")
        return topic

    async def _posts(self, item_id: str, topic: Mapping[str, Any]) -> list[Post]:
        """Return the posts of a topic: the first page stands in it, the others are asked for."""
        first, stream = _stream(topic)
        there = {post.get("id") for post in first}
        missing = [str(number) for number in stream[:_MOST_POSTS] if number not in there]
        posts = list(first)
        for start in range(0, len(missing), _POSTS_A_PAGE):
            asked = [("post_ids[]", one) for one in missing[start : start + _POSTS_A_PAGE]]
            reply = await self._site.get(f"/t/{int(item_id)}/posts.json", asked)
            # Gone since the topic was asked for: whatever is left is read with its next change.
            posts += _stream(reply)[0] if reply is not None else []
        return posts

    def _thread_id(self, item_id: str) -> str:
        """Return what a topic is kept as: of its own site, whatever other sources there are."""
        address = urlsplit(self._site.address)
        return f"{address.netloc}{address.path}/t/{item_id}"

    def _url(self, topic: Mapping[str, Any]) -> str:
        return f"{self._site.address}/t/{topic.get('slug') or '-'}/{topic['id']}"


def _stream(reply: Any) -> tuple[list[Post], list[int]]:  # noqa: ANN401
    try:
        stream = reply["post_stream"]
        posts, numbers = list(stream["posts"]), list(stream.get("stream") or ())
    except (KeyError, TypeError, AttributeError):
        raise SendFailed("bad_reply") from None
    if not all(isinstance(post, dict) for post in posts):
        raise SendFailed("bad_reply")
    if not all(isinstance(number, int) for number in numbers):
        raise SendFailed("bad_reply")
    return posts, numbers
