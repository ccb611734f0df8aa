"""A question that stands in another system, and everything that reads or changes that."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from triage.records import ApiKey, ChannelKind
from triage.store import (
    ChannelRow,
    Connection,
    FilingRow,
    begin_filing,
    drop_filing,
    filing_of,
    filings_of_question,
    filings_unseen,
    get_filing,
    keep_filing,
    last_seen_filing,
    list_channels,
    put_channel,
    retopic_question,
    solved_elsewhere,
    touch_filing,
)

from .samples import NOON

_LATER = NOON + timedelta(days=1)


def file_away(c: Connection, forum_id: int, mark: str) -> None:
    """Have the question that there is stand in a system of the forum's own."""
    row = ChannelRow(
        channel_id=f"ch_tickets_{mark}",
        kind=ChannelKind.ZAMMAD,
        name="tickets",
        sealed=mark.encode(),
        created_at=NOON,
    )
    put_channel(c, forum_id, row)
    filing = FilingRow(question_id="q1", channel_id=row.channel_id, filed_at=NOON)
    assert begin_filing(c, forum_id, filing)
    assert not begin_filing(c, forum_id, filing)
    keep_filing(c, forum_id, replace(filing, foreign_id="1", state=mark, seen_at=NOON))


def filed_away(c: Connection, forum_id: int) -> dict[str, Any]:
    """Read all of it, by the channels of both forums."""
    names = [f"ch_tickets_{mark}" for mark in ("bikes", "rowing")]
    return {
        "filings": (
            [get_filing(c, forum_id, "q1", name) for name in names],
            [filing_of(c, forum_id, name, "1") for name in names],
            [filings_unseen(c, forum_id, name, _LATER) for name in names],
            [last_seen_filing(c, forum_id, name) for name in names],
            filings_of_question(c, forum_id, "q1"),
            solved_elsewhere(c, forum_id),
            list_channels(c, forum_id, [ChannelKind.ZAMMAD]),
        )
    }


def change_filed_away(c: Connection, key: ApiKey) -> None:
    """Do all that changes it, with whatever the forum can name."""
    forum_id = key.forum.id
    for name in ("ch_tickets_bikes", "ch_tickets_rowing"):
        touch_filing(c, forum_id, "q1", name, _LATER)
        row = FilingRow(question_id="q1", channel_id=name, filed_at=NOON, foreign_id="2")
        keep_filing(c, forum_id, row)
        drop_filing(c, forum_id, "q1", name)
    retopic_question(c, forum_id, "q1", "new")
