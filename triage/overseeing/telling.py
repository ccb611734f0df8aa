"""A silence -> what other systems are told of it: each once.

In: what was heard of a forum's streams. Out: messages of codes, moments and numbers.
Not here: listening (silence), how messages are delivered (delivering), when it is listened (api).

Nobody opens a page of a service that seems to run. So what is silent is told where people are:
to every channel that wants `service.silent`.
"""

from collections.abc import Sequence
from datetime import datetime

from triage import store
from triage.overseeing.silence import Silence, Speech
from triage.records import MessageType

STREAM = "service"


def tell_silence(
    c: store.Connection, forum_id: int, heard: Sequence[Silence], now: datetime
) -> tuple[Silence, ...]:
    """Tell of the streams that have fallen silent and were not told of; return these."""
    fresh = tuple(one for one in heard if _is_news(c, forum_id, one))
    for one in fresh:
        store.post_message(c, forum_id, _message(one, now))
    return fresh


def _is_news(c: store.Connection, forum_id: int, one: Silence) -> bool:
    if one.speech is not Speech.SILENT or one.last_at is None:
        return False
    # What came since would have ended it: then this is another silence.
    told = store.last_messages(c, forum_id, MessageType.SILENT, one.last_at)
    return all(message.data["part"] != one.stream.value for message in told)


def _message(one: Silence, now: datetime) -> store.Message:
    return store.Message(
        type=MessageType.SILENT,
        stream=STREAM,
        at=now,
        data={
            "part": one.stream.value,
            "last_at": None if one.last_at is None else one.last_at.isoformat(),
            "expected": round(one.expected, 1),
            "limit": round(one.limit, 1),
        },
    )
