"""The log of privileged acts as it is told.

In: rows of the log. Out: the same as JSON.
Not here: what is worth noting (the doors), exports and their signature (audit.export).
"""

from datetime import datetime
from typing import Any

from pydantic import Field

from triage.api.schemas.triage import Told
from triage.audit.export import told_act
from triage.records import ActorKind
from triage.store import AuditRow


class ActorReply(Told):
    """Who acted, and through which door."""

    kind: ActorKind
    name: str = Field(
        description="The beginning of a key, the address of a user, a login name, or a process."
    )


class ActReply(Told):
    """One act."""

    number: int
    at: datetime
    actor: ActorReply
    act: str
    object: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    digest: str = Field(description="Over this act and the digest of the one before it.")

    @classmethod
    def of(cls, row: AuditRow) -> "ActReply":
        """Tell an act."""
        return cls.model_validate(told_act(row))


class AuditReply(Told):
    """A page of the log, oldest first."""

    acts: list[ActReply]
    next_after: int | None = Field(description="`after` of the next page; null: this is the last.")


AUDIT_REPLY: dict[str, Any] = {
    "acts": [
        {
            "number": 41,
            "at": "2026-03-06T16:15:02Z",
            "actor": {"kind": "key", "name": "sk_Qm4kzn1"},
            "act": "model.activate",
            "object": "20260306-161402-5c1d9e",
            "before": {"live": "20260227-160911-0b77aa"},
            "after": {"live": "20260306-161402-5c1d9e", "reason": "better in Swedish"},
            "digest": "7f0c3a1be2c94d5586a0f1d2c3b4a5968778695a4b3c2d1e0f9a8b7c6d5e4f30",
        }
    ],
    "next_after": None,
}
