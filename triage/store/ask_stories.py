"""One ask from its first keystroke to what was done with each suggestion.

In: an ask. Out: its replies and its events, oldest first.
Not here: keeping either (asks, events), what they mean (questions.handover, outcomes).
"""

from sqlalchemy import Connection, select

from triage.records import Event, EventType, Mode, Stage
from triage.store.asks import TriageRow
from triage.store.batches import record_of
from triage.store.tables.base import events, triages


def replies_of_ask(c: Connection, forum_id: int, ask_id: str) -> list[TriageRow]:
    """Return the replies to an ask."""
    query = select(triages).where(triages.c.forum_id == forum_id, triages.c.ask_id == ask_id)
    rows = c.execute(query.order_by(triages.c.at, triages.c.triage_id)).mappings()
    return [
        record_of(TriageRow, row, stage=Stage(row["stage"]), mode=Mode(row["mode"])) for row in rows
    ]


def events_of_ask(c: Connection, forum_id: int, ask_id: str) -> list[Event]:
    """Return what was told to have happened after the replies to an ask."""
    query = select(events).where(events.c.forum_id == forum_id, events.c.ask_id == ask_id)
    rows = c.execute(query.order_by(events.c.occurred_at, events.c.event_id)).mappings()
    return [
        record_of(
            Event,
            row,
            type=EventType(row["type"]),
            value=row["value_number"] if row["value_text"] is None else row["value_text"],
        )
        for row in rows
    ]
