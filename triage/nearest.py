"""A question's vector -> the labelled cases that are nearest to it.

In: one encoder row, and the groups of whoever will see the answer. Out: cases, nearest first, each
with its cosine. The store's vectors are read page by page, so that memory does not grow with them.
Not here: making vectors (encode), keeping them (store), who may ask (api).
"""

from dataclasses import dataclass

import numpy as np

from triage import store
from triage.embedding import space_of
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.records import Case

NEAREST = 5
_LEAST_LENGTH = 1e-12


@dataclass(frozen=True, slots=True)
class NearCase:
    """A labelled case and the cosine of its text and the question's."""

    case: Case
    similarity: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """The cases that are nearest, and among how many they are.

    `compared` is None without an encoder: then nothing can be said to be near.
    """

    cases: tuple[NearCase, ...] = ()
    compared: int | None = None


def find_nearest(
    c: store.Connection,
    forum_id: int,
    encoder: Encoder | None,
    vector: Vectors | None,
    *,
    groups: frozenset[str] | None,
    most: int = NEAREST,
) -> Nearest:
    """Find the labelled cases nearest to a question; `vector` is its row, shape (1, dimension).

    Cases of groups count only for a reader who has one of `groups`; None is one who reads all.
    A case that came after the last training has no vector yet and is not compared.
    """
    if encoder is None or vector is None:
        return Nearest()
    best: list[tuple[float, str]] = []
    compared = 0
    space = space_of(encoder, TextRole.QUERY)
    for ids, rows in store.iter_case_vectors(c, forum_id, space, groups):
        compared += len(ids)
        cosines = _cosines(rows, vector[0])
        found = [(float(cosines[i]), ids[i]) for i in np.argsort(-cosines, kind="stable")[:most]]
        best = sorted([*best, *found], key=lambda one: (-one[0], one[1]))[:most]
    cases = store.get_cases(c, forum_id, [case_id for _, case_id in best])
    near = [NearCase(cases[i], similarity) for similarity, i in best if i in cases]
    return Nearest(tuple(near), compared)


def _cosines(rows: Vectors, vector: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(vector)
    cosines: Vectors = np.clip(rows @ vector / np.maximum(lengths, _LEAST_LENGTH), -1, 1)
    return cosines
