"""Asks, the replies to them, what happened next."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _asks()
    _triages()
    _events()
    _idempotency()


def _forum() -> sa.Column[int]:
    return sa.Column("forum_id", sa.Integer(), nullable=False)


def _of_forums(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name=f"fk_{table}_forums")


def _of(
    table: str, target: str, column: str, key: str, on_delete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["forum_id", column],
        [f"{target}.forum_id", f"{target}.{key}"],
        name=f"fk_{table}_{target}",
        ondelete=on_delete,
    )


def _asks() -> None:
    op.create_table(
        "asks",
        _forum(),
        sa.Column("ask_id", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Integer()),
        sa.Column("person", sa.Text()),
        sa.Column("session", sa.Text()),
        sa.Column("lang", sa.Text()),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        _of("asks", "api_keys", "key_id", "id"),
        _of_forums("asks"),
        sa.PrimaryKeyConstraint("forum_id", "ask_id", name="pk_asks"),
    )
    op.create_index(
        "ix_asks_forum_id_person_last_at",
        "asks",
        ["forum_id", "person", "last_at"],
    )
    op.create_index(
        "ix_asks_forum_id_session_last_at",
        "asks",
        ["forum_id", "session", "last_at"],
    )


def _triages() -> None:
    op.create_table(
        "triages",
        _forum(),
        sa.Column("triage_id", sa.Text(), nullable=False),
        sa.Column("ask_id", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Integer()),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("reply", sa.JSON(), nullable=False),
        sa.Column("model_version", sa.Text()),
        sa.Column("index_version", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        _of("triages", "asks", "ask_id", "ask_id"),
        _of("triages", "api_keys", "key_id", "id"),
        _of_forums("triages"),
        sa.PrimaryKeyConstraint("forum_id", "triage_id", name="pk_triages"),
    )
    op.create_index("ix_triages_forum_id_ask_id", "triages", ["forum_id", "ask_id"])
    op.create_index(
        "ix_triages_forum_id_at_triage_id",
        "triages",
        ["forum_id", "at", "triage_id"],
    )


def _events() -> None:
    op.create_table(
        "events",
        _forum(),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("triage_id", sa.Text(), nullable=False),
        sa.Column("ask_id", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("thread_id", sa.Text()),
        sa.Column("question_id", sa.Text()),
        sa.Column("external_id", sa.Text()),
        sa.Column("person", sa.Text()),
        sa.Column("session", sa.Text()),
        sa.Column("rank", sa.Integer()),
        sa.Column("value_text", sa.Text()),
        sa.Column("value_number", sa.Float(precision=53)),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        _of("events", "asks", "ask_id", "ask_id"),
        _of("events", "api_keys", "key_id", "id"),
        _of("events", "triages", "triage_id", "triage_id"),
        _of_forums("events"),
        sa.PrimaryKeyConstraint("forum_id", "event_id", name="pk_events"),
    )
    op.create_index(
        "ix_events_forum_id_ask_id_type",
        "events",
        ["forum_id", "ask_id", "type"],
    )
    op.create_index(
        "ix_events_forum_id_occurred_at_event_id",
        "events",
        ["forum_id", "occurred_at", "event_id"],
    )
    op.create_index("ix_events_forum_id_triage_id", "events", ["forum_id", "triage_id"])


def _idempotency() -> None:
    op.create_table(
        "idempotency",
        _forum(),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("request_digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("body", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of("idempotency", "api_keys", "key_id", "id"),
        _of_forums("idempotency"),
        sa.PrimaryKeyConstraint(
            "forum_id", "key_id", "route", "idempotency_key", name="pk_idempotency"
        ),
    )
    op.create_index("ix_idempotency_forum_id_at", "idempotency", ["forum_id", "at"])
