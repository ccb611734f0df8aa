"""`encode` as it is typed, over a real store."""

import json
import os
import shlex
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.forum import THREADS, many_threads, put_unread
from tests.standing_still import standing_still
from tests.waiting import wait_for
from triage import store
from triage.cli import main
from triage.encode import TextRole
from triage.records import Forum, JobKind


@pytest.fixture
def forum(database: store.Database) -> Forum:
    """A forum that is served by words alone."""
    with database.write() as c:
        made = store.ensure_forum(c, "demo")
        store.adopt_encoder(c, made.id, "none", (), "words")
    put_unread(database, made.id, list(THREADS))
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def status() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("encode", "--status").stdout)
    return found


def asked() -> dict[str, Any]:
    done = run("ask", "Bank feed stopped with KV-1042", "--json")
    reply: dict[str, Any] = json.loads(done.stdout)
    return reply


@pytest.mark.usefixtures("forum")
def test_a_forum_is_encoded_and_the_way_is_told() -> None:
    assert status() == {"forum": "demo", "serving": "none", "wanted": "hashing", "job": None}
    assert asked()["index_version"].endswith("@words")
    done = run("encode")
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    assert (summary["encoder"], summary["encoder_id"]) == ("hashing", "hashing-256")
    assert summary["encoded"] == summary["texts"] > 0
    assert summary["version"] is None
    assert f"demo: 0 of {summary['texts']} texts" in done.stderr
    after = status()
    assert (after["serving"], after["job"]["state"]) == ("hashing", "done")
    assert asked()["index_version"].endswith("@hashing-256")
    assert "already" in run("encode").stderr


@pytest.mark.usefixtures("forum")
def test_former_vectors_go_when_that_is_asked() -> None:
    run("encode")
    done = run("encode", "--to", "hashing:64", "--drop-former")
    summary = json.loads(done.stdout)
    assert summary["dropped"] == summary["encoded"] > 0
    assert status()["job"]["state"] == "done"
    back = json.loads(run("encode").stdout)
    assert back["encoded"] == summary["encoded"]


@pytest.mark.usefixtures("forum")
def test_ingest_uses_the_encoder_that_serves_and_says_so(
    tmp_path: Path, database: store.Database, forum: Forum, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("encode")
    monkeypatch.setenv("TRIAGE_ENCODER", "/not/here/yet")
    file = tmp_path / "t.jsonl"
    file.write_text(json.dumps({"id": "new", "title": "Walrus import"}) + "\n")
    done = run("ingest", "threads", str(file))
    assert done.exit_code == 0, done.output
    assert "served with hashing" in done.stderr
    assert "/not/here/yet" in done.stderr
    with database.read() as c:
        spaces = store.list_encoders(c, forum.id)
    assert {space.partition("#")[0] for space in spaces} == {"hashing-256"}


@pytest.mark.usefixtures("forum")
def test_an_encoder_that_is_not_there_is_named_and_the_old_one_stays() -> None:
    done = run("encode", "--to", "/nowhere")
    assert done.exit_code == 1
    assert "error encoder_missing" in done.stderr
    after = status()
    assert (after["serving"], after["job"]["code"]) == ("none", "encoder_missing")
    assert asked()["mode"] == "unrouted"


def test_a_job_that_another_holds_is_left_alone(database: store.Database, forum: Forum) -> None:
    mine = f"elsewhere:{os.getpid()}:x"
    with database.write() as c:
        store.claim_job(c, forum.id, JobKind.ENCODE, {"encoder": "x"}, mine, datetime.now(UTC))
    done = run("encode")
    assert done.exit_code == 1
    assert "error job_taken" in done.stderr
    assert "elsewhere" in done.stderr
    assert "within seconds" in run("encode", "--cancel").stderr
    assert status()["job"]["encoder"] == "x"


@pytest.mark.usefixtures("forum")
def test_what_is_not_under_way_need_not_be_cancelled() -> None:
    assert "not being encoded" in run("encode", "--cancel").stderr
    run("encode", "--to", "/nowhere")
    assert "cancelled" in run("encode", "--cancel").stderr
    assert status()["job"]["state"] == "cancelled"


def test_an_unknown_forum_is_said_to_be_missing() -> None:
    assert "no_forum" in run("encode", "--forum", "nowhere").stderr


def test_a_killed_run_is_continued_and_serves_meanwhile(
    tmp_path: Path, database: store.Database, forum: Forum
) -> None:
    put_unread(database, forum.id, many_threads(250, length=10))

    def kept() -> int:
        with database.read() as c:
            spaces = [f"hashing-256#{role}" for role in TextRole]
            return sum(store.count_vectors(c, forum.id, space) for space in spaces)

    command = [sys.executable, "-m", "triage", "encode"]
    halfway = {**os.environ, **standing_still(tmp_path, 200)}
    with subprocess.Popen(command, env=halfway, stderr=subprocess.PIPE) as killed:
        wait_for(lambda: kept() >= 200)
        assert killed.poll() is None
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
    before = kept()
    after = status()
    assert (after["serving"], after["job"]["state"]) == ("none", "stalled")
    assert asked()["index_version"].endswith("@words")
    # A server that was killed takes the process beside it along.
    beside = f"{shlex.join(command)} --beside $$ & wait"
    further = {**os.environ, **standing_still(tmp_path, 1)}
    with subprocess.Popen(["sh", "-c", beside], env=further, stderr=subprocess.DEVNULL) as server:
        wait_for(lambda: kept() > before)
        assert status()["job"]["state"] == "running"
        server.kill()
    wait_for(lambda: status()["job"]["state"] == "queued")
    before = kept()
    done = run("encode")
    summary = json.loads(done.stdout)
    assert 0 < summary["encoded"] == summary["texts"] - before
    assert status()["serving"] == "hashing"
