"""A question stands once behind a channel, and whoever looks is told what is there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from triage.records import ChannelKind, Forum
from triage.store import (
    ChannelRow,
    Connection,
    Database,
    FilingRow,
    begin_filing,
    drop_filing,
    filings_unseen,
    get_filing,
    keep_filing,
    put_channel,
    put_question,
    stand_question,
)
from triage.store.question_rows import Standing

from .posting import question_row, standing
from .samples import NOON

ROW = FilingRow(question_id="q1", channel_id="ch_1", filed_at=NOON)
HOUR = timedelta(hours=1)


def two_questions(c: Connection, forum: Forum) -> None:
    row = ChannelRow(
        channel_id="ch_1", kind=ChannelKind.ZAMMAD, name="x", sealed=b"", created_at=NOON
    )
    put_channel(c, forum.id, row)
    for name in ("q1", "q2"):
        put_question(c, forum.id, question_row(question_id=name, ask_id=None, triage_id=None))


def test_it_is_begun_once(database: Database, forum: Forum) -> None:
    with database.write() as c:
        two_questions(c, forum)
        assert begin_filing(c, forum.id, ROW)
        assert not begin_filing(c, forum.id, replace(ROW, filed_at=NOON + HOUR))
        found = get_filing(c, forum.id, "q1", "ch_1")
    assert found == ROW


def test_what_is_there_is_not_taken_back(database: Database, forum: Forum) -> None:
    with database.write() as c:
        two_questions(c, forum)
        begin_filing(c, forum.id, ROW)
        assert drop_filing(c, forum.id, "q1", "ch_1")
        begin_filing(c, forum.id, ROW)
        assert keep_filing(c, forum.id, replace(ROW, foreign_id="1"))
        assert not drop_filing(c, forum.id, "q1", "ch_1")
        assert not keep_filing(c, forum.id, replace(ROW, question_id="q9"))


@pytest.mark.parametrize("state", ["confirmed_solved", "closed", "answered"])
def test_only_what_has_not_ended_is_looked_at_anew(
    database: Database, forum: Forum, state: str
) -> None:
    with database.write() as c:
        two_questions(c, forum)
        for name, seen in (("q1", None), ("q2", NOON + HOUR)):
            row = replace(ROW, question_id=name)
            begin_filing(c, forum.id, row)
            keep_filing(c, forum.id, replace(row, foreign_id=name, seen_at=seen))
        late = NOON + 2 * HOUR
        found = filings_unseen(c, forum.id, "ch_1", late)
        assert [row.question_id for row in found] == ["q1", "q2"]
        assert [row.question_id for row in filings_unseen(c, forum.id, "ch_1", NOON + HOUR)] == [
            "q1"
        ]
        stand_question(c, forum.id, "q1", Standing(**standing(state=state)))
        found = filings_unseen(c, forum.id, "ch_1", late)
        left = ["q1", "q2"] if state == "answered" else ["q2"]
        assert [row.question_id for row in found] == left
