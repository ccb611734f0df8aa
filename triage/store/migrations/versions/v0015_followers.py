"""Who follows an open thread is looked up while somebody types: not through all who saw it."""

from collections.abc import Sequence

from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index("ix_events_forum_id_thread_id", "events")
    by_type = ["forum_id", "thread_id", "type"]
    op.create_index("ix_events_forum_id_thread_id_type", "events", by_type)
