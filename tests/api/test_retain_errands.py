"""Once a day, in every forum, what is too old goes."""

from datetime import UTC, datetime, timedelta

import pytest

from triage import store
from triage.api.errands import retain as retain_errands
from triage.api.errands.retain import RetainErrands
from triage.records import JobKind, JobState

from .conftest import World


@pytest.fixture
def errands(empty: World, monkeypatch: pytest.MonkeyPatch) -> RetainErrands:
    monkeypatch.setattr(retain_errands, "FIRST_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(retain_errands, "_PAUSE_SECONDS", 0.0)
    return RetainErrands(lambda: empty.database)


def _done(world: World, forum: str, at: datetime) -> None:
    with world.database.write() as c:
        forum_id = store.get_forum(c, forum).id
        store.claim_job(c, forum_id, JobKind.RETAIN, {}, "host:1:x", at)
        store.end_job(c, forum_id, JobKind.RETAIN, "host:1:x", JobState.DONE, at)


def test_every_forum_is_due_once_a_day(empty: World, errands: RetainErrands) -> None:
    now = datetime.now(UTC)
    first = errands.due()
    assert first is not None
    assert first.arguments == ("retain", "--forum", "bikes")
    _done(empty, "bikes", now)
    second = errands.due()
    assert second is not None
    assert second.forum == "boats"
    _done(empty, "boats", now)
    assert errands.due() is None
    _done(empty, "bikes", now - timedelta(days=1))
    again = errands.due()
    assert again is not None
    assert again.forum == "bikes"


def test_a_forum_at_which_another_works_waits(empty: World, errands: RetainErrands) -> None:
    with empty.database.write() as c:
        for name in ("bikes", "boats"):
            forum_id = store.get_forum(c, name).id
            now = datetime.now(UTC)
            store.claim_job(c, forum_id, JobKind.TRAIN, {}, "another machine:1:x", now)
    assert errands.due() is None


def test_one_that_failed_is_left_alone_for_a_while(empty: World, errands: RetainErrands) -> None:
    first = errands.due()
    assert first is not None
    errands.ended(first, 1, stopping=False)
    second = errands.due()
    assert second is not None
    assert second.forum == "boats"


def test_a_server_that_has_just_started_does_something_else(empty: World) -> None:
    assert RetainErrands(lambda: empty.database).due() is None
