"""The tables of watching: what was said of each measure, when somebody looked, what was told.

In: nothing. Out: SQLAlchemy Table objects in the same METADATA as all others.
Not here: queries (drifts, drift_days, silences), looking (watching). No row is of anybody:
measures and codes, and words that several persons used.
"""

from sqlalchemy import JSON, Column, Integer, Table, Text

from triage.store.columns import UtcDateTime
from triage.store.keyed import METADATA, forum_column

drift_verdicts = Table(
    "drift_verdicts",
    METADATA,
    forum_column(),
    Column("part", Text, primary_key=True),
    Column("measure", Text, primary_key=True),
    Column("slice", Text, primary_key=True),
    Column("model_version", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    # When it became what it is.
    Column("changed_at", UtcDateTime, nullable=False),
)

# Of several servers of one store, one looks.
drift_looks = Table(
    "drift_looks",
    METADATA,
    forum_column(),
    Column("looked_at", UtcDateTime, nullable=False),
)

# The last look of each day, whole: what was said then can be read as it was.
drift_days = Table(
    "drift_days",
    METADATA,
    forum_column(),
    # Its first moment.
    Column("day", UtcDateTime, primary_key=True),
    Column("looked_at", UtcDateTime, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("found", JSON, nullable=False),
)

# What turned, kept also where no other system wants to be told.
drift_alerts = Table(
    "drift_alerts",
    METADATA,
    forum_column(),
    # That of the message by which others are told.
    Column("alert_id", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("receivers", Integer, nullable=False),
    Column("drifted", JSON, nullable=False),
    Column("seen_at", UtcDateTime),
    Column("seen_by", Text),
    Column("reason", Text),
)

# The last silence of each stream that was told, also where no other system wanted to be told.
silences = Table(
    "silences",
    METADATA,
    forum_column(),
    Column("stream", Text, primary_key=True),
    Column("told_at", UtcDateTime, nullable=False),
    Column("receivers", Integer, nullable=False),
)
