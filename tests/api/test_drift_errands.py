"""Every hour somebody looks whether traffic has drifted, in forums with a live model alone."""

from datetime import UTC, datetime, timedelta

import pytest

from triage import store
from triage.api.errands import drift as drift_errands
from triage.api.errands.drift import DriftErrands
from triage.watching import EVERY

from .conftest import World


@pytest.fixture
def errands(empty: World, monkeypatch: pytest.MonkeyPatch) -> DriftErrands:
    monkeypatch.setattr(drift_errands, "FIRST_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(drift_errands, "_PAUSE_SECONDS", 0.0)
    return DriftErrands(lambda: empty.database)


def _live(world: World, forum: str) -> int:
    with world.database.write() as c:
        forum_id = store.get_forum(c, forum).id
        store.put_model(c, forum_id, "v1", "digest", datetime.now(UTC), {})
        store.set_live_version(c, forum_id, "v1")
    return forum_id


def test_a_forum_without_a_model_is_not_looked_at(errands: DriftErrands) -> None:
    assert errands.due() is None


def test_a_forum_is_due_when_nobody_looked_for_an_hour(empty: World, errands: DriftErrands) -> None:
    forum_id, now = _live(empty, "boats"), datetime.now(UTC)
    found = errands.due()
    assert found is not None
    assert found.arguments == ("drift", "--forum", "boats", "--tell")
    with empty.database.write() as c:
        assert store.take_drift_look(c, forum_id, now - EVERY / 2, timedelta(0))
    assert errands.due() is None
    with empty.database.write() as c:
        # As if the one before had been two hours ago.
        assert store.take_drift_look(c, forum_id, now - 2 * EVERY, timedelta(days=-1))
    assert errands.due() == found


def test_one_that_failed_is_left_alone_for_a_while(empty: World, errands: DriftErrands) -> None:
    _live(empty, "boats")
    found = errands.due()
    assert found is not None
    errands.ended(found, 1, stopping=False)
    assert errands.due() is None


def test_a_server_that_has_just_started_does_something_else(empty: World) -> None:
    _live(empty, "boats")
    assert DriftErrands(lambda: empty.database).due() is None
