"""Groups of asks that found nothing -> which answer to write next, and whether it moved anything.

In: counts of groups; asks near an answer that was written since. Out: gaps in the order of what
an answer is worth; the change since the answer, with its interval and a permutation test.
Not here: which asks are in a group (grouping), what was offered (decide), SQL (store).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.insight.values import Codes, Numbers

Flags = NDArray[np.bool_]
_Sides = tuple[Numbers, Numbers]
# The chance of a group to be posted is drawn to that of all gaps, as if by so many asks.
_DRAWN_BY = 10.0
_SHUFFLES, _AT_ONCE = 2000, 100
_EQUAL = 1e-12
_SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of the asks of a group that found nothing."""

    id: str
    asks: int
    persons: int
    posted: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A group of asks that found nothing.

    `chance` is how likely they are posted, drawn to that of all gaps. `prevented` is how many
    persons' posts an answer would spare by what suggestions spare elsewhere; None: not measured.
    """

    counted: Counted
    chance: float
    prevented: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """A difference of two shares, and how likely as large a one is if nothing changed."""

    value: float
    p_value: float


def ranked(groups: Sequence[Counted], spared: float | None) -> tuple[Gap, ...]:
    """Return gaps, those first of which an answer spares most persons a post.

    `spared` is the share of posts that suggestions prevent where something is offered, None where
    that was not measured: then by persons times their chance to post, which is the same order.
    """
    asks = sum(one.asks for one in groups)
    usual = sum(one.posted for one in groups) / asks if asks else 0.0
    gaps = []
    for one in groups:
        chance = (one.posted + _DRAWN_BY * usual) / (one.asks + _DRAWN_BY)
        worth = None if spared is None else one.persons * chance * max(0.0, spared)
        gaps.append(Gap(one, chance, worth))
    order = sorted(gaps, key=lambda g: (-g.counted.persons * g.chance, g.counted.id))
    return tuple(order)


def change_of(marked: Flags, later: Flags, who: Codes) -> Change | None:
    """Return by how much the share of marked asks changed; None without asks before and after.

    Persons are shuffled between before and after, each with all asks of theirs on one side: asks
    of one person are no more evidence than the person is. Two-sided.
    """
    if not later.any() or later.all():
        return None
    ones, sizes = _sides(marked, later, who)
    value = _difference(ones, sizes)
    as_far = sum(
        int(np.sum(np.abs(by_chance) >= abs(value) - _EQUAL)) for by_chance in _dealt(ones, sizes)
    )
    return Change(float(value), (as_far + 1) / (_SHUFFLES + 1))


def _dealt(ones: _Sides, sizes: _Sides) -> Iterator[Numbers]:
    """Give the differences that come of dealing each person's asks of one side out anew."""
    rng = np.random.default_rng(_SEED)
    side = np.concatenate([np.zeros(len(ones[0])), np.ones(len(ones[1]))])
    pieces, weights = np.concatenate(ones), np.concatenate(sizes)
    for _ in range(_SHUFFLES // _AT_ONCE):
        later = rng.permuted(np.tile(side, (_AT_ONCE, 1)), axis=1)
        after = (later @ pieces) / (later @ weights)
        yield after - ((1 - later) @ pieces) / ((1 - later) @ weights)


def _sides(marked: Flags, later: Flags, who: Codes) -> tuple[_Sides, _Sides]:
    """Return how many marked asks and how many at all each person has, before and after."""
    ones: list[Numbers] = []
    sizes: list[Numbers] = []
    for side in (~later, later):
        _, person = np.unique(who[side], return_inverse=True)
        ones.append(np.bincount(person, weights=marked[side]).astype(np.float64))
        sizes.append(np.bincount(person).astype(np.float64))
    return (ones[0], ones[1]), (sizes[0], sizes[1])


def _difference(ones: _Sides, sizes: _Sides) -> float:
    return float(ones[1].sum() / sizes[1].sum() - ones[0].sum() / sizes[0].sum())
