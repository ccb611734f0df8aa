"""Asks as they come, and the groups that there are -> which group each is in, and new groups.

In: asks as points, groups with some of their asks. Out: a group for each ask that has one. Groups
only grow, so that a gap has one name for as long as anybody asks; who stays alone is looked at
again with those who come after.
Not here: posted questions, which somebody may tell apart (clustering, joining), keeping (store).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from triage.insight.clustering import cluster
from triage.insight.sameness import Sameness
from triage.insight.values import Item, Vectors

# So many different persons make a group: two who ask the same are no matter of the forum's.
FEWEST_PERSONS = 3
# An ask is in the nearest group whose asks are, in the mean, as near as two that mean the same
# with this probability. Asks that are told at length are hardly ever likelier than not to.
LIKELY = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A group that there is: the mean of its asks' places, and the products that they named."""

    id: str
    middle: Vectors
    products: frozenset[str]


@dataclass(frozen=True, slots=True)
class Founded:
    """A new group, and its asks, oldest first."""

    id: str
    members: tuple[str, ...]


def group_of(group_id: str, items: Sequence[Item], sameness: Sameness) -> Group:
    """Return a group as it lies by some of its asks, at least one; the same words count once."""
    alone = [alike[0] for alike in _alike(items)]
    rows = sameness.place(np.stack([item.vector for item in alone]), [item.lang for item in alone])
    products = frozenset(item.product for item in items if item.product is not None)
    return Group(group_id, rows.mean(axis=0), products)


def nearest_groups(
    items: Sequence[Item], groups: Sequence[Group], sameness: Sameness
) -> dict[str, str]:
    """Return the group of each ask that is near enough to one; others are left out.

    Who named a product is in no group in which only others were named.
    """
    if not items or not groups:
        return {}
    rows = sameness.place(np.stack([item.vector for item in items]), [item.lang for item in items])
    near = rows @ np.stack([group.middle for group in groups]).T
    for place, item in enumerate(items):
        if item.product is not None:
            barred = [bool(g.products) and item.product not in g.products for g in groups]
            near[place, barred] = -np.inf
    best = near.argmax(axis=1)
    least = sameness.alone.value(LIKELY)
    return {
        item.id: groups[group].id
        for place, (item, group) in enumerate(zip(items, best.tolist(), strict=True))
        if near[place, group] >= least
    }


def founded(items: Sequence[Item], sameness: Sameness) -> tuple[Founded, ...]:
    """Return the groups that asks make which are in none, each of several persons.

    What is asked in the very same words lies together anyway; how crowded it is around an ask is
    seen by other words.
    """
    alike = {same[0].id: same for same in _alike(items)}
    found = [one.members for one in cluster([same[0] for same in alike.values()], sameness)]
    inside = {name for members in found for name in members}
    found += [(name,) for name in alike if name not in inside]
    groups = []
    for members in found:
        asks = sorted((i for m in members for i in alike[m]), key=lambda i: (i.at, i.id))
        if len({item.asker for item in asks}) >= FEWEST_PERSONS:
            groups.append(Founded(_name(asks[0].id), tuple(item.id for item in asks)))
    return tuple(sorted(groups, key=lambda one: one.members))


def _alike(items: Sequence[Item]) -> list[list[Item]]:
    """Return those together that were asked in the same words, of the same product."""
    found: dict[tuple[bytes, str, str | None], list[Item]] = {}
    for item in items:
        found.setdefault((item.vector.tobytes(), item.lang, item.product), []).append(item)
    return list(found.values())


def _name(first: str) -> str:
    """Return a name that the same first ask always gives, and that tells nobody's ask."""
    return blake2b(first.encode(), digest_size=6, person=b"ask group").hexdigest()
