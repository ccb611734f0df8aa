"""The quick commands of the pages, typed as they stand, on the first rows of the sample."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from triage.cli import main

from .pages import ROOT, Place, blocks
from .recipe import write_files
from .shell import commands

SAMPLE = ROOT / "data" / "sample"
# What takes minutes, or is told by a test of its own.
_SLOW = frozenset({"evaluate", "train", "encode"})
# What a page can only name: ids, keys and people that others have.
_OF_OTHERS = {
    "keys rotate": "see `keys list`",
    "bursts settle": "error no_burst",
    "users link": "error no_user",
    "import discourse": "error no_",
    "boilerplate show --thread": "error no_thread",
}
_TRIAGE = (["python", "-m", "triage"], [".venv/bin/python", "-m", "triage"])


def _quick() -> list[tuple[Place, list[str]]]:
    return [
        (block, words[3:])
        for block in blocks("sh")
        for words in commands(block.text)
        if words[:3] in _TRIAGE and words[3] not in _SLOW and "$set" not in " ".join(words)
    ]


def _rows(name: str, most: int) -> str:
    lines = (SAMPLE / name).read_text(encoding="utf-8").splitlines()[:most]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a newcomer stands: the sample, a store, files of their own."""
    folder = tmp_path_factory.mktemp("walk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIAGE_DATA_DIR", str(folder / "data" / "local"))
        patch.setenv("TRIAGE_MODELS_DIR", str(folder / "models"))
        patch.setenv("TRIAGE_ENCODER", "hashing")
        patch.chdir(folder)
        shutil.copytree(SAMPLE, folder / "data" / "sample")
        (folder / "threads.jsonl").write_text(_rows("threads.jsonl", 12), encoding="utf-8")
        (folder / "cases.csv").write_text("id,title,kind\n1,No logo,problem\n", encoding="utf-8")
        (folder / "before.csv").write_text(
            "from,to,questions\n2025-01-01,2025-01-31,1930\n", encoding="utf-8"
        )
        write_files(folder)
        assert typed(["ingest", "threads", "threads.jsonl"]).exit_code == 0
    return folder


def typed(words: Sequence[str]) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize("shown", _quick(), ids=lambda one: f"{one[0]}-{' '.join(one[1])[:50]}")
def test_a_quick_command_does_what_it_is_shown_to_do(
    shown: tuple[Place, list[str]], forum: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(forum / "data" / "local"))
    monkeypatch.setenv("TRIAGE_MODELS_DIR", str(forum / "models"))
    monkeypatch.setenv("TRIAGE_ENCODER", "hashing")
    monkeypatch.chdir(forum)
    _, words = shown
    line, done = " ".join(words), typed(words)
    said = next((said for begin, said in _OF_OTHERS.items() if line.startswith(begin)), None)
    if said is None or done.exit_code == 0:
        assert done.exit_code == 0, (line, done.output)
    else:
        assert said in done.stderr, (line, done.output)
