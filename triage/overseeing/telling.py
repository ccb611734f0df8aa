"""A silence -> what other systems are told of it: each once.

In: what was heard of a forum's streams. Out: messages of codes, moments and numbers.
Not here: listening (silence), how messages are delivered (delivering), when it is listened (api).

Nobody opens a page of a service that seems to run. So what is silent is told where people are:
to every channel that wants `service.silent`.
"""

from collections.abc import Sequence
from datetime import datetime

from triage import store
from triage.overseeing.silence import Silence
from triage.records import MessageType

STREAM = "service"


def tell_silence(
    c: store.Connection, forum_id: int, heard: Sequence[Silence], now: datetime
) -> tuple[Silence, ...]:
    """Tell of the streams that have fallen silent, or never came, and were not told of.

    Return these. It is kept to how many it was told: where nobody wants to know, it is told, too.
    """
    dead = [one for one in heard if one.is_dead]
    if not dead:
        return ()
    # Of several servers of one store, one tells.
    store.revision_of(c, forum_id, lock=True)
    fresh = tuple(one for one in dead if told_of(c, forum_id, one) is None)
    for one in fresh:
        receivers = store.post_message(c, forum_id, _message(one, now))
        store.note_silence(c, forum_id, one.stream, store.ToldSilence(now, receivers))
    return fresh


def told_of(c: store.Connection, forum_id: int, one: Silence) -> store.ToldSilence | None:
    """Return when and to how many a silence was told; None: it was not, only one before it."""
    told = store.told_silence(c, forum_id, one.stream)
    # What came since would have ended it: then this is another silence.
    if told is not None and one.last_at is not None and told.told_at < one.last_at:
        return None
    return told


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
