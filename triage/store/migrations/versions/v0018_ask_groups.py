"""Asks of one meaning, and what becomes of those that find nothing."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "ask_groups",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "group_id", name="pk_ask_groups"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_ask_groups_forums"),
    )
    _members()
    _tasks()


def _members() -> None:
    op.create_table(
        "ask_group_members",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("ask_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text()),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "ask_id", name="pk_ask_group_members"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_ask_group_members_forums"),
        sa.ForeignKeyConstraint(
            ["forum_id", "group_id"],
            ["ask_groups.forum_id", "ask_groups.group_id"],
            name="fk_ask_group_members_ask_groups",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["forum_id", "ask_id"],
            ["asks.forum_id", "asks.ask_id"],
            name="fk_ask_group_members_asks",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_ask_group_members_forum_id_group_id", "ask_group_members", ["forum_id", "group_id"]
    )


def _tasks() -> None:
    op.create_table(
        "gap_tasks",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("gap_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("thread_id", sa.Text()),
        sa.PrimaryKeyConstraint("forum_id", "gap_id", name="pk_gap_tasks"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_gap_tasks_forums"),
        sa.ForeignKeyConstraint(
            ["forum_id", "gap_id"],
            ["ask_groups.forum_id", "ask_groups.group_id"],
            name="fk_gap_tasks_ask_groups",
            ondelete="CASCADE",
        ),
    )
