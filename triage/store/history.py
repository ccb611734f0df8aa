"""What happened to the versions of a forum's model, in order, for ever.

In: an action, its version, who did it and why. Out: the same, oldest first. Rows are only added.
Not here: the versions themselves (models), which one is live (forums).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Connection, Integer, Table, Text, func, insert, select

from triage.store.batches import record_of, row_of
from triage.store.columns import UtcDateTime
from triage.store.keyed import METADATA, forum_column

model_history = Table(
    "model_history",
    METADATA,
    forum_column(),
    Column("position", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("action", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("former", Text),
    Column("reason", Text),
    Column("by", Text, nullable=False),
    Column("details", JSON, nullable=False),
)


class ModelAction(StrEnum):
    """What can happen to a version. `activate` and `rollback` change which one is live."""

    PUBLISH = "publish"
    ACTIVATE = "activate"
    ROLLBACK = "rollback"
    TRUST = "trust"
    EXPORT = "export"
    IMPORT = "import"
    PRUNE = "prune"


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One thing that happened to `version`; `former` is the version that was live before.

    `by` says through which door: a command's user name, or the prefix of an API key.
    """

    at: datetime
    action: str
    version: str
    by: str
    former: str | None = None
    reason: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def add_history(c: Connection, forum_id: int, row: HistoryRow) -> None:
    """Append what happened."""
    mine = model_history.c.forum_id == forum_id
    last = c.execute(select(func.max(model_history.c.position)).where(mine)).scalar()
    position = 0 if last is None else last + 1
    values = {**row_of(row), "details": dict(row.details)}
    c.execute(insert(model_history).values(forum_id=forum_id, position=position, **values))


def list_history(c: Connection, forum_id: int) -> list[HistoryRow]:
    """Return everything that happened, oldest first."""
    query = select(model_history).where(model_history.c.forum_id == forum_id)
    rows = c.execute(query.order_by(model_history.c.position)).mappings()
    return [record_of(HistoryRow, row) for row in rows]
