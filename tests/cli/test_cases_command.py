"""`ingest cases --map`, `cases doubts` and `cases settle` as they are typed."""

import json
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result

from triage import store
from triage.cli import main

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
EXPORT = ["ingest", "cases", str(SAMPLE / "tickets.csv"), "--map", str(SAMPLE / "tickets.toml")]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def in_doubt(folder: Path) -> None:
    """Have a label of the export looked upon with doubt."""
    assert run(*EXPORT).exit_code == 0
    (file,) = (folder / "data").glob("*.db")
    database = store.Database(store.sqlite_url(file))
    at = datetime(2026, 3, 1, tzinfo=UTC)
    with database.write() as c:
        row = store.DoubtRow("48103", "kind", "bug", "problem", 0.8, "unlikely", at)
        store.replace_open_doubts(c, store.get_forum(c, "demo").id, [row])
    database.close()


def test_an_export_is_kept_and_what_is_unmapped_is_named() -> None:
    done = run(*EXPORT)
    assert done.exit_code == 0, done.output
    row = json.loads(done.stdout)
    assert (row["created"], row["unmapped_values"]) == (5, {"tone": {"Happy": 1}})
    assert row["unknown_fields"] == {"Support group": 5}


def test_a_preview_keeps_nothing(tmp_path: Path) -> None:
    done = run(*EXPORT, "--preview", "2")
    assert done.exit_code == 0, done.output
    assert "Bank / Statement import" in done.stdout
    assert "values of tone that are not mapped: 'Happy' 1" in done.stdout
    assert "columns that are not used: 'Support group' 5" in done.stdout
    assert "marit" not in done.stdout
    assert not (tmp_path / "data").exists()
    row = json.loads(run(*EXPORT, "--preview", "1", "--json").stdout)
    assert len(row["rows"]) == 1
    assert {"field": "tone", "cases": 1, "unmapped": 1}.items() <= row["lost"][1].items()


def test_a_file_of_our_own_format_has_a_preview_too() -> None:
    done = run("ingest", "cases", str(SAMPLE / "cases.jsonl"), "--preview", "1")
    assert "737 cases, 0 lines refused" in done.stdout
    assert "not mapped" not in done.stdout


def test_a_wrong_map_is_said_before_anything_is_kept(tmp_path: Path) -> None:
    wrong = tmp_path / "map.toml"
    wrong.write_text('[columns]\nid = "Nr"\n')
    done = run(*EXPORT[:-1], str(wrong))
    assert done.exit_code == 1
    assert "bad_file" in done.stderr
    assert "`columns.id`" in done.stderr


def test_a_doubt_is_shown_and_settled(tmp_path: Path) -> None:
    in_doubt(tmp_path)
    shown = run("cases", "doubts").stdout
    assert "48103  kind: bug 0.00 -> problem 0.80" in shown
    assert "Ohjelma kaatuu" in shown
    row = json.loads(run("cases", "doubts", "--json").stdout)[0]
    assert (row["case_id"], row["state"]) == ("48103", "open")
    assert "title" not in row
    settled = run("cases", "settle", "48103", "kind", "--change", "problem")
    assert settled.stdout == "48103  kind: changed, problem\n"
    assert run("cases", "doubts").stdout == ""
    assert "changed: problem" in run("cases", "doubts", "--all").stdout


def test_settling_needs_one_word(tmp_path: Path) -> None:
    in_doubt(tmp_path)
    for said in ([], ["--keep", "--change", "bug"]):
        assert run("cases", "settle", "48103", "kind", *said).exit_code == 2
    for said in (["--change", "todo"], ["--change", " "]):
        done = run("cases", "settle", "48103", "kind", *said)
        assert done.exit_code == 1
        assert "bad_field" in done.stderr
    assert run("cases", "settle", "48101", "kind", "--keep").exit_code == 1
