"""What happens to versions -> the forum's history of its model, and the log of privileged acts.

In: an action, its version, who did it and why, in the transaction that does it. Out: both noted.
Not here: doing it (the other files of this room).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from triage import store
from triage.audit.acting import Acting, plain_reason
from triage.records import Actor
from triage.store import HistoryRow, ModelAction

_CHANGES = frozenset({ModelAction.ACTIVATE, ModelAction.ROLLBACK})


def record(
    c: store.Connection,
    forum_id: int,
    by: Actor,
    action: ModelAction,
    version: str,
    *,
    former: str | None = None,
    reason: str | None = None,
    details: Mapping[str, Any] = {},
) -> None:
    """Note what happens to a version; `former` was live before it."""
    why = None if reason is None else plain_reason(reason)
    now = datetime.now(UTC)
    row = HistoryRow(now, action, version, by.name, former, why, details)
    store.add_history(c, forum_id, row)
    live = action in _CHANGES
    Acting(forum_id, by).note(
        c,
        f"model.{action.value}",
        version,
        before={"live": former} if live else None,
        after={"live": version if live else None, "reason": why, **details},
    )
