"""How the database that is spoken to reads a moment: its day, its hour, its seconds.

In: a connection, a column of moments. Out: expressions that give the same of every database.
Not here: anything else that databases do differently (dialects), what is counted by day.
"""

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Float,
    Text,
    cast,
    extract,
    func,
    type_coerce,
)

_JULIAN_1970 = 2_440_587.5
_DAY_SECONDS = 86_400.0


def utc_day(c: Connection, moment: Column[Any]) -> ColumnElement[str]:
    """Return the day of a moment in UTC, such as `2026-03-01`."""
    if c.dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD")
    return func.substr(type_coerce(moment, Text), 1, 10)


def utc_hour(c: Connection, moment: Column[Any]) -> ColumnElement[str]:
    """Return the hour of a moment in UTC, such as `2026-03-01 14`."""
    if c.dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD HH24")
    return func.substr(type_coerce(moment, Text), 1, 13)


def epoch(c: Connection, moment: ColumnElement[Any]) -> ColumnElement[float]:
    """Return a moment in seconds since 1970 UTC, to the thousandth: cheaper than making moments."""
    if c.dialect.name == "postgresql":
        return cast(extract("epoch", moment), Float(53))
    # As a Julian day a moment is known to some hundred-thousandths of a second.
    days = func.julianday(type_coerce(moment, Text)) - _JULIAN_1970
    return func.round(days * _DAY_SECONDS, 3, type_=Float(53))
