"""Scored candidates -> the ones that a lead is shown on a day, each for one reason.

In: candidates with their scores, how many, what was shown lately. Out: places with reasons. What
people changed comes latest first and what training doubts surest first, a share of the day each;
the rest is chosen by what the model itself does not know, in the shares that were measured
(docs/review.md).
Not here: scores (scoring), who stands for whom (insight.choosing), the lot (drawing).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from triage.encode.base import Vectors
from triage.insight.choosing import Chosen, choose, shares_of, unlike
from triage.reviewing.gathering import Candidate
from triage.reviewing.scoring import Scored
from triage.store import ReviewReason

# Of a day's items that are not drawn by lot; what one of these leaves is for all others.
_SHARES: Mapping[ReviewReason, float] = {
    ReviewReason.LABEL_ERROR: 0.2,
    ReviewReason.OVERRIDDEN: 0.15,
    ReviewReason.REROUTED: 0.15,
}


def pick(found: Sequence[Candidate], scored: Scored, most: int, beside: Vectors) -> list[Chosen]:
    """Return at most so many candidates; `beside` are unit rows of what was shown lately."""
    told: list[Chosen] = []
    for reason, share in _SHARES.items():
        many = min(max(1, round(share * most)), most - len(told))
        told += _first_of(reason, many, found, scored, told, beside)
    unsaid = choose(scored.pool, shares_of(most - len(told)), _rows(scored, told, beside))
    chosen = [*told, *unsaid]
    for reason in _SHARES:
        chosen += _first_of(reason, most - len(chosen), found, scored, chosen, beside)
    return _in_turns(told, chosen[len(told) :])


def _first_of(
    reason: ReviewReason,
    many: int,
    found: Sequence[Candidate],
    scored: Scored,
    chosen: Sequence[Chosen],
    beside: Vectors,
) -> list[Chosen]:
    """Return the first of a reason that are nearly the same as nothing that is chosen or beside."""
    taken = {one.place for one in chosen}
    free = [place for place in _ordered(found, reason) if place not in taken]
    places = unlike(scored.pool.vectors, free, many, _rows(scored, chosen, beside))
    return [Chosen(place, reason.value, found[place].strength) for place in places]


def _rows(scored: Scored, chosen: Sequence[Chosen], beside: Vectors) -> Vectors:
    return np.concatenate([beside, scored.pool.vectors[[one.place for one in chosen]]])


def _ordered(found: Sequence[Candidate], reason: ReviewReason) -> list[int]:
    """Return the places of what is there for a reason, what speaks for it most coming first."""
    places = [place for place, one in enumerate(found) if reason in one.found]
    return sorted(places, key=lambda place: (-found[place].strength, found[place].key))


def _in_turns(one: Sequence[Chosen], other: Sequence[Chosen]) -> list[Chosen]:
    """Mix two lists, each evenly over the whole and in its own order."""
    placed = [
        ((i + 0.5) / len(part), n, each)
        for n, part in enumerate((one, other))
        for i, each in enumerate(part)
    ]
    return [each for _, _, each in sorted(placed, key=lambda told: told[:2])]
