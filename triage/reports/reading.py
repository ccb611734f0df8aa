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
from triage.outcomes import WINDOW_DAYS, WORTH_KNOWING, Asks, Costs, Wanted, report_of
from triage.outcomes.columns import Columns, joined
from triage.outcomes.standing import asks_from
from triage.reports.baseline import baseline_told
from triage.reports.closing import changes_told
from triage.reports.folding import Told, asks_by_day, fold
from triage.routing_quality import routing_of_forum


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOrder:
    """What a report of a forum is to be of; `until` is exclusive, no moment is no bound.

    `as_of`: as things stood then; None is now. `holdout`: the share that should be in it; None is
    what the asks say they were assigned with.
    """

    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None
    time_zone: str = "UTC"
    holdout: float | None = None
    window_days: float = WINDOW_DAYS
    worth_knowing: float = WORTH_KNOWING
    costs: Costs | None = None


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
        columns = joined(list(asks_by_day(c, forum_id)))
        as_of = order.as_of or now
        asks = asks_from(columns, as_of.timestamp())
        wanted = _wanted(order, columns, c, forum_id)
        found = report_of(asks, wanted)
        return {
            **found,
            "made_at": _told(now),
            "from_local": _local(order.since, order.time_zone),
            "to_local": _local(order.until, order.time_zone),
            "excluded": {**found["excluded"], "held_events": store.count_held(c, forum_id)},
            "events": {"kept": _events(columns), "folded_asks": folded},
            "routing": routing_of_forum(c, forum_id, order.since, order.until, as_of),
            "baseline": baseline_told(c, forum_id, found, asks),
            "closed": changes_told(c, forum_id, order.since, order.until, found),
        }


def asks_of_forum(c: store.Connection, forum_id: int, as_of: datetime) -> Asks:
    """Return the asks of a forum whose columns are up to its events, as things stood then."""
    return asks_from(joined(list(asks_by_day(c, forum_id))), as_of.timestamp())


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


def _wanted(order: ReportOrder, columns: Columns, c: store.Connection, forum_id: int) -> Wanted:
    since, until = (None if at is None else at.timestamp() for at in (order.since, order.until))
    share = order.holdout
    if share is None:
        share = _assigned_share(columns, since, until)
    if share is None:
        holds = store.holdout_of(c, forum_id)
        share = 0.0 if holds is None else holds.shares.share
    return Wanted(
        share,
        since,
        until,
        order.window_days,
        order.worth_knowing,
        order.costs,
        order.time_zone,
    )


def _assigned_share(columns: Columns, since: float | None, until: float | None) -> float | None:
    """Return the share of the holdout that asks of a period were assigned with, on average.

    Where it changed within the period, the split is tested against the mean: its own spread is
    then a little smaller than that of the test, so that the alarm errs on the quiet side.
    """
    arrays = columns.arrays
    inside = arrays["arm"] >= 0
    if since is not None:
        inside &= arrays["at"] >= since
    if until is not None:
        inside &= arrays["at"] < until
    shares = arrays["share"][arrays["ask"][inside]]
    shares = shares[shares > 0]
    return float(np.mean(shares)) if len(shares) else None


def _events(columns: Columns) -> int:
    return sum(len(columns.arrays[name]) for name in ("ask", "f_ask", "o_key"))


def _told(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _local(moment: datetime | None, time_zone: str) -> str | None:
    return None if moment is None else moment.astimezone(ZoneInfo(time_zone)).isoformat()
