"""Commands are imported when they are asked for, and a mistake in the list is found here."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from triage.cli import main
from triage.cli.imported import Imported


@pytest.mark.parametrize("name", main.commands)
def test_every_command_bears_the_name_that_it_is_listed_under(name: str) -> None:
    assert main.commands[name].name == name


def test_the_name_of_no_command_is_refused() -> None:
    with pytest.raises(KeyError):
        main.commands["nothing"]
    assert main.get_command(click.Context(main), "nothing") is None


def test_a_command_that_cannot_be_imported_is_not_taken_for_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_command.py").write_text("{}['nothing']\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ImportError, match="broken_command"):
        Imported({"broken": "broken_command:broken"}).get("broken")


def test_a_command_can_be_added_and_taken_away() -> None:
    commands = Imported({"audit": "triage.cli.audit:audit"})
    commands["other"] = click.Command("other")
    assert list(commands) == ["audit", "other"]
    del commands["other"]
    assert list(commands) == ["audit"]


def test_making_a_key_imports_nothing_that_searches_learns_or_serves() -> None:
    asked = "import sys; from triage.cli import main; main.commands['keys']; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "triage.cli.keys" in imported
    assert not imported & {"fastapi", "pandas", "scipy.stats", "sklearn", "torch"}
