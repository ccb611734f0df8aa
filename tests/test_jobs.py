"""A job while a process holds it."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.forum import SmallForum, small_forum
from triage import jobs, store
from triage.errors import EncoderMissing, JobTaken
from triage.jobs import gone, held, is_busy, told_of
from triage.records import JobKind, JobState

TO = {"encoder": "e5"}


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallForum]:
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0.02)
    with small_forum(tmp_path, threads=()) as opened:
        yield opened


def row(small: SmallForum) -> store.JobRow:
    with small.database.read() as c:
        found = store.get_job(c, small.forum.id, JobKind.ENCODE)
    assert found is not None
    return found


def hold(small: SmallForum, **how):  # noqa: ANN003, ANN201 - a context manager
    return held(small.database, small.forum.id, JobKind.ENCODE, TO, **how)


def wait_for(condition) -> None:  # noqa: ANN001
    for _ in range(500):
        if condition():
            return
        threading.Event().wait(0.02)
    pytest.fail("it never came")


def test_progress_reaches_the_row_while_the_work_goes_on(small: SmallForum) -> None:
    with hold(small) as job:
        job.report(3, 9)
        wait_for(lambda: row(small).done == 3)
        assert told_of(row(small))["state"] == "running"
        with small.database.write() as c:
            job.finish(c)
    assert (row(small).state, row(small).done, row(small).total) == (JobState.DONE, 3, 9)


def test_two_at_once_are_one_and_the_other_says_so(small: SmallForum) -> None:
    with hold(small) as job:
        with pytest.raises(JobTaken, match="encode"), hold(small):
            pytest.fail("both hold it")
        job.check()


def cancel(small: SmallForum) -> None:
    with small.database.write() as c:
        store.cancel_job(c, small.forum.id, JobKind.ENCODE, datetime.now(UTC))


def test_a_cancelled_job_ends_between_two_steps(small: SmallForum) -> None:
    with hold(small) as job:
        cancel(small)
        for step in range(500):
            job.report(step, 500)
            threading.Event().wait(0.02)
        pytest.fail("it went on")
    assert job.cancelled
    assert row(small).state is JobState.CANCELLED


def test_a_job_cancelled_in_the_last_moment_changes_nothing(small: SmallForum) -> None:
    with hold(small) as job, small.database.write() as c:
        store.cancel_job(c, small.forum.id, JobKind.ENCODE, datetime.now(UTC))
        job.finish(c)
    assert job.cancelled


def test_who_lost_the_job_hears_of_it_and_leaves_it_alone(small: SmallForum) -> None:
    def work() -> None:
        with hold(small) as job:
            claimed_by(small, "h:1:x")
            for step in range(500):
                job.report(step, 500)
                threading.Event().wait(0.02)

    with pytest.raises(JobTaken):
        work()
    assert (row(small).state, row(small).claimed_by) == (JobState.RUNNING, "h:1:x")


def test_a_failure_is_kept_by_its_code(small: SmallForum) -> None:
    with pytest.raises(EncoderMissing), hold(small):
        raise EncoderMissing("e5", "it is not there")
    assert (row(small).state, row(small).code) == (JobState.FAILED, "encoder_missing")
    with pytest.raises(ZeroDivisionError), hold(small):
        1 // 0  # noqa: B018
    assert row(small).code == "internal"


def test_who_is_told_to_stop_gives_the_job_back(small: SmallForum) -> None:
    with pytest.raises(SystemExit), hold(small):
        raise SystemExit(143)
    assert row(small).state is JobState.QUEUED
    with hold(small):
        assert row(small).state is JobState.RUNNING


def claimed_by(small: SmallForum, by: str) -> store.JobRow:
    with small.database.write() as c:
        queued = (c, small.forum.id, JobKind.ENCODE, TO)
        dead = store.get_job(*queued[:3])
        gone_by = [dead.claimed_by] if dead and dead.claimed_by else []
        store.claim_job(*queued, by, datetime.now(UTC), dead=gone_by)
    return row(small)


def test_only_a_process_of_this_machine_is_known_to_be_gone(small: SmallForum) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    here = socket.gethostname()
    assert gone(None) is None
    assert gone(claimed_by(small, f"{here}:{os.getpid()}:x")) is None
    assert gone(claimed_by(small, f"elsewhere:{ended.pid}:x")) is None
    dead = claimed_by(small, f"{here}:{ended.pid}:x")
    assert gone(dead) == dead.claimed_by
    assert told_of(dead)["state"] == "stalled"
    with hold(small):
        assert row(small).claimed_by != dead.claimed_by


def test_people_are_told_what_is_being_done_and_what_came_of_it(small: SmallForum) -> None:
    with hold(small) as job:
        job.report(1, 6)
        job.tell("heads: kind")
        wait_for(lambda: row(small).note == "heads: kind")
        job.tell("x" * 5000)
        wait_for(lambda: row(small).note != "heads: kind")
        assert len(row(small).note or "") == 600
        cancel(small)
        job.done({"version": "v1"})
    assert not job.cancelled
    assert (row(small).state, row(small).result) == (JobState.DONE, {"version": "v1"})
    assert (row(small).done, row(small).total) == (6, 6)


def test_a_failure_says_why_but_repeats_nothing_unexpected(small: SmallForum) -> None:
    with pytest.raises(EncoderMissing), hold(small):
        raise EncoderMissing("e5", "it is not there")
    assert "it is not there" in (row(small).note or "")
    with pytest.raises(ValueError, match="walrus"), hold(small):
        raise ValueError("my walrus is blue")
    assert row(small).note == "ValueError"


def test_who_is_stopped_may_mean_it(small: SmallForum) -> None:
    with pytest.raises(SystemExit), hold(small, stopped=JobState.CANCELLED):
        raise SystemExit(130)
    assert row(small).state is JobState.CANCELLED


def test_who_is_stopped_and_cancelled_is_not_taken_up_again(small: SmallForum) -> None:
    with suppress(SystemExit), hold(small):
        cancel(small)
        raise SystemExit(143)
    assert row(small).state is JobState.CANCELLED


def test_one_waits_for_the_other(small: SmallForum, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_TURN_SECONDS", 0.02)
    heard: list[JobTaken] = []
    entered = threading.Event()

    def wait_for_turn() -> None:
        with hold(small, waiting=heard.append) as second, small.database.write() as c:
            entered.set()
            second.finish(c)

    with hold(small) as first:
        waiter = threading.Thread(target=wait_for_turn)
        waiter.start()
        wait_for(lambda: heard)
        assert not entered.is_set()
        assert is_busy([row(small)])
        with small.database.write() as c:
            first.finish(c)
    waiter.join(30)
    assert entered.is_set()
    assert "since" in str(heard[0])
