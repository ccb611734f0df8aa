"""What was handed over and what waits, as JSON.

In: rows. Out: replies; the body that names a channel.
Not here: delivering (delivering), what a message says (store.messages).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from triage.api.schemas.bases import Received, Short, Told
from triage.records import DeliveryState
from triage.store import AttemptRow, DeliveryRow, Message


class DeliveryReply(Told):
    """One message on its way through one channel."""

    channel_id: str
    message_id: str = Field(description="The same with every attempt; receivers know it as an id.")
    type: str
    stream: str = Field(description="Messages of one stream arrive in their order.")
    question_id: str | None
    state: DeliveryState
    attempts: int = Field(description="Since it was posted, or replayed.")
    created_at: datetime
    due_at: datetime | None = Field(
        description="When it is tried next; null of one that waits: it stands behind another."
    )
    last_at: datetime | None
    status: int | None = Field(description="The HTTP status that came back last.")
    code: str | None = Field(description="Why it did not arrive last.")
    milliseconds: int | None

    @classmethod
    def of(cls, row: DeliveryRow) -> "DeliveryReply":
        """Tell a delivery."""
        return cls(**_told(row))


class FailedAttemptReply(Told):
    """An attempt that failed."""

    number: int
    at: datetime
    status: int | None
    code: str
    milliseconds: int


class DeliveryDetailReply(DeliveryReply):
    """A delivery with what is delivered, and its attempts that failed."""

    data: dict[str, Any] = Field(description="Ids and codes; what questions say is not in it.")
    failed_attempts: list[FailedAttemptReply]

    @classmethod
    def with_attempts(
        cls, row: DeliveryRow, message: Message | None, attempts: Sequence[AttemptRow]
    ) -> "DeliveryDetailReply":
        """Tell a delivery in full."""
        failed = [
            FailedAttemptReply(
                number=one.number,
                at=one.at,
                status=one.status,
                code=one.code,
                milliseconds=one.milliseconds,
            )
            for one in attempts
        ]
        data = {} if message is None else dict(message.data)
        return cls(**_told(row), data=data, failed_attempts=failed)


class DeliveriesReply(Told):
    """A page of deliveries, newest first."""

    deliveries: list[DeliveryReply]
    next_after: str | None = Field(description="`after` of the next page; null: this is the last.")


class ReplayRequest(Received):
    """Of which channel all that is dead is to be tried anew."""

    channel_id: Short


class ReplayedReply(Told):
    """How many are tried anew."""

    channel_id: str
    replayed: int


def _told(row: DeliveryRow) -> dict[str, Any]:
    return {
        "channel_id": row.channel_id,
        "message_id": row.message_id,
        "type": row.type.value,
        "stream": row.stream,
        "question_id": row.question_id,
        "state": row.state,
        "attempts": row.attempts,
        "created_at": row.created_at,
        "due_at": row.due_at,
        "last_at": row.last_at,
        "status": row.status,
        "code": row.code,
        "milliseconds": row.milliseconds,
    }
