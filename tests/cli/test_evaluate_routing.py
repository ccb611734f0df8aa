"""`evaluate difficulty` and `evaluate routing`, as they are typed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from triage.cli import main


@pytest.fixture(autouse=True)
def lexical(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRIAGE_ENCODER", "hashing")
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path / "data"))


def write(path: Path, rows: list[dict[str, object]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def threads(path: Path) -> str:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    rows: list[dict[str, object]] = []
    for i in range(80):
        asked = start + timedelta(days=i)
        answer = {"body": "so", "accepted": True, "created": (asked + timedelta(1)).isoformat()}
        title = "How do I print" if i % 2 else "Kernel crash"
        answers = [answer] if i % 2 else []
        row = {"id": f"s:{i}", "title": f"{title} {i}", "created": asked.isoformat()}
        rows.append({**row, "answers": answers})
    return write(path, rows)


def cases(path: Path) -> str:
    return write(
        path,
        [
            {
                "id": str(i),
                "account": f"a{i % 3}",
                "title": "Which menu has it" if i % 2 else "Postings vanished",
                "body": f"number {i}",
                "lang": "en",
                "severity": 4 if i % 2 else 2,
                "destination": "community" if i % 2 else "expert",
            }
            for i in range(40)
        ],
    )


def test_difficulty_prints_its_scores_as_json_alone(tmp_path: Path) -> None:
    given = ["evaluate", "difficulty", "--threads", threads(tmp_path / "t.jsonl"), "--json"]
    result = CliRunner().invoke(main, [*given, "--days", "3", "--test-share", "0.4"])
    found = json.loads(result.stdout)
    assert found["days"] == 3
    assert found["auroc"] > 0.9
    assert set(found["by_site"]) == {"s"}


def test_routing_prints_what_each_way_costs(tmp_path: Path) -> None:
    given = ["evaluate", "routing", "--cases", cases(tmp_path / "c.jsonl"), "--folds", "3"]
    found = json.loads(CliRunner().invoke(main, [*given, "--json"]).stdout)
    assert found["costs"]["always_community"]["cost"] == pytest.approx((2 + 200) / 40)
    dearer = CliRunner().invoke(main, [*given, "--json", "--cost", "missed_severe=20"])
    assert json.loads(dearer.stdout)["costs"]["always_community"]["cost"] == pytest.approx(402 / 40)
    plain = CliRunner().invoke(main, given)
    assert "keyword_rules" in plain.stdout
    assert plain.exit_code == 0


def test_accounts_are_read_and_bad_lines_of_theirs_told(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"id": "a0", "support_level": "basic"}, {"name": "no id"}]
    accounts = write(tmp_path / "a.jsonl", rows)
    given = ["evaluate", "routing", "--cases", cases(tmp_path / "c.jsonl"), "--folds", "3"]
    result = CliRunner().invoke(main, [*given, "--accounts", accounts, "--json"])
    assert json.loads(result.stdout)["n"] == 40
    assert "1 bad lines left out" in result.stderr


@pytest.mark.parametrize(
    ("cost", "said"),
    [("fun=1", "is no cost"), ("expert=much", "write it as"), ("expert=9", "cannot cost less")],
)
def test_a_cost_that_cannot_be_meant_is_refused(tmp_path: Path, cost: str, said: str) -> None:
    given = ["evaluate", "routing", "--cases", cases(tmp_path / "c.jsonl"), "--cost", cost]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 2
    assert said in result.output


def test_too_few_cases_say_what_is_missing(tmp_path: Path) -> None:
    file = write(tmp_path / "c.jsonl", [{"id": "1", "title": "t", "destination": "expert"}])
    result = CliRunner().invoke(main, ["evaluate", "routing", "--cases", file])
    assert result.exit_code == 1
    assert "not_enough_data" in result.output
