"""The tables. Every one but `forums` begins its key with the forum.

In: nothing. Out: SQLAlchemy Table objects and the METADATA that migrations are compared with.
Not here: queries, and anything that only one database understands (dialects). A person is only
ever a keyed hash; the columns that hold one are named `person`.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from triage.store.columns import TextSet, TextTuple, UtcDateTime
from triage.store.keyed import METADATA as METADATA
from triage.store.keyed import forum_column, of_forum
from triage.store.tables.ask import ask_vectors as ask_vectors
from triage.store.tables.ask import asks as asks
from triage.store.tables.ask import event_bursts as event_bursts
from triage.store.tables.ask import events as events
from triage.store.tables.ask import holdouts as holdouts
from triage.store.tables.ask import triages as triages

forums = Table(
    "forums",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("revision", Integer, nullable=False),
    Column("live_version", Text),
    # Which encoder serves the forum: what `open_encoder` is told, and the space of its vectors.
    Column("encoder", Text),
    Column("encoder_prompts", TextTuple),
    Column("encoder_id", Text),
)

api_keys = Table(
    "api_keys",
    METADATA,
    Column("id", Integer, primary_key=True),
    forum_column(primary_key=False),
    Column("name", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("secret_hash", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("publishable", Boolean, nullable=False),
    Column("test", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    # From which sites a browser may bring a publishable key; none: from nowhere.
    Column("origins", TextSet),
    Column("replaces", Text),
    # The first of the keys that were rotated one into the other; asks are kept under that.
    Column("line_id", Integer),
    UniqueConstraint("forum_id", "id"),
    UniqueConstraint("forum_id", "prefix"),
)

threads = Table(
    "threads",
    METADATA,
    forum_column(),
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("person", Text),
    Column("solved", Boolean, nullable=False),
    Column("lang", Text),
    Column("tags", TextTuple, nullable=False),
    Column("product", Text),
    Column("valid_versions", Text),
    Column("groups", TextSet, nullable=False),
    Column("url", Text),
    Column("created", UtcDateTime),
    Column("updated", UtcDateTime),
    Column("duplicate_of", TextTuple, nullable=False),
    Column("superseded_by", Text),
    Column("outdated_votes", Integer, nullable=False),
    Column("verified_by", Text),
    Column("verified_at", UtcDateTime),
    Column("digest", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Index(None, "forum_id", "revision"),
    Index(None, "forum_id", "person"),
)

answers = Table(
    "answers",
    METADATA,
    forum_column(),
    Column("thread_id", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("person", Text),
    Column("accepted", Boolean, nullable=False),
    Column("staff", Boolean, nullable=False),
    Column("votes", Integer, nullable=False),
    Column("created", UtcDateTime),
    Column("updated", UtcDateTime),
    Column("outdated_votes", Integer, nullable=False),
    of_forum("threads", "thread_id", "id", "CASCADE"),
    Index(None, "forum_id", "person"),
)

removed_threads = Table(
    "removed_threads",
    METADATA,
    forum_column(),
    Column("id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Index(None, "forum_id", "revision"),
)

units = Table(
    "units",
    METADATA,
    forum_column(),
    Column("thread_id", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("answer_id", Text),
    Column("text_digest", Text, nullable=False),
    of_forum("threads", "thread_id", "id", "CASCADE"),
    Index(None, "forum_id", "text_digest"),
)

vectors = Table(
    "vectors",
    METADATA,
    forum_column(),
    Column("encoder_id", Text, primary_key=True),
    Column("text_digest", Text, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

cases = Table(
    "cases",
    METADATA,
    forum_column(),
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("person", Text),
    Column("account", Text),
    Column("groups", TextSet, nullable=False),
    Column("product", Text),
    Column("version", Text),
    Column("lang", Text),
    Column("created", UtcDateTime),
    Column("first_response", UtcDateTime),
    Column("closed", UtcDateTime),
    Column("escalated", Boolean),
    Column("answer", Text),
    Column("answer_public", Boolean, nullable=False),
    Column("kind", Text),
    Column("topic", Text),
    Column("difficulty", Float(53)),
    Column("severity", Integer),
    Column("customer_severity", Integer),
    Column("destination", Text),
    Column("group", Text),
    Column("text_digest", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("tone", Text),
    Index(None, "forum_id", "text_digest"),
    Index(None, "forum_id", "created", "id"),
    Index(None, "forum_id", "person"),
)

accounts = Table(
    "accounts",
    METADATA,
    forum_column(),
    Column("id", Text, primary_key=True),
    Column("name", Text),
    Column("support_level", Text),
    Column("expert_team", Text),
    Column("customised_products", TextTuple, nullable=False),
    Column("groups", TextSet, nullable=False),
    Column("first_seen", UtcDateTime),
    Column("preferred_channel", Text),
    Column("digest", Text, nullable=False),
)

# No reference to `accounts`: who belongs where is often known before the account itself is.
account_members = Table(
    "account_members",
    METADATA,
    forum_column(),
    Column("person", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
)

idempotency = Table(
    "idempotency",
    METADATA,
    forum_column(),
    # A key or a user, and the visitor it spoke for: one never gets the reply to another.
    Column("caller", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("idempotency_key", Text, primary_key=True),
    Column("person", Text),
    Column("request_digest", Text, nullable=False),
    Column("status", Integer),
    Column("body", Text),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "forum_id", "at"),
    Index(None, "forum_id", "person"),
)

# One job of each kind at most: the one that is under way, or the last one.
jobs = Table(
    "jobs",
    METADATA,
    forum_column(),
    Column("kind", Text, primary_key=True),
    Column("options", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("code", Text),
    Column("cancel_wanted", Boolean, nullable=False),
    Column("claimed_by", Text),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("heartbeat_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("note", Text),
    Column("result", JSON),
)

# What people asked for, once it has ended: the row above is that of the next run by then.
past_jobs = Table(
    "past_jobs",
    METADATA,
    forum_column(),
    Column("kind", Text, primary_key=True),
    Column("queued_at", UtcDateTime, primary_key=True),
    Column("options", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("code", Text),
    Column("claimed_by", Text),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime, nullable=False),
    Column("note", Text),
    Column("result", JSON),
)
