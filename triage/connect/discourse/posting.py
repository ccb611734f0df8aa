"""A question -> a topic of a Discourse forum, once.

In: a site, its key, what the topic says. Out: the topic, whether it was made now or before: the
forum itself keeps our name of it (`external_id`) and gives no two topics the same.
Not here: which question may stand there (filing), reading topics (source).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from triage.connect.outgoing import Outgoing, Reply, json_of
from triage.connect.outgoing.replies import failure_of
from triage.errors import BadField, SendFailed

# The code of a topic that the forum has, and shows once a moderator has let it through.
HELD = "held_for_review"
_OURS = "triage-"
_LONGEST_TITLE = 250
_TOPIC = re.compile(r"/t/(?:[^/]+/)?(\d{1,12})(?:\.json)?/?")
_MOST = 500
_MOST_BYTES = 20_000_000
_MOST_WAIT = 86_400


@dataclass(frozen=True, slots=True)
class PostingOptions:
    """Where topics are posted: by our topic, or else in one category."""

    category_id: int | None = None
    categories: Mapping[str, int] = field(default_factory=dict)

    def category_for(self, topic: str | None) -> int | None:
        """Return the category of a question; None: the forum's own choice."""
        return self.categories.get(topic or "", self.category_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTopic:
    """A question as a topic."""

    question_id: str
    title: str = field(repr=False)
    raw: str = field(repr=False)
    category: int | None = None


@dataclass(frozen=True, slots=True)
class TopicPlace:
    """Where a topic stands."""

    topic_id: str
    url: str


class Posting:
    """One forum that topics are posted in."""

    def __init__(self, outgoing: Outgoing, address: str, secrets: Mapping[str, Any]) -> None:
        self._outgoing = outgoing
        self._site = address.rstrip("/")
        self._headers = {
            "Api-Key": str(secrets.get("api_key") or ""),
            "Api-Username": str(secrets.get("api_user") or "system"),
            "Accept": "application/json",
            "Content-Type": "application/json",
        }

    async def find(self, question_id: str) -> TopicPlace | None:
        """Return the topic of a question, None where there is none. Raises SendFailed."""
        address = f"{self._site}/t/external_id/{_OURS}{question_id}.json"
        reply = await self._outgoing.request("GET", address, headers=self._headers)
        if reply.status in (404, 410):
            return None
        if 300 <= reply.status < 400:
            # Discourse sends on to the topic; that is not followed: its address says which it is.
            found = _TOPIC.search(urlsplit(reply.headers.get("location", "")).path)
            if found is None:
                raise SendFailed("bad_reply", reply.status)
            return self._place(found[1])
        if not reply.ok:
            raise _failure(reply)
        return self._place(_number(json_of(reply), "id"))

    async def post(self, new: NewTopic) -> TopicPlace:
        """Post a topic. Raises SendFailed, with HELD where it waits for a moderator."""
        body: dict[str, Any] = {
            "title": " ".join(new.title.split())[:_LONGEST_TITLE],
            "raw": new.raw,
            "external_id": f"{_OURS}{new.question_id}",
            # It was asked elsewhere already: how long a title must be is not for now.
            "skip_validations": True,
        }
        if new.category is not None:
            body["category"] = new.category
        reply = await self._outgoing.request(
            "POST",
            f"{self._site}/posts.json",
            headers=self._headers,
            body=json.dumps(body).encode(),
        )
        if not reply.ok:
            raise _failure(reply)
        told = json_of(reply)
        if isinstance(told, dict) and told.get("action") == "enqueued":
            raise SendFailed(HELD, reply.status)
        return self._place(_number(told, "topic_id"))

    async def check(self) -> None:
        """Find out whether the key is one that may be here. Raises SendFailed.

        What is asked for is in the scope of a key that may do what it is for, and little else is.
        """
        address = f"{self._site}/categories.json"
        reply = await self._outgoing.request(
            "GET", address, headers=self._headers, most_bytes=_MOST_BYTES
        )
        if not reply.ok:
            raise _failure(reply)

    def _place(self, topic_id: str) -> TopicPlace:
        return TopicPlace(topic_id, f"{self._site}/t/{topic_id}")


def posting_options(told: Mapping[str, Any]) -> PostingOptions:
    """Return what a channel says of posting; what it says of reading is left. Raises BadField."""
    categories = told.get("categories") or {}
    if not isinstance(categories, dict) or len(categories) > _MOST:
        raise BadField("options.categories", "is no list of topics with the ids of categories")
    usual = told.get("category_id")
    return PostingOptions(
        None if usual is None else _category("options.category_id", usual),
        {str(name): _category("options.categories", one) for name, one in categories.items()},
    )


def _category(name: str, told: object) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or told <= 0:
        raise BadField(name, "is no id of a category")
    return told


def _number(told: object, name: str) -> str:
    value = told.get(name) if isinstance(told, dict) else None
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise SendFailed("bad_reply")
    return str(value)


def _failure(reply: Reply) -> SendFailed:
    """Return what went wrong; how long to wait Discourse may say in words of its own."""
    failed = failure_of(reply)
    if failed.code != "rate_limited" or failed.retry_after is not None:
        return failed
    try:
        seconds = json.loads(reply.body)["extras"]["wait_seconds"]
        wait = timedelta(seconds=min(max(float(seconds), 0.0), _MOST_WAIT))
    except (ValueError, LookupError, TypeError, RecursionError):
        return failed
    return SendFailed(failed.code, failed.status, wait)
