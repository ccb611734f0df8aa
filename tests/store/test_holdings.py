"""Every table says what it holds of people; whoever adds one says it too."""

import pytest
from sqlalchemy import JSON, LargeBinary, Text

from triage.retention import CLASSES
from triage.store import BY_TABLE, FIXED, HOLDINGS, Fate
from triage.store.columns import TextSet, TextTuple
from triage.store.holdings.holding import VISITS, Link
from triage.store.tables.base import METADATA

_WORDY = (Text, JSON, LargeBinary, TextSet, TextTuple)


def test_every_table_has_its_row_and_every_row_its_table() -> None:
    assert [h.table for h in HOLDINGS if h.table not in METADATA.tables] == []
    assert METADATA.tables.keys() - BY_TABLE.keys() == set()
    assert len(BY_TABLE) == len(HOLDINGS)


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda h: h.table)
def test_every_column_that_could_hold_words_is_named_once(holding: object) -> None:
    row = BY_TABLE[holding.table]  # type: ignore[attr-defined]
    table = METADATA.tables[row.table]
    wordy = {c.name for c in table.columns if isinstance(c.type, _WORDY)}
    named = [*row.persons, *row.texts, *row.plain]
    assert len(named) == len(set(named))
    assert set(named) == wordy


@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda h: h.table)
def test_what_a_row_says_can_be_done(holding: object) -> None:
    row = BY_TABLE[holding.table]  # type: ignore[attr-defined]
    table = METADATA.tables[row.table]
    assert row.purpose
    assert row.kept in {*CLASSES, *FIXED}
    assert row.blanked is None or row.blanked in CLASSES
    assert (row.aged is not None) == (row.kept not in FIXED)
    assert row.aged is None or row.aged in table.c
    assert row.key is None or row.key in table.c
    for link in row.of:
        assert link.column in table.c
        assert link.table in (None, VISITS) or BY_TABLE[link.table].key is not None


@pytest.mark.parametrize("name", METADATA.tables)
def test_a_table_with_a_person_is_erased_by_the_person(name: str) -> None:
    table, row = METADATA.tables[name], BY_TABLE[name]
    if "person" in table.c:
        assert "person" in row.persons
        assert "person" in {link.column for link in row.of}
        assert row.fate is not Fate.NOTHING
    if {"person", "session"} <= set(table.c.keys()) and name != "events":
        # An event is of an ask; what else came of a browser's visit is known by the visit alone.
        assert Link("session", VISITS) in row.of


@pytest.mark.parametrize("name", METADATA.tables)
def test_what_refers_to_a_persons_row_goes_with_it(name: str) -> None:
    row = BY_TABLE[name]
    for constraint in METADATA.tables[name].foreign_key_constraints:
        target = BY_TABLE[constraint.referred_table.name]
        if target.of and target.key is not None:
            theirs = constraint.ondelete == "CASCADE"
            assert theirs or target.table in {link.table for link in row.of}, target.table
