"""Segments are kept as they were learnt, and replaced together."""

from dataclasses import replace

from triage.records import Forum
from triage.store import (
    BoilerplateRow,
    Database,
    boilerplate_segments,
    list_boilerplate,
    replace_boilerplate,
)

from .samples import NOON

LINE = BoilerplateRow("line", "fyll i alla fält", "question", "ledger", 120, 0.75, NOON)
LABEL = BoilerplateRow("label", "version:", "question", None, 80, 0.5, NOON)


def test_segments_come_back_as_they_were_in_their_order(database: Database, forum: Forum) -> None:
    with database.write() as c:
        replace_boilerplate(c, forum.id, [LINE, LABEL])
        assert list_boilerplate(c, forum.id) == [LINE, LABEL]
        assert boilerplate_segments(c, forum.id) == [
            ("line", "fyll i alla fält"),
            ("label", "version:"),
        ]


def test_what_is_no_longer_learnt_goes(database: Database, forum: Forum) -> None:
    with database.write() as c:
        replace_boilerplate(c, forum.id, [LINE, LABEL])
        replace_boilerplate(c, forum.id, [LABEL])
        assert list_boilerplate(c, forum.id) == [LABEL]
        replace_boilerplate(c, forum.id, [])
        assert list_boilerplate(c, forum.id) == []


def test_many_and_long_segments_are_kept(database: Database, forum: Forum) -> None:
    many = [replace(LINE, segment=f"{i} " + "å" * 1900, documents=i) for i in range(1200)]
    with database.write() as c:
        replace_boilerplate(c, forum.id, many)
        assert list_boilerplate(c, forum.id) == many
