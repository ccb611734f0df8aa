"""The tables of follow-ups: who was drawn to be asked once more, and who wants never to be.

In: nothing. Out: SQLAlchemy Table objects in the same METADATA as all others.
Not here: queries (follow_ups), who is drawn and what is asked (measuring.follow_ups).
"""

from sqlalchemy import Boolean, Column, Float, Index, Table, Text, UniqueConstraint

from triage.store.columns import UtcDateTime
from triage.store.keyed import METADATA, forum_column, of_forum

# A row for every ask that could be drawn, drawn or not: what those that were drawn stand for is
# only known beside those that were not. Whose it is stands with the ask.
follow_ups = Table(
    "follow_ups",
    METADATA,
    forum_column(),
    Column("ask_id", Text, primary_key=True),
    Column("follow_up_id", Text, nullable=False),
    # What is asked about: the suggestions, or an answer.
    Column("about", Text, nullable=False),
    Column("drawn", Boolean, nullable=False),
    # How likely it was, before anything was drawn, that this ask would be.
    Column("probability", Float(53), nullable=False),
    Column("drawn_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("shown_at", UtcDateTime),
    Column("reply", Text),
    Column("replied_at", UtcDateTime),
    of_forum("asks", "ask_id", "ask_id", "CASCADE"),
    UniqueConstraint("forum_id", "follow_up_id"),
    Index(None, "forum_id", "drawn_at"),
)

# A person, or a browser's session where nobody vouches for a person; both as keyed hashes.
follow_up_opt_outs = Table(
    "follow_up_opt_outs",
    METADATA,
    forum_column(),
    Column("person", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
