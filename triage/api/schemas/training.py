"""What is sent to start a training run, and what is told of one.

In: JSON, a job's row. Out: an order; the run, every field of it always there.
Not here: what the fields mean to training (learn), the row (store).
"""

from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from triage import store, text
from triage.api.schemas.triage import Received, Told
from triage.jobs import state_of
from triage.orders import TrainingOrder
from triage.records import HEADS, Actor, Target


def _of_heads(shares: dict[Target, float]) -> dict[Target, float]:
    if not shares.keys() <= set(HEADS):
        raise ValueError(f"only these have a precision: {', '.join(sorted(HEADS))}")
    return shares


Precision = Annotated[float, Field(gt=0, lt=1)]
Precisions = Annotated[dict[Target, Precision], AfterValidator(_of_heads)]
FINAL = frozenset({"done", "failed", "cancelled"})

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class TrainingRequest(Received):
    """How to train; everything has a default."""

    since: date | None = Field(None, description="Only cases created from this day on.")
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    dry_run: bool = Field(False, description="Fit and measure; publish nothing.")
    force: Reason | None = Field(
        None, description="Go live although the gate refuses, for this reason; it is recorded."
    )
    precision: Precision | Precisions | None = Field(
        None,
        description="Of every label, how many must be right where it is not abstained from: one"
        " share, or one for each of some targets.",
    )
    risk: Annotated[float, Field(gt=0, lt=0.5)] | None = Field(
        None, description="Largest share of wrong suggestions among those shown."
    )

    def order(self, by: Actor) -> TrainingOrder:
        """Return what is asked for, as the process that trains reads it."""
        since = datetime.combine(self.since, time(), UTC) if self.since else None
        return TrainingOrder(
            by=by.name,
            door=by.kind.value,
            since=since,
            seed=self.seed,
            dry_run=self.dry_run,
            # A reason is free text like any other.
            force=text.clean(text.redact(self.force).text) if self.force else None,
            precision=_spelt(self.precision),
            risk=self.risk,
        )


class TrainingRunReply(Told):
    """A training run: how it was asked for, how far it is, and what came of it."""

    state: str = Field(
        description="`queued`, `running`, `stalled` (its process is gone or silent), `done`,"
        " `failed` (`code` says why) or `cancelled`."
    )
    note: str | None = Field(description="What is being done, or why it failed, for people.")
    done: int = Field(description="How many steps were told of.")
    total: int = Field(description="Of how many; 0 where that is not known beforehand.")
    cancel_wanted: bool
    code: str | None
    by: str | None = Field(
        description="A user name, an address of the pages, or the beginning of an API key."
    )
    since: datetime | None
    seed: int
    dry_run: bool
    force: str | None
    precision: str | None = Field(description="As `train.py --precision` takes it.")
    risk: float | None
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    result: dict[str, Any] | None = Field(
        description="Once it is done: `version` (null: nothing was published), `live`, the verdict."
    )

    @classmethod
    def of(cls, job: store.JobRow) -> "TrainingRunReply":
        """Tell a job."""
        order = TrainingOrder.of({"by": None, **job.options})
        return cls(
            state=state_of(job),
            note=job.note,
            done=job.done,
            total=job.total,
            cancel_wanted=job.cancel_wanted,
            code=job.code,
            by=order.by,
            since=order.since,
            seed=order.seed,
            dry_run=order.dry_run,
            force=order.force,
            precision=order.precision,
            risk=order.risk,
            queued_at=job.queued_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            result=None if job.result is None else dict(job.result),
        )


def _spelt(precision: float | dict[Target, float] | None) -> str | None:
    """Return a precision as the process that trains reads it."""
    if isinstance(precision, dict):
        return ",".join(f"{target}={share:g}" for target, share in precision.items()) or None
    return None if precision is None else f"{precision:g}"
