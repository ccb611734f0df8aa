"""The versions of a forum's policy, and what became of each.

In: the text of a checked policy, a state, who did it and why. Out: the same. The text of a version
never changes; one version at most is active and one at most a draft, for which whoever changes
states holds the forum's row (`revision_of(..., lock=True)`).
Not here: what may become of a version (policies), reading the text (policy).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    func,
    insert,
    null,
    select,
    update,
)
from sqlalchemy.engine import RowMapping

from triage.store.batches import record_of, row_of
from triage.store.columns import UtcDateTime
from triage.store.keyed import METADATA, forum_column, of_forum

policies = Table(
    "policies",
    METADATA,
    forum_column(),
    Column("version", Integer, primary_key=True),
    Column("state", Text, nullable=False),
    Column("toml", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    # What it would have done to past asks, when it was last tried on them.
    Column("simulated", JSON),
    Index(None, "forum_id", "state"),
)

policy_history = Table(
    "policy_history",
    METADATA,
    forum_column(),
    Column("position", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("action", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("former", Integer),
    Column("by", Text, nullable=False),
    Column("reason", Text),
    of_forum("policies", "version", "version"),
)


# Every request needs them: making them anew would take longer than carrying them out.
_IN = (
    select(policies)
    .where(policies.c.forum_id == bindparam("forum"), policies.c.state == bindparam("state"))
    .order_by(policies.c.version.desc())
    .limit(1)
)
_VERSION = _IN.with_only_columns(policies.c.version)


class PolicyState(StrEnum):
    """What a version is now; only the active one decides."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"
    DISCARDED = "discarded"


class PolicyAction(StrEnum):
    """What can happen to a version."""

    DRAFT = "draft"
    ACTIVATE = "activate"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One version; `by` is a command's user name, the prefix of a key or a user's address."""

    version: int
    state: PolicyState
    toml: str
    made_at: datetime
    by: str
    simulated: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One thing that happened to `version`; `former` was active (or the draft) before it."""

    at: datetime
    action: PolicyAction
    version: int
    by: str
    former: int | None = None
    reason: str | None = None
    position: int = 0


def add_policy(c: Connection, forum_id: int, toml: str, by: str, at: datetime) -> int:
    """Keep a text as the forum's draft under the next number, and return that."""
    mine = policies.c.forum_id == forum_id
    last: int | None = c.execute(select(func.max(policies.c.version)).where(mine)).scalar()
    row = PolicyRow((last or 0) + 1, PolicyState.DRAFT, toml, at, by)
    values = {**row_of(row), "state": row.state.value, "simulated": null()}
    c.execute(insert(policies).values(forum_id=forum_id, **values))
    return row.version


def set_policy_state(c: Connection, forum_id: int, version: int, state: PolicyState) -> None:
    """Say what a version is from now on."""
    c.execute(update(policies).where(*_one(forum_id, version)).values(state=state.value))


def note_simulated(
    c: Connection, forum_id: int, version: int, simulated: Mapping[str, Any]
) -> None:
    """Keep beside a version what it would have done, in place of what was kept before."""
    c.execute(update(policies).where(*_one(forum_id, version)).values(simulated=dict(simulated)))


def get_policy(c: Connection, forum_id: int, version: int) -> PolicyRow | None:
    """Return one version, or None where the forum has it not."""
    row = c.execute(select(policies).where(*_one(forum_id, version))).mappings().first()
    return None if row is None else _policy(row)


def policy_in(c: Connection, forum_id: int, state: PolicyState) -> PolicyRow | None:
    """Return the active version, or the draft; the newest where a state has several."""
    row = c.execute(_IN, {"forum": forum_id, "state": state.value}).mappings().first()
    return None if row is None else _policy(row)


def active_policy(c: Connection, forum_id: int) -> int | None:
    """Return the number of the version that decides; None: the forum never had any."""
    told = {"forum": forum_id, "state": PolicyState.ACTIVE.value}
    version: int | None = c.execute(_VERSION, told).scalar()
    return version


def list_policies(
    c: Connection, forum_id: int, limit: int, before: int | None = None
) -> list[PolicyRow]:
    """Return so many versions, newest first, of those with a number below `before`."""
    query = select(policies).where(policies.c.forum_id == forum_id)
    if before is not None:
        query = query.where(policies.c.version < before)
    rows = c.execute(query.order_by(policies.c.version.desc()).limit(limit)).mappings()
    return [_policy(row) for row in rows]


def add_policy_change(c: Connection, forum_id: int, change: PolicyChange) -> None:
    """Append what happened; its position is the next one."""
    mine = policy_history.c.forum_id == forum_id
    last: int | None = c.execute(select(func.max(policy_history.c.position)).where(mine)).scalar()
    values = {**row_of(change), "action": change.action.value, "position": (last or 0) + 1}
    c.execute(insert(policy_history).values(forum_id=forum_id, **values))


def list_policy_changes(
    c: Connection, forum_id: int, limit: int, before: int | None = None
) -> list[PolicyChange]:
    """Return what happened, newest first, of what has a position below `before`."""
    query = select(policy_history).where(policy_history.c.forum_id == forum_id)
    if before is not None:
        query = query.where(policy_history.c.position < before)
    rows = c.execute(query.order_by(policy_history.c.position.desc()).limit(limit)).mappings()
    return [record_of(PolicyChange, row, action=PolicyAction(row["action"])) for row in rows]


def _one(forum_id: int, version: int) -> list[ColumnElement[bool]]:
    return [policies.c.forum_id == forum_id, policies.c.version == version]


def _policy(row: RowMapping) -> PolicyRow:
    return record_of(PolicyRow, row, state=PolicyState(row["state"]))
