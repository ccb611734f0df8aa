"""Once a day the review queue is filled, in forums with a live model alone."""

from datetime import UTC, datetime, timedelta

import pytest

from triage import store
from triage.api.errands import reviewing as review_errands
from triage.api.errands.reviewing import ReviewErrands

from .conftest import World
from .test_drift_errands import _live


@pytest.fixture
def errands(empty: World, monkeypatch: pytest.MonkeyPatch) -> ReviewErrands:
    monkeypatch.setattr(review_errands, "FIRST_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(review_errands, "_PAUSE_SECONDS", 0.0)
    return ReviewErrands(lambda: empty.database)


def _draw(world: World, forum_id: int, days_ago: int) -> None:
    now = datetime.now(UTC) - timedelta(days=days_ago)
    draw = store.ReviewDraw(now.date(), now, now, now, 0, 0, 0, "v1")
    with world.database.write() as c:
        assert store.add_review_draw(c, forum_id, draw, [])


def test_a_forum_without_a_model_has_nothing_drawn(errands: ReviewErrands) -> None:
    assert errands.due() is None


def test_a_forum_is_due_once_a_day(empty: World, errands: ReviewErrands) -> None:
    forum_id = _live(empty, "boats")
    _draw(empty, forum_id, 1)
    found = errands.due()
    assert found is not None
    assert found.arguments == ("reviews", "draw", "--forum", "boats")
    assert not errands.is_unwanted(found)
    _draw(empty, forum_id, 0)
    assert errands.due() is None


def test_one_that_failed_is_left_alone_for_a_while(empty: World, errands: ReviewErrands) -> None:
    _live(empty, "boats")
    found = errands.due()
    assert found is not None
    errands.ended(found, 0, stopping=False)
    assert errands.due() == found
    errands.ended(found, 1, stopping=False)
    assert errands.due() is None


def test_a_server_that_has_just_started_does_something_else(empty: World) -> None:
    _live(empty, "boats")
    assert ReviewErrands(lambda: empty.database).due() is None
