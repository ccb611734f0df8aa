"""The tables of handing over: other systems, what they are told, and what is read from them.

In: nothing. Out: SQLAlchemy Table objects in the same METADATA as all others.
Not here: queries (channels, messages, deliveries, sources), sending (delivering).
"""

from sqlalchemy import (
    JSON,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from triage.store.columns import SERIAL, TextSet, UtcDateTime
from triage.store.keyed import METADATA, forum_column, of_forum

# A way to another system, or to one person. What opens it is sealed and never shown again; of a
# person the address itself is sealed, too.
channels = Table(
    "channels",
    METADATA,
    forum_column(),
    Column("channel_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text),
    Column("person", Text),
    Column("sealed", LargeBinary, nullable=False),
    Column("options", JSON, nullable=False),
    # Types of messages; of a person's, kinds of notices.
    Column("wants", TextSet, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    Column("disabled_why", Text),
    # When it is to be looked at next: something waits, or it was let be for a while. None: nothing.
    Column("due_at", UtcDateTime),
    # How often in a row it could not be reached.
    Column("failures", Integer, nullable=False),
    Column("reached_at", UtcDateTime),
    # What comes in names a channel and no forum.
    UniqueConstraint("channel_id"),
    Index(None, "forum_id", "person"),
    Index(None, "due_at"),
)

# What is told, in the order in which it happened; ids and codes, nobody's words.
messages = Table(
    "messages",
    METADATA,
    Column("id", SERIAL, primary_key=True),
    forum_column(primary_key=False),
    Column("message_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    # Messages of one stream arrive in their order: a question, an issue, a person.
    Column("stream", Text, nullable=False),
    Column("question_id", Text),
    Column("person", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("data", JSON, nullable=False),
    UniqueConstraint("forum_id", "message_id"),
    Index(None, "forum_id", "at"),
    Index(None, "forum_id", "question_id"),
    Index(None, "forum_id", "person"),
)

deliveries = Table(
    "deliveries",
    METADATA,
    Column("id", SERIAL, primary_key=True),
    forum_column(primary_key=False),
    Column("channel_id", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # When it is tried next; None: not any more, or not before what is ahead of it in its stream.
    Column("due_at", UtcDateTime),
    Column("claimed_by", Text),
    Column("claimed_until", UtcDateTime),
    Column("first_at", UtcDateTime),
    Column("last_at", UtcDateTime),
    Column("status", Integer),
    Column("code", Text),
    Column("milliseconds", Integer),
    of_forum("channels", "channel_id", "channel_id", "CASCADE"),
    of_forum("messages", "message_id", "message_id", "CASCADE"),
    UniqueConstraint("forum_id", "channel_id", "message_id"),
    Index(None, "channel_id", "stream", "state", "id"),
    Index(None, "channel_id", "state", "due_at"),
    Index(None, "forum_id", "message_id"),
)

# The attempts that failed; the one that did not is told by the delivery itself.
delivery_attempts = Table(
    "delivery_attempts",
    METADATA,
    forum_column(),
    Column("channel_id", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("status", Integer),
    Column("code", Text, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    of_forum("channels", "channel_id", "channel_id", "CASCADE"),
    of_forum("messages", "message_id", "message_id", "CASCADE"),
    Index(None, "forum_id", "message_id"),
)

# How one person wants to be told of one kind of notice, where it is not in the feed.
notice_ways = Table(
    "notice_ways",
    METADATA,
    forum_column(),
    Column("person", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("way", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# A place that threads or cases are read from again and again.
sources = Table(
    "sources",
    METADATA,
    forum_column(),
    Column("source", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    # Where the next run begins; what changes nothing leaves it as it is.
    Column("cursor", JSON, nullable=False),
    # Of the last run that changed anything; not finished: it was killed, or is under way.
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("whole_at", UtcDateTime),
    Column("counts", JSON, nullable=False),
)

# One thing of a source as it was when it was read; its stamp tells whether it has changed. Without
# a stamp it could not be read, and is tried again.
source_items = Table(
    "source_items",
    METADATA,
    forum_column(),
    Column("source", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("kept_as", Text, nullable=False),
    Column("stamp", Text, nullable=False),
    of_forum("sources", "source", "source", "CASCADE"),
    Index(None, "forum_id", "kept_as"),
)

# What another system has told us that it has: looked at a moment later, and then gone.
incoming = Table(
    "incoming",
    METADATA,
    forum_column(),
    Column("channel_id", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("code", Text),
    of_forum("channels", "channel_id", "channel_id", "CASCADE"),
    Index(None, "forum_id", "due_at"),
)

# Where a question stands in another system: a ticket, a topic.
filings = Table(
    "filings",
    METADATA,
    forum_column(),
    Column("question_id", Text, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    # The id by which the other system knows it; None: it was begun and may be there.
    Column("foreign_id", Text),
    Column("number", Text),
    Column("url", Text),
    # As it was when it was last looked at, in the other system's words.
    Column("state", Text),
    Column("queue", Text),
    Column("owner", Text),
    # The last thing said there that was read, and when it had last changed by its own clock.
    Column("said", Text),
    Column("changed_at", UtcDateTime),
    Column("filed_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime),
    of_forum("questions", "question_id", "question_id", "CASCADE"),
    of_forum("channels", "channel_id", "channel_id", "CASCADE"),
    Index(None, "forum_id", "channel_id", "foreign_id"),
)
