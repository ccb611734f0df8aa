"""Column types that give back exactly the Python value that was put.

In: aware datetimes, tuples and sets of strings, numbers of rows. Out: the same values, from every
database.
Not here: which table has which column (tables).
"""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, TypeDecorator

from triage.errors import BadField

# A number that the database gives, of what comes a thousand times a second: 32 bits would be used
# up in a month. SQLite counts only in what it calls INTEGER, which has 64.
SERIAL = BigInteger().with_variant(Integer(), "sqlite")


def as_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC; a moment without a time zone is refused."""
    if moment.utcoffset() is None:
        raise BadField("moment", "has no time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise BadField("moment", "is outside the years 1 to 9999") from error


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC and given back aware, also where the database knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Move the moment to UTC before it is written or compared."""
        return None if value is None else as_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back that the database may have dropped."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class TextTuple(TypeDecorator[tuple[str, ...]]):
    """An ordered list of strings, kept as JSON."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(
        self, value: Collection[str] | None, dialect: Dialect
    ) -> list[str] | None:
        """JSON knows lists only."""
        return None if value is None else list(value)

    def process_result_value(
        self, value: list[str] | None, dialect: Dialect
    ) -> tuple[str, ...] | None:
        """Records hold tuples."""
        return None if value is None else tuple(value)


class TextSet(TypeDecorator[frozenset[str]]):
    """A set of strings, kept as sorted JSON so that equal sets are equal rows."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(
        self, value: Collection[str] | None, dialect: Dialect
    ) -> list[str] | None:
        """Sort, for a set has no order of its own."""
        return None if value is None else sorted(value)

    def process_result_value(
        self, value: list[str] | None, dialect: Dialect
    ) -> frozenset[str] | None:
        """Records hold frozen sets."""
        return None if value is None else frozenset(value)
