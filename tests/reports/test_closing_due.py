"""What nobody closed is closed before its persons go, so that its headline stays."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from triage.audit.acting import Acting
from triage.privacy import retain
from triage.reports import close_period
from triage.retention import parse_retention
from triage.store import closed_period, closed_periods_of

from .months import Kept, month
from .test_reports import ANNA, MARCH

APRIL = datetime(2026, 4, 1, tzinfo=UTC)
KEPT = parse_retention("asks=100,sessions=100")


def test_a_month_that_nobody_closed_is_closed_before_its_persons_go(kept: Kept) -> None:
    kept.put(month())
    period = {"since": MARCH, "until": APRIL, "as_of": None}
    known = kept.report(**period)
    assert known["headline"]
    # Nothing is too old, and no month is hurried.
    assert retain(kept.database, kept.forum_id, KEPT, MARCH + timedelta(days=97)).closed == 0
    dry = retain(kept.database, kept.forum_id, KEPT, MARCH + timedelta(days=102), dry_run=True)
    assert dry.closed == 1
    with kept.database.read() as c:
        assert closed_period(c, kept.forum_id, MARCH, APRIL) is None
    # Some came back in April, which has its turn a month later.
    for days, closed in ((102, 1), (103, 0), (140, 1), (300, 0)):
        at = MARCH + timedelta(days=days)
        assert retain(kept.database, kept.forum_id, KEPT, at).closed == closed
    found = kept.report(**period)
    assert not found["headline"]
    assert found["closed"]["by"] == "retain"
    assert found["closed"]["figures"]["lift"] == known["lift"]
    assert found["closed"]["figures"]["headline"]
    assert "persons" in found["closed"]["changed"]


@pytest.mark.parametrize("setting", ["asks=never,events=100", "asks=365,events=100"])
def test_a_month_is_closed_before_its_persons_go_with_their_asks(kept: Kept, setting: str) -> None:
    kept.put(month())
    keep = parse_retention(setting)
    assert retain(kept.database, kept.forum_id, keep, MARCH + timedelta(days=99)).closed == 1
    retain(kept.database, kept.forum_id, keep, MARCH + timedelta(days=160))
    found = kept.report(since=MARCH, until=APRIL, as_of=None)
    assert found["asks"] == 0
    assert found["closed"]["figures"]["asks"] > 0
    assert found["closed"]["figures"]["headline"]


def test_a_month_that_is_never_whole_is_not_closed(kept: Kept) -> None:
    kept.put(month())
    keep = parse_retention("asks=10")
    closed = [
        retain(kept.database, kept.forum_id, keep, MARCH + timedelta(days=days)).closed
        for days in (20, 31, 40)
    ]
    assert closed == [0, 0, 0]


def test_a_month_that_was_closed_in_another_time_zone_is_closed(kept: Kept) -> None:
    kept.put(month())
    oslo = ZoneInfo("Europe/Oslo")
    since, until = (datetime(2026, number, 1, tzinfo=oslo).astimezone(UTC) for number in (3, 4))
    found = kept.report(since=since, until=until, time_zone="Europe/Oslo")
    with kept.database.write() as c:
        close_period(c, Acting(kept.forum_id, ANNA), since, until, found, APRIL)
    assert retain(kept.database, kept.forum_id, KEPT, MARCH + timedelta(days=102)).closed == 0
    with kept.database.read() as c:
        assert [one.since for one in closed_periods_of(c, kept.forum_id)] == [since]
