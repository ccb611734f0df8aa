"""`train` as the forum's job: one at a time, stopped in order, nothing half-published."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.forum import cases, put_cases
from tests.waiting import wait_for
from triage import store
from triage.cli import main
from triage.orders import TrainingOrder
from triage.records import Forum, JobKind, JobState
from triage.settings import Settings

TRAIN, ENCODE = JobKind.TRAIN, JobKind.ENCODE


@pytest.fixture
def forum(database: store.Database) -> Forum:
    with database.write() as c:
        return store.ensure_forum(c, "demo")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["train", *arguments])


def row(database: store.Database, forum: Forum) -> store.JobRow:
    with database.read() as c:
        found = store.get_job(c, forum.id, TRAIN)
    assert found is not None
    return found


def published() -> list[Path]:
    folder = Settings().models_dir / "demo"
    return list(folder.iterdir()) if folder.exists() else []


def test_the_row_says_what_came_of_a_run(database: store.Database, forum: Forum) -> None:
    put_cases(database, forum.id, cases(40))
    done = run("--dry-run", "--seed", "3", "--json")
    assert done.exit_code == 0, done.output
    found = row(database, forum)
    assert found.state is JobState.DONE
    assert found.done == found.total > 0
    assert TrainingOrder.of(found.options).seed == 3
    assert found.result is not None
    assert found.result["cases"] == json.loads(done.stdout)["cases"] == 40
    assert found.result["version"] is None


@pytest.mark.parametrize("kind", [TRAIN, ENCODE])
def test_a_second_run_is_refused_by_name_and_time(
    database: store.Database, forum: Forum, kind: JobKind
) -> None:
    with database.write() as c:
        store.claim_job(c, forum.id, kind, {}, "elsewhere:7:x", datetime.now(UTC))
    done = run()
    assert done.exit_code == 1
    assert "error job_taken" in done.stderr
    assert "elsewhere:7:x since 20" in done.stderr


def test_what_was_asked_for_is_not_taken_away(database: store.Database, forum: Forum) -> None:
    with database.write() as c:
        store.ask_job(c, forum.id, TRAIN, {"seed": 1}, datetime.now(UTC))
    assert "waits for its turn" in run().stderr
    assert "cancelled" in run("--cancel").stderr
    assert row(database, forum).state is JobState.CANCELLED
    assert "error no_job" in run("--queued").stderr


def test_what_was_asked_for_is_done_as_asked(database: store.Database, forum: Forum) -> None:
    put_cases(database, forum.id, cases(40))
    order = TrainingOrder(
        by="lead sk_x", seed=9, dry_run=True, since=datetime(2000, 1, 1, tzinfo=UTC)
    )
    with database.write() as c:
        store.ask_job(c, forum.id, TRAIN, order.as_options(), datetime.now(UTC))
    done = run("--queued", "--seed", "1")
    assert "error not_enough_data" in done.stderr
    found = row(database, forum)
    assert (found.state, found.code) == (JobState.FAILED, "not_enough_data")
    assert TrainingOrder.of(found.options) == order


def test_a_run_waits_for_the_other_and_a_stopped_one_leaves_nothing(
    database: store.Database, forum: Forum
) -> None:
    put_cases(database, forum.id, cases(40))
    holder = "elsewhere:7:x"
    with database.write() as c:
        store.claim_job(c, forum.id, ENCODE, {}, holder, datetime.now(UTC))
    command = [sys.executable, "-m", "triage", "train", "--wait"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while not (line := process.stderr.readline()).startswith("waiting:"):
            assert line
        assert holder in line
        with database.write() as c:
            store.end_job(c, forum.id, ENCODE, holder, JobState.DONE, datetime.now(UTC))
        wait_for(lambda: _is_at(database, forum))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode != 0
    assert row(database, forum).state is JobState.CANCELLED
    assert not published()


def _is_at(database: store.Database, forum: Forum) -> bool:
    with database.read() as c:
        found = store.get_job(c, forum.id, TRAIN)
    return found is not None and found.state is JobState.RUNNING
