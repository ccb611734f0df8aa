"""`policy`: from a file to what decides, and back to a file."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.forum import INSTALLATION_KEY, SmallForum, small_forum
from triage import store
from triage.cli import main
from triage.policy import Policy, read_policy
from triage.records import Destination, Draft, Role


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401
    with small_forum(tmp_path) as opened:
        monkeypatch.setenv("TRIAGE_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
        monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("TRIAGE_INSTALLATION_KEY", INSTALLATION_KEY)
        monkeypatch.setenv("TRIAGE_ENCODER", "hashing")
        monkeypatch.setenv("TRIAGE_FORUM", "demo")
        yield opened


def run(*words: str, code: int = 0, given: str | None = None) -> str:
    done = CliRunner().invoke(main, ["policy", *words], input=given)
    assert done.exit_code == code, done.output
    return done.stdout if code == 0 else done.output


def test_a_file_becomes_what_decides_and_comes_back(small: SmallForum, tmp_path: Path) -> None:
    assert read_policy(run("export")) == Policy()
    file, copy = tmp_path / "policy.toml", tmp_path / "copy.toml"
    file.write_text('[routing]\ndefault = "expert"\n', encoding="utf-8")
    assert json.loads(run("import", str(file), "--reason", "A try.")) == {
        "forum": "demo",
        "version": 1,
        "state": "draft",
    }
    assert read_policy(run("export", "--draft")).default_destination is Destination.EXPERT
    assert read_policy(run("export")) == Policy()
    assert json.loads(run("activate", "1"))["former"] is None
    run("export", str(copy))
    assert read_policy(copy.read_text(encoding="utf-8")).default_destination is Destination.EXPERT
    assert run("export", "--version", "1") == copy.read_text(encoding="utf-8")
    run("import", "-", given="[shown]\nmost = 1\n")
    run("discard", "--version", "2")
    shown = run("history")
    assert "*    1 active" in shown
    assert "draft 1: A try." in shown
    told = json.loads(run("history", "--json"))
    assert [one["action"] for one in told] == ["discard", "draft", "activate", "draft"]


def test_a_trial_says_what_would_change(small: SmallForum) -> None:
    with small.database.write() as c:
        made = {"name": "forum", "role": Role.FRONTEND, "publishable": False, "test": False}
        _, key = store.create_key(c, small.forum.id, at=datetime.now(UTC), **made)
    for n in range(4):
        small.desk().ask(Draft("Dark theme", "In the app", lang="en", person=f"p{n}"), key)
    given = '[routing]\ndefault = "expert"\n'
    told = json.loads(run("simulate", "-", "--days", "2", "--json", given=given))
    assert (told["asks"], told["moved_to_expert"], told["draft_version"]) == (4, 4, "unkept")
    run("import", "-", given=given)
    shown = run("simulate", "--days", "2")
    assert "4 asks of 4 persons in 2 days (sent), version 1 beside default" in shown
    assert "-100.0%" in shown
    assert "tried" in run("history")


def test_what_is_wrong_is_said_with_its_code(small: SmallForum) -> None:
    assert "bad_field" in run("import", "-", code=1, given="[costs]\nexpert = -1\n")
    assert "no_policy" in run("activate", "7", code=1)
    assert "no_policy" in run("discard", code=1)
    assert "no_policy" in run("simulate", code=1)
    run("import", "-", given="[shown]\nmost = 1\n")
    assert "not_enough_data" in run("simulate", code=1)
    assert "cannot both" in run("simulate", "-", "--version", "1", code=2, given="")


def test_a_person_is_wanted_on_the_command_line_too(small: SmallForum) -> None:
    words = ["ask", "Dark theme", "--wants-person", "--lang", "en"]
    done = CliRunner().invoke(main, words)
    assert "Goes to: expert, private" in done.stdout, done.output
