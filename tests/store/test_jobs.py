"""One job of a kind per forum: held by one process, taken over from the dead."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from triage.errors import JobLost, JobTaken, NoJob
from triage.records import Forum, JobKind, JobState
from triage.store import (
    Connection,
    Database,
    JobRow,
    ask_job,
    beat_job,
    cancel_job,
    claim_asked_job,
    claim_job,
    end_job,
    get_job,
    list_jobs,
    list_past_jobs,
    queue_job,
)

from .samples import NOON

ENCODE, TRAIN = JobKind.ENCODE, JobKind.TRAIN
TO = {"encoder": "e5"}
SOON = NOON + timedelta(seconds=30)
LATE = NOON + timedelta(minutes=10)


def found(c: Connection, forum: Forum) -> JobRow:
    job = get_job(c, forum.id, ENCODE)
    assert job is not None
    return job


def claim(c: Connection, forum: Forum, by: str, at: datetime, dead: Sequence[str] = ()) -> None:
    claim_job(c, forum.id, ENCODE, TO, by, at, dead=dead)


def test_a_job_is_asked_for_claimed_and_done(database: Database, forum: Forum) -> None:
    with database.write() as c:
        assert get_job(c, forum.id, ENCODE) is None
        queue_job(c, forum.id, ENCODE, TO, NOON)
        assert (found(c, forum).state, found(c, forum).options) == (JobState.QUEUED, TO)
        claim(c, forum, "me", NOON)
        assert not beat_job(c, forum.id, ENCODE, "me", SOON, 3, 9)
        job = found(c, forum)
        assert (job.state, job.done, job.total) == (JobState.RUNNING, 3, 9)
        assert (job.started_at, job.heartbeat_at) == (NOON, SOON)
        end_job(c, forum.id, ENCODE, "me", JobState.DONE, LATE)
        assert (found(c, forum).state, found(c, forum).finished_at) == (JobState.DONE, LATE)


def test_of_two_processes_one_holds_the_job(database: Database, forum: Forum) -> None:
    with database.write() as c:
        claim(c, forum, "host:1:x", NOON)
    with pytest.raises(JobTaken, match="host:1:x"), database.write() as c:
        claim(c, forum, "host:2:y", SOON)
    with database.write() as c:
        queue_job(c, forum.id, ENCODE, {"encoder": "other"}, SOON)
        assert found(c, forum).options == TO


@pytest.mark.parametrize("minutes", [-60, 10])
def test_a_claim_without_beats_is_taken_over_whatever_its_clock_said(
    database: Database, forum: Forum, minutes: int
) -> None:
    with database.write() as c:
        claim(c, forum, "old", NOON)
        claim(c, forum, "new", NOON + timedelta(minutes=minutes))
    with pytest.raises(JobTaken), database.write() as c:
        beat_job(c, forum.id, ENCODE, "old", LATE, 1, 2)
    with pytest.raises(JobTaken), database.write() as c:
        end_job(c, forum.id, ENCODE, "old", JobState.FAILED, LATE)
    with database.read() as c:
        assert (found(c, forum).claimed_by, found(c, forum).done) == ("new", 0)


def test_clocks_may_differ_by_a_minute(database: Database, forum: Forum) -> None:
    with database.write() as c:
        claim(c, forum, "old", NOON)
    for ahead in (timedelta(minutes=-1), timedelta(minutes=1)):
        with pytest.raises(JobTaken), database.write() as c:
            claim(c, forum, "new", NOON + ahead)


def test_a_holder_known_to_be_dead_is_not_waited_for(database: Database, forum: Forum) -> None:
    with database.write() as c:
        claim(c, forum, "old", NOON)
        claim(c, forum, "new", SOON, dead=["old"])
        assert found(c, forum).claimed_by == "new"


def test_a_running_job_hears_of_its_end_with_the_next_beat(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        claim(c, forum, "me", NOON)
        job = cancel_job(c, forum.id, ENCODE, SOON)
        assert job is not None
        assert (job.state, job.cancel_wanted) == (JobState.RUNNING, True)
        assert beat_job(c, forum.id, ENCODE, "me", SOON, 1, 2)
        end_job(c, forum.id, ENCODE, "me", JobState.CANCELLED, SOON)
        claim(c, forum, "me again", SOON)
        assert not found(c, forum).cancel_wanted


def test_a_job_that_nobody_holds_is_cancelled_at_once(database: Database, forum: Forum) -> None:
    with database.write() as c:
        assert cancel_job(c, forum.id, ENCODE, NOON) is None
        queue_job(c, forum.id, ENCODE, TO, NOON)
        cancel_job(c, forum.id, ENCODE, NOON)
        assert found(c, forum).state is JobState.CANCELLED
        for dead, at in ((["me"], NOON), ([], LATE)):
            claim(c, forum, "me", NOON)
            cancel_job(c, forum.id, ENCODE, at, dead=dead)
            assert found(c, forum).state is JobState.CANCELLED


def test_what_is_done_cannot_be_cancelled(database: Database, forum: Forum) -> None:
    with database.write() as c:
        claim(c, forum, "me", NOON)
        end_job(c, forum.id, ENCODE, "me", JobState.DONE, SOON)
        cancel_job(c, forum.id, ENCODE, LATE)
        assert found(c, forum).state is JobState.DONE


def test_a_failure_keeps_its_code_until_the_next_try(database: Database, forum: Forum) -> None:
    with database.write() as c:
        claim(c, forum, "me", NOON)
        end_job(c, forum.id, ENCODE, "me", JobState.FAILED, SOON, code="encoder_missing")
        assert found(c, forum).code == "encoder_missing"
        claim(c, forum, "me", SOON)
        assert found(c, forum).code is None


def test_what_is_asked_for_is_asked_once_and_says_since_when(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        asked = ask_job(c, forum.id, TRAIN, {"seed": 1}, NOON)
        assert (asked.state, asked.queued_at) == (JobState.QUEUED, NOON)
    with pytest.raises(JobTaken, match="waits for its turn since 2"), database.write() as c:
        ask_job(c, forum.id, TRAIN, {"seed": 2}, SOON)
    with database.write() as c:
        assert claim_asked_job(c, forum.id, TRAIN, "me", SOON) == {"seed": 1}
    with pytest.raises(JobTaken, match="held by me since 2"), database.write() as c:
        ask_job(c, forum.id, TRAIN, {"seed": 2}, SOON)
    with database.write() as c:
        again = ask_job(c, forum.id, TRAIN, {"seed": 2}, SOON, dead=["me"])
        assert (again.state, again.options, again.claimed_by) == (
            JobState.QUEUED,
            {"seed": 2},
            None,
        )


def test_only_what_waits_is_taken_up(database: Database, forum: Forum) -> None:
    with pytest.raises(NoJob), database.write() as c:
        claim_asked_job(c, forum.id, TRAIN, "me", NOON)
    with database.write() as c:
        ask_job(c, forum.id, TRAIN, {}, NOON)
        claim_asked_job(c, forum.id, TRAIN, "me", NOON)
        end_job(c, forum.id, TRAIN, "me", JobState.DONE, SOON, result={"version": "v"})
    with pytest.raises(NoJob), database.write() as c:
        claim_asked_job(c, forum.id, TRAIN, "late", SOON)
    with database.read() as c:
        job = get_job(c, forum.id, TRAIN)
    assert job is not None
    assert (job.state, job.result, job.queued_at) == (JobState.DONE, {"version": "v"}, NOON)


def test_what_waits_is_not_taken_by_who_does_something_else(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        claim_job(c, forum.id, TRAIN, {}, "typed", NOON, unless_asked=True)
        end_job(c, forum.id, TRAIN, "typed", JobState.DONE, NOON)
        ask_job(c, forum.id, TRAIN, {"seed": 7}, NOON)
    with pytest.raises(JobTaken), database.write() as c:
        claim_job(c, forum.id, TRAIN, {}, "typed", NOON, unless_asked=True)


def test_a_forum_is_not_trained_while_it_is_encoded_nor_the_other_way(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    with database.write() as c:
        claim(c, forum, "encoder", NOON)
    with pytest.raises(JobTaken, match="`encode` is held by encoder"), database.write() as c:
        claim_job(c, forum.id, TRAIN, {}, "trainer", SOON)
    with database.write() as c:
        ask_job(c, forum.id, TRAIN, {}, NOON)
        claim_job(c, other_forum.id, TRAIN, {}, "trainer", SOON)
    with pytest.raises(JobTaken, match="encode"), database.write() as c:
        claim_asked_job(c, forum.id, TRAIN, "trainer", SOON)
    with database.write() as c:
        end_job(c, forum.id, ENCODE, "encoder", JobState.DONE, SOON)
        claim_asked_job(c, forum.id, TRAIN, "trainer", SOON)
    with pytest.raises(JobTaken, match="`train` is held by trainer"), database.write() as c:
        claim(c, forum, "encoder", SOON)


def test_jobs_of_all_forums_are_listed_first_asked_for_first(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    with database.write() as c:
        ask_job(c, forum.id, TRAIN, {}, SOON)
        ask_job(c, other_forum.id, TRAIN, {}, NOON)
        queue_job(c, forum.id, ENCODE, TO, NOON)
    with database.read() as c:
        found = list_jobs(c, TRAIN, [JobState.QUEUED])
        assert [row.forum for row in found] == ["boats", "bikes"]
        assert list_jobs(c, TRAIN, [JobState.DONE]) == []


def test_a_note_says_what_is_done_and_goes_with_the_next_run(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        claim(c, forum, "me", NOON)
        beat_job(c, forum.id, ENCODE, "me", SOON, 1, 2, "half of it")
        assert found(c, forum).note == "half of it"
        end_job(c, forum.id, ENCODE, "me", JobState.QUEUED, SOON, options={**TO, "again": 1})
        assert found(c, forum).options == {**TO, "again": 1}
        claim(c, forum, "me", SOON)
        assert found(c, forum).note is None


def test_what_came_of_every_training_run_is_kept(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    later = [NOON + timedelta(hours=n) for n in range(4)]
    with database.write() as c:
        for number, at in enumerate(later[:3]):
            ask_job(c, forum.id, TRAIN, {"seed": number}, at)
            claim_asked_job(c, forum.id, TRAIN, "me", at)
            assert beat_job(c, forum.id, TRAIN, "me", at, 2, 6, "heads") is False
            # Taken up again by the next server: nothing has come of it yet.
            end_job(c, forum.id, TRAIN, "me", JobState.QUEUED, at)
            assert len(list_past_jobs(c, forum.id, TRAIN)) == number
            claim_asked_job(c, forum.id, TRAIN, "you", at)
            end = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)[number]
            code = "job_lost" if number == 1 else None
            end_job(c, forum.id, TRAIN, "you", end, SOON + (at - NOON), code=code)
        ask_job(c, forum.id, TRAIN, {"seed": 3}, later[3])
        cancel_job(c, forum.id, TRAIN, later[3])
        claim(c, forum, "me", LATE)
        end_job(c, forum.id, ENCODE, "me", JobState.DONE, LATE)
        past = list_past_jobs(c, forum.id, TRAIN)
        assert [(job.options["seed"], job.state, job.code) for job in past] == [
            (3, JobState.CANCELLED, None),
            (2, JobState.CANCELLED, None),
            (1, JobState.FAILED, "job_lost"),
            (0, JobState.DONE, None),
        ]
        assert past[3].finished_at == SOON
        assert list_past_jobs(c, forum.id, TRAIN, 1) == past[:1]
        assert list_past_jobs(c, forum.id, ENCODE) == []
        assert list_past_jobs(c, other_forum.id, TRAIN) == []


def test_the_oldest_runs_make_room(database: Database, forum: Forum) -> None:
    with database.write() as c:
        for number in range(203):
            at = NOON + timedelta(hours=number)
            ask_job(c, forum.id, TRAIN, {"seed": number}, at)
            cancel_job(c, forum.id, TRAIN, at)
        past = list_past_jobs(c, forum.id, TRAIN)
    assert [past[0].options["seed"], past[-1].options["seed"], len(past)] == [202, 3, 200]


def states_of(c: Connection, forum: Forum) -> list[tuple[object, JobState, str | None]]:
    past = list_past_jobs(c, forum.id, TRAIN)
    return [(job.options["seed"], job.state, job.code) for job in past]


def begin(c: Connection, forum: Forum, seed: int, by: str, at: datetime) -> None:
    ask_job(c, forum.id, TRAIN, {"seed": seed}, at)
    claim_asked_job(c, forum.id, TRAIN, by, at)


@pytest.mark.parametrize("known_dead", [True, False])
@pytest.mark.parametrize("typed", [True, False])
def test_a_run_whose_process_died_is_kept_as_lost_when_the_next_takes_its_row(
    database: Database, forum: Forum, known_dead: bool, typed: bool
) -> None:
    # Without being known to have ended, it is dead once its claim is old.
    at, dead = (SOON, ["gone"]) if known_dead else (LATE, [])
    with database.write() as c:
        begin(c, forum, 1, "gone", NOON)
        beat_job(c, forum.id, TRAIN, "gone", NOON + timedelta(seconds=20), 2, 6, "heads")
        if typed:
            claim_job(c, forum.id, TRAIN, {"seed": 2}, "typed", at, dead=dead)
        else:
            ask_job(c, forum.id, TRAIN, {"seed": 2}, at, dead=dead)
        (lost,) = list_past_jobs(c, forum.id, TRAIN)
        now = get_job(c, forum.id, TRAIN)
    assert (lost.options, lost.state, lost.code) == ({"seed": 1}, JobState.FAILED, JobLost.code)
    # It lived until its last beat, as far as anybody knows.
    assert (lost.finished_at, lost.claimed_by) == (NOON + timedelta(seconds=20), "gone")
    assert (lost.done, lost.total, lost.note) == (2, 6, "heads")
    assert now is not None
    assert now.state is (JobState.RUNNING if typed else JobState.QUEUED)
    assert (now.options, now.code, now.finished_at) == ({"seed": 2}, None, None)


def test_a_claim_over_a_run_that_lives_changes_nothing_and_keeps_nothing(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        begin(c, forum, 1, "alive", NOON)
        before = get_job(c, forum.id, TRAIN)
    for taking in (
        lambda c: claim_job(c, forum.id, TRAIN, {"seed": 2}, "typed", SOON),
        lambda c: ask_job(c, forum.id, TRAIN, {"seed": 2}, SOON),
    ):
        with pytest.raises(JobTaken), database.write() as c:
            taking(c)
    with database.write() as c:
        assert get_job(c, forum.id, TRAIN) == before
        assert states_of(c, forum) == []
        end_job(c, forum.id, TRAIN, "alive", JobState.DONE, SOON)
        assert states_of(c, forum) == [(1, JobState.DONE, None)]


def test_a_lost_run_that_was_to_be_given_up_is_kept_as_cancelled(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        begin(c, forum, 1, "gone", NOON)
        cancel_job(c, forum.id, TRAIN, SOON)
        claim_job(c, forum.id, TRAIN, {"seed": 2}, "typed", LATE)
        assert states_of(c, forum) == [(1, JobState.CANCELLED, None)]


@pytest.mark.parametrize("minutes", [-60, 60])
def test_a_lost_run_never_ends_after_now_whatever_its_clock_said(
    database: Database, forum: Forum, minutes: int
) -> None:
    with database.write() as c:
        begin(c, forum, 1, "gone", NOON)
        beat_job(c, forum.id, TRAIN, "gone", NOON + timedelta(minutes=minutes), 1, 2)
        claim_job(c, forum.id, TRAIN, {"seed": 2}, "typed", LATE, dead=["gone"])
        (lost,) = list_past_jobs(c, forum.id, TRAIN)
    assert lost.finished_at is not None
    assert lost.finished_at <= LATE


def test_a_run_that_is_cancelled_at_once_is_kept_and_so_is_the_next(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        ask_job(c, forum.id, TRAIN, {"seed": 1}, NOON)
        cancel_job(c, forum.id, TRAIN, NOON)
        # Nobody holds it any more.
        begin(c, forum, 2, "gone", SOON)
        cancel_job(c, forum.id, TRAIN, LATE)
        begin(c, forum, 3, "me", LATE)
        assert states_of(c, forum) == [
            (2, JobState.CANCELLED, None),
            (1, JobState.CANCELLED, None),
        ]
        past = list_past_jobs(c, forum.id, TRAIN)
    assert [job.started_at for job in past] == [SOON, None]
    assert [job.finished_at for job in past] == [LATE, NOON]


def test_a_run_that_failed_stays_failed_and_encoding_is_given_up(
    database: Database, forum: Forum
) -> None:
    with database.write() as c:
        begin(c, forum, 1, "me", NOON)
        end_job(c, forum.id, TRAIN, "me", JobState.FAILED, SOON, code="not_enough_data")
        kept = cancel_job(c, forum.id, TRAIN, LATE)
        assert kept == get_job(c, forum.id, TRAIN)
        assert kept is not None
        assert (kept.state, kept.finished_at) == (JobState.FAILED, SOON)
        assert states_of(c, forum) == [(1, JobState.FAILED, "not_enough_data")]
        # A server would begin it anew.
        claim(c, forum, "me", NOON)
        end_job(c, forum.id, ENCODE, "me", JobState.FAILED, SOON, code="encoder_missing")
        cancel_job(c, forum.id, ENCODE, LATE)
        assert found(c, forum).state is JobState.CANCELLED
