"""What train.py says of the space."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.forum import cases
from triage.cli.train import space_line, train


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TRIAGE_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("TRIAGE_ENCODER", "hashing")


@pytest.fixture
def case_file(tmp_path: Path) -> str:
    names = ("id", "title", "body", "lang", "kind", "group")
    rows = [{name: getattr(case, name) for name in names} for case in cases()]
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return str(path)


def test_a_forum_without_pairs_says_how_many_it_needs(case_file: str) -> None:
    done = CliRunner().invoke(train, ["--cases", case_file, "--dry-run", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["adaptation"]
    assert not found["kept"]
    assert "100 are needed" in found["why"]


def test_the_space_can_be_left_as_it_is(case_file: str) -> None:
    done = CliRunner().invoke(train, ["--cases", case_file, "--dry-run", "--no-adapt"])
    assert "space    not adapted: it was not asked for" in done.stdout


def test_the_numbers_are_said_in_one_line() -> None:
    mrr = {"n": 9, "before": 0.5, "after": 0.75, "low": 0.1, "high": 0.4, "p_better": 0.002}
    line = space_line({"kept": True, "why": "it helps", "mrr": mrr})
    assert line == (
        "adapted: it helps; MRR of 9 held-out questions 0.500 -> 0.750"
        " (difference +0.100 to +0.400, p 0.0020)"
    )
