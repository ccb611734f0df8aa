"""Asks as columns, kept in step by triggers; periods that were closed; what was before."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What of an ask shows in its columns and its events do not tell.
_SHOWN = "arm, share, test, barred, return_of, opened_at"
_DAY = {
    "sqlite": "substr({row}.opened_at, 1, 10)",
    "postgresql": "to_char({row}.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
}


def upgrade() -> None:
    _create_columns()
    _create_periods()
    if op.get_bind().dialect.name == "sqlite":
        _note_in_sqlite()
    else:
        _note_in_postgresql()


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _count(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _table(name: str, key: tuple[str, ...], *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("forum_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["forum_id"], ["forums.id"], name=f"fk_{name}_forums"),
        sa.PrimaryKeyConstraint("forum_id", *key, name=f"pk_{name}"),
    )


def _create_columns() -> None:
    packed = sa.Column("packed", sa.LargeBinary(), nullable=False)
    _table("ask_columns", ("day",), _text("day"), packed, _count("asks"), _count("events"))
    _table("stale_asks", ("ask_id",), _text("ask_id"), _text("day", True), _count("changes"))
    name = "ix_stale_asks_forum_id_day_ask_id"
    op.create_index(name, "stale_asks", ["forum_id", "day", "ask_id"])
    day = _DAY[op.get_bind().dialect.name].format(row="asks")
    op.execute(
        "INSERT INTO stale_asks (forum_id, ask_id, day, changes)"
        f" SELECT forum_id, ask_id, {day}, 1 FROM asks"
    )


def _create_periods() -> None:
    _table(
        "closed_periods",
        ("since", "until"),
        *(_moment("since"), _moment("until"), _text("time_zone"), _moment("as_of")),
        *(_moment("closed_at"), _text("by"), sa.Column("figures", sa.JSON(), nullable=False)),
    )
    _table(
        "baselines",
        ("since",),
        *(_moment("since"), _moment("until"), _count("questions"), _count("cases", True)),
        *(_count("persons", True), sa.Column("seconds_to_answer", sa.Float(53))),
        *(_moment("imported_at"), _text("by")),
    )


def _note_in_sqlite() -> None:
    own = _DAY["sqlite"]
    begun = _begun(own)
    for table, what, row, day in (
        ("events", "INSERT", "NEW", begun),
        ("events", "UPDATE", "NEW", begun),
        ("events", "DELETE", "OLD", begun),
        ("asks", "INSERT", "NEW", own),
        ("asks", f"UPDATE OF {_SHOWN}", "NEW", own),
        ("asks", "DELETE", "OLD", own),
    ):
        name = f"{table}_{what.split()[0].lower()}_stale"
        # It has one writer, so that nothing changes while it is folded: once noted is enough.
        op.execute(
            f"CREATE TRIGGER {name} AFTER {what} ON {table}"
            " WHEN NOT EXISTS (SELECT 1 FROM stale_asks"
            f" WHERE forum_id = {row}.forum_id AND ask_id = {row}.ask_id)"
            f" BEGIN {_noting(row, day.format(row=row))}; END"
        )


def _note_in_postgresql() -> None:
    own = _DAY["postgresql"]
    for table, day in (("events", _begun(own)), ("asks", own)):
        op.execute(
            f"CREATE FUNCTION {table}_stale() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ DECLARE changed {table}%ROWTYPE; BEGIN"
            " IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;"
            f" {_noting('changed', day.format(row='changed'))}; RETURN NULL; END $$"
        )
        of = f" OF {_SHOWN}" if table == "asks" else ""
        op.execute(
            f"CREATE TRIGGER {table}_stale AFTER INSERT OR UPDATE{of} OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_stale()"
        )


def _begun(day: str) -> str:
    """Return how the day of an event's ask is found."""
    of = day.format(row="asks")
    return (
        f"(SELECT {of} FROM asks"
        " WHERE asks.forum_id = {row}.forum_id AND asks.ask_id = {row}.ask_id)"
    )


def _noting(row: str, day: str) -> str:
    return (
        "INSERT INTO stale_asks (forum_id, ask_id, day, changes)"
        f" VALUES ({row}.forum_id, {row}.ask_id, {day}, 1)"
        " ON CONFLICT (forum_id, ask_id) DO UPDATE SET changes = stale_asks.changes + 1"
    )
