"""How many others have the same: persons, not asks, and only those the reader may know of.

In: a draft or a posted question, who reads. Out: numbers; for leads the clusters themselves.
A private question is nobody's business but its asker's and the staff's, so it counts for the
staff alone; one of a group counts for that group.
Not here: what means the same (insight), keeping clusters (gathering).
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from triage import store
from triage.affected.gathering import Gathered, gathered
from triage.affected.spaces import sameness_of, space
from triage.encode import Encoder
from triage.encode.base import Vectors
from triage.errors import NoCluster
from triage.insight import Item, join
from triage.records import Question, SameQuestion, Visibility

# A draft that is typed asks several times a second; questions are posted by the minute.
_FRESH_SECONDS = 10.0
# A draft is held against so many of the open questions, and what stands with them.
_NEAREST = 100
_OVER = frozenset({"answered", "confirmed_solved", "closed"})


@dataclass(frozen=True, slots=True)
class ClusterTold:
    """A cluster as leads see it: its questions, and how many persons stand behind them."""

    cluster_id: str
    rows: tuple[store.QuestionRow, ...]
    persons: int

    @property
    def open(self) -> int:
        """How many of its questions somebody still has something to do with."""
        return sum(row.state not in _OVER for row in self.rows)


def may_know(row: store.QuestionRow | store.ClusterAsker, readers: store.Readers) -> bool:
    """Say whether a reader may know that a question was asked."""
    if readers.reads_all or row.visibility == Visibility.PUBLIC:
        return True
    return row.visibility == Visibility.GROUP and not row.groups.isdisjoint(readers.groups)


def count_persons(rows: Iterable[store.QuestionRow], readers: store.Readers) -> int:
    """Return how many other persons asked these questions, of those the reader may know of."""
    known = {row.person for row in rows if may_know(row, readers)}
    return len(known - {None, readers.person})


def also_affected(
    c: store.Connection, forum_id: int, question_id: str, readers: store.Readers
) -> int:
    """Return how many other persons asked the same as a posted question."""
    name = store.cluster_of(c, forum_id, question_id)
    if name is None:
        return 0
    rows = store.get_questions(c, forum_id, store.members_of(c, forum_id, name)).values()
    askers = {row.person for row in rows if row.question_id == question_id}
    others = {row.person for row in rows if may_know(row, readers)}
    return len(others - askers - {None, readers.person})


def with_followers(
    c: store.Connection, forum_id: int, same: Sequence[SameQuestion], question: Question
) -> tuple[SameQuestion, ...]:
    """Return open threads with how many others have their question, besides who asked it there.

    Those follow the thread, or posted a question that stands in one cluster with it.
    """
    if not same:
        return ()
    following = store.followers_of(c, forum_id, [one.thread_id for one in same])
    readers = store.Readers(question.groups, person=question.person)
    own = {None, question.person, f"visit {question.session}"}

    def others(thread_id: str) -> int:
        standing, askers = _standing_with(c, forum_id, thread_id, readers)
        return len((following.get(thread_id, frozenset()) | standing) - askers - own)

    return tuple(replace(one, followers=others(one.thread_id)) for one in same)


def _standing_with(
    c: store.Connection, forum_id: int, thread_id: str, readers: store.Readers
) -> tuple[set[str | None], set[str | None]]:
    """Return whose question stands with the one that a thread is, and who asked that one."""
    posted = [row for row in store.questions_by_external_id(c, forum_id, thread_id) if not row.test]
    askers = {name for row in posted for name in (row.person, f"visit {row.session}")}
    names = {store.cluster_of(c, forum_id, row.question_id) for row in posted} - {None}
    rows = [row for name in names if name for row in store.askers_in(c, forum_id, name)]
    return {row.person for row in rows if may_know(row, readers)}, askers


def told_clusters(c: store.Connection, forum_id: int) -> list[ClusterTold]:
    """Return the clusters that have open questions, those of most persons first."""
    found = []
    for name, members in store.list_clusters(c, forum_id).items():
        told = _told(c, forum_id, name, members)
        if told.open:
            found.append(told)
    return sorted(found, key=lambda one: (-one.persons, one.cluster_id))


def largest_clusters(
    c: store.Connection, forum_id: int, most: int
) -> tuple[list[ClusterTold], int]:
    """Return the first so many of `told_clusters`, and how many there are of all."""
    persons: dict[str, set[str]] = {}
    unfinished: set[str] = set()
    for name, person, state in store.cluster_standings(c, forum_id):
        persons.setdefault(name, set()).update([person] if person is not None else [])
        if state not in _OVER:
            unfinished.add(name)
    names = sorted(unfinished, key=lambda name: (-len(persons[name]), name))
    return [told_cluster(c, forum_id, name) for name in names[:most]], len(names)


def told_cluster(c: store.Connection, forum_id: int, cluster_id: str) -> ClusterTold:
    """Return one cluster. Raises NoCluster."""
    members = store.members_of(c, forum_id, cluster_id)
    if not members:
        raise NoCluster(cluster_id)
    return _told(c, forum_id, cluster_id, members)


def _told(c: store.Connection, forum_id: int, name: str, members: Sequence[str]) -> ClusterTold:
    found = store.get_questions(c, forum_id, members)
    rows = sorted(found.values(), key=lambda row: (row.received_at, row.question_id))
    return ClusterTold(name, tuple(rows), count_persons(rows, store.Readers(reads_all=True)))


class OpenQuestions:
    """The open questions of a forum, held for drafts; a few seconds behind the store."""

    def __init__(self, forum_id: int) -> None:
        self._forum_id = forum_id
        self._held: tuple[float, tuple[object, ...], Gathered] | None = None

    def also_affected(
        self, c: store.Connection, encoder: Encoder, vector: Vectors, question: Question
    ) -> int:
        """Return how many other persons have an open question like this draft."""
        found = self._now(c, encoder)
        if not found.items:
            return 0
        item = Item(
            id="",
            vector=vector,
            lang=question.lang,
            at=time.time(),
            product=question.product,
            person=question.person,
        )
        near = self._near(found, vector)
        clusters = [one for one in found.clusters if not near.isdisjoint(one.members)]
        items = [one for one in found.items if one.id in near]
        joined = join(item, items, clusters, sameness_of(encoder), apart=found.apart)
        if joined is None:
            return 0
        readers = store.Readers(question.groups, person=question.person)
        members = (found.rows[one] for one in joined.cluster.members if one in found.rows)
        return count_persons(members, readers)

    def _near(self, found: Gathered, vector: Vectors) -> set[str]:
        """Return the questions that are nearest, with all that stand with them."""
        if len(found.items) <= _NEAREST:
            return {one.id for one in found.items}
        cosines = found.vectors @ vector
        near = {found.items[i].id for i in np.argpartition(-cosines, _NEAREST)[:_NEAREST]}
        for one in found.clusters:
            if not near.isdisjoint(one.members):
                near.update(one.members)
        return near

    def _now(self, c: store.Connection, encoder: Encoder) -> Gathered:
        name = space(encoder)
        count = store.count_question_vectors(c, self._forum_id, name)
        stand = (name, count, store.clusters_revision(c, self._forum_id))
        held = self._held
        fresh = held is not None and time.monotonic() - held[0] < _FRESH_SECONDS
        if held is None or not fresh or held[1] != stand:
            held = self._held = time.monotonic(), stand, gathered(c, self._forum_id, encoder)
        return held[2]
