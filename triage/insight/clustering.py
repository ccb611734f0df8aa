"""Open questions in six languages -> clusters of those that mean the same.

In: items, pairs that people said do not belong together, and the clusters that there are. Out:
clusters. Those that there are only grow; nothing but a "not mine" (parting) takes them apart.
Not here: one newcomer (joining), keeping clusters (store), telling people.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from triage.insight.linking import Flags, components, link
from triage.insight.sameness import Crowd, Sameness
from triage.insight.values import Cluster, Codes, Item, Pair

_BLOCK = 1024


def cluster(
    items: Sequence[Item],
    sameness: Sameness,
    *,
    apart: Collection[Pair] = (),
    kept: Sequence[Cluster] = (),
) -> tuple[Cluster, ...]:
    """Find the clusters of all items; the result is the same for every order of them.

    A kept cluster loses only members that are not among the items, and is gone without any. Two
    that grow together go by the id of the one with the older first member.
    """
    if not items:
        return ()
    ordered = sorted(items, key=lambda item: (item.at, item.id))
    crowd = Crowd(ordered, sameness)
    number = {item.id: i for i, item in enumerate(ordered)}
    given = _given(number, kept)
    barred = bars(ordered, apart)
    groups: list[list[int]] = []
    for part in components(len(ordered), _edges(crowd, given)):
        similarities = crowd.scaled(part, part)
        found = link(similarities, barred.among(part), given[part], sameness.bar)
        groups += [part[found == group].tolist() for group in np.unique(found)]
    lone = [[i] for i in {number[m] for c in kept for m in c.members if m in number}]
    covered = {i for group in groups for i in group}
    groups += [group for group in lone if group[0] not in covered]
    return _named(ordered, groups, kept)


class Barred:
    """Which items may not stand together: said to be apart, or of different products."""

    def __init__(self, products: Codes, apart: Mapping[int, frozenset[int]]) -> None:
        self._products = products
        self._apart = apart

    def among(self, part: Codes) -> Flags:
        """Return for each two of some items whether they may not stand together."""
        own = self._products[part]
        known = own >= 0
        flags: Flags = known[:, None] & known[None, :] & (own[:, None] != own[None, :])
        place = {int(i): k for k, i in enumerate(part)}
        for i in place.keys() & self._apart.keys():
            for j in self._apart[i] & place.keys():
                flags[place[i], place[j]] = flags[place[j], place[i]] = True
        return flags


def bars(items: Sequence[Item], apart: Collection[Pair]) -> Barred:
    """Gather what may not stand together; pairs of items that are not here do nothing."""
    names = sorted({item.product for item in items if item.product is not None})
    products = [-1 if item.product is None else names.index(item.product) for item in items]
    number = {item.id: i for i, item in enumerate(items)}
    found: dict[int, set[int]] = {}
    for pair in apart:
        here = [number[name] for name in pair if name in number]
        if len(here) == 2:
            found.setdefault(here[0], set()).add(here[1])
            found.setdefault(here[1], set()).add(here[0])
    return Barred(np.array(products, dtype=np.int64), {i: frozenset(js) for i, js in found.items()})


def affected(one: Cluster, items: Sequence[Item]) -> int:
    """Count the persons who asked; a cluster's member that is not among the items is nobody."""
    members = set(one.members)
    return len({item.asker for item in items if item.id in members})


def name_cluster(members: Sequence[str], taken: Collection[str]) -> str:
    """Return the first member's id that no cluster goes by; when all are taken, a numbered one."""
    free = [member for member in members if member not in taken]
    if free:
        return free[0]
    count = 2
    while f"{members[0]}~{count}" in taken:
        count += 1
    return f"{members[0]}~{count}"


def _given(number: Mapping[str, int], kept: Sequence[Cluster]) -> Codes:
    given = np.arange(len(number), dtype=np.int64)
    for one in kept:
        here = [number[member] for member in one.members if member in number]
        given[here] = min(here, default=0)
    return given


def _edges(crowd: Crowd, given: Codes) -> Iterator[tuple[int, int]]:
    """Yield the pairs above the bar: groups can only grow together where there is one."""
    every = np.arange(len(crowd.items))
    yield from zip(every.tolist(), given.tolist(), strict=True)
    for start in range(0, len(every), _BLOCK):
        block, rest = every[start : start + _BLOCK], every[start:]
        near = crowd.scaled(block, rest) >= crowd.sameness.bar
        for i, j in np.argwhere(near).tolist():
            if i < j:
                yield start + i, start + j


def _named(
    items: Sequence[Item], groups: Sequence[Sequence[int]], kept: Sequence[Cluster]
) -> tuple[Cluster, ...]:
    """Give each group the id of the kept cluster within it that has the oldest member, or one."""
    founded = {member: one.id for one in kept for member in one.members}
    taken = {one.id for one in kept}
    found: list[Cluster] = []
    for group in sorted(groups, key=lambda g: g[0]):
        members = tuple(items[i].id for i in sorted(group))
        names = [founded[member] for member in members if member in founded]
        if not names and len(members) < 2:
            continue
        name = names[0] if names else name_cluster(members, taken)
        taken.add(name)
        found.append(Cluster(name, members))
    return tuple(found)
