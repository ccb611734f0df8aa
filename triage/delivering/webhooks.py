"""Messages as webhooks, by the Standard Webhooks specification: one of the senders.

In: what is due. Out: a signed request; any 2xx says that it has arrived, whatever stands in it.
The bytes of a message are the same with every attempt; the moment and the signature are not.
Not here: HTTP (connect.outgoing), signing (crypto), trying again (engine).
"""

import json
from collections.abc import Callable
from datetime import datetime

from triage.channels import OpenChannel, open_channel
from triage.connect.outgoing import Outgoing
from triage.crypto.webhooks import sign
from triage.delivering.due import Due
from triage.store import Message

_MOST_OPEN = 1000
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Opened:
    """Channels as they are opened, so that many messages open each once."""

    def __init__(self, installation_key: bytes) -> None:
        self._key = installation_key
        self._opened: dict[tuple[str, bytes], OpenChannel] = {}

    def of(self, due: Due) -> OpenChannel:
        """Return the channel of what is due, with what opens it. Raises SealBroken."""
        row = due.channel
        found = self._opened.get((row.channel_id, row.sealed))
        if found is None:
            if len(self._opened) >= _MOST_OPEN:
                self._opened.clear()
            found = open_channel(row, due.forum, self._key)
            self._opened[row.channel_id, row.sealed] = found
        return found


class WebhookSender:
    """Sends messages to other systems, and to addresses that people have given."""

    def __init__(
        self,
        outgoing: Outgoing,
        public: Outgoing,
        opened: Opened,
        now: Callable[[], datetime],
    ) -> None:
        """`public` reaches public addresses alone: what a customer names is never allow-listed."""
        self._outgoing = outgoing
        self._public = public
        self._opened = opened
        self._now = now

    async def __call__(self, due: Due) -> int:
        """Send one message; return the status. Raises SendFailed, SealBroken."""
        opened, now = self._opened.of(due), self._now()
        body = body_of(due.message)
        signed = sign(opened.signing(now), due.message.message_id, now, body)
        headers = {"Content-Type": "application/json", **signed}
        theirs = due.channel.options.get("public", False)
        client = self._public if theirs else self._outgoing
        reply = await client.send("POST", opened.address, headers=headers, body=body)
        return reply.status


def body_of(message: Message) -> bytes:
    """Return a message as it is sent: its type, when it happened, and what."""
    content = {
        "type": message.type.value,
        "timestamp": message.at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "data": dict(message.data),
    }
    return _JSON.encode(content).encode()
