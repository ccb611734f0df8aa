"""The store -> the report of a period, with the same measures as of a file of events.

In: a store, a forum, what is wanted. Out: one mapping, ready to be written as JSON.
Not here: the measures (outcomes), columns being brought up to the events (folding).
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from triage import store
from triage.outcomes import WINDOW_DAYS, WORTH_KNOWING, Asks, Costs, Only, Wanted, report_of
from triage.outcomes.columns import Columns, joined, without_places
from triage.outcomes.only import ALL
from triage.outcomes.report import Parts, report_and_parts
from triage.outcomes.standing import asks_from
from triage.reports.baseline import baseline_told
from triage.reports.closing import changes_told
from triage.reports.folding import Told, asks_by_day, fold
from triage.reports.routing import routing_of_forum


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOrder:
    """What a report of a forum is to be of; `until` is exclusive, no moment is no bound.

    `as_of`: as things stood then; None is now. `holdout`: the share that should be in it; None is
    what the asks say they were assigned with. `only`: the asks that it is of.
    """

    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None
    time_zone: str = "UTC"
    holdout: float | None = None
    window_days: float = WINDOW_DAYS
    worth_knowing: float = WORTH_KNOWING
    costs: Costs | None = None
    only: Only = ALL

    def wanted(self, holdout: float) -> Wanted:
        """Return it as the measures want it; `holdout` is the share that should be in it."""
        since, until = (None if at is None else at.timestamp() for at in (self.since, self.until))
        return Wanted(
            holdout,
            since,
            until,
            self.window_days,
            self.worth_knowing,
            self.costs,
            self.time_zone,
            self.only,
        )


def report_of_forum(
    database: store.Database,
    forum_id: int,
    order: ReportOrder,
    *,
    tell: Told = lambda done, total: None,
) -> dict[str, Any]:
    """Return the measures of a forum's asks, their columns brought up to its events first."""
    now = datetime.now(UTC)
    folded = fold(database, forum_id, tell)
    with database.read() as c, uncollected():
        columns, asks = _read(c, forum_id, order.as_of or now)
        found = report_of(asks, order.wanted(_share(order, columns, c, forum_id)))
        return {
            **found,
            "made_at": _told(now),
            "from_local": _local(order.since, order.time_zone),
            "to_local": _local(order.until, order.time_zone),
            "excluded": {**found["excluded"], "held_events": store.count_held(c, forum_id)},
            "events": {"kept": _events(columns), "folded_asks": folded},
            **_beside(c, forum_id, order, found, asks),
        }


def _beside(
    c: store.Connection, forum_id: int, order: ReportOrder, found: dict[str, Any], asks: Asks
) -> dict[str, Any]:
    """Return what is told beside a report; it is of all asks, and so not of some alone."""
    if order.only.told:
        return {"routing": None, "baseline": None, "closed": None}
    as_of = datetime.fromisoformat(found["as_of"])
    return {
        "routing": routing_of_forum(c, forum_id, order.since, order.until, as_of),
        "baseline": baseline_told(c, forum_id, found, asks),
        "closed": changes_told(c, forum_id, order.since, order.until, found),
    }


def parts_of_forum(
    c: store.Connection,
    forum_id: int,
    order: ReportOrder,
    as_of: datetime,
) -> tuple[dict[str, Any], Parts]:
    """Return the measures of asks whose columns are up to the events, and what these are made of.

    Nothing is told that stands beside a report. Where threads stood is told of all asks that count,
    and of others only where they began on a day of the period. Raises BadField for a topic or
    another property that no ask has.
    """
    with uncollected():
        wanted = order.wanted(0.0)
        days = asks_by_day(c, forum_id)
        columns = joined([one if _begun(one, wanted) else without_places(one) for one in days])
        asks = asks_from(columns, as_of.timestamp())
        return report_and_parts(asks, order.wanted(_share(order, columns, c, forum_id)))


def _begun(columns: Columns, wanted: Wanted) -> bool:
    """Say whether any of these asks may have begun within the period."""
    at = columns.arrays["at"]
    early = wanted.since is not None and at.max(initial=-np.inf) < wanted.since
    late = wanted.until is not None and at.min(initial=np.inf) >= wanted.until
    return not (early or late)


def asks_of_forum(c: store.Connection, forum_id: int, as_of: datetime) -> Asks:
    """Return the asks of a forum whose columns are up to its events, as things stood then.

    Where threads stood for them is left out.
    """
    return _read(c, forum_id, as_of)[1]


def _read(c: store.Connection, forum_id: int, as_of: datetime) -> tuple[Columns, Asks]:
    columns = joined(list(asks_by_day(c, forum_id)), places=False)
    return columns, asks_from(columns, as_of.timestamp())


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector still: arrays make no cycles, and it would walk through all else."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _share(order: ReportOrder, columns: Columns, c: store.Connection, forum_id: int) -> float:
    """Return the share that should be in the holdout: the one told, else that of the asks."""
    if order.holdout is not None:
        return order.holdout
    share = _assigned_share(columns, order)
    if share is not None:
        return share
    holds = store.holdout_of(c, forum_id)
    return 0.0 if holds is None else holds.shares.share


def _assigned_share(columns: Columns, order: ReportOrder) -> float | None:
    """Return the share that a report names: that of the asks of its period, on average.

    Whether the split is sound is tested against the share that each ask was assigned with; this
    one stands in only for asks that do not say theirs.
    """
    wanted = order.wanted(0.0)
    arrays = columns.arrays
    inside = arrays["arm"] >= 0
    if wanted.since is not None:
        inside &= arrays["at"] >= wanted.since
    if wanted.until is not None:
        inside &= arrays["at"] < wanted.until
    shares = arrays["share"][arrays["ask"][inside]]
    shares = shares[shares > 0]
    return float(np.mean(shares)) if len(shares) else None


def _events(columns: Columns) -> int:
    return sum(len(columns.arrays[name]) for name in ("ask", "f_ask", "o_key"))


def _told(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _local(moment: datetime | None, time_zone: str) -> str | None:
    return None if moment is None else moment.astimezone(ZoneInfo(time_zone)).isoformat()
