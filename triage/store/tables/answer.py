"""The tables of answers: proposed, voted on, reviewed; and of names that people chose.

In: nothing. Out: SQLAlchemy Table objects in the same METADATA as all others.
Not here: queries (proposals, answer_votes, profiles).
"""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint

from triage.store.columns import UtcDateTime
from triage.store.keyed import METADATA, forum_column, of_forum
from triage.store.tables.ask import events

# A case with an answer that might become a thread, once for each state of its texts. The texts
# themselves stay with the case: what is shown of it is redacted by the rules of the day. There is
# no reference to the case, because the thread outlives it and is still its person's.
proposals = Table(
    "proposals",
    METADATA,
    forum_column(),
    Column("id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    # Of the texts that it was proposed with: a refused case comes back only with others.
    Column("content", Text, nullable=False),
    # Whose case it was: with them goes what was made of it.
    Column("person", Text),
    Column("state", Text, nullable=False),
    # The thread that was made of the case, or would be replaced.
    Column("thread_id", Text),
    # When the case came up, which orders the list: what is newest is asked again soonest.
    Column("case_at", UtcDateTime, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    UniqueConstraint("forum_id", "case_id", "content"),
    Index(None, "forum_id", "state", "case_at", "id"),
    Index(None, "forum_id", "person"),
    Index(None, "forum_id", "thread_id"),
)

# The last word of each person on each answer.
answer_votes = Table(
    "answer_votes",
    METADATA,
    forum_column(),
    Column("thread_id", Text, primary_key=True),
    Column("answer_id", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("word", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    of_forum("threads", "thread_id", "id", "CASCADE"),
    Index(None, "forum_id", "person"),
    Index(None, "forum_id", "word", "thread_id", "answer_id"),
)

# The last word of staff on an answer; who said it is in the log of acts.
answer_reviews = Table(
    "answer_reviews",
    METADATA,
    forum_column(),
    Column("thread_id", Text, primary_key=True),
    Column("answer_id", Text, primary_key=True),
    Column("word", Text, nullable=False),
    Column("valid_versions", Text),
    # How many the forum itself had counted then: those are settled by this word.
    Column("outdated_before", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    of_forum("threads", "thread_id", "id", "CASCADE"),
)

# Under which name others know somebody. The id is drawn at random: it leads to no person.
profiles = Table(
    "profiles",
    METADATA,
    forum_column(),
    Column("person", Text, primary_key=True),
    Column("id", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    # The name as names are compared, so that nobody takes one that looks the same.
    Column("name_key", Text, nullable=False),
    Column("company_shown", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("forum_id", "id"),
    UniqueConstraint("forum_id", "name_key"),
)

# Who was helped by a thread is asked for each one that is suggested.
_BY_THREAD = (events.c.forum_id, events.c.thread_id, events.c.type)
Index("ix_events_forum_id_thread_id_type", *_BY_THREAD)
