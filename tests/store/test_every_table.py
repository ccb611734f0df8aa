"""Erasure, export and retention reach every table that can hold a person, whichever it is."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from triage.forgotten import Forgotten
from triage.privacy import export_person, retain
from triage.privacy.removing import remove_person
from triage.records import Forum
from triage.retention import CLASSES, Retention
from triage.store import BY_TABLE, Database, Fate, rows_of_person
from triage.store.holdings.holding import FORUM
from triage.store.tables.base import METADATA, asks, events

from .filling import fill, rows_with, words_of
from .samples import NOON

ANNA, BO = "person-anna", "person-bo"
# Tables in which a browser's session may stand where nobody is known.
_UNNAMED = ("asks", "questions", "event_bursts")
_ALL = Forgotten(NOON + timedelta(days=9999))


@pytest.fixture
def both(database: Database, forum: Forum, other_forum: Forum) -> Database:
    """Anna and Bo in one forum, and in the other one somebody with Anna's hash."""
    with database.write() as c:
        fill(c, forum.id, ANNA, NOON, mark="anna")
        fill(c, forum.id, BO, NOON, mark="bo")
        fill(c, other_forum.id, ANNA, NOON, mark="namesake")
    return database


def test_every_table_of_persons_gives_their_row_and_nobody_elses(
    both: Database, forum: Forum
) -> None:
    with both.read() as c:
        found = rows_of_person(c, forum.id, ANNA)
    assert found.keys() == {name for name, holding in BY_TABLE.items() if holding.of}
    for name, rows in found.items():
        assert len(rows) == 1, name
        assert not [v for v in rows[0].values() if "bo" in str(v).split("-")], name


def test_nothing_of_whoever_is_erased_stays_in_any_table(
    both: Database, forum: Forum, other_forum: Forum
) -> None:
    with both.write() as c:
        before = rows_of_person(c, forum.id, BO)
        remove_person(c, forum.id, ANNA, _ALL, "marks")
    with both.read() as c:
        # The names of a thread that is gone, and of a cluster and a group, which are nobody's.
        left = {
            "removed_threads": ["id"],
            "clusters": ["cluster_id"],
            "ask_groups": ["group_id"],
        }
        assert {**rows_with(c, forum.id, "anna"), "erasures": []} == {**left, "erasures": []}
        after = rows_of_person(c, forum.id, BO)
        assert rows_of_person(c, other_forum.id, ANNA).keys() == before.keys()
    assert {name: list(map(dict, rows)) for name, rows in after.items()} == {
        name: list(map(dict, rows)) for name, rows in before.items()
    }


def test_the_visit_alone_tells_whose_a_row_of_nobody_by_name_is(
    both: Database, forum: Forum
) -> None:
    with both.write() as c:
        fill(c, forum.id, "person-nobody", NOON, mark="visit")
        _as_nobody_in(c, forum.id, "visit", session="anna-session")
        found = rows_of_person(c, forum.id, ANNA)
    assert {name: len(found[name]) for name in _UNNAMED} == dict.fromkeys(_UNNAMED, 2)


def test_what_may_be_somebody_elses_is_erased_and_not_exported(
    both: Database, forum: Forum
) -> None:
    with both.write() as c:
        fill(c, forum.id, "person-nobody", NOON, mark="visit")
        _as_nobody_in(c, forum.id, "visit", session="anna-session")
        for table in (asks, events):
            theirs = (table.c.forum_id == forum.id, table.c.person == BO)
            c.execute(update(table).where(*theirs).values(session="anna-session"))
    told = export_person(both, forum, ANNA, b"k" * 32)
    assert "visit" not in str(told)
    assert words_of("anna") in str(told)
    with both.write() as c:
        remove_person(c, forum.id, ANNA, _ALL, "marks")
        assert "asks" not in rows_with(c, forum.id, words_of("visit"))


def test_who_of_the_staff_it_was_is_in_no_export(both: Database, forum: Forum) -> None:
    told = export_person(both, forum, ANNA, b"k" * 32)["tables"]
    assert told.keys() == {name for name, holding in BY_TABLE.items() if holding.exported}
    for name, rows in told.items():
        assert not set(BY_TABLE[name].staff) & rows[0].keys(), name
    (change,) = told["question_changes"]
    assert change["note"] == words_of("anna")


def test_no_words_and_no_person_outlive_what_settings_keep(
    both: Database, forum: Forum, other_forum: Forum, tmp_path: Path
) -> None:
    kept = Retention(dict.fromkeys(CLASSES, 10))
    retain(both, forum.id, kept, NOON + timedelta(days=9))
    with both.read() as c:
        assert rows_of_person(c, forum.id, ANNA).keys() == _all_of_persons()
    retain(both, forum.id, kept, NOON + timedelta(days=11))
    with both.read() as c:
        found = rows_with(c, forum.id, "anna")
    lasting = {name for name, h in BY_TABLE.items() if h.kept == FORUM or h.fate is Fate.KEPT}
    assert {name for name in found if name not in lasting} == set()
    with both.read() as c:
        assert rows_of_person(c, other_forum.id, ANNA).keys() == _all_of_persons()


def test_words_are_emptied_where_the_rows_are_still_counted(both: Database, forum: Forum) -> None:
    kept = Retention({**dict.fromkeys(CLASSES, 100), "asks": 10})
    retain(both, forum.id, kept, NOON + timedelta(days=11))
    with both.read() as c:
        words, names = rows_with(c, forum.id, words_of("anna")), rows_with(c, forum.id, ANNA)
    for name, holding in BY_TABLE.items():
        if holding.blanked == "asks":
            assert not words.get(name), name
            assert not names.get(name), name


def _as_nobody_in(c: Connection, forum_id: int, mark: str, session: str) -> None:
    """Have rows say a session and no person, nor lead to anybody by what they refer to."""
    for name in _UNNAMED:
        table = METADATA.tables[name]
        nobodys: dict[str, str | None] = {"person": None, "session": session}
        if name == "questions":
            nobodys |= {"ask_id": None, "triage_id": None}
        theirs = (table.c.forum_id == forum_id, table.c.session == f"{mark}-session")
        c.execute(update(table).where(*theirs).values(**nobodys))


def _named(name: str) -> set[str]:
    return {link.column for link in BY_TABLE[name].of}


def _all_of_persons() -> set[str]:
    return {name for name, holding in BY_TABLE.items() if holding.of}
