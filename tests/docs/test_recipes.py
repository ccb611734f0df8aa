"""The recipes come to what they promise, typed as they stand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from triage.api import create_app
from triage.settings import Settings

from .calls import Call
from .recipe import DUMP, Send, Typist, objects, recipe_blocks, write_files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder that has what the recipes need."""
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path / "data" / "local"))
    monkeypatch.setenv("TRIAGE_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("TRIAGE_ENCODER", "hashing")
    monkeypatch.setenv("TRIAGE_HOLDOUT", "0")
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path)
    return tmp_path


@contextmanager
def served() -> Iterator[Send]:
    """Start a server as `serve.py` does; yield what calls it as curl does."""
    with TestClient(create_app(Settings())) as client:

        def send(call: Call) -> str:
            done = client.request(call.method, call.path, headers=call.headers, json=call.body)
            assert done.status_code < 300, (call, done.text)
            return done.text

        yield send


def nobody(call: Call) -> str:
    raise AssertionError(call)


def test_plain_tables_can_be_asked(folder: Path) -> None:
    typist = Typist(nobody)
    shown = [one for one in recipe_blocks("Plain CSV") if one.language == "sh"]
    said = [line for block in shown for line in typist.type(block)]
    threads, cases = objects(said)
    assert (threads["created"], threads["refused"]) == (3, 0)
    assert (cases["created"], cases["refused"], cases["unmapped_values"]) == (2, 0, {})
    assert "2 cases, 0 lines refused" in said[1]
    assert "Export stops at row 500" in said[-1]


def test_a_dump_is_a_running_demo_in_three_commands(folder: Path) -> None:
    three, ask = (one for one in recipe_blocks("A Stack Exchange dump as a demo"))
    assert len(three.text.strip().split("\n")) == 3
    typist = Typist(nobody)
    (imported,) = objects(typist.type(three))
    assert (imported["created"], imported["refused"]) == (2, 0)
    assert imported["licences"] == {"CC BY-SA 4.0": 3}
    with served() as send:
        typist.send = send
        by_command, by_call = typist.type(ask)
    assert "My network answers the same to every input" in by_command
    first: dict[str, Any] = json.loads(by_call)["suggestions"][0]
    # What the page tells front ends to show.
    assert first["url"] == f"https://{DUMP}/questions/1"
    assert first["thread_id"] == f"{DUMP}-1"
    assert "Scale the inputs" in first["snippet"]
