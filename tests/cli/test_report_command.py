import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from benchmarks.askers import World, month_of
from tests.outcomes.told import Row, asked, event
from triage.cli import main

STABLE = (
    "asks",
    "offered",
    "posted",
    "confirmed",
    "contradicted",
    "silent",
    "lift",
    "lift_low",
    "lift_high",
    "srm_p",
)


def written(path: Path, rows: list[Row]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["report", "--events", str(path), *options])


def told(path: Path, *options: str, holdout: str = "0.2") -> dict[str, Any]:
    result = run(path, "--holdout", holdout, "--json", *options)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def month(tmp_path: Path) -> Path:
    rows = month_of(World("a month", persons=200, returns=0.2), 1).rows
    return written(tmp_path / "events.jsonl", [dict(row) for row in rows])


def test_a_file_of_events_gives_the_stable_keys(month: Path) -> None:
    found = told(month)
    assert set(STABLE) <= set(found)
    assert found["lift_low"] <= found["lift"] <= found["lift_high"]
    assert found["excluded"]["bots"] == 40
    assert found["events"]["duplicates"] > 0


def test_without_json_a_person_can_read_it(month: Path) -> None:
    result = run(month, "--holdout", "0.2")
    assert result.exit_code == 0
    assert "Lift: " in result.stdout
    assert "no measure of success" in result.stdout


def test_bad_lines_are_told_counted_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    lines = [json.dumps(row).encode() for row in (asked(), event("posted", 1))]
    lines[1:1] = [b"{", b"\xff", b"[]", json.dumps({**asked(0, "b"), "arm": "red"}).encode()]
    path.write_bytes(b"\n".join(lines))
    result = run(path, "--holdout", "0.2", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["events"]["bad_lines"], found["asks"], found["posted"]) == (3, 1, 1)
    assert ":2 is not JSON" in result.stderr
    assert ":3 is not UTF-8" in result.stderr
    assert ":5 field `arm`" in result.stderr
    assert run(path, "--holdout", "0.2", "--strict").exit_code == 4


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "it is empty"),
        (b"\n \n", "it is empty"),
        (b"{\n}\n", "none of its 2 lines"),
        (json.dumps(event("posted")).encode(), "no `asked` event"),
    ],
)
def test_a_file_of_which_nothing_is_left_is_an_error(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(content)
    result = run(path, "--holdout", "0.2", "--json")
    assert result.exit_code == 1
    assert problem in result.stderr
    assert result.stdout == ""


def test_a_period_is_named_by_its_days(tmp_path: Path) -> None:
    rows = [asked(day + 0.5, f"a{day}", f"p{day}") for day in range(10)]
    path = written(tmp_path / "events.jsonl", rows)
    found = told(path, "--from", "2026-03-03", "--to", "2026-03-04")
    assert (found["asks"], found["from"], found["to"]) == (
        2,
        "2026-03-03T00:00:00Z",
        "2026-03-05T00:00:00Z",
    )
    assert told(path, "--as-of", "2026-03-04")["asks"] == 4
    assert told(path, "--as-of", "2026-03-04T13:00:00+00:00")["asks"] == 4


def test_the_window_decides_what_belongs_to_an_ask(tmp_path: Path) -> None:
    path = written(tmp_path / "events.jsonl", [asked(), event("posted", 10)])
    assert told(path)["posted"] == 1
    assert told(path, "--window-days", "7")["posted"] == 0


@pytest.mark.parametrize(
    "options",
    [
        ["--holdout", "1"],
        ["--holdout", "-0.1"],
        ["--holdout", "0.1", "--window-days", "0"],
        ["--holdout", "0.1", "--from", "spring"],
        ["--holdout", "0.1", "--to", "2026-02-30"],
        [],
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(month: Path, options: list[str]) -> None:
    assert run(month, *options).exit_code == 2


def test_the_period_that_is_said_is_the_one_that_was_asked_for(month: Path) -> None:
    days = ("--from", "2026-03-05", "--to", "2026-03-10")
    shown = run(month, "--holdout", "0.2", *days).stdout
    assert "asks from 2026-03-05T00:00:00Z to 2026-03-11T00:00:00Z," in shown.split("\n")[0]


def test_a_report_of_some_asks_says_whose_it_is_and_how_sure_it_is(month: Path) -> None:
    some = told(month, "--where", "lang=no")
    assert 0 < some["asks"] < told(month)["asks"]
    assert some["only"] == {"lang": "nb"}
    # Nobody of that month says whether they are new.
    none = told(month, "--where", "lang=no", "--where", "newcomer=yes")
    assert (none["asks"], none["only"]) == (0, {"lang": "nb", "newcomer": True})
    shown = run(month, "--holdout", "0.2", "--where", "lang=nb").stdout
    assert shown.startswith("Of lang nb:\n")
    assert "not known" in shown or "zero is not within" in shown


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("lang", "is not FIELD=VALUE"),
        ("version=x", "`account` and `destination` are"),
        ("product=x", "`product` is none that an ask has"),
        ("destination=x", "should be community or expert"),
        ("newcomer=perhaps", "yes or no"),
        ("lang=xx", "there are"),
    ],
)
def test_what_a_report_cannot_be_of_is_said(month: Path, where: str, said: str) -> None:
    result = run(month, "--holdout", "0.2", "--where", where)
    assert result.exit_code != 0
    assert said in result.stderr


def test_two_values_of_one_field_are_no_report(month: Path) -> None:
    both = ("--where", "lang=nb", "--where", "lang=en")
    result = run(month, "--holdout", "0.2", *both)
    assert result.exit_code == 2
    assert "has one value" in result.stderr
