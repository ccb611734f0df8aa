"""What everything in this room is made of: one reading of the asks, and a figure with its interval.

In: nothing. Out: the types.
Not here: reading the asks (viewing), which figures there are (cards).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.analytics.filters import Filters
from triage.outcomes.asks import Asks, Flags, Ints
from triage.outcomes.outcome import Settled

# Of fewer persons no rate is said (docs/measures.md, "Low volume").
FEWEST_PERSONS = 20


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a forum's asks, from which all that a page shows is counted.

    `kept` says which of `asks` are in the view: within the filters, and no bots, staff, tests or
    bursts. The others are there because a kept one comes back to them, or they to it. `who` is the
    unit of each: the person, else the session, else the ask. `report` is that of the same asks.
    """

    filters: Filters
    asks: Asks
    kept: Flags
    settled: Settled
    who: Ints
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One card: `part` of `whole` asks; without a whole it is a count and has no share.

    `persons` are those behind the whole, or behind the count. With fewer than FEWEST_PERSONS of
    them `enough` is False, and share, low and high are None.
    """

    name: str
    part: int
    whole: int | None
    share: float | None
    low: float | None
    high: float | None
    persons: int
    enough: bool
