"""Which training runs the process beside a server is sent to, and what becomes of lost ones."""

import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from triage import store as kept
from triage.api.errands import train as train_errands
from triage.api.errands.train import TrainErrands
from triage.jobs import QUEUED
from triage.records import Forum, JobKind, JobState

TRAIN, ENCODE = JobKind.TRAIN, JobKind.ENCODE


@pytest.fixture
def forum(store: kept.Database, keys: dict[str, str]) -> Forum:
    return named(store, "bikes")


@pytest.fixture
def errands(store: kept.Database, keys: dict[str, str]) -> TrainErrands:
    return TrainErrands(lambda: store)


@pytest.fixture(scope="module")
def dead() -> str:
    """Who was a process of this machine."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return f"{socket.gethostname()}:{ended.pid}:x"


def named(store: kept.Database, name: str) -> Forum:
    with store.read() as c:
        return kept.get_forum(c, name)


def ask(store: kept.Database, forum: Forum, minutes: int = 0) -> None:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    with store.write() as c:
        kept.ask_job(c, forum.id, TRAIN, {QUEUED: True, "seed": 4}, at)


def claim(store: kept.Database, forum: Forum, by: str) -> None:
    with store.write() as c:
        kept.claim_asked_job(c, forum.id, TRAIN, by, datetime.now(UTC))


def row(store: kept.Database, forum: Forum) -> kept.JobRow:
    with store.read() as c:
        found = kept.get_job(c, forum.id, TRAIN)
    assert found is not None
    return found


def test_who_waits_longest_is_first(store: kept.Database, errands: TrainErrands) -> None:
    assert errands.due() is None
    ask(store, named(store, "bikes"))
    ask(store, named(store, "boats"), minutes=-1)
    errand = errands.due()
    assert errand is not None
    assert errand.arguments == ("train", "--forum", "boats", "--queued")


def test_a_forum_that_is_encoded_waits_and_another_does_not(
    store: kept.Database, errands: TrainErrands, forum: Forum
) -> None:
    ask(store, forum, minutes=-1)
    with store.write() as c:
        kept.claim_job(c, forum.id, ENCODE, {}, "elsewhere:1:x", datetime.now(UTC))
    assert errands.due() is None
    ask(store, named(store, "boats"))
    errand = errands.due()
    assert errand is not None
    assert errand.forum == "boats"


def test_a_run_whose_server_was_killed_is_taken_up_once(
    store: kept.Database, errands: TrainErrands, forum: Forum, dead: str
) -> None:
    ask(store, forum)
    claim(store, forum, dead)
    assert errands.due() is None
    assert row(store, forum).state is JobState.QUEUED
    assert errands.due() is not None
    claim(store, forum, dead)
    errands.due()
    assert (row(store, forum).state, row(store, forum).code) == (JobState.FAILED, "job_lost")
    assert errands.due() is None


def test_a_run_that_somebody_typed_is_not_taken_up(
    store: kept.Database, errands: TrainErrands, forum: Forum, dead: str
) -> None:
    with store.write() as c:
        kept.claim_job(c, forum.id, TRAIN, {}, dead, datetime.now(UTC))
    assert errands.due() is None
    assert row(store, forum).state is JobState.RUNNING


def test_what_was_cancelled_while_its_process_died_is_cancelled(
    store: kept.Database, errands: TrainErrands, forum: Forum, dead: str
) -> None:
    ask(store, forum)
    claim(store, forum, dead)
    mark_cancelled(store, forum)
    errands.due()
    assert row(store, forum).state is JobState.CANCELLED


def mark_cancelled(store: kept.Database, forum: Forum) -> None:
    with store.write() as c:
        found = kept.cancel_job(c, forum.id, TRAIN, datetime.now(UTC))
    assert found is not None
    assert found.cancel_wanted


def test_a_process_that_never_takes_the_run_is_not_started_for_ever(
    store: kept.Database,
    errands: TrainErrands,
    forum: Forum,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(train_errands, "_PAUSE_SECONDS", 0.0)
    ask(store, forum)
    for _ in range(3):
        errand = errands.due()
        assert errand is not None
        errands.ended(errand, 1, stopping=False)
    assert errands.due() is None
    assert (row(store, forum).state, row(store, forum).code) == (JobState.FAILED, "job_lost")


def test_what_a_stopping_server_had_to_kill_is_left_to_the_next(
    store: kept.Database, errands: TrainErrands, forum: Forum, dead: str
) -> None:
    ask(store, forum)
    errand = errands.due()
    assert errand is not None
    claim(store, forum, dead)
    errands.ended(errand, -9, stopping=True)
    assert row(store, forum).state is JobState.QUEUED
    claim(store, forum, dead)
    errands.ended(errand, -9, stopping=False)
    assert row(store, forum).state is JobState.FAILED
