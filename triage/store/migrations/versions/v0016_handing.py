"""Handing over: other systems, what they are told, and what is read from them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Counted a thousand times a second; SQLite counts only in what it calls INTEGER.
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _systems()
    _told()
    _ways()
    _read()
    _filed()
    op.add_column("question_rules", sa.Column("handover_url", sa.Text()))


def _systems() -> None:
    op.create_table(
        "channels",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("person", sa.Text()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("wants", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True)),
        sa.Column("disabled_why", sa.Text()),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("forum_id", "channel_id", name="pk_channels"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_channels_forums"),
        sa.UniqueConstraint("channel_id", name="uq_channels_channel_id"),
    )
    op.create_index("ix_channels_due_at", "channels", ["due_at"])
    op.create_index("ix_channels_forum_id_person", "channels", ["forum_id", "person"])


def _told() -> None:
    _messages()
    _deliveries()
    _attempts()


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text()),
        sa.Column("person", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_messages_forums"),
        sa.UniqueConstraint("forum_id", "message_id", name="uq_messages_forum_id_message_id"),
    )
    op.create_index("ix_messages_forum_id_at", "messages", ["forum_id", "at"])
    op.create_index("ix_messages_forum_id_person", "messages", ["forum_id", "person"])
    op.create_index("ix_messages_forum_id_question_id", "messages", ["forum_id", "question_id"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("claimed_by", sa.Text()),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        sa.Column("first_at", sa.DateTime(timezone=True)),
        sa.Column("last_at", sa.DateTime(timezone=True)),
        sa.Column("status", sa.Integer()),
        sa.Column("code", sa.Text()),
        sa.Column("milliseconds", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_deliveries_forums"),
        _of("deliveries", "channels", "channel_id"),
        _of("deliveries", "messages", "message_id"),
        sa.UniqueConstraint(
            "forum_id",
            "channel_id",
            "message_id",
            name="uq_deliveries_forum_id_channel_id_message_id",
        ),
    )
    op.create_index(
        "ix_deliveries_channel_id_state_due_at", "deliveries", ["channel_id", "state", "due_at"]
    )
    op.create_index(
        "ix_deliveries_channel_id_stream_state_id",
        "deliveries",
        ["channel_id", "stream", "state", "id"],
    )
    op.create_index("ix_deliveries_forum_id_message_id", "deliveries", ["forum_id", "message_id"])


def _attempts() -> None:
    op.create_table(
        "delivery_attempts",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "forum_id", "channel_id", "message_id", "number", name="pk_delivery_attempts"
        ),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_delivery_attempts_forums"),
        _of("delivery_attempts", "channels", "channel_id"),
        _of("delivery_attempts", "messages", "message_id"),
    )
    op.create_index(
        "ix_delivery_attempts_forum_id_message_id", "delivery_attempts", ["forum_id", "message_id"]
    )


def _ways() -> None:
    op.create_table(
        "notice_ways",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "person", "kind", name="pk_notice_ways"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_notice_ways_forums"),
    )


def _read() -> None:
    op.create_table(
        "sources",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cursor", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("whole_at", sa.DateTime(timezone=True)),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "source", name="pk_sources"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_sources_forums"),
    )
    op.create_table(
        "source_items",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("kept_as", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "source", "item_id", name="pk_source_items"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_source_items_forums"),
        _of("source_items", "sources", "source"),
    )
    op.create_index("ix_source_items_forum_id_kept_as", "source_items", ["forum_id", "kept_as"])
    op.create_table(
        "incoming",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Text()),
        sa.PrimaryKeyConstraint("forum_id", "channel_id", "item", name="pk_incoming"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_incoming_forums"),
        _of("incoming", "channels", "channel_id"),
    )
    op.create_index("ix_incoming_forum_id_due_at", "incoming", ["forum_id", "due_at"])


def _filed() -> None:
    op.create_table(
        "filings",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("foreign_id", sa.Text()),
        sa.Column("number", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("state", sa.Text()),
        sa.Column("queue", sa.Text()),
        sa.Column("owner", sa.Text()),
        sa.Column("said", sa.Text()),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("forum_id", "question_id", "channel_id", name="pk_filings"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_filings_forums"),
        _of("filings", "channels", "channel_id"),
        _of("filings", "questions", "question_id"),
    )
    op.create_index(
        "ix_filings_forum_id_channel_id_foreign_id",
        "filings",
        ["forum_id", "channel_id", "foreign_id"],
    )


def _of(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    """Return what ties a row to one of the same forum, and lets it go with that."""
    return sa.ForeignKeyConstraint(
        ["forum_id", column],
        [f"{parent}.forum_id", f"{parent}.{column}"],
        name=f"fk_{table}_{parent}",
        ondelete="CASCADE",
    )
