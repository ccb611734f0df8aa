"""Questions to those who kept silent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("ask_id", sa.Text(), nullable=False),
        sa.Column("follow_up_id", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.Column("probability", sa.Float(53), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True)),
        sa.Column("reply", sa.Text()),
        sa.Column("replied_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("forum_id", "ask_id", name="pk_follow_ups"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_follow_ups_forums"),
        sa.ForeignKeyConstraint(
            ["forum_id", "ask_id"],
            ["asks.forum_id", "asks.ask_id"],
            name="fk_follow_ups_asks",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("forum_id", "follow_up_id", name="uq_follow_ups_forum_id_follow_up_id"),
    )
    op.create_index("ix_follow_ups_forum_id_drawn_at", "follow_ups", ["forum_id", "drawn_at"])
    op.create_table(
        "follow_up_opt_outs",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "person", name="pk_follow_up_opt_outs"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_follow_up_opt_outs_forums"),
    )
