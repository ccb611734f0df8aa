"""Two policies on the same asks -> what decided under each, and which asks go another way.

In: asks, what both policies say of them. Out: counts by what decided; some of the asks that move,
those first of which it is known that they would go wrong.
Not here: how much it comes to (comparing), which asks these are in the store (trial).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from triage.policies.simulation.asks import Asks
from triage.policies.simulation.replaying import Replayed, decided_by
from triage.policy import Policy
from triage.records import Destination

# Of each way; whoever looks reads them one by one.
MOST_MOVES = 25


@dataclass(frozen=True, slots=True)
class Counts:
    """How many asks something decided, by the draft and as it is now."""

    draft: int
    current: int


@dataclass(frozen=True, slots=True)
class Move:
    """One ask that goes another way: its place, where to, and what decides then and now.

    `truth` is who really had to answer, None where nobody knows.
    """

    place: int
    to: Destination
    draft: str
    current: str
    truth: Destination | None


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """A policy and what it says of the asks."""

    policy: Policy
    said: Replayed

    def decided_by(self, place: int) -> str:
        """Return what decided about one ask."""
        return decided_by(self.said, self.policy, place)


def counted(draft: Tried, current: Tried) -> Mapping[str, Counts]:
    """Return how many asks each rule decided, by what is decided most under the draft."""
    found = [
        Counter(one.decided_by(place) for place in range(len(one.said.by)))
        for one in (draft, current)
    ]
    names = sorted({*found[0], *found[1]}, key=lambda n: (-found[0][n], -found[1][n], n))
    return {name: Counts(found[0][name], found[1][name]) for name in names}


def moves(asks: Asks, draft: Tried, current: Tried) -> list[Move]:
    """Return some of the asks that move, of each way at most MOST_MOVES, the latest asks first."""
    moved: list[Move] = []
    for to in Destination:
        expert = to is Destination.EXPERT
        places = np.flatnonzero(
            (draft.said.expert == expert) & (current.said.expert != expert)
        ).tolist()
        truth = {place: asks.truth.values[asks.truth.codes[place]] for place in places}
        places.sort(key=lambda place: (truth[place] in (None, to), -place))
        moved += [
            Move(place, to, draft.decided_by(place), current.decided_by(place), truth[place])
            for place in places[:MOST_MOVES]
        ]
    return moved
