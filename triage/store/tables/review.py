"""The tables of reviewing: what a lead should look at, what they said of it, and each day's draw.

In: nothing. Out: SQLAlchemy Table objects in the same METADATA as all others.
Not here: queries (reviews, reviewed), what is drawn and what a verdict does (reviewing).
"""

from sqlalchemy import JSON, Boolean, Column, Float, Index, Integer, Table, Text

from triage.store.columns import TextTuple, UtcDateTime
from triage.store.keyed import METADATA, forum_column, of_forum

# What the machine said is written once; what a person says of it has columns of its own.
review_items = Table(
    "review_items",
    METADATA,
    forum_column(),
    Column("id", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    # What it is about, so that it goes with that.
    Column("ask_id", Text),
    Column("question_id", Text),
    Column("case_id", Text),
    Column("burst_id", Text),
    Column("reason", Text, nullable=False),
    Column("targets", TextTuple, nullable=False),
    Column("drawn_on", Text, nullable=False),
    Column("drawn_at", UtcDateTime, nullable=False),
    Column("place", Integer, nullable=False),
    Column("score", Float(53)),
    # How likely it was to be drawn, of those that the lot drew.
    Column("propensity", Float(53)),
    Column("model_version", Text),
    Column("said", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("lang", Text),
    Column("product", Text),
    Column("simulated", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("verdict", Text),
    Column("note", Text),
    Column("decided_by", Text),
    Column("decided_at", UtcDateTime),
    # The labels of its case before it was decided, where it had one: for taking it back.
    Column("former", JSON(none_as_null=True)),
    # Of the lot: it was decided, the machine's word shown, and taken back. Null: it was not.
    Column("seen", Boolean),
    of_forum("asks", "ask_id", "ask_id", "CASCADE"),
    of_forum("questions", "question_id", "question_id", "CASCADE"),
    of_forum("cases", "case_id", "id", "CASCADE"),
    of_forum("event_bursts", "burst_id", "id", "CASCADE"),
    Index(None, "forum_id", "state", "drawn_on", "place"),
    Index(None, "forum_id", "subject", "subject_id"),
    Index(None, "forum_id", "ask_id"),
    Index(None, "forum_id", "question_id"),
    Index(None, "forum_id", "case_id"),
    Index(None, "forum_id", "burst_id"),
    Index(None, "forum_id", "decided_at"),
)

# A case's label as a lead has it, beside the one that it came with. `by_lot`: the case was drawn
# by lot, so that it stands for others.
reviewed_labels = Table(
    "reviewed_labels",
    METADATA,
    forum_column(),
    Column("case_id", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("filed", Text),
    Column("item_id", Text, nullable=False),
    Column("by_lot", Boolean, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    of_forum("cases", "case_id", "id", "CASCADE"),
)

# A day is drawn once. The lot drew `by_lot` of `asks`, which were sent since the draw before.
review_draws = Table(
    "review_draws",
    METADATA,
    forum_column(),
    Column("drawn_on", Text, primary_key=True),
    Column("drawn_at", UtcDateTime, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("asks", Integer, nullable=False),
    Column("by_lot", Integer, nullable=False),
    Column("items", Integer, nullable=False),
    Column("model_version", Text),
)
