"""What was told of drift, and that somebody has seen it, as JSON.

In: JSON, or an alert that is kept. Out: checked values; the same as JSON.
Not here: what drifts (insight.drift), who may see it (matrix).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from triage.api.schemas.triage import Received, Told
from triage.audit.acting import LONGEST_REASON
from triage.store import DriftAlert


class DriftSeenRequest(Received):
    """What whoever has seen an alert makes of it."""

    reason: Annotated[str, Field(max_length=LONGEST_REASON)] | None = Field(
        None, description="Kept with the alert and in the audit trail, redacted."
    )


class DriftAlertReply(Told):
    """Measures that turned to drifted together, and who of the staff has seen that."""

    alert_id: str = Field(description="That of the message `drift.found`.")
    at: datetime
    model_version: str
    receivers: int = Field(description="How many other systems are told of it.")
    drifted: Sequence[Mapping[str, Any]] = Field(description="As in the message.")
    seen_at: datetime | None
    seen_by: str | None
    reason: str | None

    @classmethod
    def of(cls, alert: DriftAlert) -> "DriftAlertReply":
        """Tell an alert."""
        return cls(
            alert_id=alert.alert_id,
            at=alert.at,
            model_version=alert.model_version,
            receivers=alert.receivers,
            drifted=alert.drifted,
            seen_at=alert.seen_at,
            seen_by=alert.seen_by,
            reason=alert.reason,
        )
