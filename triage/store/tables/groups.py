"""The tables of what asks have in common: groups of one meaning, and what becomes of gaps.

In: nothing. Out: SQLAlchemy Table objects in the same METADATA as all others.
Not here: queries (ask_groups, gap_tasks), clusters of posted questions (tables.insight).
"""

from sqlalchemy import Column, Index, Table, Text

from triage.store.columns import TextTuple, UtcDateTime
from triage.store.keyed import METADATA, forum_column, of_forum

# Asks of one meaning. `terms` are words that several persons used, never one person's text.
ask_groups = Table(
    "ask_groups",
    METADATA,
    forum_column(),
    Column("group_id", Text, primary_key=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("terms", TextTuple, nullable=False),
)

# An ask is looked at once for each vector of it. Without a group: it was alone.
ask_group_members = Table(
    "ask_group_members",
    METADATA,
    forum_column(),
    Column("ask_id", Text, primary_key=True),
    Column("group_id", Text),
    # Of which moment the vector was that was looked at.
    Column("looked_at", UtcDateTime, nullable=False),
    of_forum("ask_groups", "group_id", "group_id", "CASCADE"),
    of_forum("asks", "ask_id", "ask_id", "CASCADE"),
    Index(None, "forum_id", "group_id"),
)

# What somebody of the staff does about a group whose asks find nothing; without a row it is open.
gap_tasks = Table(
    "gap_tasks",
    METADATA,
    forum_column(),
    Column("gap_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    # The thread that answers it now.
    Column("thread_id", Text),
    of_forum("ask_groups", "gap_id", "group_id", "CASCADE"),
)
