"""Which silences were told, also where no other system wanted to be told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "silences",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receivers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "stream", name="pk_silences"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_silences_forums"),
    )
