"""The tables of watching: what was last said of each measure, and when somebody last looked.

In: nothing. Out: SQLAlchemy Table objects in the same METADATA as all others.
Not here: queries (drifts), looking (watching). No row is of anybody: measures and codes alone.
"""

from sqlalchemy import Column, Table, Text

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
