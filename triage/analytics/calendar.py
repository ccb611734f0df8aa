"""Moments -> the weeks that they are in, Monday to Sunday in a time zone.

In: the first and the last moment, the name of a time zone. Out: Mondays, and when they begin.
Not here: what is counted in a week (series, activity).
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from triage.reports import zone_of

WEEK = timedelta(days=7)


def mondays_of(first: float, last: float, time_zone: str) -> Sequence[date]:
    """Return the Monday of every week from that of the first moment to that of the last."""
    zone = zone_of(time_zone)
    begin, end = (
        datetime.fromtimestamp(moment, UTC).astimezone(zone).date() for moment in (first, last)
    )
    monday = begin - timedelta(days=begin.weekday())
    return [monday + at * WEEK for at in range((end - monday).days // WEEK.days + 1)]


def edges_of(mondays: Sequence[date], time_zone: str) -> list[float]:
    """Return when each of these weeks begins, and the last one ends, in seconds since 1970 UTC."""
    return [midnight(monday, time_zone) for monday in (*mondays, mondays[-1] + WEEK)]


def midnight(day: date, time_zone: str) -> float:
    """Return when a day begins, in seconds since 1970 UTC."""
    return datetime.combine(day, time(), zone_of(time_zone)).timestamp()
