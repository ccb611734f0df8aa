"""How long an answer takes, by who answers and about what: from times that were measured. Pure.

In: hours to the first answer, by destination and topic; who answers each ask. Out: quantiles.
Not here: measuring answer times (lifecycle).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from triage.policies.simulation.asks import Asks, Bools, Codes, Floats
from triage.records import Destination, Target

QUANTILES = (0.5, 0.9)


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """Hours to the first answer that were measured; None for all topics together.

    Of a topic with fewer than `fewest` times all topics' times are taken instead.
    """

    hours: Mapping[tuple[Destination, str | None], Sequence[float]] = field(default_factory=dict)
    fewest: int = 20

    def of(self, destination: Destination, topic: str | None) -> Sequence[float]:
        """Return the times that are expected; none where nothing is known."""
        own = self.hours.get((destination, topic), ())
        return own if len(own) >= self.fewest else self.hours.get((destination, None), ())


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """Each time that may be waited, sorted, and which cell (topic and destination) it is of."""

    hours: Floats
    cell: Codes
    share: Floats
    cells: int

    def quantiles(self, asks_of_cell: Floats) -> Floats:
        """Return the QUANTILES of the wait where each cell has so many asks; NaN: unknown."""
        weights = asks_of_cell[self.cell] * self.share
        total = np.cumsum(weights)
        if not len(total) or total[-1] <= 0:
            return np.full(len(QUANTILES), np.nan)
        places = np.searchsorted(total, np.array(QUANTILES) * total[-1])
        return np.asarray(self.hours[np.minimum(places, len(self.hours) - 1)], float)


def waits_of(asks: Asks, times: AnswerTimes) -> Waits:
    """Lay out the times of every cell; the cell of an ask is told by `cell_of`."""
    topics = asks.told[Target.TOPIC].value.values
    hours: list[float] = []
    cells: list[int] = []
    shares: list[float] = []
    for place, topic in enumerate(topics):
        for expert, destination in enumerate((Destination.COMMUNITY, Destination.EXPERT)):
            known = times.of(destination, topic)
            hours += known
            cells += [2 * place + expert] * len(known)
            shares += [1 / len(known)] * len(known) if known else []
    order = np.argsort(np.array(hours, float), kind="stable")
    return Waits(
        np.array(hours, float)[order],
        np.array(cells, np.int64)[order],
        np.array(shares, float)[order],
        2 * len(topics),
    )


def cell_of(asks: Asks, expert: Bools) -> NDArray[np.int64]:
    """Return the cell of each ask where experts answer those of `expert`."""
    return 2 * asks.told[Target.TOPIC].value.codes + expert
