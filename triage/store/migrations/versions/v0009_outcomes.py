"""Arms of asks, vectors of asks, events as they are measured."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _widen_asks()
    _widen_events()
    _create_vectors()
    _create_bursts()
    _create_holdouts()
    # Whether somebody is new, of the staff, or came back is asked with every draft.
    for table in ("threads", "answers", "cases"):
        op.create_index(f"ix_{table}_forum_id_person", table, ["forum_id", "person"])


def _widen_asks() -> None:
    columns: list[tuple[str, sa.types.TypeEngine[Any]]] = [
        ("arm", sa.Text()),
        ("unit", sa.Text()),
        ("share", sa.Float(53)),
        ("offered", sa.Boolean()),
        ("submitted_at", sa.DateTime(timezone=True)),
        ("product", sa.Text()),
        ("topic", sa.Text()),
        ("newcomer", sa.Boolean()),
        ("severity", sa.Integer()),
        ("sensitive", sa.Boolean()),
        ("barred", sa.Text()),
        ("return_of", sa.Text()),
    ]
    for name, kind in columns:
        op.add_column("asks", sa.Column(name, kind))
    op.create_index(
        "ix_asks_forum_id_opened_at_ask_id", "asks", ["forum_id", "opened_at", "ask_id"]
    )


def _widen_events() -> None:
    with op.batch_alter_table("events") as events:
        # What the service itself knows came by no key.
        events.alter_column("key_id", existing_type=sa.Integer(), nullable=True)
        events.add_column(sa.Column("visible", sa.Boolean()))
        events.add_column(sa.Column("probability", sa.Float(53)))
        events.add_column(sa.Column("propensity", sa.Float(53)))
        events.add_column(sa.Column("held", sa.Text()))
        events.add_column(sa.Column("details", sa.JSON()))
    # Whoever is erased is looked for here.
    for who in ("person", "session"):
        op.create_index(f"ix_events_forum_id_{who}", "events", ["forum_id", who])


def _forum(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name=f"fk_{table}_forums"),
    )


def _create_vectors() -> None:
    op.create_table(
        "ask_vectors",
        *_forum("ask_vectors"),
        sa.Column("ask_id", sa.Text(), nullable=False),
        sa.Column("encoder_id", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["forum_id", "ask_id"],
            ["asks.forum_id", "asks.ask_id"],
            name="fk_ask_vectors_asks",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("forum_id", "ask_id", "encoder_id", name="pk_ask_vectors"),
    )
    op.create_index(
        "ix_ask_vectors_forum_id_encoder_id_at", "ask_vectors", ["forum_id", "encoder_id", "at"]
    )


def _create_bursts() -> None:
    op.create_table(
        "event_bursts",
        *_forum("event_bursts"),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("session", sa.Text()),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("forum_id", "id", name="pk_event_bursts"),
    )
    for who in (("person", "last_at"), ("session", "last_at"), ("last_at", "id")):
        name = "_".join(("ix_event_bursts_forum_id", *who))
        op.create_index(name, "event_bursts", ["forum_id", *who])


def _create_holdouts() -> None:
    op.create_table(
        "holdouts",
        *_forum("holdouts"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("share", sa.Float(53), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "number", name="pk_holdouts"),
    )
