"""One Discourse site, asked politely.

In: a path and its parameters. Out: the JSON that it replies with, or None for what is not there.
What is asked to wait waits, and with it everything else that is asked of the site.
Not here: what the JSON means (categories, listings, topics).
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from random import uniform
from typing import Any
from urllib.parse import urlencode

from triage.connect.outgoing import Outgoing, Reply, json_of
from triage.errors import SendFailed

# A long topic's page of posts, with their HTML.
MOST_BYTES = 20_000_000
_FIRST_SECONDS, _MOST_SECONDS = 1.0, 30.0
_AGAIN = frozenset({"unreachable", "timed_out"})
_GONE = frozenset({404, 410})

Parameters = Sequence[tuple[str, str]]
Sleep = Callable[[float], Awaitable[None]]


class Discourse:
    """A site and the key that it is asked with; `requests` counts what was sent to it."""

    def __init__(
        self,
        outgoing: Outgoing,
        address: str,
        secrets: Mapping[str, Any],
        *,
        tries: int = 6,
        longest_wait: float = 900.0,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.address = address.rstrip("/")
        self.requests = 0
        self._outgoing = outgoing
        self._headers = {"Accept": "application/json"}
        if secrets.get("api_key"):
            self._headers["Api-Key"] = str(secrets["api_key"])
            self._headers["Api-Username"] = str(secrets.get("api_user") or "system")
        self._tries = tries
        # Discourse counts by the minute and by the day; who is to wait longer comes back later.
        self._longest_wait = longest_wait
        self._sleep = sleep
        self._free_at = 0.0

    async def get(self, path: str, parameters: Parameters = ()) -> Any | None:  # noqa: ANN401
        """Return the JSON of a path; None: 404 or 410. Raises SendFailed.

        `login_refused` is of this path or of the key: only another path can tell.
        """
        query = f"?{urlencode(parameters)}" if parameters else ""
        reply = await self._patiently(f"{self.address}{path}{query}")
        return None if reply.status in _GONE else json_of(reply)

    async def _patiently(self, url: str) -> Reply:
        for count in range(self._tries):
            # Whoever was asked to wait: the limit is the key's, not the request's.
            left = self._free_at - asyncio.get_running_loop().time()
            if left > 0:
                await self._sleep(left)
            try:
                reply = await self._ask(url)
                if reply.ok or reply.status in _GONE:
                    return reply
                failed = _failure(reply)
            except SendFailed as error:
                failed = error
            wait = _wait(failed, count)
            if wait is None or wait > self._longest_wait or count + 1 == self._tries:
                raise failed
            now = asyncio.get_running_loop().time()
            self._free_at = max(self._free_at, now + wait)
        raise AssertionError("no try was allowed")

    async def _ask(self, url: str) -> Reply:
        self.requests += 1
        return await self._outgoing.request(
            "GET", url, headers=self._headers, most_bytes=MOST_BYTES
        )


def _failure(reply: Reply) -> SendFailed:
    if reply.status in (401, 403):
        return SendFailed("login_refused", reply.status)
    if reply.status == 429:
        return SendFailed("rate_limited", 429, _asked_to_wait(reply))
    return SendFailed(f"http_{reply.status}", reply.status)


def _asked_to_wait(reply: Reply) -> timedelta | None:
    """Return how long a site wants to be left alone: by header, or as Discourse words it."""
    said = reply.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit() and len(said) < 8:
        return timedelta(seconds=int(said))
    try:
        seconds = json.loads(reply.body)["extras"]["wait_seconds"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    usable = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    return timedelta(seconds=seconds) if usable and 0 <= seconds < 10_000_000 else None


def _wait(failed: SendFailed, count: int) -> float | None:
    """Return how many seconds to wait before asking again; None: it would be of no use."""
    if failed.retry_after is not None:
        # A little more than was asked: its clock rounds down.
        return failed.retry_after.total_seconds() + 0.05
    limited = failed.code in _AGAIN or failed.status == 429 or (failed.status or 0) >= 500
    if not limited:
        return None
    longest = min(_FIRST_SECONDS * 2**count, _MOST_SECONDS)
    return uniform(longest / 2, longest)
