"""Asks know their account, who should answer them, whether they are made up; columns a digest.

What of an ask shows in its columns and its events do not tell is now also whether it is made up.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SHOWN = "arm, share, test, barred, return_of, opened_at, simulated"


def upgrade() -> None:
    op.add_column("asks", sa.Column("account", sa.Text()))
    op.add_column("asks", sa.Column("destination", sa.Text()))
    op.add_column("asks", sa.Column("simulated", sa.Boolean()))
    op.create_index("ix_asks_forum_id_simulated", "asks", ["forum_id", "simulated"])
    op.add_column("ask_columns", sa.Column("digest", sa.Text()))
    of_days = ["forum_id", "day", "digest"]
    op.create_index("ix_ask_columns_forum_id_day_digest", "ask_columns", of_days)
    if op.get_bind().dialect.name == "sqlite":
        _note_in_sqlite()
    else:
        _note_in_postgresql()


def _note_in_sqlite() -> None:
    op.execute("DROP TRIGGER asks_update_stale")
    op.execute(
        f"CREATE TRIGGER asks_update_stale AFTER UPDATE OF {_SHOWN} ON asks"
        " WHEN NOT EXISTS (SELECT 1 FROM stale_asks"
        " WHERE forum_id = NEW.forum_id AND ask_id = NEW.ask_id)"
        " BEGIN INSERT INTO stale_asks (forum_id, ask_id, day, changes)"
        " VALUES (NEW.forum_id, NEW.ask_id, substr(NEW.opened_at, 1, 10), 1)"
        " ON CONFLICT (forum_id, ask_id) DO UPDATE SET changes = stale_asks.changes + 1; END"
    )


def _note_in_postgresql() -> None:
    op.execute("DROP TRIGGER asks_stale ON asks")
    op.execute(
        f"CREATE TRIGGER asks_stale AFTER INSERT OR UPDATE OF {_SHOWN} OR DELETE ON asks"
        " FOR EACH ROW EXECUTE FUNCTION asks_stale()"
    )
