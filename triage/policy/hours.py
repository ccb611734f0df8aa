"""When experts are there: a time zone, ranges of the week, holidays. Pure; the clock is given.

In: opening hours and a moment. Out: whether they are there, and when they are there next.
Not here: what follows from it (decide, moving).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from triage.errors import BadField

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RANGE = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)")
_MOST_OPENINGS = 50
_MOST_HOLIDAYS = 500
_DAY = 24 * 60
# Holidays of a whole year and more cannot hide the next opening.
_LOOK_AHEAD_DAYS = 800


@dataclass(frozen=True, slots=True)
class Opening:
    """Days of the week, 0 is Monday, and the minutes of the day from which and until which."""

    first_day: int
    last_day: int
    start: int
    end: int

    def __str__(self) -> str:
        first, last = WEEKDAYS[self.first_day], WEEKDAYS[self.last_day]
        days = first if first == last else f"{first}-{last}"
        return f"{days} {_clock(self.start)}-{_clock(self.end)}"

    def holds(self, day: int) -> bool:
        """Say whether it is of this day of the week; `fri-mon` goes over the weekend."""
        if self.first_day <= self.last_day:
            return self.first_day <= day <= self.last_day
        return day >= self.first_day or day <= self.last_day


@dataclass(frozen=True, slots=True)
class Hours:
    """When experts are there, in the clock of `time_zone` (an IANA name)."""

    time_zone: str
    open: tuple[Opening, ...]
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Refuse an unknown time zone and hours that never come. Raises BadField."""
        try:
            ZoneInfo(self.time_zone)
        except (OSError, ValueError, LookupError) as error:
            problem = f"is {self.time_zone!r}, no time zone; write one like Europe/Stockholm"
            raise BadField("hours.time_zone", problem) from error
        if not 0 < len(self.open) <= _MOST_OPENINGS:
            raise BadField("hours.open", f"needs 1 to {_MOST_OPENINGS} ranges")
        if len(self.holidays) > _MOST_HOLIDAYS:
            raise BadField("hours.holidays", f"has more than {_MOST_HOLIDAYS} days")

    def is_open(self, now: datetime) -> bool:
        """Say whether experts are there. `now` knows its time zone."""
        here = now.astimezone(ZoneInfo(self.time_zone))
        if here.date() in self.holidays:
            return False
        minute, day = here.hour * 60 + here.minute, here.weekday()
        return any(o.holds(day) and o.start <= minute < o.end for o in self.open)

    def opens(self, now: datetime) -> datetime | None:
        """Return when experts are there next, `now` where they are; None: not in two years."""
        if self.is_open(now):
            return now
        zone = ZoneInfo(self.time_zone)
        here = now.astimezone(zone)
        for ahead in range(_LOOK_AHEAD_DAYS):
            day = here.date() + timedelta(days=ahead)
            if day in self.holidays:
                continue
            for start in sorted(o.start for o in self.open if o.holds(day.weekday())):
                found = datetime.combine(day, time(start // 60, start % 60), zone)
                if found > here:
                    return found
        return None


def opening_of(text: str, field: str = "hours.open") -> Opening:
    """Read `mon-fri 08:00-17:00`. Raises BadField."""
    found = _RANGE.fullmatch(text.strip().lower())
    if found is None:
        raise BadField(field, f"holds {text!r}; write a range as mon-fri 08:00-17:00")
    first, last, *clock = found.groups()
    for day in (first, last or first):
        if day not in WEEKDAYS:
            raise BadField(field, f"holds {day!r}; days are {', '.join(WEEKDAYS)}")
    from_hour, from_minute, to_hour, to_minute = (int(number) for number in clock)
    start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if max(from_minute, to_minute) > 59 or end > _DAY or start >= end:
        problem = f"holds {text!r}, whose hours do not run forward from 00:00 to 24:00"
        raise BadField(field, problem)
    return Opening(WEEKDAYS.index(first), WEEKDAYS.index(last or first), start, end)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
