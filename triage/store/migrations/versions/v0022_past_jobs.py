"""What came of every training run, not of the last one alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Those that have ended; what was asked for and is under way has its row elsewhere.
_LAST_RUNS = """
INSERT INTO past_jobs (forum_id, kind, queued_at, options, state, done, total, code, claimed_by,
                       started_at, finished_at, note, result)
SELECT forum_id, kind, queued_at, options, state, done, total, code, claimed_by,
       started_at, finished_at, note, result
FROM jobs
WHERE kind = 'train' AND state IN ('done', 'failed', 'cancelled') AND finished_at IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "past_jobs",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("forum_id", "kind", "queued_at", name="pk_past_jobs"),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_past_jobs_forums"),
    )
    op.execute(_LAST_RUNS)
