"""Open questions -> clusters of those that mean the same, kept as questions come and go.

In: the open questions of a forum, the encoder. Out: clusters in the store: a question that comes
joins one, or makes one with another that was alone; after many at once all are looked at again.
What stands together is never torn but by somebody who says so.
Not here: what means the same (insight), what follows from it (answering, counting).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

import numpy as np

from triage import store
from triage.affected.spaces import sameness_of, space
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.errors import NoCluster
from triage.insight import Cluster, Item, Sameness, cluster, join, split
from triage.streams import chunks

# More new questions than this are gathered together with all others, which is faster then.
_ONE_BY_ONE = 30
_ENCODED_AT_ONCE = 32

Standing = Mapping[str, tuple[str, ...]]
NONE_FRESH: Mapping[str, Vectors] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Gathered:
    """The open questions of a forum, and the clusters that they stand in."""

    rows: Mapping[str, store.QuestionRow]
    items: Sequence[Item]
    clusters: Sequence[Cluster]
    apart: frozenset[frozenset[str]]

    @cached_property
    def vectors(self) -> Vectors:
        """All vectors in the order of the items."""
        return np.stack([item.vector for item in self.items])


def gathered(c: store.Connection, forum_id: int, encoder: Encoder) -> Gathered:
    """Return the open questions that have a vector, and how they stand together."""
    rows = {row.question_id: row for row in store.iter_open_questions(c, forum_id)}
    return gathered_of(c, forum_id, rows, encoder)


def gathered_of(
    c: store.Connection,
    forum_id: int,
    rows: Mapping[str, store.QuestionRow],
    encoder: Encoder,
    fresh: Mapping[str, Vectors] = NONE_FRESH,
) -> Gathered:
    """Return these questions, as far as they have a vector, and how they stand together."""
    kept = store.get_question_vectors(c, forum_id, space(encoder), list(rows))
    vectors = {**kept, **fresh}
    items = [
        Item(
            id=row.question_id,
            vector=vectors[row.question_id],
            lang=row.lang or "",
            at=row.received_at.timestamp(),
            product=row.product,
            person=row.person,
        )
        for row in rows.values()
        if row.question_id in vectors
    ]
    there = {item.id for item in items}
    standing = _among(store.list_clusters(c, forum_id), there)
    clusters = tuple(Cluster(name, members) for name, members in standing.items())
    return Gathered(rows, items, clusters, store.pairs_apart(c, forum_id))


class Gathering:
    """Gathers the open questions of one forum."""

    def __init__(self, database: store.Database, forum_id: int) -> None:
        self._database = database
        self._forum_id = forum_id

    def gather(self, encoder: Encoder, now: datetime) -> int:
        """Have every open question stand where it belongs; return how many were new.

        Whoever changes the clusters meanwhile comes first: then it is done again next time.
        """
        with self._database.read() as c:
            rows = {row.question_id: row for row in store.iter_open_questions(c, self._forum_id)}
            known = store.question_ids_with_vector(c, self._forum_id, space(encoder))
        new = {i: row for i, row in rows.items() if i not in known}
        if not new:
            return 0
        fresh = _encoded(list(new.values()), encoder)
        with self._database.read() as c:
            stand = store.clusters_revision(c, self._forum_id)
            found = gathered_of(c, self._forum_id, rows, encoder, fresh)
        after = self._together(found, list(new), sameness_of(encoder))
        with self._database.write() as c:
            if store.clusters_revision(c, self._forum_id) != stand:
                return 0
            gone = rows.keys() - store.get_questions(c, self._forum_id, list(rows)).keys()
            there = {i: vector for i, vector in fresh.items() if i not in gone}
            store.put_question_vectors(c, self._forum_id, space(encoder), there)
            before = store.list_clusters(c, self._forum_id)
            found_now = changed(before, without(after, gone), set(rows))
            store.put_clusters(c, self._forum_id, found_now, now)
        return len(there)

    def _together(
        self, found: Gathered, new: Sequence[str], sameness: Sameness
    ) -> Sequence[Cluster]:
        if len(new) > _ONE_BY_ONE:
            return cluster(found.items, sameness, apart=found.apart, kept=list(found.clusters))
        standing = {one.id: one for one in found.clusters}
        items = {item.id: item for item in found.items}
        waiting = [items.pop(i) for i in new if i in items]
        for item in waiting:
            joined = join(
                item,
                list(items.values()),
                list(standing.values()),
                sameness,
                apart=found.apart,
            )
            items[item.id] = item
            if joined is not None:
                standing[joined.cluster.id] = joined.cluster
        return list(standing.values())


def without(clusters: Sequence[Cluster], gone: Collection[str]) -> list[Cluster]:
    """Return clusters without those questions; one alone is no cluster."""
    left = [Cluster(one.id, tuple(m for m in one.members if m not in gone)) for one in clusters]
    return [one for one in left if one.members]


def changed(before: Standing, after: Sequence[Cluster], open_ids: Collection[str]) -> Standing:
    """Return the clusters that are otherwise than before, with their ended members.

    Where two have grown together, the ended members of the one that is gone go along.
    """
    home = {member: one.id for one in after for member in one.members}
    ended: dict[str, list[str]] = {}
    survivors = {one.id for one in after}
    for name, members in before.items():
        goes_to = name
        if name not in survivors:
            # Open members tell where it went; with none left it is as it was.
            goes_to = next((home[m] for m in members if m in home), name)
        ended.setdefault(goes_to, []).extend(m for m in members if m not in open_ids)
    result = {one.id: (*ended.get(one.id, ()), *one.members) for one in after}
    gone = {n for n in before if n not in survivors and any(m in home for m in before[n])}
    result.update(dict.fromkeys(gone, ()))
    return {n: ms for n, ms in result.items() if set(before.get(n, ())) != set(ms)}


def take_out(
    c: store.Connection,
    forum_id: int,
    question_id: str,
    encoder: Encoder | None,
    now: datetime,
    *,
    refused: str | None = None,
) -> str:
    """Take a question out of its cluster since somebody who knows says so; return the cluster.

    `refused` is the question whose answer was not theirs. Those clearly nearer to who leaves go
    along, unless they said that it helped. What is apart now stays so for ever. Raises NoCluster.
    """
    name = store.cluster_of(c, forum_id, question_id)
    if name is None:
        raise NoCluster(question_id)
    members = store.members_of(c, forum_id, name)
    rows = store.get_questions(c, forum_id, members)
    items = gathered_of(c, forum_id, rows, encoder).items if encoder is not None else ()
    there = {item.id for item in items}
    if encoder is None or question_id not in there or len(there) < 2:
        # Without vectors nobody else can be told to go along.
        others = tuple(m for m in members if m != question_id)
        store.keep_apart(c, forum_id, [(question_id, other) for other in others], now)
        store.put_clusters(c, forum_id, {name: others if len(others) > 1 else ()}, now)
        return name
    whole = Cluster(name, tuple(m for m in members if m in there))
    helped = frozenset(i for i, row in rows.items() if row.state == "confirmed_solved")
    told = refused if refused in there and refused != question_id else None
    taken = store.list_clusters(c, forum_id).keys()
    sameness = sameness_of(encoder)
    parts = split(
        whole, question_id, items, sameness, told=told, keep=helped - {question_id}, taken=taken
    )
    store.keep_apart(c, forum_id, parts.apart, now)
    # Those without a vector stay where they are; one alone is no cluster.
    rest = tuple(m for m in members if m not in there)
    left = {name: (*parts.stays.members, *rest), parts.leaves.id: parts.leaves.members}
    kept = {n: ms if len(ms) > 1 else () for n, ms in left.items()}
    store.put_clusters(c, forum_id, kept, now)
    return name


def text_of(row: store.QuestionRow) -> str:
    """Return what a posted question says."""
    return f"{row.question.get('title') or ''}\n{row.question.get('body') or ''}".strip()


def _encoded(rows: Sequence[store.QuestionRow], encoder: Encoder) -> dict[str, Vectors]:
    found: dict[str, Vectors] = {}
    for part in chunks(rows, _ENCODED_AT_ONCE):
        vectors = encoder.encode([text_of(row) for row in part], TextRole.QUERY)
        found.update((row.question_id, v) for row, v in zip(part, vectors, strict=True))
    return found


def _among(standing: Standing, there: Collection[str]) -> Standing:
    narrowed = {n: tuple(m for m in members if m in there) for n, members in standing.items()}
    return {n: members for n, members in narrowed.items() if members}
