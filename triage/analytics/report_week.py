"""A week as people name it, `2026-W40` -> its days, and what a report of it looks at.

In: the name of a week, a time zone, which asks. Out: the filters of the week, the one before it,
and of the thirteen that end with it.
Not here: what the report shows (weekly).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from triage.analytics.filters import Filters
from triage.errors import BadField
from triage.outcomes import Only
from triage.outcomes.only import ALL
from triage.reports import zone_of

_NAMED = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_WEEK = timedelta(days=7)
_SUNDAY = timedelta(days=6)
# A quarter: with less the lift of most forums says nothing.
WEEKS = 13


@dataclass(frozen=True, slots=True)
class ReportWeek:
    """A week of ISO 8601, Monday to Sunday in days of `time_zone`, and which asks are meant."""

    monday: date
    time_zone: str = "UTC"
    only: Only = ALL

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + _SUNDAY

    @property
    def number(self) -> int:
        """Its number within its year."""
        return self.monday.isocalendar().week

    @property
    def year(self) -> int:
        """The year that it belongs to, which is not always that of its Monday."""
        return self.monday.isocalendar().year

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.number:02}"

    @property
    def filters(self) -> Filters:
        """The asks of the week."""
        return self._filters(self.monday, self.sunday)

    @property
    def before(self) -> Filters:
        """The asks of the week before."""
        return self._filters(self.monday - _WEEK, self.sunday - _WEEK)

    @property
    def quarter(self) -> Filters:
        """The asks of the thirteen weeks that end with it."""
        return self._filters(self.monday - (WEEKS - 1) * _WEEK, self.sunday)

    def _filters(self, since: date, until: date) -> Filters:
        return Filters(since, until, self.time_zone, self.only)


def read_week(text: str | None, time_zone: str, only: Only, now: datetime) -> ReportWeek:
    """Read the name of a week; without one it is the last that is over.

    Raises BadField for what is no week, for one that has not begun, and for a time zone that
    nobody knows.
    """
    today = now.astimezone(zone_of(time_zone)).date()
    this_monday = today - timedelta(days=today.weekday())
    if text is None:
        return ReportWeek(this_monday - _WEEK, time_zone, only)
    found = _NAMED.fullmatch(text.strip())
    if found is None:
        raise BadField("week", "is no week, such as 2026-W40")
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise BadField("week", f"is no week of {found[1]}") from error
    if monday > today:
        raise BadField("week", "has not begun yet")
    return ReportWeek(monday, time_zone, only)
