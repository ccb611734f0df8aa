"""Reports, closed periods and what was before the service, as they are asked for and told.

In: query parameters, JSON, rows of the store. Out: checked values, JSON.
Not here: what the figures mean (docs/measures.md), making them (reports).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import Field

from triage import store
from triage.api.schemas.bases import Received, Told
from triage.api.schemas.chosen import Chosen
from triage.errors import BadField
from triage.outcomes import WINDOW_DAYS, WORTH_KNOWING, Costs
from triage.reports import ReportOrder, day_or_moment, told_closed, told_period, zone_of

Day = Annotated[str, Field(min_length=8, max_length=40, description="A day or a moment, ISO 8601.")]
Zone = Annotated[str, Field(min_length=1, max_length=60)]
Count = Annotated[int, Field(ge=0, le=999_999_999)]

From = Annotated[str | None, Query(alias="from", description="Asks from this day or moment on.")]
To = Annotated[
    str | None, Query(alias="to", description="To this day, inclusive, or before a moment.")
]
AsOf = Annotated[str | None, Query(description="As things stood then; without it, now.")]
InZone = Annotated[
    str, Query(description="In which days are meant, such as `Europe/Oslo`.", max_length=60)
]
Window = Annotated[
    float, Query(gt=0, le=3650, description="How long a post or a return belongs to an ask.")
]
Worth = Annotated[float, Query(gt=0, lt=1, description="The lift one wants to be able to see.")]
Holdout = Annotated[
    float | None,
    Query(ge=0, lt=1, description="The share that should be in it; without it, as assigned."),
]
Cost = Annotated[float | None, Query(gt=0, le=1e9, description="What a post costs.")]
Bound = Annotated[float | None, Query(ge=0, le=1e9, description="At least, or at most, so much.")]
Service = Annotated[
    float | None, Query(ge=0, le=1e12, description="What the service cost in the period.")
]


def read_order(
    chosen: Annotated[Chosen, Depends()],
    since: From = None,
    until: To = None,
    as_of: AsOf = None,
    time_zone: InZone = "UTC",
    window_days: Window = WINDOW_DAYS,
    worth_knowing: Worth = WORTH_KNOWING,
    holdout: Holdout = None,
    cost_per_post: Cost = None,
    cost_low: Bound = None,
    cost_high: Bound = None,
    service_cost: Service = None,
) -> ReportOrder:
    """Return what a report is asked to be of. Raises BadField."""
    moments = period_of(since, until, as_of, time_zone)
    return ReportOrder(
        since=moments.since,
        until=moments.until,
        as_of=moments.as_of,
        time_zone=time_zone,
        holdout=holdout,
        window_days=window_days,
        worth_knowing=worth_knowing,
        costs=_costs(cost_per_post, cost_low, cost_high, service_cost),
        only=chosen.read(),
    )


@dataclass(frozen=True, slots=True)
class Moments:
    """When a period begins, when it ends (exclusive), as of when it is looked at."""

    since: datetime | None
    until: datetime | None
    as_of: datetime | None


def period_of(since: str | None, until: str | None, as_of: str | None, time_zone: str) -> Moments:
    """Read the moments of a period. Raises BadField with the one that is wrong."""
    zone_of(time_zone)
    return Moments(
        None if since is None else day_or_moment(since, "from", time_zone),
        None if until is None else day_or_moment(until, "to", time_zone, end=True),
        None if as_of is None else day_or_moment(as_of, "as_of", time_zone, end=True),
    )


def _costs(
    post: float | None, low: float | None, high: float | None, service: float | None
) -> Costs | None:
    if post is None:
        if any(cost is not None for cost in (low, high, service)):
            raise BadField("cost_per_post", "is missing, which the other costs need")
        return None
    if (low is None) != (high is None):
        raise BadField("cost_low", "and `cost_high` go together")
    if low is not None and high is not None and not low <= post <= high:
        raise BadField("cost_per_post", "is not between `cost_low` and `cost_high`")
    return Costs(post, low, high, service)


class CloseRequest(Received):
    """The period whose figures are to stand."""

    since: Day = Field(alias="from")
    until: Day = Field(alias="to")
    as_of: Day | None = None
    time_zone: Zone = "UTC"
    window_days: Annotated[float, Field(gt=0, le=3650)] = WINDOW_DAYS

    def order(self) -> ReportOrder:
        """Return the report whose figures they are. Raises BadField."""
        moments = period_of(self.since, self.until, self.as_of, self.time_zone)
        return ReportOrder(
            since=moments.since,
            until=moments.until,
            as_of=moments.as_of,
            time_zone=self.time_zone,
            window_days=self.window_days,
        )


class ClosedPeriodReply(Told):
    """A period as it was closed."""

    since: datetime = Field(serialization_alias="from")
    until: datetime = Field(serialization_alias="to", description="Exclusive.")
    time_zone: str
    as_of: datetime
    closed_at: datetime
    by: str
    window_days: float | None
    figures: dict[str, Any] = Field(description="The report as it was then.")

    @classmethod
    def of(cls, period: store.ClosedPeriod) -> "ClosedPeriodReply":
        """Tell a period."""
        told = told_closed(period)
        names = {"since": period.since, "until": period.until, "time_zone": period.time_zone}
        return cls(**names, **told)


class ClosedPeriodsReply(Told):
    """Periods that were closed, the last first."""

    periods: list[ClosedPeriodReply]
    next_before: datetime | None = Field(description="`before` of the next page; null: the last.")


class BaselinePeriodBody(Received):
    """How many questions a period before the service had."""

    since: Day = Field(alias="from")
    until: Day = Field(alias="to")
    questions: Count
    cases: Count | None = None
    persons: Count | None = None
    seconds_to_answer: Annotated[float, Field(ge=0, le=1e9)] | None = None


class BaselineRequest(Received):
    """All periods before the service; they take the place of those before."""

    periods: Annotated[list[BaselinePeriodBody], Field(max_length=1000)]
    time_zone: Zone = "UTC"

    def rows(self) -> list[dict[str, Any]]:
        """Return the periods by the names that a file has."""
        return [one.model_dump(by_alias=True) for one in self.periods]


class BaselineReply(Told):
    """What was counted before the service, oldest first."""

    periods: list[dict[str, Any]]

    @classmethod
    def of(cls, periods: list[store.BaselinePeriod]) -> "BaselineReply":
        """Tell the periods."""
        return cls(periods=[told_period(period) for period in periods])


_FIGURES: dict[str, Any] = {
    "asks": 4120,
    "offered": 2760,
    "posted": 731,
    "confirmed": 902,
    "contradicted": 214,
    "silent": 913,
    "lift": 0.071,
    "lift_low": 0.022,
    "lift_high": 0.119,
    "srm_p": 0.62,
    "as_of": "2026-04-30T22:00:00Z",
    "time_zone": "Europe/Oslo",
}
REPORT: dict[str, Any] = {
    **_FIGURES,
    "baseline": None,
    "closed": {
        "closed_at": "2026-04-30T07:12:09Z",
        "by": "lead@bikes.example",
        "as_of": "2026-04-30T07:12:08Z",
        "window_days": 28.0,
        "figures": {**_FIGURES, "confirmed": 904, "contradicted": 212},
        "changed": {
            "confirmed": {"old": 904, "new": 902},
            "contradicted": {"old": 212, "new": 214},
        },
    },
}
CLOSE_REQUEST: dict[str, Any] = {
    "from": "2026-03-01",
    "to": "2026-03-31",
    "time_zone": "Europe/Oslo",
}
CLOSED: dict[str, Any] = {
    "from": "2026-02-28T23:00:00Z",
    "to": "2026-03-31T22:00:00Z",
    "time_zone": "Europe/Oslo",
    "as_of": "2026-04-30T07:12:08Z",
    "closed_at": "2026-04-30T07:12:09Z",
    "by": "lead@bikes.example",
    "window_days": 28.0,
    "figures": _FIGURES,
}
CLOSED_LIST: dict[str, Any] = {"periods": [CLOSED], "next_before": None}
BASELINE: dict[str, Any] = {
    "periods": [
        {
            "from": "2025-01-01T00:00:00Z",
            "to": "2025-02-01T00:00:00Z",
            "questions": 1930,
            "cases": 410,
            "persons": 1204,
            "seconds_to_answer": 14400.0,
        }
    ]
}
BASELINE_REQUEST: dict[str, Any] = {
    "periods": [
        {
            "from": "2025-01-01",
            "to": "2025-01-31",
            "questions": 1930,
            "cases": 410,
            "persons": 1204,
            "seconds_to_answer": 14400.0,
        }
    ]
}
