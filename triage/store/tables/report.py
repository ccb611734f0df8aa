"""The tables of reports: asks as columns, by day; periods that were closed; what was before.

In: nothing. Out: SQLAlchemy Table objects in the same METADATA as all others.
Not here: queries (ask_columns, periods), what is in the columns (outcomes).
"""

from sqlalchemy import JSON, Column, Float, Index, Integer, LargeBinary, Table, Text

from triage.store.columns import UtcDateTime
from triage.store.keyed import METADATA, forum_column

# The asks that began on one day (UTC) with all that followed them: numbers, and the words (topic,
# product, account ...) that some of these asks have.
ask_columns = Table(
    "ask_columns",
    METADATA,
    forum_column(),
    Column("day", Text, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
    Column("asks", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    # Of what is packed. In the index too, so that whoever only asks whether anything has changed
    # reads no columns.
    Column("digest", Text),
    Index(None, "forum_id", "day", "digest"),
)

# Asks whose columns are behind. Triggers on `asks` and `events` write here, whoever changes them
# and why; `changes` counts, so that what changes while it is folded is folded again. No reference
# to `asks`: one that is gone is behind as well.
stale_asks = Table(
    "stale_asks",
    METADATA,
    forum_column(),
    Column("ask_id", Text, primary_key=True),
    Column("day", Text),
    Column("changes", Integer, nullable=False),
    Index(None, "forum_id", "day", "ask_id"),
)

# The figures of a period as they stood when somebody closed it. Never changed.
closed_periods = Table(
    "closed_periods",
    METADATA,
    forum_column(),
    Column("since", UtcDateTime, primary_key=True),
    Column("until", UtcDateTime, primary_key=True),
    Column("time_zone", Text, nullable=False),
    Column("as_of", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("figures", JSON, nullable=False),
)

# How many questions there were before the service, period by period.
baselines = Table(
    "baselines",
    METADATA,
    forum_column(),
    Column("since", UtcDateTime, primary_key=True),
    Column("until", UtcDateTime, nullable=False),
    Column("questions", Integer, nullable=False),
    Column("cases", Integer),
    Column("persons", Integer),
    Column("seconds_to_answer", Float(53)),
    Column("imported_at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
)
