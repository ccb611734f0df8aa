"""Pairs with vectors -> a low-rank map that brings questions nearer to what settles them.

In: pairs, and which of them to learn from. Out: the two factors of the map, and reciprocal ranks.
Loss: InfoNCE (van den Oord et al., 2018) over all passages that count, where a question with
several right passages is served by any of them (MIL-NCE, Miech et al., 2020), plus a penalty on
both factors. The start is the identity (Hu et al., "LoRA", 2021: one factor random, one zero);
the steps are Adam's (Kingma and Ba, 2015) with a rate that falls to zero.
Not here: which map is kept (adaptation), applying it to a question (triage.adapt).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.adapt import Adaptation
from triage.encode.base import Vectors
from triage.learn.suggestions.adaptation_pairs import Mask, PairKind, Pairs, Rows

Floats = NDArray[np.float64]

# Up to here every step sees all passages; beyond, those that matter to its questions and a sample.
_SEEN_WHOLE = 2048
_HARD_PER_QUESTION, _HARD_SAMPLED, _RANDOM = 32, 4, 1024
_ROWS_AT_ONCE = 256
_MEAN_DECAY, _SQUARE_DECAY, _TINY = 0.9, 0.999, 1e-8


@dataclass(frozen=True, slots=True)
class FactorOptions:
    """How one map is learnt; of `steps` and `passes` over the pairs it takes what is more.

    Of the `temperatures` it takes the one that fits the space as it is: some encoders spread
    similarities over much of [-1, 1], others over a few hundredths. `strength` weighs the penalty
    against similarities, and so is divided by the temperature like these.
    """

    rank: int = 32
    temperatures: tuple[float, ...] = (0.01, 0.02, 0.05, 0.1, 0.2)
    strength: float = 0.005
    steps: int = 80
    passes: int = 2
    batch: int = 128
    rate: float = 0.01
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """The map: `down` (rank, dimension), `up` (dimension, rank)."""

    down: Vectors
    up: Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What one step sees: questions, passages, which are right, which count, how near they are.

    `right`, `barred` and `near` have shape (questions, passages). Every question needs one right
    passage at least. `barred` is 0 where a passage counts, as every right one does, and minus
    infinity where it does not; `near` are the products of the rows.
    """

    questions: Vectors
    passages: Vectors
    right: Mask
    barred: Vectors
    near: Vectors

    @classmethod
    def of(cls, questions: Vectors, passages: Vectors, right: Mask, counts: Mask) -> "Lesson":
        """Find out how near they are."""
        barred = np.where(counts, np.float32(0), np.float32(-np.inf))
        return cls(questions, passages, right, barred, questions @ passages.T)

    def part(self, at: Rows) -> "Lesson":
        """Return the lesson of some of the questions."""
        rows = self.questions[at], self.right[at], self.barred[at], self.near[at]
        questions, right, barred, near = rows
        return Lesson(questions, self.passages, right, barred, near)


