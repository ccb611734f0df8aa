"""Versions of a model as they are told, and what is sent to change which one serves.

In: what the registry tells, or JSON. Out: the same as JSON, or checked values.
Not here: what may happen to versions (registry).
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from triage.api.schemas.triage import Received, Told
from triage.registry import Activated, Shown, Version
from triage.store import HistoryRow

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]

Seen = Annotated[
    Annotated[str, StringConstraints(max_length=40)] | None,
    Field(
        description="The version that is live as far as the caller knows, empty for none: where"
        " another is live meanwhile, nothing is done."
    ),
]


class ActivationRequest(Received):
    """Why a version is made live."""

    reason: Reason | None = Field(None, description="Kept in the history.")
    force: Reason | None = Field(
        None, description="The reason to make it live although the gate did not pass it."
    )
    instead_of: Seen = None


class RollbackRequest(Received):
    """Why the version before is made live again."""

    reason: Reason | None = Field(None, description="Kept in the history.")
    instead_of: Seen = None


class ActivationReply(Told):
    """The version that is live now, and the one that was before it."""

    version: str
    former: str | None

    @classmethod
    def of(cls, done: Activated) -> "ActivationReply":
        """Tell a change."""
        return cls(version=done.version, former=done.former)


class ModelRowReply(Told):
    """One version of the model."""

    version: str
    created: datetime
    live: bool
    former: bool = Field(description="Whether a rollback goes back to it.")
    cases: int | None
    encoder: str | None
    verdict: str | None = Field(description="Of the gate, in a word; null: it was never judged.")
    bytes: int
    trouble: str | None = Field(description="Why it could not be opened; null: nothing is known.")

    @classmethod
    def of(cls, version: Version) -> "ModelRowReply":
        """Tell a version."""
        return cls(
            version=version.version,
            created=version.created,
            live=version.live,
            former=version.former,
            cases=version.cases,
            encoder=version.encoder,
            verdict=version.verdict.word if version.verdict else None,
            bytes=version.size_bytes,
            trouble=version.trouble,
        )


class ModelsReply(Told):
    """The versions of the model, newest first."""

    models: list[ModelRowReply]


class HistoryReply(Told):
    """One thing that happened to a version."""

    at: datetime
    action: str
    version: str
    by: str = Field(description="A user name, or the beginning of an API key.")
    former: str | None
    reason: str | None

    @classmethod
    def of(cls, row: HistoryRow) -> "HistoryReply":
        """Tell one thing that happened."""
        return cls(
            at=row.at,
            action=row.action,
            version=row.version,
            by=row.by,
            former=row.former,
            reason=row.reason,
        )


class ModelReply(Told):
    """All that is known of one version."""

    model: ModelRowReply
    card: str | None = Field(description="The model card, for people (Markdown).")
    manifest: dict[str, Any] = Field(description="What training wrote: measures, gate, verdict.")
    history: list[HistoryReply]

    @classmethod
    def of(cls, shown: Shown) -> "ModelReply":
        """Tell a version."""
        return cls(
            model=ModelRowReply.of(shown.version),
            card=shown.card,
            manifest=dict(shown.manifest),
            history=[HistoryReply.of(row) for row in shown.history],
        )
