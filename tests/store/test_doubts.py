"""Labels in doubt, and what happened to versions."""

from dataclasses import replace

from tests.store.samples import NOON
from triage.records import Case, Forum
from triage.store import (
    Database,
    DoubtRow,
    HistoryRow,
    add_history,
    list_doubts,
    list_history,
    put_cases,
    replace_open_doubts,
)

DOUBT = DoubtRow("c1", "kind", "bug", "how_to", 0.9, "likelier", NOON)


def test_a_new_run_replaces_what_is_open_and_keeps_what_a_person_settled(
    database: Database, forum: Forum
) -> None:
    settled = replace(DOUBT, target="topic", state="kept")
    with database.write() as c:
        put_cases(c, forum.id, [(Case("c1", "a", ""), "d"), (Case("c2", "b", ""), "e")])
        replace_open_doubts(c, forum.id, [DOUBT, settled])
        fresh = [replace(DOUBT, case_id="c2", probability=0.95), replace(settled, state="open")]
        replace_open_doubts(c, forum.id, fresh)
        assert list_doubts(c, forum.id) == [fresh[0], settled]


def test_a_case_that_went_while_others_were_learnt_from_is_in_no_doubt(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        put_cases(c, forum.id, [(Case("c2", "b", ""), "e")])
        replace_open_doubts(c, forum.id, [DOUBT, replace(DOUBT, case_id="c2")])
        assert [doubt.case_id for doubt in list_doubts(c, forum.id)] == ["c2"]


def test_history_keeps_its_order_though_clocks_go_back(database: Database, forum: Forum) -> None:
    first = HistoryRow(NOON, "published", "v1", "me", details={"cases": 3})
    second = HistoryRow(NOON.replace(year=2001), "activated", "v1", "me", "v0", "because")
    with database.write() as c:
        add_history(c, forum.id, first)
        add_history(c, forum.id, second)
        assert list_history(c, forum.id) == [first, second]
