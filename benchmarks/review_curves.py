"""Banking77, labelled round by round -> how right the topics are after each, by way of choosing.

In: cases with their vectors, a way, a seed. Out: after each round how many are labelled, and the
share of the test questions whose topic is right. The head is fitted as a training run fits it, of
what is labelled so far and of nothing else; so are the words and landmarks that it knows.
Not here: tables, pictures (review_queue), the choice itself (triage.insight.choosing).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.doubts import read
from benchmarks.kept import KeptEncoder
from triage.encode import TextRole
from triage.insight.choosing import (
    Pool,
    Why,
    by_lot,
    choose,
    disagreeing,
    far,
    nearest,
    over_heads,
    shares_of,
    unsure,
)
from triage.learn.heads.fitting import FitOptions, fit_classifier
from triage.records import Case, Target

START, ROUND, END = 500, 250, 3_500
# Of the questions without a label so many wait to be looked at in a round: one in twelve is.
WAITING = 3_000
# Of a round of the queue's so much is drawn by lot, too; of a server's usual day it is 8 of 25.
BY_LOT = 8 / 33

Vectors = NDArray[np.float32]
Places = NDArray[np.int64]


class Way(StrEnum):
    """How the next questions are chosen: by lot, as the review queue does, by one reason alone."""

    RANDOM = "random"
    QUEUE = "queue"
    UNCERTAIN = "uncertain"
    DISAGREEING = "disagreeing"
    NOVEL = "novel"
    TOP = "top"


@dataclass(frozen=True, slots=True, eq=False)
class Set77:
    """The training and the test questions of Banking77 with their vectors."""

    cases: Sequence[Case]
    vectors: Vectors
    tests: Sequence[Case]
    test_vectors: Vectors

    @property
    def topics(self) -> list[str]:
        """Every topic, in order."""
        return sorted({str(case.topic) for case in self.tests})


@dataclass(frozen=True, slots=True)
class Point:
    """So many labels, and the share of the test questions that are right with them."""

    labels: int
    right: float


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A head fitted on the labels so far: what it says of other questions."""

    probabilities: Callable[[Sequence[Case], Vectors], NDArray[np.float64]]
    classes: tuple[str, ...]


def banking(folder: Path, encoder: KeptEncoder) -> Set77:
    """Read both halves and encode them."""
    halves: list[tuple[list[Case], Vectors]] = []
    for name in ("train", "test"):
        cases = read(folder / "banking77" / f"{name}.jsonl", 10**6, 0)
        halves.append((cases, encoder.encode([case.text for case in cases], TextRole.QUERY)))
    (cases, vectors), (tests, test_vectors) = halves
    return Set77(cases, vectors, tests, test_vectors)


def curve(made: Set77, way: Way, seed: int, end: int, tell: Callable[[str], None]) -> list[Point]:
    """Label round by round; all ways of a seed begin with the same questions."""
    rng = np.random.default_rng(seed)
    labelled: Places = rng.permutation(len(made.cases))[:START]
    points: list[Point] = []
    while True:
        model = _fitted(made, labelled, seed)
        points.append(Point(len(labelled), _right(made, model)))
        tell(f"{way}, seed {seed}: {points[-1].labels} labels, {points[-1].right:.4f} right")
        if len(labelled) >= end:
            return points
        left = np.setdiff1d(np.arange(len(made.cases)), labelled)
        waiting = np.sort(rng.permutation(left)[:WAITING])
        labelled = np.concatenate([labelled, _next(made, model, way, labelled, waiting, seed)])


def _fitted(made: Set77, labelled: Places, seed: int) -> Model:
    places = np.sort(labelled)
    options = FitOptions(seed=seed, workers=1, targets=(Target.TOPIC,), scope=False)
    cases = [made.cases[i] for i in places]
    found = fit_classifier(cases, made.vectors[places], "benchmark", options, _silent).classifier
    head = found.heads[Target.TOPIC]

    def probabilities(some: Sequence[Case], vectors: Vectors) -> NDArray[np.float64]:
        titles, bodies = [case.title for case in some], [case.body for case in some]
        return head.probabilities(found.featuriser.transform(titles, bodies, vectors))

    return Model(probabilities, head.classes)


def _right(made: Set77, model: Model) -> float:
    likely = model.probabilities(made.tests, made.test_vectors).argmax(axis=1)
    guessed = [model.classes[i] for i in likely]
    return float(np.mean([g == case.topic for g, case in zip(guessed, made.tests, strict=True)]))


def _next(
    made: Set77, model: Model, way: Way, labelled: Places, waiting: Places, seed: int
) -> Places:
    """Return the questions that are labelled in the next round."""
    ids = [made.cases[i].id for i in waiting]
    by_lots = {Way.RANDOM: ROUND, Way.QUEUE: round(ROUND * BY_LOT)}.get(way, 0)
    lot = np.array(by_lot(ids, by_lots, f"{seed} {len(labelled)}").places, dtype=np.int64)
    if way is Way.RANDOM:
        return waiting[lot]
    rest = np.setdiff1d(np.arange(len(waiting)), lot)
    pool = _pool(made, model, labelled, waiting[rest])
    if way is Way.TOP:
        order = np.argsort(-pool.scores[Why.UNCERTAIN], kind="stable")
        return waiting[rest[order[:ROUND]]]
    wanted = shares_of(ROUND - by_lots) if way is Way.QUEUE else {way.value: ROUND}
    chosen = choose(pool, wanted, made.vectors[waiting[lot]])
    places: Places = waiting[np.concatenate([lot, rest[[one.place for one in chosen]]])]
    return places


def _pool(made: Set77, model: Model, labelled: Places, waiting: Places) -> Pool:
    """Score what waits, as the review queue does."""
    rows = made.vectors[waiting]
    said = model.probabilities([made.cases[i] for i in waiting], rows)
    best = np.sort(said, axis=1)[:, ::-1]
    code = {name: number for number, name in enumerate(model.classes)}
    labels = np.array([code.get(str(made.cases[i].topic), -1) for i in labelled])
    near = nearest(rows, [(np.arange(len(labelled)), made.vectors[labelled])])
    scores: dict[str, NDArray[np.float64]] = {
        Why.UNCERTAIN: over_heads([unsure(best[:, 0], best[:, 1])]),
        Why.DISAGREEING: over_heads([disagreeing(said.argmax(axis=1), labels, near)]),
        Why.NOVEL: far(near),
    }
    return Pool(rows, scores)


def _silent(_: str) -> None:
    """Say nothing of how far a fit is."""
