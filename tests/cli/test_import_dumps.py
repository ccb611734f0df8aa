"""`import stackexchange` and `import zendesk` as they are typed, once and again."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.dumps import SITE, Row, answer, dump, duplicate, packed, question
from triage import store
from triage.cli import main
from triage.records import Thread

POSTS: tuple[Row, ...] = (
    question(1, "Export stops", "<p>At row 500.</p>", AcceptedAnswerId=4),
    question(2, "The export ends early", "<p>Why is that?</p>"),
    question(3, "The logo is blurry", "<p>On each invoice.</p>"),
    answer(4, 1, "<p>Set the page size to 0.</p>", Score=7),
    answer(5, 1, "<p>Restart it.</p>"),
    answer(6, 2, "<p>It is as in the other one.</p>", Score=1),
)
LINKS = (duplicate(2, of=1),)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def told(*arguments: object, code: int = 0) -> dict[str, Any]:
    done = run(*arguments)
    assert done.exit_code == code, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def imported(path: Path, *more: object, code: int = 0) -> dict[str, Any]:
    return told("import", "stackexchange", path, "--forum", "acme", *more, code=code)


def counted(done: Mapping[str, Any]) -> tuple[int, int, int, int]:
    return done["created"], done["updated"], done["unchanged"], done["removed"]


def threads(database: store.Database) -> dict[str, Thread]:
    with database.read() as c:
        forum_id = store.get_forum(c, "acme").id
        return {thread.id: thread for thread in store.iter_threads(c, forum_id)}


def contents(folder: Path) -> str:
    """Return all that stands in the store, but for what says when the command looked at it."""
    (file,) = (folder / "data").glob("*.db")
    with sqlite3.connect(file) as connection:
        dumped = "\n".join(connection.iterdump())
    connection.close()
    return dumped


def test_a_dump_becomes_threads_that_can_be_asked(tmp_path: Path, database: store.Database) -> None:
    done = imported(packed(dump(tmp_path, POSTS, LINKS)))
    assert counted(done) == (3, 0, 0, 0)
    assert done["source"] == f"stackexchange:{SITE}"
    assert done["licences"] == {"CC BY-SA 4.0": 6}
    kept = threads(database)
    assert kept[f"{SITE}-2"].duplicate_of == (f"{SITE}-1",)
    assert kept[f"{SITE}-1"].person not in (None, f"{SITE}/users/5")
    asked = told("ask", "Export stops at row 500", "--forum", "acme", "--json")
    assert asked["suggestions"][0]["thread_id"] == f"{SITE}-1"
    assert asked["suggestions"][0]["url"] == f"https://{SITE}/questions/1"


def test_the_same_dump_again_writes_nothing(tmp_path: Path) -> None:
    path = dump(tmp_path, POSTS, LINKS)
    imported(path)
    before = contents(tmp_path)
    assert counted(imported(path)) == (0, 0, 3, 0)
    assert counted(imported(packed(path))) == (0, 0, 3, 0)
    assert contents(tmp_path) == before


def test_a_newer_dump_changes_what_has_changed(tmp_path: Path, database: store.Database) -> None:
    imported(dump(tmp_path, POSTS, LINKS))
    # The first answer is gone, one moved to another question, a question is gone, one came.
    moved = {**POSTS[5], "ParentId": 1}
    newer = (POSTS[0], POSTS[1], POSTS[3], moved, question(7, "Where is the menu?", "<p>?</p>"))
    done = imported(dump(tmp_path, newer, LINKS))
    assert counted(done) == (1, 2, 0, 1)
    kept = threads(database)
    assert sorted(kept) == [f"{SITE}-{number}" for number in (1, 2, 7)]
    assert [one.id for one in kept[f"{SITE}-1"].answers] == ["4", "6"]
    assert not kept[f"{SITE}-2"].solved


def test_only_what_came_from_a_dump_goes_with_it(tmp_path: Path, database: store.Database) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text('{"id": "ours", "title": "A page of ours", "answers": [{"body": "Yes."}]}\n')
    assert run("ingest", "threads", own, "--forum", "acme").exit_code == 0
    imported(dump(tmp_path, POSTS))
    imported(dump(tmp_path, [question(1, "Else", "B")], site="other.stackexchange.com"))
    imported(dump(tmp_path, POSTS[:1]))
    assert sorted(threads(database)) == [f"{SITE}-1", "other.stackexchange.com-1", "ours"]


def test_with_a_bad_row_nothing_is_taken_for_gone(tmp_path: Path, database: store.Database) -> None:
    imported(dump(tmp_path, POSTS))
    done = imported(dump(tmp_path, [*POSTS[:1], "<row x />\n"]), code=3)
    assert (done["refused"], done["held_back"], done["removed"]) == (1, 2, 0)
    assert len(threads(database)) == 3


def test_a_dump_that_was_cut_off_removes_nothing(tmp_path: Path, database: store.Database) -> None:
    path = dump(tmp_path, POSTS)
    imported(path)
    whole = (path / "Posts.xml").read_bytes()
    (path / "Posts.xml").write_bytes(whole[:900])
    done = run("import", "stackexchange", path, "--forum", "acme")
    assert done.exit_code == 1
    assert "error bad_file" in done.stderr
    assert "Posts.xml: line" in done.stderr
    assert len(threads(database)) == 3


def test_much_that_is_gone_at_once_is_asked_about(tmp_path: Path, database: store.Database) -> None:
    many = [question(number, f"Question {number}", "B") for number in range(1, 21)]
    imported(dump(tmp_path, many))
    done = imported(dump(tmp_path, many[:5]), code=3)
    assert (done["held_back"], done["removed"]) == (15, 0)
    assert imported(dump(tmp_path, many[:5]), "--remove-all")["removed"] == 15
    assert len(threads(database)) == 5


def test_a_killed_run_goes_on_where_it_was(
    tmp_path: Path, database: store.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [question(number, f"Question {number}", "B") for number in range(1, 451)]
    path = dump(tmp_path, many)
    said: list[str] = []

    def killed(message: str) -> None:
        said.append(message)
        if message.startswith("400"):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("triage.cli.import_dumps.say", killed)
        assert run("import", "stackexchange", path, "--forum", "acme").exit_code != 0
    assert len(threads(database)) == 400
    assert counted(imported(path)) == (50, 0, 400, 0)


def test_strict_stops_at_the_first_bad_row(tmp_path: Path) -> None:
    path = dump(tmp_path, ["<row x />\n", *POSTS])
    assert run("import", "stackexchange", path, "--strict", "--forum", "acme").exit_code == 4


def test_a_site_without_a_name_is_asked_for(tmp_path: Path) -> None:
    path = dump(tmp_path, POSTS, site="dump")
    done = run("import", "stackexchange", path, "--forum", "acme")
    assert done.exit_code == 1
    assert "--site superuser.com" in done.stderr
    assert not (tmp_path / "data").exists()
    assert imported(path, "--site", "superuser")["source"] == "stackexchange:superuser.com"


# Tickets.


def ticket(number: int, answer: str = "Set the page size to 0.", **more: object) -> dict[str, Any]:
    at = "2024-05-31T08:00:00Z"
    return {
        "id": number,
        "subject": f"Export stops {number}",
        "created_at": at,
        "status": "closed",
        "priority": "urgent",
        "requester_id": 5,
        "comments": [
            {"author_id": 5, "public": True, "body": "No export.", "created_at": at},
            {"author_id": 9, "public": False, "body": "black list", "created_at": at},
            {"author_id": 9, "public": True, "body": answer, "created_at": at},
        ],
        "tags": ["tier2"],
        **more,
    }


def tickets(folder: Path, *rows: Mapping[str, Any]) -> Path:
    path = folder / "tickets.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def taken(path: Path, *more: object, code: int = 0) -> dict[str, Any]:
    return told("import", "zendesk", path, "--forum", "acme", *more, code=code)


def cases(database: store.Database) -> dict[str, Any]:
    with database.read() as c:
        forum_id = store.get_forum(c, "acme").id
        return {case.id: case for case, _ in store.iter_cases(c, forum_id)}


def test_tickets_become_cases_once_and_no_more(tmp_path: Path, database: store.Database) -> None:
    path = tickets(tmp_path, ticket(1), ticket(2), ticket(2))
    assert counted(taken(path)) == (2, 0, 0, 0)
    kept = cases(database)
    assert (kept["1"].severity, kept["1"].answer) == (1, "Set the page size to 0.")
    before = contents(tmp_path)
    assert "black list" not in before
    assert counted(taken(path)) == (0, 0, 2, 0)
    assert contents(tmp_path) == before


def test_an_increment_changes_what_it_names(tmp_path: Path, database: store.Database) -> None:
    taken(tickets(tmp_path, ticket(1), ticket(2), ticket(3)))
    newer = tickets(tmp_path, ticket(1, "In 8.0.4."), ticket(3, status="deleted"), ticket(4))
    assert counted(taken(newer)) == (1, 1, 0, 1)
    assert sorted(cases(database)) == ["1", "2", "4"]
    assert taken(newer, "--whole")["removed"] == 1
    assert sorted(cases(database)) == ["1", "4"]


def test_a_map_reads_what_is_a_companys_own(tmp_path: Path, database: store.Database) -> None:
    map_file = tmp_path / "zendesk.toml"
    map_file.write_text(
        '[columns]\nescalated = "tags.tier2"\nkind = "custom_fields.33"\ntopic = "group"\n'
    )
    fields = [{"id": 33, "value": "weird"}]
    path = tickets(tmp_path, ticket(1, custom_fields=fields))
    done = taken(path, "--map", map_file)
    assert done["unmapped_values"] == {"kind": {"weird": 1}}
    assert cases(database)["1"].escalated is True
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[columns]\nanswer = "x"\n')
    done_wrong = run("import", "zendesk", path, "--map", wrong, "--forum", "acme")
    assert (done_wrong.exit_code, "bad_file" in done_wrong.stderr) == (1, True)
