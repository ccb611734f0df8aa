"""A dump is read from start to end, again and again; what is unchanged is not written."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.forum import SmallForum
from tests.importing.conftest import Commits
from triage.connect import Reading
from triage.connect.lines import Row
from triage.errors import BadRecord
from triage.importing import Imported, Options, import_cases, import_threads
from triage.store import get_cases, thread_state

Fields = Mapping[str, object]


def thread_row(number: int, **fields: object) -> Fields:
    answer = {"id": "a", "body": f"Set page size {number}.", "accepted": True, "user": "bo"}
    row = {"id": f"q{number}", "title": f"Export {number}", "body": "It stops.", "user": "anna"}
    return {**row, "answers": [answer], **fields}


def threads(small: SmallForum, rows: list[Fields | BadRecord], **more: Any) -> Imported:  # noqa: ANN401
    def given() -> Iterator[Row | BadRecord]:
        for line, row in enumerate(rows, start=1):
            yield row if isinstance(row, BadRecord) else Row(line, row)

    where = small.knowledge(), small.database, small.forum.id, "stackexchange:demo", "stackexchange"
    reading = Reading(Path("Posts.xml"))
    told = {"whole": True, "progress": str, **more}
    return import_threads(*where, given(), lambda person: f"hash of {person}", reading, **told)


def names(small: SmallForum) -> set[str]:
    with small.database.read() as c:
        return {name for name in thread_state(c, small.forum.id) if name.startswith("q")}


def test_a_dump_is_kept_and_read_again_nothing_is_written(
    small: SmallForum, commits: Commits
) -> None:
    rows: list[Fields | BadRecord] = [thread_row(n) for n in range(450)]
    acts: list[object] = []
    first = threads(small, rows, note=acts.append)
    assert (first.counts.created, len(acts), first.complete) == (450, 1, True)
    before = commits.now()
    for options in (Options(), Options(again=True)):
        again = threads(small, rows, note=acts.append, options=options)
        assert (again.counts.unchanged, again.counts.updated, again.removed) == (450, 0, 0)
    assert commits.now() == before
    assert len(acts) == 1


def test_what_changed_is_put_and_what_is_missing_goes(small: SmallForum) -> None:
    threads(small, [thread_row(n) for n in range(30)])
    changed = [thread_row(n) for n in range(1, 30)] + [thread_row(40)]
    changed[3] = thread_row(4, title="Another")
    done = threads(small, list(changed))
    assert (done.counts.created, done.counts.updated, done.removed) == (1, 1, 1)
    assert names(small) == {f"q{n}" for n in (*range(1, 30), 40)}
    # What was ingested by hand is none of its own.
    assert "bank" in small.knowledge().fetch(["bank"])


def test_a_part_removes_nothing_but_what_it_says_is_gone(small: SmallForum) -> None:
    threads(small, [thread_row(n) for n in range(5)])
    done = threads(small, [{"id": "q3", "gone": True}, {"id": "bank", "gone": True}], whole=False)
    assert done.removed == 1
    assert names(small) == {"q0", "q1", "q2", "q4"}
    assert "bank" in small.knowledge().fetch(["bank"])


def test_with_a_bad_row_nothing_is_removed(small: SmallForum) -> None:
    threads(small, [thread_row(n) for n in range(5)])
    bad = BadRecord("Posts.xml", 9, None, "is not XML")
    no_text = {"id": "q9", "title": ""}
    done = threads(small, [thread_row(0), bad, no_text, {"title": "No id"}])
    assert done.reading is not None
    assert (done.reading.error_count, done.reading.rows) == (3, 1)
    assert (done.removed, done.removal_left_out, done.held_back) == (0, True, 4)
    assert not done.complete
    assert len(names(small)) == 5


def test_too_much_of_a_dump_is_not_removed_unless_told_to(small: SmallForum) -> None:
    threads(small, [thread_row(n) for n in range(40)])
    assert threads(small, [thread_row(0)]).held_back == 39
    assert len(names(small)) == 40
    assert threads(small, [thread_row(0)], options=Options(remove_all=True)).removed == 39


def test_a_dump_that_breaks_off_keeps_what_was_read_and_goes_on(small: SmallForum) -> None:
    class Killed(BaseException):
        pass

    def broken() -> Iterator[Row | BadRecord]:
        for number in range(450):
            yield Row(number, thread_row(number))
        raise Killed

    where = small.knowledge(), small.database, small.forum.id, "stackexchange:demo", "stackexchange"
    reading = Reading(Path("Posts.xml"))
    with pytest.raises(Killed):
        import_threads(*where, broken(), str, reading, whole=True, progress=str)
    assert len(names(small)) == 400
    rows: list[Fields | BadRecord] = [thread_row(n) for n in range(500)]
    done = import_threads(
        *where,
        (Row(n, row) for n, row in enumerate(rows) if not isinstance(row, BadRecord)),
        str,
        Reading(Path("Posts.xml")),
        whole=True,
        progress=str,
    )
    assert (done.counts.created, done.counts.unchanged) == (100, 400)


def test_of_two_rows_with_one_id_the_first_counts_in_every_run(
    small: SmallForum, commits: Commits
) -> None:
    rows: list[Fields | BadRecord] = [thread_row(1), thread_row(1, title="Again")]
    done = threads(small, rows)
    assert done.reading is not None
    assert (done.reading.repeated, done.counts.created) == (1, 1)
    before = commits.now()
    threads(small, rows)
    assert commits.now() == before


def test_cases_are_kept_and_go_alike(small: SmallForum, commits: Commits) -> None:
    def run(rows: list[Fields]) -> Imported:
        where = small.database, small.forum.id, "zendesk:demo", "zendesk"
        given = (Row(line, row) for line, row in enumerate(rows, start=1))
        reading = Reading(Path("export.json"))
        return import_cases(*where, given, str, reading, whole=True, progress=str)

    rows: list[Fields] = [
        {"id": f"z{n}", "title": f"Invoice {n}", "body": "Call me: anna@acme.example"}
        for n in range(20)
    ]
    assert run(rows).counts.created == 20
    with small.database.read() as c:
        assert "anna@acme.example" not in get_cases(c, small.forum.id, ["z1"])["z1"].body
    before = commits.now()
    assert run(rows).counts.unchanged == 20
    assert commits.now() == before
    done = run(rows[1:])
    assert done.removed == 1
    with small.database.read() as c:
        assert get_cases(c, small.forum.id, ["z0", "z1"]).keys() == {"z1"}
