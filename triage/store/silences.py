"""Which silences were told already: of each stream the last one.

In: a forum, a stream. Out: when its last silence was told, and to how many other systems.
Not here: what a silence is, and telling it (overseeing), the messages (messages): those go when
they are old, and none is kept where nobody wants it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from triage.store.batches import record_of
from triage.store.dialects import upsert
from triage.store.hourly import Stream
from triage.store.tables.watching import silences


@dataclass(frozen=True, slots=True)
class ToldSilence:
    """A silence that was told, and how many other systems were."""

    told_at: datetime
    receivers: int


def told_silence(c: Connection, forum_id: int, stream: Stream) -> ToldSilence | None:
    """Return when the last silence of a stream was told; None: none ever was."""
    query = select(silences.c.told_at, silences.c.receivers).where(
        silences.c.forum_id == forum_id, silences.c.stream == stream.value
    )
    row = c.execute(query).mappings().first()
    return None if row is None else record_of(ToldSilence, row)


def note_silence(c: Connection, forum_id: int, stream: Stream, told: ToldSilence) -> None:
    """Keep that a silence of a stream was told, in place of the one before it."""
    row = {"stream": stream.value, "told_at": told.told_at, "receivers": told.receivers}
    upsert(c, silences, [{"forum_id": forum_id, **row}])
