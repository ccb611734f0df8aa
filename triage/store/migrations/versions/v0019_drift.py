"""What was last said of each measure of drift, so that a change is told once."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "drift_verdicts",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("slice", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "part", "measure", "slice", name="pk_drift_verdicts"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_drift_verdicts_forums"),
    )
    op.create_table(
        "drift_looks",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", name="pk_drift_looks"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_drift_looks_forums"),
    )
