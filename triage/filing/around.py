"""What filing works with: the store, the way out, and what a forum's desk knows.

In: parts of the server, as values and calls. Out: one value that all of the room is given.
Not here: opening any of it (api).
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from triage import store
from triage.channels import OpenChannel, open_channel
from triage.connect.outgoing import Outgoing
from triage.errors import BadField, SealBroken, SendFailed
from triage.mailing import MailServer
from triage.pipeline import Parts
from triage.questions import Foresight
from triage.records import Forum
from triage.redaction import NO_REDACTION, Redaction


@dataclass(frozen=True, slots=True)
class Opened:
    """What a forum's questions are read with now."""

    parts: Parts
    foresight: Foresight


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What filing works with. `public_url` is where this server is read; empty: nowhere."""

    database: store.Database
    outgoing: Outgoing
    installation_key: bytes = field(repr=False)
    opened: Callable[[Forum], Opened]
    public_url: str = ""
    mail: MailServer | None = None
    redaction: Redaction = NO_REDACTION
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    # One question is read at a time, however many wait: whoever types comes first.
    gathering: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def open(self, row: store.ChannelRow, forum: Forum) -> OpenChannel:
        """Return a channel, opened. Raises SendFailed where this installation cannot."""
        try:
            return open_channel(row, forum, self.installation_key)
        except SealBroken as error:
            raise SendFailed("seal_broken") from error

    def link(self, question_id: str) -> str | None:
        """Return where a question is read."""
        if not self.public_url:
            return None
        return f"{self.public_url.rstrip('/')}/v1/questions/{question_id}"


def checked(read: Callable[[Mapping[str, Any]], Any], options: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return a channel's options. Raises SendFailed for what is no use any more."""
    try:
        return read(options)
    except BadField as error:
        raise SendFailed("bad_options") from error
