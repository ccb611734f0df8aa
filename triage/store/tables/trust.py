"""The tables of trust: who may sign in, who did what, what is kept sealed, who was erased.

In: nothing. Out: SQLAlchemy Table objects in the same METADATA as all others.
Not here: queries, the tables of questions and answers (tables).
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from triage.store.columns import UtcDateTime
from triage.store.keyed import METADATA, forum_column, of_forum

# Staff who sign in to the pages of one forum; somebody who works in two has two rows.
users = Table(
    "users",
    METADATA,
    forum_column(),
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text),
    # The issuer and the subject by which a company's own sign-in knows the person.
    Column("oidc_issuer", Text),
    Column("oidc_subject", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_in_at", UtcDateTime),
    Column("disabled_at", UtcDateTime),
    UniqueConstraint("forum_id", "email"),
    UniqueConstraint("forum_id", "oidc_issuer", "oidc_subject"),
)

# A link that signs in once. The token is never kept, only its hash.
sign_in_links = Table(
    "sign_in_links",
    METADATA,
    forum_column(),
    Column("token_hash", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    of_forum("users", "user_id", "id", "CASCADE"),
    # A token names no forum: it is what finds one.
    UniqueConstraint("token_hash"),
)

web_sessions = Table(
    "web_sessions",
    METADATA,
    forum_column(),
    Column("token_hash", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    # How the person showed who they are: password, link or company.
    Column("means", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    of_forum("users", "user_id", "id", "CASCADE"),
    UniqueConstraint("token_hash"),
    Index(None, "forum_id", "expires_at"),
)

# What the forum's own server signs the tokens of its visitors with. It has to be had again to
# check a token, so it is kept sealed rather than hashed.
visitor_secrets = Table(
    "visitor_secrets",
    METADATA,
    forum_column(),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

# Append-only: migrations add triggers that refuse every change. Each row's digest covers the row
# before it, so that a row taken out of the file shows.
audit = Table(
    "audit",
    METADATA,
    forum_column(),
    Column("number", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("before", JSON),
    Column("after", JSON),
    Column("digest", Text, nullable=False),
)

# What an expert needs of a question and nobody else may read: sealed, apart, for a time.
originals = Table(
    "originals",
    METADATA,
    forum_column(),
    Column("triage_id", Text, primary_key=True),
    Column("person", Text),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    of_forum("triages", "triage_id", "triage_id", "CASCADE"),
    Index(None, "forum_id", "expires_at"),
    Index(None, "forum_id", "person"),
)

# One row for each person who was erased; a file beside the store says the same, so that a store
# restored from before it can be brought up to it.
erasures = Table(
    "erasures",
    METADATA,
    forum_column(),
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("replayed", Boolean, nullable=False),
    Column("receipt", JSON),
    Index(None, "forum_id", "person"),
)
