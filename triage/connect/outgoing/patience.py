"""Asking again where the other system says that it is busy or broken: for whoever reads much.

In: a request, and how often. Out: a reply, or the last SendFailed.
Not here: deliveries, which are tried again for days and by their rows (delivering).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from random import uniform

from triage.connect.outgoing.client import MOST_BYTES, Outgoing
from triage.connect.outgoing.replies import Reply, failure_of
from triage.errors import SendFailed

# Statuses that are answers to the question that was asked, for the caller to read.
_ANSWERS = frozenset({400, 404, 405, 409, 410, 412, 413, 415, 422})
_AGAIN = frozenset({"unreachable", "timed_out", "rate_limited"})
_FIRST_SECONDS, _MOST_SECONDS = 1.0, 60.0
# Asked to wait longer than that, whoever started it does better to come back later.
_LONGEST_ASKED = 600.0


async def patient(
    outgoing: Outgoing,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    most_bytes: int = MOST_BYTES,
    tries: int = 5,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Reply:
    """Ask until there is an answer; wait out 429 (as long as it says), 5xx and silence.

    Gives every 2xx, and the 4xx that are an answer (404, 410, 422 …). Raises SendFailed for 401
    and 403, redirections, and whatever is still so after the last try.
    """
    for count in range(tries):
        try:
            reply = await outgoing.request(
                method, url, headers=headers, body=body, most_bytes=most_bytes
            )
            if reply.ok or reply.status in _ANSWERS:
                return reply
            raise failure_of(reply)
        except SendFailed as error:
            wait = _wait(error, count)
            if count + 1 == tries or wait is None:
                raise
        await sleep(wait)
    raise AssertionError("no try was allowed")


def _wait(error: SendFailed, count: int) -> float | None:
    """Return how many seconds to wait before the next try; None: asking again is of no use."""
    if error.code not in _AGAIN and (error.status or 0) < 500:
        return None
    if error.retry_after is not None:
        asked = error.retry_after.total_seconds()
        return asked if asked <= _LONGEST_ASKED else None
    longest = min(_FIRST_SECONDS * 2**count, _MOST_SECONDS)
    return uniform(longest / 2, longest)
