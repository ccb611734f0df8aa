"""Months whose persons are about to go -> closed with their figures, before they are gone.

In: a store, a forum, before when persons are taken out of asks. Out: the months that were closed.
Not here: taking persons out (privacy), what closing keeps (closing).

Without persons there is no headline. So whatever calendar month (UTC) nobody has closed is closed
by the service itself, at the last moment: until then it is anybody's to close as they like.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from triage import store
from triage.audit.acting import Acting
from triage.errors import PeriodClosed
from triage.records import Actor
from triage.reports.closing import close_period
from triage.reports.reading import ReportOrder, report_of_forum

# What is too old is looked for once a day, or a little later.
_AHEAD = timedelta(days=2)
# No day anywhere begins further from that of UTC.
_ZONES = timedelta(hours=15)


def months_due(
    c: store.Connection, forum_id: int, before: datetime, now: datetime
) -> list[tuple[datetime, datetime]]:
    """Return the months that are over, nobody has closed, and that are about to lose persons.

    Where persons are not even kept for a month, none is ever whole, and none is due.
    """
    first = store.first_named_ask(c, forum_id)
    if first is None:
        return []
    kept = now - before
    return [
        (since, until)
        for since, until in _months(first, before + _AHEAD)
        if until <= now and until - since < kept and not _is_closed(c, forum_id, since, until)
    ]


def close_due(
    database: store.Database, forum_id: int, by: Actor, before: datetime, now: datetime
) -> int:
    """Close the months that are due; return how many there were."""
    with database.read() as c:
        due = months_due(c, forum_id, before, now)
    closed = 0
    for since, until in due:
        found = report_of_forum(database, forum_id, ReportOrder(since=since, until=until))
        with database.write() as c:
            try:
                close_period(c, Acting(forum_id, by), since, until, found, now)
            except PeriodClosed:
                # Somebody was quicker.
                continue
        closed += 1
    return closed


def _is_closed(c: store.Connection, forum_id: int, since: datetime, until: datetime) -> bool:
    """Say whether somebody has closed the month, in whatever time zone theirs is."""
    return store.is_closed_about(c, forum_id, since, until, _ZONES)


def _months(first: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give the calendar months of what lies between two moments, as they begin and end."""
    begin = datetime(first.year, first.month, 1, tzinfo=UTC)
    while begin < until:
        end = datetime(begin.year + begin.month // 12, begin.month % 12 + 1, 1, tzinfo=UTC)
        yield begin, end
        begin = end
