"""A view -> week after week: how many asked, between what the bounds lie, what the lift was.

In: a `View`. Out: one row a week, Monday to Sunday in the time zone of the filters.
Not here: cases and questions (activity), rising topics (trends).

A lift of one week is that of the problems that began in it; it is told where both arms have enough
problems and persons, so that with few askers most weeks say nothing and the whole view does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from triage.analytics.calendar import edges_of, mondays_of
from triage.analytics.rates import compared, ends_of, persons_of, rate, told_lift
from triage.analytics.values import View
from triage.outcomes.asks import Flags
from triage.outcomes.bounds import offered_asks, seen_asks
from triage.outcomes.guardrails import FEWEST_PROBLEMS
from triage.outcomes.lift import lift_of
from triage.outcomes.outcome import Outcome
from triage.outcomes.told import HOLDOUT, TREATMENT
from triage.reports.values import Column, Row


@dataclass(frozen=True, slots=True)
class Week:
    """One week. Rates are None where too few persons speak; `open` asks may still change.

    `complete` says that the filters leave nothing of the week out and that it is over.
    """

    week: date
    complete: bool
    asks: int
    persons: int
    offered: int
    seen: int
    open: int
    deflection_low: float | None
    deflection_low_from: float | None
    deflection_high: float | None
    deflection_high_to: float | None
    problems_treatment: int
    problems_holdout: int
    lift: float | None
    lift_low: float | None
    lift_high: float | None


WEEK_COLUMNS = (
    Column("week", "day", "the Monday of the week"),
    Column("complete", "yes", "the week is over, and all of it is within the filters"),
    Column("asks", "whole", "asks that began then"),
    Column("persons", "whole", "of how many persons"),
    Column("offered", "whole", "asks that were offered something"),
    Column("seen", "whole", "offered asks that saw a suggestion"),
    Column("open", "whole", "asks whose window is not over: what follows may change"),
    Column("deflection_low", "number", "of the seen asks, settled at least; empty: too few"),
    Column("deflection_low_from", "number", "where that can lie at 95 %, at least"),
    Column("deflection_high", "number", "of the seen asks, settled at most; empty: too few"),
    Column("deflection_high_to", "number", "where that can lie at 95 %, at most"),
    Column("problems_treatment", "whole", "problems of the treatment that the lift is of"),
    Column("problems_holdout", "whole", "problems of the holdout that the lift is of"),
    Column("lift", "number", "posts that suggestions prevent, by problem; empty: too few"),
    Column("lift_low", "number", "at least that, at 95 %"),
    Column("lift_high", "number", "at most that, at 95 %"),
)


def weeks(view: View) -> tuple[Week, ...]:
    """Return every week from that of the view's first ask to that of its last."""
    places = np.flatnonzero(view.kept)
    if not len(places):
        return ()
    zone = view.filters.time_zone
    first, last = (float(view.asks.start[place]) for place in (places[0], places[-1]))
    mondays = mondays_of(first, last, zone)
    edges = edges_of(mondays, zone)
    # Asks are in the order of time, and so are their problems.
    cuts = np.searchsorted(view.asks.start, edges)
    problems = compared(view)
    problem_cuts = np.searchsorted(problems.start, edges)
    offered = offered_asks(view.asks, view.kept)
    seen = seen_asks(view.asks, view.kept)
    found = []
    for at, monday in enumerate(mondays):
        mine = slice(int(cuts[at]), int(cuts[at + 1]))
        theirs = problems.where(slice(int(problem_cuts[at]), int(problem_cuts[at + 1])))
        arms = [int(np.sum(theirs.arm == arm)) for arm in (TREATMENT, HOLDOUT)]
        enough = min(arms) >= FEWEST_PROBLEMS
        lift = told_lift(lift_of(theirs, view.report["window_days"])) if enough else None
        kept = view.kept[mine]
        found.append(
            Week(
                monday,
                _complete(view, monday, edges[at + 1]),
                int(np.sum(kept)),
                persons_of(view.who[mine][kept]),
                int(np.sum(offered[mine])),
                int(np.sum(seen[mine])),
                int(np.sum(kept & view.settled.open[mine])),
                *_bounds(view, mine, seen[mine]),
                arms[0],
                arms[1],
                *ends_of(lift),
            )
        )
    return tuple(found)


def week_asks(view: View, monday: date) -> Flags:
    """Return the asks of the view that a week's row counts."""
    begin, end = edges_of([monday], view.filters.time_zone)
    inside: Flags = view.kept & (view.asks.start >= begin) & (view.asks.start < end)
    return inside


def week_rows(view: View) -> Iterator[Row]:
    """Give every week as a row of WEEK_COLUMNS."""
    for week in weeks(view):
        yield tuple(getattr(week, column.name) for column in WEEK_COLUMNS)


def _bounds(
    view: View, mine: slice, seen: Flags
) -> tuple[float | None, float | None, float | None, float | None]:
    confirmed = view.settled.ended(Outcome.CONFIRMED)[mine][seen]
    silent = view.settled.ended(Outcome.SILENT)[mine][seen]
    who = view.who[mine][seen]
    low, high = ends_of(rate(confirmed, who)), ends_of(rate(confirmed | silent, who))
    return low[0], low[1], high[0], high[2]


def _complete(view: View, monday: date, end: float) -> bool:
    since, until = view.filters.since, view.filters.until
    sunday = monday + timedelta(days=6)
    begun = since is None or since <= monday
    return begun and (until is None or until >= sunday) and end <= view.asks.as_of
