"""Events as they are sent, and what became of each.

In: JSON. Out: checked values.
Not here: whether an event agrees with its triage (store).
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from triage.api.schemas.triage import Received, Told, UserName
from triage.records import EventType


def _sane(moment: datetime) -> datetime:
    if not 2000 <= moment.year < 2200:
        raise ValueError("should be a moment of this century or the next")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


Id = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
# The ids of other systems: a line of text. Control characters are in no id.
ForeignId = Annotated[
    UserName, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$"), Field(max_length=300)
]


_TYPES = (
    "About a suggestion (`thread_id`): `shown`, `opened`, `rated`, `solved`, `not_solved`,"
    " `dismissed`. About a thread of `same_question`: `followed`. About the ask:"
    " `still_need_help`, `posted` (written by the service where questions are posted through it),"
    " `escalated`, `reopened`. Told by servers alone: `asked`, `answered`, `accepted`,"
    " `survey_reply`, `staff_time`."
)


class EventBody(Received):
    """Something that happened after a reply."""

    event_id: Id = Field(description="Made by the sender; the same id again is a duplicate.")
    type: EventType = Field(description=_TYPES)
    triage_id: Id = Field(description="Of the reply that it followed.")
    ask_id: Id = Field(description="Of the same reply.")
    thread_id: ForeignId | None = Field(
        None, description="The suggestion that it is about; one that the reply held."
    )
    question_id: ForeignId | None = Field(None, description="Of `posted` and what follows it.")
    external_id: ForeignId | None = Field(None, description="The ticket in another system.")
    user: UserName | None = Field(None, description="Counts only with a secret key.")
    session: UserName | None = Field(
        None, description="That of the ask; needed with a publishable key unless a token is sent."
    )
    occurred_at: Annotated[datetime, AfterValidator(_sane)] = Field(
        description="ISO 8601; without a zone it is UTC."
    )
    rank: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        None, description="The place at which the suggestion stood."
    )
    value: Annotated[str, Field(max_length=2000)] | float | None = Field(
        None, description="Of `rated`: a number; of `staff_time`: minutes."
    )
    visible: bool | None = Field(
        None, description="Of what was shown: whether it was in sight; unknown where it is absent."
    )


class EventBatch(Received):
    """Many events; each is judged by itself."""

    events: list[Any]


class EventBatchBody(Received):
    """Many events as they are sent (the documented schema)."""

    events: list[EventBody]


class BeaconSender(Received):
    """Who sends a beacon, which has no headers of its own."""

    key: Annotated[str, Field(max_length=300)] | None = None
    visitor: Annotated[str, Field(max_length=10_000)] | None = None


class BeaconBody(EventBatchBody):
    """Many events with the key that they come by (the documented schema)."""

    key: str | None = Field(
        None, description="A publishable key; read where `Authorization` brings none."
    )
    visitor: str | None = Field(
        None, description="The token of `Triage-Visitor`, where that header brings none."
    )


class EventResult(Told):
    """What became of one event; a refused one has a code and a sentence."""

    event_id: str | None
    state: Literal["accepted", "duplicate", "refused"]
    code: str | None = None
    detail: str | None = None


class EventBatchReply(Told):
    """What became of each event, in the order that they were sent."""

    results: list[EventResult]
