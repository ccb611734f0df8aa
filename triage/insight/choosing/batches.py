"""Scored questions -> those to look at next, none of them nearly the same as another.

In: a pool, how many for which reason, what lies beside it already. Out: the chosen ones.
Not here: scores (scoring), who stands for whom (covering), those drawn by lot (drawing), what was
chosen on other days (reviewing).
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from triage.insight.choosing.covering import Covering
from triage.insight.choosing.values import Chosen, Flags, Pool, Why
from triage.insight.values import Codes, Numbers, Vectors

# docs/decisions/choosing-what-to-review.md has how these were measured.
MOST_ALIKE = 0.9
_SHARES: Mapping[Why, float] = {Why.UNCERTAIN: 4 / 6, Why.DISAGREEING: 1 / 6, Why.NOVEL: 1 / 6}
# Among so many of the highest scores for each that is wanted, and among so many at least.
_REACH = 6
_LEAST_REACH = 60


def shares_of(most: int) -> dict[str, int]:
    """Return how many of `most` questions are chosen for which reason."""
    wanted = {why.value: int(most * share) for why, share in _SHARES.items()}
    wanted[Why.UNCERTAIN.value] += most - sum(wanted.values())
    return wanted


def choose(
    pool: Pool,
    wanted: Mapping[str, int],
    beside: Vectors | None = None,
    most_alike: float = MOST_ALIKE,
) -> list[Chosen]:
    """Return at most `wanted` questions for each reason, which take turns, the best first.

    Of a reason's highest scores, some times as many as are wanted, those come that stand for most
    of the others. What a reason cannot use goes to the others, `uncertain` first. No row comes
    twice, nor one whose cosine to a chosen one or to a row of `beside` is above `most_alike`. Ties
    go to the row that comes first.
    """
    wanted = {why: count for why, count in wanted.items() if count > 0 and why in pool.scores}
    total = sum(wanted.values())
    there = np.zeros((0, pool.vectors.shape[1]), np.float32) if beside is None else beside
    barred = _alike(pool.vectors, there, most_alike)
    lines = {why: _Line(pool, pool.scores[why], count) for why, count in wanted.items()}
    found: list[Chosen] = []

    def take(why: str) -> bool:
        nonlocal there, barred
        place = lines[why].next(barred, there)
        if place is None:
            return False
        found.append(Chosen(place, why, float(pool.scores[why][place])))
        row = pool.vectors[place : place + 1]
        there = np.concatenate([there, row])
        barred |= _alike(pool.vectors, row, most_alike)
        barred[place] = True
        for line in lines.values():
            line.cover(row)
        return True

    for why in _turns(wanted):
        take(why)
    # What some could not use goes round among those that have more.
    having = sorted(lines, key=lambda why: why != Why.UNCERTAIN)
    while having and len(found) < total:
        having = [why for why in having if len(found) < total and take(why)]
    return found


def unlike(
    vectors: Vectors,
    places: Sequence[int],
    most: int,
    beside: Vectors,
    most_alike: float = MOST_ALIKE,
) -> list[int]:
    """Return at most so many of these places, the first ones that stand apart.

    None whose row's cosine to one before it, or to a row of `beside`, is above `most_alike`.
    """
    found: list[int] = []
    barred = _alike(vectors, beside, most_alike)
    for place in places:
        if len(found) >= most:
            break
        if not barred[place]:
            found.append(place)
            barred |= _alike(vectors, vectors[place : place + 1], most_alike)
    return found


class _Line:
    """The questions that have a score for one reason: the highest are asked for first."""

    def __init__(self, pool: Pool, scores: Numbers, count: int) -> None:
        self._pool = pool
        self._scores = scores
        ranked = np.argsort(-scores, kind="stable")
        self._rest: Codes = ranked[~np.isnan(scores[ranked])]
        self._reach = max(_LEAST_REACH, _REACH * count)
        self._first: Covering | None = None

    def cover(self, row: Vectors) -> None:
        """Count what is like a row as covered."""
        if self._first is not None:
            self._first.cover(row)

    def next(self, barred: Flags, there: Vectors) -> int | None:
        """Return the next place; `there` are the rows that are chosen or were there before."""
        place = None if self._first is None else self._first.next(barred)
        while place is None and len(self._rest):
            self._rest = self._rest[~barred[self._rest]]
            head, self._rest = self._rest[: self._reach], self._rest[self._reach :]
            self._first = Covering(head, self._pool.vectors[head], self._scores[head])
            self._first.cover(there)
            place = self._first.next(barred)
        return place


def _alike(vectors: Vectors, others: Vectors, most: float) -> Flags:
    """Say which rows are nearly the same as one of the others."""
    if not len(others):
        return np.zeros(len(vectors), dtype=np.bool_)
    found: Flags = (vectors @ others.T).max(axis=1) > most
    return found


def _turns(wanted: Mapping[str, int]) -> Iterator[str]:
    """Yield every reason once a round, as long as it wants more."""
    for turn in range(max(wanted.values(), default=0)):
        yield from (why for why, count in wanted.items() if turn < count)
