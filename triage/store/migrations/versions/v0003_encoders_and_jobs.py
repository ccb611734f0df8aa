"""Which encoder serves each forum, and the jobs that processes of their own do."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The default before encoders were recorded; forums that it encoded go on with it.
_FORMER = "all-MiniLM-L6-v2"
_FORMER_ID = "all-MiniLM-L6-v2@53aa51172d14"


def upgrade() -> None:
    op.add_column("forums", sa.Column("encoder", sa.Text()))
    op.add_column("forums", sa.Column("encoder_prompts", sa.JSON()))
    op.add_column("forums", sa.Column("encoder_id", sa.Text()))
    _record_the_former_default()
    op.create_table(
        "jobs",
        sa.Column("forum_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("cancel_wanted", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.Text()),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name="fk_jobs_forums"),
        sa.PrimaryKeyConstraint("forum_id", "kind", name="pk_jobs"),
    )


def _record_the_former_default() -> None:
    forums = sa.table("forums", sa.column("id"), sa.column("encoder"), sa.column("encoder_id"))
    vectors = sa.table("vectors", sa.column("forum_id"), sa.column("encoder_id"))
    made = sa.exists().where(
        vectors.c.forum_id == forums.c.id, vectors.c.encoder_id == f"{_FORMER_ID}#passage"
    )
    op.execute(forums.update().where(made).values(encoder=_FORMER, encoder_id=_FORMER_ID))
