"""What an address asks for -> the asks that a page is of, and back.

In: the fields of an address, as text. Out: `Filters`; the fields again, for links.
Not here: which asks that are (viewing), what can be chosen by (outcomes.only).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta

from triage.errors import BadField
from triage.outcomes import Only, read_only
from triage.outcomes.only import ALL
from triage.reports import ReportOrder, zone_of

PARTS = tuple(field.name for field in fields(Only))
FROM, TO, ZONE = "from", "to", "zone"
# Within these there is a midnight in every time zone.
EARLIEST, LATEST = date(1970, 1, 2), date(2199, 12, 30)


@dataclass(frozen=True, slots=True)
class Filters:
    """The asks that began on these days, both inclusive, of `time_zone`; None is no bound."""

    since: date | None = None
    until: date | None = None
    time_zone: str = "UTC"
    only: Only = ALL

    def query(self) -> tuple[tuple[str, str], ...]:
        """Return the fields of an address that asks for the same, without what asks for nothing."""
        days = ((FROM, self.since), (TO, self.until))
        said = [(name, day.isoformat()) for name, day in days if day is not None]
        if self.time_zone != "UTC":
            said.append((ZONE, self.time_zone))
        for name, value in self.only.told.items():
            text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
            said.append((name, text))
        return tuple(said)

    def order(self) -> ReportOrder:
        """Return the report that is of the same asks."""
        after = None if self.until is None else self.until + timedelta(days=1)
        return ReportOrder(
            since=self._midnight(self.since),
            until=self._midnight(after),
            time_zone=self.time_zone,
            only=self.only,
        )

    def where(self, name: str, value: str) -> "Filters":
        """Return the filters that ask for one language, topic, ... besides: a slice, for links.

        Raises BadField for a name or a value that cannot be.
        """
        if name not in PARTS:
            raise BadField(name, f"is nothing to choose by: {', '.join(PARTS)} are")
        return read_filters({**dict(self.query()), name: value})

    def within(self, since: date, until: date) -> "Filters":
        """Return the filters that ask for some days of these: a week, for links."""
        first = since if self.since is None else max(since, self.since)
        last = until if self.until is None else min(until, self.until)
        return replace(self, since=first, until=last)

    def _midnight(self, day: date | None) -> datetime | None:
        if day is None:
            return None
        return datetime.combine(day, time(), zone_of(self.time_zone)).astimezone(UTC)


def read_filters(given: Mapping[str, str]) -> Filters:
    """Read the fields of an address; empty ones ask for nothing, others than ours are left alone.

    Raises BadField for a day, a time zone or a value that cannot be, and for an end before its
    beginning.
    """
    said = {name: value.strip() for name, value in given.items() if value.strip()}
    zone = said.get(ZONE, "UTC")
    zone_of(zone)
    since, until = _day(said, FROM), _day(said, TO)
    if since is not None and until is not None and until < since:
        raise BadField(TO, "is before `from`")
    return Filters(since, until, zone, read_only({n: said[n] for n in PARTS if n in said}))


def _day(said: Mapping[str, str], name: str) -> date | None:
    if name not in said:
        return None
    try:
        day = date.fromisoformat(said[name])
    except ValueError as error:
        raise BadField(name, "is no day, such as 2026-03-01") from error
    if not EARLIEST <= day <= LATEST:
        raise BadField(name, "is too long ago or too far ahead")
    return day
