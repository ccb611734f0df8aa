"""What was said of drift on each day, and who has seen what was told of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "drift_days",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "day", name="pk_drift_days"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_drift_days_forums"),
    )
    op.create_table(
        "drift_alerts",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("receivers", sa.Integer(), nullable=False),
        sa.Column("drifted", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("seen_by", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("forum_id", "alert_id", name="pk_drift_alerts"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_drift_alerts_forums"),
    )
