"""Moments and days counted from 1970, in UTC: what arithmetic takes, and what people read.

In: either. Out: the other.
Not here: weeks and windows (insight.drift).
"""

from datetime import UTC, date, datetime, timedelta

_FIRST = date(1970, 1, 1)


def day_of(at: datetime) -> int:
    """Return the day of a moment."""
    return day_number(at.astimezone(UTC).date())


def day_number(day: date) -> int:
    """Return a date as a number."""
    return (day - _FIRST).days


def date_of(day: int) -> date:
    """Return a day as a date."""
    return _FIRST + timedelta(days=day)


def moment_of(day: int) -> datetime:
    """Return the first moment of a day."""
    return datetime.combine(date_of(day), datetime.min.time(), UTC)
