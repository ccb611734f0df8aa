"""Clusters of questions that mean the same: who stands in which, and who never may.

In: clusters as they were found, pairs that somebody told apart, vectors of questions. Out: the
same, and whose turn it is to look for more.
Not here: which questions mean the same (insight), what follows from it (affected).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from triage.store.batches import record_of
from triage.store.dialects import insert_if_new, insert_new, upsert
from triage.store.tables.insight import (
    cluster_members,
    clusters,
    question_vectors,
    questions_apart,
    watches,
)
from triage.store.tables.question import questions
from triage.store.vectors import Vector, stored, vectors_of
from triage.streams import chunks

Members = Mapping[str, Sequence[str]]

# Every draft asks for them: making them anew would take longer than carrying them out.
_HIGHEST = select(func.max(clusters.c.revision)).where(clusters.c.forum_id == bindparam("forum"))
_COUNT = (
    select(func.count())
    .select_from(cluster_members)
    .where(cluster_members.c.forum_id == bindparam("forum"))
)
_COUNT_VECTORS = (
    select(func.count())
    .select_from(question_vectors)
    .where(
        question_vectors.c.forum_id == bindparam("forum"),
        question_vectors.c.encoder_id == bindparam("encoder"),
    )
)


@dataclass(frozen=True, slots=True)
class ClusterAsker:
    """Of one question of a cluster, who asked it and who may know that it was asked."""

    person: str | None
    visibility: str
    groups: frozenset[str]


def list_clusters(c: Connection, forum_id: int) -> dict[str, tuple[str, ...]]:
    """Return the members of every cluster, those who came first before the others."""
    m = cluster_members.c
    query = select(m.cluster_id, m.question_id).where(m.forum_id == forum_id)
    found: dict[str, list[str]] = {}
    for cluster_id, question_id in c.execute(query.order_by(m.joined_at, m.question_id)):
        found.setdefault(cluster_id, []).append(question_id)
    return {cluster_id: tuple(ids) for cluster_id, ids in found.items()}


def cluster_standings(c: Connection, forum_id: int) -> list[tuple[str, str | None, str]]:
    """Return the cluster, the person and the state of every question that stands in one."""
    m, q = cluster_members.c, questions.c
    same = (q.forum_id == m.forum_id) & (q.question_id == m.question_id)
    query = select(m.cluster_id, q.person, q.state).join(questions, same)
    rows = c.execute(query.where(m.forum_id == forum_id))
    return [(cluster_id, person, state) for cluster_id, person, state in rows]


def cluster_of(c: Connection, forum_id: int, question_id: str) -> str | None:
    """Return the cluster that a question stands in, or None."""
    m = cluster_members.c
    query = select(m.cluster_id).where(m.forum_id == forum_id, m.question_id == question_id)
    return c.execute(query).scalar()


def members_of(c: Connection, forum_id: int, cluster_id: str) -> tuple[str, ...]:
    """Return the questions of one cluster, those who came first before the others."""
    m = cluster_members.c
    query = select(m.question_id).where(m.forum_id == forum_id, m.cluster_id == cluster_id)
    return tuple(c.execute(query.order_by(m.joined_at, m.question_id)).scalars())


def askers_in(c: Connection, forum_id: int, cluster_id: str) -> list[ClusterAsker]:
    """Return who asked each question of a cluster, without the questions: drafts wait for it."""
    q, m = questions.c, cluster_members.c
    theirs = (q.forum_id == m.forum_id) & (q.question_id == m.question_id)
    query = select(q.person, q.visibility, q.groups).join_from(cluster_members, questions, theirs)
    query = query.where(m.forum_id == forum_id, m.cluster_id == cluster_id)
    return [record_of(ClusterAsker, row) for row in c.execute(query).mappings()]


def put_clusters(c: Connection, forum_id: int, found: Members, at: datetime) -> None:
    """Have each of these clusters hold exactly these questions, each question in one alone.

    A cluster of none is gone.
    """
    revision = clusters_revision(c, forum_id)[0] + 1
    for cluster_id, members in found.items():
        if not members:
            mine = [clusters.c.forum_id == forum_id, clusters.c.cluster_id == cluster_id]
            c.execute(delete(clusters).where(*mine))
            continue
        insert_new(
            c,
            clusters,
            [{"forum_id": forum_id, "cluster_id": cluster_id, "made_at": at, "revision": 0}],
        )
        mine = [clusters.c.forum_id == forum_id, clusters.c.cluster_id == cluster_id]
        c.execute(update(clusters).where(*mine).values(revision=revision))
        _put_members(c, forum_id, cluster_id, members, at)


def clusters_revision(c: Connection, forum_id: int) -> tuple[int, int]:
    """Return what has changed if any cluster has: its highest revision, and how many members."""
    highest = c.execute(_HIGHEST, {"forum": forum_id}).scalar()
    return highest or 0, c.execute(_COUNT, {"forum": forum_id}).scalar_one()


def count_question_vectors(c: Connection, forum_id: int, encoder_id: str) -> int:
    """Return of how many questions this encoder's vector is kept."""
    return c.execute(_COUNT_VECTORS, {"forum": forum_id, "encoder": encoder_id}).scalar_one()


