"""Threads whose askers accepted an answer -> how good an answer is, as this forum shows it.

In: threads. Out: a fitted `AnswerQuality` where it orders held-out answers better than the one at
hand, else that one.
The label is `accepted`, against the other answers of the same thread; what stands in the signs
never tells it. Weights are pulled towards those of the model at hand, so that a sign that the forum
does not show keeps its weight.
Not here: reading threads (store), what quality is used for (rank).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from triage.errors import NotEnoughData
from triage.learn.statistics.folds import assign_folds
from triage.learn.statistics.measures import measure
from triage.learn.statistics.paired import compare
from triage.rank.answer_quality import SIGNS, AnswerQuality, Floats, sigmoid, signs_of
from triage.rank.resolution import Resolution, link_of
from triage.records import Thread

# Threads with an accepted and another answer; with fewer the shipped weights know more.
FEWEST_THREADS = 100
# How hard weights are pulled to where they were, as in `ranking`.
PENALTY = 0.01
FOLDS = 5
SURE = 0.05


@dataclass(frozen=True, slots=True)
class Answered:
    """The model to serve, and what was found: how many threads, and the comparison if one was."""

    quality: AnswerQuality
    fitted: bool
    facts: Mapping[str, float | int | str]


def learn_quality(threads: Sequence[Thread], base: AnswerQuality, *, seed: int = 0) -> Answered:
    """Fit to a forum's threads; keep the base unless the fitted one is surely better.

    The check: average precision per thread with weights that were fitted without its fold, against
    the base's, in a paired randomisation test. Threads that ask the same are never parted.
    """
    usable = judged(threads)
    if len(usable) < FEWEST_THREADS:
        return Answered(base, False, {"threads": len(usable), "needed": FEWEST_THREADS})
    clusters = Resolution.of(link_of(t) for t in threads)
    groups = [clusters.cluster(t.id)[0] for t in usable]
    fold_of = assign_folds([""] * len(usable), groups, FOLDS, seed)
    after = np.zeros(len(usable))
    for fold in range(FOLDS):
        held = np.flatnonzero(fold_of == fold)
        rest = [t for t, at in zip(usable, fold_of, strict=True) if at != fold]
        model = fit_quality(rest, base, fitted_on="")
        after[held] = [precision_of(model, usable[i]) for i in held]
    before = np.asarray([precision_of(base, t) for t in usable])
    found = compare(before, after, groups, seed)
    facts = {"threads": len(usable), **found.facts()}
    if found.p_better > SURE:
        return Answered(base, False, facts)
    fitted_on = f"{len(usable)} threads with an accepted answer"
    return Answered(fit_quality(usable, base, fitted_on=fitted_on), True, facts)


def judged(threads: Sequence[Thread]) -> list[Thread]:
    """Return the threads that have an accepted answer and one that is not."""
    return [t for t in threads if len({a.accepted for a in t.answers}) == 2]


def fit_quality(
    threads: Sequence[Thread],
    base: AnswerQuality,
    *,
    fitted_on: str,
    shares: Sequence[float] | None = None,
    penalty: float = PENALTY,
) -> AnswerQuality:
    """Fit bias and weights to which answers were accepted; what the forum says stays the base's.

    `shares` says how much each thread counts. Raises NotEnoughData when there is no thread with an
    accepted and another answer.
    """
    if len(judged(threads)) < len(threads) or not threads:
        raise NotEnoughData("Every thread needs an accepted answer and another one.")
    table = np.concatenate([signs_of(t) for t in threads])
    labels = np.asarray([float(a.accepted) for t in threads for a in t.answers])
    each = np.ones(len(threads)) if shares is None else np.asarray(shares)
    share = np.repeat(each / [len(t.answers) for t in threads], [len(t.answers) for t in threads])
    share = share / share.sum()
    start = np.append(np.asarray(base.weights), base.bias)

    def loss(point: Floats) -> tuple[float, Floats]:
        odds = table @ point[:-1] + point[-1]
        away = point[:-1] - start[:-1]
        gradient = np.append(
            table.T @ (share * (sigmoid(odds) - labels)) + 2 * penalty * away,
            share @ (sigmoid(odds) - labels),
        )
        miss = float(share @ (np.logaddexp(0, odds) - labels * odds))
        return miss + penalty * float(away @ away), gradient

    # An answer with more of a good sign must never come out worse for it.
    bounds = [(0.0, None) if way > 0 else (None, 0.0) for way, _ in SIGNS.values()]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    weights = tuple(float(w) for w in found.x[:-1])
    return replace(base, bias=float(found.x[-1]), weights=weights, fitted_on=fitted_on)


def precision_of(quality: AnswerQuality, thread: Thread) -> float:
    """Return the average precision of the accepted answers, ordered by their content alone.

    Of equally good ones the first posted comes first, as a reader would find it.
    """
    odds = quality.content(signs_of(thread))
    order = np.argsort(-odds, kind="stable")
    gains = {str(i): int(a.accepted) for i, a in enumerate(thread.answers)}
    return measure([str(i) for i in order], gains).average_precision
