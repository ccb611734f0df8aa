"""Days and moments as people write them -> moments, days in the time zone that is meant.

In: ISO 8601 texts, the name of a time zone. Out: aware moments.
Not here: whether such a time makes sense for what is asked.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from triage.errors import BadField

_DAY_LENGTH = len("2026-03-01")


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone, such as Europe/Stockholm. Raises BadField for one that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadField("time_zone", "is no time zone, such as Europe/Oslo") from error


def day_or_moment(value: object, field: str, time_zone: str, *, end: bool = False) -> datetime:
    """Read a day or a moment; a day that ends something ends with its last moment.

    A moment without a zone is one of the time zone. Raises BadField for what is neither.
    """
    zone = zone_of(time_zone)
    try:
        text = str(value).strip() if isinstance(value, str) else ""
        if len(text) <= _DAY_LENGTH:
            day = datetime.fromisoformat(text).date() + timedelta(days=int(end))
            return datetime.combine(day, time(), zone).astimezone(UTC)
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo is not None else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadField(field, "is no ISO 8601 date") from error