def fit_factors(pairs: Pairs, chosen: Rows, hardest: Rows, options: FactorOptions) -> Factors:
    """Learn the map from the chosen pairs; `hardest` has each pair's nearest wrong passages."""
    rng = np.random.default_rng(options.seed)
    dimension = pairs.questions.shape[1]
    rank = min(options.rank, dimension)
    down = rng.normal(0, dimension**-0.5, (rank, dimension)).astype(np.float32)
    factors = [down, np.zeros((dimension, rank), dtype=np.float32)]
    temperature = choose_temperature(pairs, chosen, hardest, options)
    strength = options.strength / temperature
    means, squares = ([np.zeros_like(f) for f in factors] for _ in range(2))
    steps = max(options.steps, options.passes * len(chosen) // options.batch)
    for step, lesson in enumerate(_lessons(pairs, chosen, hardest, options.batch, steps, rng)):
        _, slopes = contrast(Factors(*factors), lesson, temperature, strength)
        rate = options.rate * (1 - step / steps)
        for factor, slope, mean, square in zip(
            factors, (slopes.down, slopes.up), means, squares, strict=True
        ):
            mean += (1 - _MEAN_DECAY) * (slope - mean)
            square += (1 - _SQUARE_DECAY) * (slope**2 - square)
            fair = np.sqrt(square / (1 - _SQUARE_DECAY ** (step + 1))) + _TINY
            factor -= rate * mean / (1 - _MEAN_DECAY ** (step + 1)) / fair
    return Factors(*factors)


def choose_temperature(pairs: Pairs, chosen: Rows, hardest: Rows, options: FactorOptions) -> float:
    """Return the temperature at which the unmoved questions tell right from wrong most surely."""
    rng = np.random.default_rng(options.seed)
    (lesson,) = _lessons(pairs, chosen, hardest, _ROWS_AT_ONCE, 1, rng)
    return min(options.temperatures, key=lambda t: _loss(lesson, lesson.near, t)[0])


def contrast(
    factors: Factors, lesson: Lesson, temperature: float, strength: float
) -> tuple[float, Factors]:
    """Return the mean loss of a lesson and its gradient by both factors.

    What a map of low rank changes of a similarity is itself of low rank, so that no moved question
    is ever multiplied with the passages: their similarities as they were are enough.
    """
    down, up = factors.down, factors.up
    inner = lesson.questions @ down.T
    passages_up = lesson.passages @ up
    moved = lesson.questions + inner @ up.T
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    near = (lesson.near + inner @ passages_up.T) / lengths
    loss, pull = _loss(lesson, near, temperature)
    # What lengthens a row changes nothing, since rows are scaled back to length one.
    along = (pull * near).sum(axis=1, keepdims=True) / lengths
    pull /= lengths
    back = along / lengths * moved
    penalty = strength * float((down**2).sum() + (up**2).sum())
    return loss + penalty, Factors(
        (pull @ passages_up - back @ up).T @ lesson.questions + 2 * strength * down,
        lesson.passages.T @ (pull.T @ inner) - back.T @ inner + 2 * strength * up,
    )


def _loss(lesson: Lesson, near: Vectors, temperature: float) -> tuple[float, Vectors]:
    """Return the mean loss at these similarities, and its gradient by them."""
    odds = near / temperature + lesson.barred
    top = odds.max(axis=1)
    pull = np.exp(odds - top[:, None])
    whole = pull.sum(axis=1)
    pull /= whole[:, None]
    # Few are right: they are looked at one by one, each question's after the one's before.
    at = np.flatnonzero(lesson.right)
    row = at // odds.shape[1]
    first = np.flatnonzero(np.diff(row, prepend=-1))
    right = odds.ravel()[at]
    best = np.maximum.reduceat(right, first)
    share = np.exp(right - best[row])
    settled = np.add.reduceat(share, first)
    pull.ravel()[at] -= share / settled[row]
    pull /= temperature * len(near)
    return float(np.mean(top + np.log(whole) - best - np.log(settled))), pull


def rank_pairs(
    pairs: Pairs, chosen: Rows, questions: Vectors, hardest: Rows | None = None
) -> Floats:
    """Return each chosen pair's reciprocal rank, `questions` being their rows as they would ask.

    A thread stands as high as its nearest passage that counts; a tie is lost. Into `hardest`,
    where given, goes what was nearest among the wrong passages of each pair.
    """
    first = pairs.passages.first
    filled = first[:-1][np.diff(first) > 0]
    answers_only = np.where(pairs.passages.answers, 0, -np.inf).astype(np.float32)
    found = np.empty(len(chosen))
    for start in range(0, len(chosen), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        near = questions[part] @ pairs.vectors.T
        best = np.empty((len(near), 1), dtype=np.float32)
        for row, i in enumerate(chosen[part]):
            pair = pairs.pairs[i]
            best[row] = near[row, list(pair.right)].max()
            if pair.kind is PairKind.ANSWER:
                near[row] += answers_only
            for thread in pair.beside:
                near[row, first[thread] : first[thread + 1]] = -np.inf
        found[part] = 1 / (1 + (np.maximum.reduceat(near, filled, axis=1) >= best).sum(axis=1))
        if hardest is not None:
            keep = hardest.shape[1]
            hardest[chosen[part]] = np.argpartition(near, -keep, axis=1)[:, -keep:]
    return found


def rank_unmoved(pairs: Pairs) -> tuple[Floats, Rows]:
    """Return every pair's reciprocal rank as it stands, and its nearest wrong passages."""
    every = np.arange(len(pairs.pairs))
    width = 0 if _seen_whole(pairs) else _HARD_PER_QUESTION
    hardest = np.zeros((len(every), width), dtype=np.int64)
    return rank_pairs(pairs, every, pairs.questions, hardest if width else None), hardest


def adapted(factors: Factors, questions: Vectors) -> Vectors:
    """Move questions by a map that is not published yet."""
    return Adaptation(factors.down, factors.up, "", "").apply(questions)


def _lessons(
    pairs: Pairs, chosen: Rows, hardest: Rows, size: int, steps: int, rng: np.random.Generator
) -> Iterator[Lesson]:
    """Yield what each step sees."""
    every = np.arange(len(pairs.vectors))
    whole = _lesson(pairs, chosen, every) if _seen_whole(pairs) else None
    waiting = every[:0]
    for _ in range(steps):
        if not len(waiting):
            waiting = rng.permutation(len(chosen))
        at, waiting = waiting[:size], waiting[size:]
        if whole is not None:
            yield whole.part(at)
        else:
            yield _lesson(pairs, chosen[at], _columns(pairs, chosen[at], hardest, rng))


def _lesson(pairs: Pairs, chosen: Rows, columns: Rows) -> Lesson:
    questions, passages = pairs.questions[chosen], pairs.vectors[columns]
    return Lesson.of(questions, passages, *pairs.marked(chosen, columns))


def _seen_whole(pairs: Pairs) -> bool:
    return len(pairs.vectors) <= _SEEN_WHOLE


def _columns(pairs: Pairs, batch: Rows, hardest: Rows, rng: np.random.Generator) -> Rows:
    """Choose passages to tell a batch's right ones from: each other's, near ones, and any."""
    right = [row for i in batch for row in pairs.pairs[i].right]
    hard = rng.choice(hardest[batch], _HARD_SAMPLED, axis=1).ravel()
    return np.unique(np.concatenate([right, hard, rng.integers(len(pairs.vectors), size=_RANDOM)]))
