"""One newcomer among clustered items -> the cluster that it joins; "not mine" -> a cluster split.

In: items, clusters, pairs that are apart. Out: the one cluster that changes, or the two that one
becomes. Nobody else moves: whom a cluster was told to stays in it whatever strangers ask.
Not here: clustering anew (clustering), keeping (store).
"""

from collections.abc import Collection, Sequence

import numpy as np

from triage.insight.clustering import bars, name_cluster
from triage.insight.sameness import Crowd, Sameness
from triage.insight.values import Cluster, Codes, Item, Joined, Pair, Split, Vectors

# Only clusters and single items are compared that have a member among so many nearest.
_NEAREST = 50


def join(
    item: Item,
    items: Sequence[Item],
    clusters: Sequence[Cluster],
    sameness: Sameness,
    *,
    apart: Collection[Pair] = (),
) -> Joined | None:
    """Find the cluster, or the single item, that a newcomer belongs with; None: it stays alone.

    The newcomer may be among the items, but is in no cluster yet.
    """
    others = [other for other in items if other.id != item.id]
    if not others:
        return None
    everyone = [item, *others]
    crowd = Crowd(everyone, sameness)
    groups = _groups_near(crowd, clusters)
    compared = np.unique(np.concatenate([[0], *(members for _, members in groups)]))
    similarities = _to_first(crowd, compared)
    forbidden = bars(everyone, apart).among(compared)[0]
    best: tuple[float, Cluster | None, Codes] | None = None
    for one, members in groups:
        places = np.searchsorted(compared, members)
        height = float(similarities[places].mean())
        if height < sameness.bar or forbidden[places].any():
            continue
        if best is None or height > best[0]:
            best = height, one, members
    if best is None:
        return None
    height, found, members = best
    return _joined(item, [everyone[i] for i in members], found, clusters, height, sameness)


def split(
    cluster: Cluster,
    member: str,
    items: Sequence[Item],
    sameness: Sameness,
    *,
    told: str | None = None,
    keep: Collection[str] = (),
    taken: Collection[str] = (),
) -> Split:
    """Take out the member whose asker said "not mine", and whoever clearly means the same.

    `told` is the item whose answer was refused (else the oldest other one); it stays, and so do
    those in `keep`, such as people whom the answer helped. `items` are the open questions: how
    crowded it is around the members is seen among them. `taken` are ids of other clusters.
    Raises ValueError when the member is not in the cluster, or has nobody to leave.
    """
    others = [other for other in cluster.members if other != member]
    if member not in cluster.members or not others or told == member:
        raise ValueError("Only a member of a cluster of several can leave it.")
    fixed = {*keep, told if told is not None else others[0]}
    going = {member} | _companions(member, others, fixed, items, sameness)
    leaves = tuple(name for name in cluster.members if name in going)
    stays = tuple(name for name in cluster.members if name not in going)
    return Split(
        Cluster(cluster.id, stays),
        Cluster(name_cluster(leaves, {cluster.id, *taken}), leaves),
        frozenset(frozenset((member, name)) for name in stays),
    )


def _companions(
    member: str,
    others: Sequence[str],
    fixed: Collection[str],
    items: Sequence[Item],
    sameness: Sameness,
) -> set[str]:
    """Return who is nearer to the leaver than to the others, and near enough to be one with it."""
    number = {item.id: i for i, item in enumerate(items)}
    here = [name for name in others if name in number]
    if member not in number or len(here) < 2:
        return set()
    crowd = Crowd(items, sameness)
    compared = np.array([number[name] for name in (member, *here)])
    matrix = crowd.scaled(compared, compared, _only(crowd, compared))
    found = set()
    for place, name in enumerate(here, start=1):
        rest = [p for p in range(1, len(compared)) if p != place]
        nearer = matrix[place, 0] > matrix[place, rest].mean()
        if name not in fixed and nearer and matrix[place, 0] >= sameness.bar:
            found.add(name)
    return found


def _groups_near(crowd: Crowd, clusters: Sequence[Cluster]) -> list[tuple[Cluster | None, Codes]]:
    """Return the clusters and single items with a member among the nearest of the first item."""
    cosines = crowd.rows[1:] @ crowd.rows[0]
    nearest = np.argsort(-cosines, kind="stable")[:_NEAREST] + 1
    number = {item.id: i for i, item in enumerate(crowd.items)}
    inside: dict[int, Cluster] = {
        number[member]: one for one in clusters for member in one.members if member in number
    }
    groups: dict[str, tuple[Cluster | None, Codes]] = {}
    for i in nearest.tolist():
        one = inside.get(i)
        if one is None:
            groups[f"item {i}"] = None, np.array([i])
        else:
            members = sorted(number[m] for m in one.members if m in number and number[m] > 0)
            groups[f"cluster {one.id}"] = one, np.array(members)
    return list(groups.values())


def _to_first(crowd: Crowd, compared: Codes) -> Vectors:
    found: Vectors = crowd.scaled(compared[:1], compared, _only(crowd, compared))[0]
    return found


def _only(crowd: Crowd, compared: Codes) -> Vectors:
    """Return the surroundings of the compared items alone: of all would take seconds."""
    around = np.zeros((len(crowd.items), len(crowd.langs)), dtype=np.float32)
    around[compared] = crowd.around_some(compared)
    return around


def _joined(
    item: Item,
    members: Sequence[Item],
    found: Cluster | None,
    clusters: Sequence[Cluster],
    height: float,
    sameness: Sameness,
) -> Joined:
    probability = sameness.crowded.probability(height)
    if found is not None:
        grown = Cluster(found.id, (*found.members, item.id))
        return Joined(grown, probability, fresh=False)
    both = sorted([*members, item], key=lambda one: (one.at, one.id))
    names = tuple(one.id for one in both)
    name = name_cluster(names, {one.id for one in clusters})
    return Joined(Cluster(name, names), probability, fresh=True)