def keep_apart(
    c: Connection, forum_id: int, pairs: Iterable[Collection[str]], at: datetime
) -> None:
    """Note for ever that two questions are not the same, pair by pair."""
    for part in chunks(sorted(sorted(pair) for pair in pairs)):
        rows = [
            {"forum_id": forum_id, "question_id": one, "other_id": other, "at": at}
            for one, other in part
        ]
        insert_new(c, questions_apart, rows)


def pairs_apart(c: Connection, forum_id: int) -> frozenset[frozenset[str]]:
    """Return the pairs of questions that somebody told apart."""
    a = questions_apart.c
    query = select(a.question_id, a.other_id).where(a.forum_id == forum_id)
    return frozenset(frozenset(pair) for pair in c.execute(query))


def put_question_vectors(
    c: Connection, forum_id: int, encoder_id: str, vectors: Mapping[str, Vector]
) -> None:
    """Keep vectors of questions, in place of those of another encoder."""
    for part in chunks(vectors.items()):
        rows = [
            {
                "forum_id": forum_id,
                "question_id": question_id,
                "encoder_id": encoder_id,
                "vector": stored(vector),
            }
            for question_id, vector in part
        ]
        upsert(c, question_vectors, rows)


def get_question_vectors(
    c: Connection, forum_id: int, encoder_id: str, question_ids: Collection[str]
) -> dict[str, Vector]:
    """Return this encoder's vectors of these questions; those that are not kept are left out."""
    v, found = question_vectors.c, dict[str, Vector]()
    for part in chunks(question_ids):
        query = select(v.question_id, v.vector).where(
            v.forum_id == forum_id, v.encoder_id == encoder_id, v.question_id.in_(part)
        )
        rows = c.execute(query).all()
        if rows:
            together = vectors_of([row[1] for row in rows])
            found.update((row[0], vector) for row, vector in zip(rows, together, strict=True))
    return found


def question_ids_with_vector(c: Connection, forum_id: int, encoder_id: str) -> set[str]:
    """Return the questions of which this encoder's vector is kept."""
    v = question_vectors.c
    query = select(v.question_id).where(v.forum_id == forum_id, v.encoder_id == encoder_id)
    return set(c.execute(query).scalars())


def take_watch(
    c: Connection, forum_id: int, now: datetime, every: timedelta
) -> tuple[bool, datetime | None]:
    """Say whether it is this process's turn to look, and when somebody looked last."""
    w = watches.c
    if insert_if_new(c, watches, {"forum_id": forum_id, "looked_at": now}):
        return True, None
    last = c.execute(select(w.looked_at).where(w.forum_id == forum_id)).scalar_one()
    query = update(watches).where(w.forum_id == forum_id, w.looked_at <= now - every)
    return c.execute(query.values(looked_at=now)).rowcount > 0, last


def _put_members(
    c: Connection, forum_id: int, cluster_id: str, members: Sequence[str], at: datetime
) -> None:
    m = cluster_members.c
    standing = set(members_of(c, forum_id, cluster_id))
    going = sorted(standing - set(members))
    for part in chunks(going):
        gone = [m.forum_id == forum_id, m.cluster_id == cluster_id, m.question_id.in_(part)]
        c.execute(delete(cluster_members).where(*gone))
    coming = [one for one in members if one not in standing]
    for part in chunks(coming):
        c.execute(delete(cluster_members).where(m.forum_id == forum_id, m.question_id.in_(part)))
        rows = [
            {
                "forum_id": forum_id,
                "question_id": one,
                "cluster_id": cluster_id,
                "joined_at": at,
            }
            for one in part
        ]
        c.execute(insert(cluster_members), rows)
