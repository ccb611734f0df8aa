"""What a Discourse site tells by its webhooks: that something happened, and to which topic.

In: headers and the body, as they came. Out: whether whoever sent it holds the secret, and what is
to be looked at. Nothing else of what it says is believed or kept: the topic is read from the site.
Not here: the queue (store), the look (importing).
"""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from triage.connect.discourse.source import EVERYTHING

_SIGNATURE, _TYPE = "x-discourse-event-signature", "x-discourse-event-type"
# Where the topic's number stands in each type of event.
_PLACES: Mapping[str, tuple[str, str]] = {
    "topic": ("topic", "id"),
    "post": ("post", "topic_id"),
    "solved": ("solved", "topic_id"),
    "like": ("like", "topic_id"),
    "topic_voting": ("topic_voting", "topic_id"),
}
_OF_ALL = frozenset({"category"})


def is_signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a body is signed with the secret; header names are in lower case."""
    if not secret:
        return False
    wanted = "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()
    found = headers.get(_SIGNATURE, "")
    return hmac.compare_digest(wanted.encode(), found.strip().encode())


def told_items(headers: Mapping[str, str], body: bytes) -> tuple[str, ...]:
    """Return what an event is of: the number of a topic, `*` for who may read what, or nothing."""
    kind = headers.get(_TYPE, "").strip().lower()
    if kind in _OF_ALL:
        return (EVERYTHING,)
    if kind not in _PLACES:
        return ()
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    name, field = _PLACES[kind]
    found = _number(_of(_of(said, name), field))
    if found is None and kind == "like":
        found = _number(_of(_of(_of(said, "like"), "post"), "topic_id"))
    return () if found is None else (found,)


def _of(value: Any, name: str) -> Any:  # noqa: ANN401
    return value.get(name) if isinstance(value, dict) else None


def _number(value: Any) -> str | None:  # noqa: ANN401
    usable = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**12
    return str(value) if usable else None
