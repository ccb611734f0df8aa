"""What another system replied, and what its status means for whoever sent.

In: status, headers, bytes. Out: a value, its JSON, or SendFailed with a code.
Not here: sending (client), trying again (patience).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from triage.errors import SendFailed

# Nobody has us wait for a week.
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether the other system says that it has it."""
        return 200 <= self.status < 300


def json_of(reply: Reply) -> Any:  # noqa: ANN401 (JSON is of any type)
    """Return the JSON of a reply. Raises SendFailed (`bad_reply`) where it is none."""
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise SendFailed("bad_reply", reply.status) from error


def failure_of(reply: Reply) -> SendFailed:
    """Return what a status that is not one of success means."""
    status = reply.status
    if status in (401, 403):
        code = "login_refused"
    elif status == 429:
        code = "rate_limited"
    else:
        code = f"http_{status}"
    return SendFailed(code, status, retry_after(reply), gone=status == 410)


def retry_after(reply: Reply) -> timedelta | None:
    """Return how long the other system wants to be left alone, a day at most."""
    said = reply.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        # More digits than a day has seconds are a day.
        return min(timedelta(seconds=int(said[:9])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - datetime.now(UTC), timedelta()), LONGEST_WAIT)
