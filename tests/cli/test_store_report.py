"""`report`, `export` and `baseline` typed against a store."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.reports.months import Kept, month
from triage.cli import main
from triage.store import Database, ensure_forum


def run(*words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--forum", "demo"])


@pytest.fixture
def kept(database: Database) -> Kept:
    with database.write() as c:
        found = Kept(database, ensure_forum(c, "demo").id)
    found.put(month(persons=60))
    return found


def test_a_period_is_closed_and_told_again(kept: Kept) -> None:
    march = ("report", "--from", "2026-03-01", "--to", "2026-03-31", "--time-zone", "Europe/Oslo")
    closed = run(*march, "--close", "--json")
    assert closed.exit_code == 0, closed.output
    found = json.loads(closed.stdout)
    assert found["time_zone"] == "Europe/Oslo"
    assert found["from"] == "2026-02-28T23:00:00Z"
    assert found["from_local"] == "2026-03-01T00:00:00+01:00"
    assert found["to"] == "2026-03-31T22:00:00Z"
    again = run(*march)
    assert "nothing has changed since" in again.stdout
    twice = run(*march, "--close")
    assert twice.exit_code == 1
    assert "period_closed" in twice.stderr


def test_what_was_before_is_imported_and_shown(kept: Kept, tmp_path: Path) -> None:
    file = tmp_path / "before.csv"
    file.write_text("from,to,questions,cases\n2025-01-01,2025-01-31,90,\n", encoding="utf-8")
    assert json.loads(run("baseline", "import", str(file)).stdout)["questions"] == 90
    shown = json.loads(run("baseline", "show").stdout)
    assert shown["to"] == "2025-02-01T00:00:00Z"
    assert "Before the service: 2.9 questions a day" in run("report").stdout
    file.write_text("from,to,questions\n2025-01-01,2025-01-31,many\n", encoding="utf-8")
    wrong = run("baseline", "import", str(file))
    assert wrong.exit_code == 4
    assert "questions" in wrong.stderr


@pytest.mark.parametrize("name", ["asks.csv", "outcomes.parquet"])
def test_a_table_is_exported_once(kept: Kept, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    done = run("export", name.partition(".")[0], str(file))
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["columns"] == 1
    assert told["rows"] > 60
    assert file.stat().st_size > 1000
    assert run("export", name.partition(".")[0], str(file)).exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ["report", "--strict"],
        ["report", "--cost-low", "3"],
        ["report", "--cost-per-post", "3", "--cost-low", "4", "--cost-high", "5"],
        ["report", "--time-zone", "Mars/Olympus", "--from", "2026-03-01"],
        ["export", "asks", "asks.xlsx"],
    ],
)
def test_what_makes_no_sense_is_wrong_usage(words: list[str]) -> None:
    assert run(*words).exit_code == 2
