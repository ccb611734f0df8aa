"""What is to be sent, and what sends it.

In: nothing. Out: `Due`, and the port of everything that sends: return, and it has arrived.
Not here: senders (webhooks, mails, filing), when they are called (engine).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from triage.records import Forum
from triage.store import ChannelRow, Message


@dataclass(frozen=True, slots=True)
class Due:
    """One message that is to go through one channel; `attempt` is 1 for the first."""

    forum: Forum
    channel: ChannelRow
    message: Message
    attempt: int
    delivery_id: int
    until: datetime

    @property
    def forum_id(self) -> int:
        """Whose it is."""
        return self.forum.id


# Gives the status of HTTP, where there is one. Raises SendFailed where it did not arrive.
Send = Callable[[Due], Awaitable[int | None]]
