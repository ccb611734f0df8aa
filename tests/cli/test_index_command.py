"""`index` says what a start would open, makes it anew, and compares it with the store."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.forum import THREADS
from triage import store
from triage.cli import main
from triage.encode import HashingEncoder
from triage.knowledge import Knowledge
from triage.settings import Settings
from triage.snapshots import shelf


@pytest.fixture
def knowledge(database: store.Database) -> Knowledge:
    with database.write() as c:
        forum = store.ensure_forum(c, "demo")
    found = Knowledge(database, forum.id, HashingEncoder())
    found.put(THREADS)
    return found


def _run(*arguments: str, code: int = 0) -> dict[str, Any]:
    done = CliRunner().invoke(main, ["index", "--forum", "demo", *arguments])
    assert done.exit_code == code, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _on_disk(folder: Path) -> list[str]:
    root = folder / "demo"
    return sorted(p.name for p in root.iterdir() if p.name.isdecimal()) if root.exists() else []


@pytest.mark.usefixtures("knowledge")
def test_a_small_forum_has_nothing_on_disk() -> None:
    assert _run() == {"forum": "demo", "snapshot": None}
    assert _run("--rebuild")["snapshot"] is None
    assert _run("--check")["agrees"] is True
    assert Settings().snapshots == Settings().data_dir / "index"
    assert _on_disk(Settings().data_dir / "index") == []


def test_a_large_one_is_made_anew_and_compared(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "FEWEST", 1)
    made = _run("--rebuild")["snapshot"]
    assert made["threads"] == len(THREADS)
    assert (made["revision"], made["leftovers_since"]) == (made["made_at_revision"], None)
    knowledge.remove("bank")
    told = _run("--check")
    assert (told["agrees"], told["threads"]) == (True, len(THREADS) - 1)
    assert told["encoder"] == "hashing-256"
    again = _run("--rebuild")["snapshot"]
    assert again["made_at_revision"] > made["made_at_revision"]
    folder = Settings().data_dir / "index"
    assert len(_on_disk(folder)) == 1
    assert [p for p in (folder / "demo" / "work").iterdir() if p.is_dir()] == []


@pytest.mark.usefixtures("knowledge")
def test_nothing_is_written_where_that_is_wished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "FEWEST", 1)
    monkeypatch.setenv("TRIAGE_INDEX_DIR", "none")
    assert _run("--rebuild")["snapshot"] is None
    assert _run("--check")["agrees"] is True
    assert not (Settings().data_dir / "index").exists()


@pytest.mark.usefixtures("knowledge")
def test_a_folder_that_cannot_be_used_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shelf, "FEWEST", 1)
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TRIAGE_INDEX_DIR", str(tmp_path / "file"))
    done = CliRunner().invoke(main, ["index", "--forum", "demo", "--rebuild"])
    assert done.exit_code == 1
    assert "no snapshot can be written (NotADirectoryError)" in done.stderr
