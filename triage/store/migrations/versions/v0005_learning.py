"""How a question was written, what happened to each model version, and labels in doubt."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("tone", sa.Text()))
    op.add_column("jobs", sa.Column("note", sa.Text()))
    op.add_column("jobs", sa.Column("result", sa.JSON()))
    _create_history()
    _create_doubts()


def _create_history() -> None:
    op.create_table(
        "model_history",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("former", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_model_history_forums"),
        sa.PrimaryKeyConstraint("forum_id", "position", name="pk_model_history"),
    )


def _create_doubts() -> None:
    op.create_table(
        "doubtful_labels",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("likelier", sa.Text(), nullable=False),
        sa.Column("probability", sa.Float(53), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label_probability", sa.Float(53), nullable=False),
        sa.Column("decided", sa.Text()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_doubtful_labels_forums"),
        sa.ForeignKeyConstraint(
            ["forum_id", "case_id"],
            ["cases.forum_id", "cases.id"],
            name="fk_doubtful_labels_cases",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("forum_id", "case_id", "target", name="pk_doubtful_labels"),
    )
