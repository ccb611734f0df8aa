"""A view -> where suggestions work and whom they fail: one row a language, topic, account ...

In: a `View` and what to cut it by. Out: one row a value, those with most asks first.
Not here: all of it together (cards, headline), who is clearly harmed by language (outcomes.harm).

With many slices one of them always looks bad, so `harmed` is told with all of them counted
(Bonferroni), and rates of few persons are not told at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from triage.analytics.rates import Ends, compared, ends_of, told_lift
from triage.analytics.values import FEWEST_PERSONS, View
from triage.errors import BadField
from triage.outcomes.asks import Flags, Ints, Names
from triage.outcomes.bounds import offered_asks, seen_asks
from triage.outcomes.guardrails import FEWEST_PROBLEMS, STILL, Slice, slices_within
from triage.outcomes.harm import NEWCOMER
from triage.outcomes.many import persons_by, shares_of
from triage.outcomes.outcome import Outcome
from triage.outcomes.told import HOLDOUT, TREATMENT
from triage.reports.values import Column, Row

DIMENSIONS = ("lang", "topic", "product", "account", "destination", "newcomer")


@dataclass(frozen=True, slots=True)
class SliceRow:
    """One slice; `value` is None for asks of which it is not known. Rates of too few are None."""

    value: str | None
    asks: int
    persons: int
    offered: int
    seen: int
    deflection_low: float | None
    deflection_low_from: float | None
    deflection_high: float | None
    deflection_high_to: float | None
    contradicted: float | None
    contradicted_low: float | None
    contradicted_high: float | None
    still_need_help: float | None
    still_need_help_low: float | None
    still_need_help_high: float | None
    lift: float | None
    lift_low: float | None
    lift_high: float | None
    harmed: bool
    enough: bool


SLICE_COLUMNS = (
    Column("value", "text", "the language, topic, ... itself; empty: not known"),
    Column("asks", "whole", "asks of it"),
    Column("persons", "whole", "of how many persons"),
    Column("offered", "whole", "asks that were offered something"),
    Column("seen", "whole", "offered asks that saw a suggestion"),
    Column("deflection_low", "number", "of the seen asks, settled at least; empty: too few"),
    Column("deflection_low_from", "number", "where that can lie at 95 %, at least"),
    Column("deflection_high", "number", "of the seen asks, settled at most; empty: too few"),
    Column("deflection_high_to", "number", "where that can lie at 95 %, at most"),
    Column("contradicted", "number", "of the offered asks, denied or come back to"),
    Column("contradicted_low", "number", "at least that, at 95 %"),
    Column("contradicted_high", "number", "at most that, at 95 %"),
    Column("still_need_help", "number", "of the offered asks, asked for help all the same"),
    Column("still_need_help_low", "number", "at least that, at 95 %"),
    Column("still_need_help_high", "number", "at most that, at 95 %"),
    Column("lift", "number", "posts that suggestions prevent, by problem; empty: too few"),
    Column("lift_low", "number", "at least that, at 95 %"),
    Column("lift_high", "number", "at most that, at 95 %"),
    Column("harmed", "yes", "suggestions cause posts here, with all slices counted"),
    Column("enough", "yes", "enough persons for the bounds"),
)


def by(view: View, dimension: str) -> tuple[SliceRow, ...]:
    """Return the slices of the view by one of DIMENSIONS, those with most asks first.

    Raises BadField for another dimension.
    """
    names = names_of(view, dimension)
    places = np.flatnonzero(view.kept)
    # The unknown are a group of their own, behind all others.
    groups = len(names.names) + 1
    group = names.code[places] % groups
    counted, lifts = _Counted(view, places, group, groups), _lifts(view, names)
    values = (*names.names, None)
    rows = [
        counted.row(at, values[at], lifts.get(values[at] or ""))
        for at in np.flatnonzero(counted.asks).tolist()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.asks, row.value is None, row.value or "")))


def slice_asks(view: View, dimension: str, value: str | None) -> Flags:
    """Return the asks of the view that a slice's row counts; none for a value that no ask has.

    Raises BadField for another dimension.
    """
    names = names_of(view, dimension)
    if value is None:
        unknown: Flags = view.kept & (names.code < 0)
        return unknown
    if value not in names.names:
        return np.zeros(len(view.asks), dtype=bool)
    found: Flags = view.kept & (names.code == names.names.index(value))
    return found


def names_of(view: View, dimension: str) -> Names:
    """Return what each ask has of a dimension. Raises BadField for one that is none."""
    if dimension not in DIMENSIONS:
        raise BadField("dimension", f"is none of {', '.join(DIMENSIONS)}")
    if dimension == "newcomer":
        return Names(view.asks.newcomer, NEWCOMER)
    names: Names = getattr(view.asks, dimension)
    return names


def slice_rows(view: View, dimension: str) -> Iterator[Row]:
    """Give every slice as a row of SLICE_COLUMNS."""
    for one in by(view, dimension):
        yield tuple(getattr(one, column.name) for column in SLICE_COLUMNS)


class _Counted:
    """What all slices count, each sum found for all of them at once."""

    def __init__(self, view: View, places: Ints, group: Ints, groups: int) -> None:
        asks, settled = view.asks, view.settled
        offered, seen = offered_asks(asks, view.kept), seen_asks(asks, view.kept)
        confirmed = settled.ended(Outcome.CONFIRMED)
        parts = {
            "deflection_low": (confirmed, seen),
            "deflection_high": (confirmed | settled.ended(Outcome.SILENT), seen),
            "contradicted": (settled.ended(Outcome.CONTRADICTED), offered),
            "still_need_help": (asks.followings.of(*STILL).any(len(asks)), offered),
        }
        who = view.who[places]
        self.asks = np.bincount(group, minlength=groups)
        self.persons = persons_by(who, group, groups)
        self._shares = {}
        for name, (part, whole) in parts.items():
            among = whole[places]
            marked = part[places][among]
            self._shares[name] = shares_of(marked, who[among], group[among], groups)

    def row(self, at: int, value: str | None, lift: Slice | None) -> SliceRow:
        """Return the row of one group."""
        low, high = self._rate("deflection_low", at), self._rate("deflection_high", at)
        contradicted = self._rate("contradicted", at)
        still = self._rate("still_need_help", at)
        told = None if lift is None else told_lift(lift.lift)
        lift_ends = ends_of(told)
        return SliceRow(
            value=value,
            asks=int(self.asks[at]),
            persons=int(self.persons[at]),
            offered=int(self._shares["contradicted"].asks[at]),
            seen=int(self._shares["deflection_low"].asks[at]),
            deflection_low=low[0],
            deflection_low_from=low[1],
            deflection_high=high[0],
            deflection_high_to=high[2],
            contradicted=contradicted[0],
            contradicted_low=contradicted[1],
            contradicted_high=contradicted[2],
            still_need_help=still[0],
            still_need_help_low=still[1],
            still_need_help_high=still[2],
            lift=lift_ends[0],
            lift_low=lift_ends[1],
            lift_high=lift_ends[2],
            harmed=told is not None and lift is not None and lift.harmed,
            enough=low[0] is not None,
        )

    def _rate(self, name: str, at: int) -> Ends:
        found = self._shares[name]
        if found.persons[at] < FEWEST_PERSONS:
            return None, None, None
        return float(found.value[at]), float(found.low[at]), float(found.high[at])


def _lifts(view: View, names: Names) -> dict[str, Slice]:
    problems = compared(view).alike()
    groups = len(names.names) + 1
    group = names.code[problems.ask] % groups
    # Of thousands of slices most have too few problems in an arm, and no lift that is told.
    arms = [np.bincount(group[problems.arm == a], minlength=groups) for a in (TREATMENT, HOLDOUT)]
    enough = (np.minimum(*arms) >= FEWEST_PROBLEMS)[group]
    if not enough.any():
        return {}
    some = problems.where(enough)
    cut = list(some.by(names.code[some.ask]))
    found = slices_within(cut, names, view.report["window_days"])
    return {one.name: one for one in found}
