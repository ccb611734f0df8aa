"""The tables of what many have in common: known issues, who is affected, clusters, notices.

In: nothing. Out: SQLAlchemy Table objects in the same METADATA as all others.
Not here: queries (known_issues, clusters, notices), the questions themselves.
"""

from sqlalchemy import (
    JSON,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from triage.store.columns import TextSet, UtcDateTime
from triage.store.keyed import METADATA, forum_column, of_forum

# What these tables refer to has to be known with them.

# A fault that is known. `person` is whose words title and body are, until somebody of the staff
# writes their own; `words_at` tells their age until the staff have published them.
known_issues = Table(
    "known_issues",
    METADATA,
    forum_column(),
    Column("issue_id", Text, primary_key=True),
    # Rises with every change of any issue of the forum: whoever keeps copies compares it.
    Column("revision", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("lang", Text),
    Column("products", TextSet, nullable=False),
    Column("versions", Text),
    Column("groups", TextSet, nullable=False),
    Column("workaround", Text),
    Column("fix", Text),
    Column("fixed_in", Text),
    Column("thread_id", Text),
    Column("person", Text),
    Column("words_at", UtcDateTime),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    Column("fixed_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
    # Of a proposal: how many asked within which time, and how many were to be expected.
    Column("evidence", JSON),
    Index(None, "forum_id", "person"),
    Index(None, "forum_id", "revision"),
)

# Asks that were about a known issue: whom to tell of it, and how many there are.
known_issue_asks = Table(
    "known_issue_asks",
    METADATA,
    forum_column(),
    Column("issue_id", Text, primary_key=True),
    Column("ask_id", Text, primary_key=True),
    Column("person", Text),
    Column("lang", Text),
    Column("at", UtcDateTime, nullable=False),
    # Who may know of the ask: everybody, who shares one of its groups, or the staff alone.
    Column("visibility", Text, nullable=False),
    Column("groups", TextSet, nullable=False),
    Column("probability", Float, nullable=False),
    of_forum("known_issues", "issue_id", "issue_id", "CASCADE"),
    of_forum("asks", "ask_id", "ask_id", "CASCADE"),
    Index(None, "forum_id", "ask_id"),
    Index(None, "forum_id", "person"),
)

# Open questions with one meaning, in whatever languages.
clusters = Table(
    "clusters",
    METADATA,
    forum_column(),
    Column("cluster_id", Text, primary_key=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Index(None, "forum_id", "revision"),
)

# A question stands in one cluster at most.
cluster_members = Table(
    "cluster_members",
    METADATA,
    forum_column(),
    Column("question_id", Text, primary_key=True),
    Column("cluster_id", Text, nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    of_forum("clusters", "cluster_id", "cluster_id", "CASCADE"),
    of_forum("questions", "question_id", "question_id", "CASCADE"),
    Index(None, "forum_id", "cluster_id"),
)

# Two questions that are not the same, since somebody who knows said so; for ever.
questions_apart = Table(
    "questions_apart",
    METADATA,
    forum_column(),
    Column("question_id", Text, primary_key=True),
    Column("other_id", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    of_forum("questions", "question_id", "question_id", "CASCADE"),
    Index(None, "forum_id", "other_id"),
)

question_vectors = Table(
    "question_vectors",
    METADATA,
    forum_column(),
    Column("question_id", Text, primary_key=True),
    Column("encoder_id", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    of_forum("questions", "question_id", "question_id", "CASCADE"),
)

# What a person is told, once each. The words are made when it is read.
notices = Table(
    "notices",
    METADATA,
    forum_column(),
    Column("notice_id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text),
    Column("lang", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
    Index(None, "forum_id", "person", "at"),
    Index(None, "forum_id", "at"),
)

# When somebody last looked at a forum for bursts and clusters: of several servers, one does.
watches = Table(
    "watches",
    METADATA,
    forum_column(),
    Column("looked_at", UtcDateTime, nullable=False),
)
