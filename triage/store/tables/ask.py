"""The tables of asking: asks, what was replied, what happened then, and what measures need of it.

In: nothing. Out: SQLAlchemy Table objects in the same METADATA as all others.
Not here: queries, the tables of what is known (tables).
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
)

from triage.store.columns import UtcDateTime
from triage.store.keyed import METADATA, forum_column, of_forum

asks = Table(
    "asks",
    METADATA,
    forum_column(),
    Column("ask_id", Text, primary_key=True),
    Column("key_id", Integer),
    Column("person", Text),
    Column("session", Text),
    Column("lang", Text),
    Column("test", Boolean, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    # Assigned once, at the first call: the arm, by whom (person or session), and how likely the
    # holdout was. Null: in no experiment.
    Column("arm", Text),
    Column("unit", Text),
    Column("share", Float(53)),
    # As the last call left it; in the holdout `offered` says what would have been.
    Column("offered", Boolean),
    Column("submitted_at", UtcDateTime),
    Column("product", Text),
    Column("topic", Text),
    Column("newcomer", Boolean),
    Column("severity", Integer),
    Column("sensitive", Boolean),
    Column("barred", Text),
    # The earlier ask of the same person about the same problem.
    Column("return_of", Text),
    # The forum's own name of the customer company, as it was known at the first call.
    Column("account", Text),
    Column("destination", Text),
    # Made up, to show what the pages show. Null: somebody asked.
    Column("simulated", Boolean),
    of_forum("api_keys", "key_id", "id"),
    Index(None, "forum_id", "session", "last_at"),
    Index(None, "forum_id", "person", "last_at"),
    Index(None, "forum_id", "opened_at", "ask_id"),
    Index(None, "forum_id", "simulated"),
)

triages = Table(
    "triages",
    METADATA,
    forum_column(),
    Column("triage_id", Text, primary_key=True),
    Column("ask_id", Text, nullable=False),
    Column("key_id", Integer),
    Column("stage", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("question", JSON, nullable=False),
    Column("reply", JSON, nullable=False),
    Column("model_version", Text),
    Column("index_version", Text, nullable=False),
    Column("mode", Text, nullable=False),
    of_forum("asks", "ask_id", "ask_id"),
    of_forum("api_keys", "key_id", "id"),
    Index(None, "forum_id", "ask_id"),
    Index(None, "forum_id", "at", "triage_id"),
)

# An event's value is text or a number; two columns keep each exact and open to SQL.
events = Table(
    "events",
    METADATA,
    forum_column(),
    Column("event_id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("triage_id", Text, nullable=False),
    Column("ask_id", Text, nullable=False),
    Column("occurred_at", UtcDateTime, nullable=False),
    Column("thread_id", Text),
    Column("question_id", Text),
    Column("external_id", Text),
    Column("person", Text),
    Column("session", Text),
    Column("rank", Integer),
    Column("value_text", Text),
    Column("value_number", Float(53)),
    # Null: the service says so itself.
    Column("key_id", Integer),
    Column("test", Boolean, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("visible", Boolean),
    Column("probability", Float(53)),
    Column("propensity", Float(53)),
    # The burst that it is put aside with, until a person has looked at it.
    Column("held", Text),
    # What an `asked` event says of its ask; of what was shown at a place that was drawn by lot, the
    # place that its probability gave it.
    Column("details", JSON(none_as_null=True)),
    of_forum("triages", "triage_id", "triage_id"),
    of_forum("asks", "ask_id", "ask_id"),
    of_forum("api_keys", "key_id", "id"),
    Index(None, "forum_id", "ask_id", "type"),
    Index(None, "forum_id", "triage_id"),
    Index(None, "forum_id", "occurred_at", "event_id"),
    Index(None, "forum_id", "person"),
    Index(None, "forum_id", "session"),
)

# One vector of each ask and encoder: of the question as the last call had it.
ask_vectors = Table(
    "ask_vectors",
    METADATA,
    forum_column(),
    Column("ask_id", Text, primary_key=True),
    Column("encoder_id", Text, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    of_forum("asks", "ask_id", "ask_id", "CASCADE"),
    Index(None, "forum_id", "encoder_id", "at"),
)

# More events of one person, or of one session, than a person makes: put aside for review.
event_bursts = Table(
    "event_bursts",
    METADATA,
    forum_column(),
    Column("id", Text, primary_key=True),
    Column("person", Text),
    Column("session", Text),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("events", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_at", UtcDateTime),
    Index(None, "forum_id", "person", "last_at"),
    Index(None, "forum_id", "session", "last_at"),
    Index(None, "forum_id", "last_at", "id"),
)

# Which share of askers is in the holdout: every change is a row, the last one holds.
holdouts = Table(
    "holdouts",
    METADATA,
    forum_column(),
    Column("number", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("share", Float(53), nullable=False),
    # By language, where it is another than for the rest.
    Column("shares", JSON, nullable=False),
    Column("by", Text, nullable=False),
)
