"""Questions whose right threads are known -> a fitted ranker.

In: judged questions with the evidence that retrieval found for them. Out: a ranker.
A logistic model per regime over the same features that serving uses; every candidate that
retrieval proposed is an example, so the probability is that of a proposed thread being right.
Not here: finding evidence (pipeline), where the pairs come from (training, retrieval).
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from triage.errors import NotEnoughData
from triage.learn.suggestions.risk import MOST_SHOWN
from triage.rank import FEATURES, REGIMES, Features, Ranker, Weights, features_of, regime_of
from triage.records import Hit, Question, Side, Thread

# Below this many right threads among the examples the cold-start weights know more.
FEWEST_PAIRS = 40
# From .01 to .0001 it hardly matters how weights fitted on some sets rank another; less penalty
# lets probabilities be as sure as the evidence.
PENALTY = 0.001
# The loss of many sure examples is small, so that the usual tolerances would stop on the way.
_PRECISE = {"ftol": 1e-12, "gtol": 1e-8, "maxiter": 2000}

# How much less or more sure than the fit itself: beyond, so few questions say nothing of it.
_SCALES = (0.5, 2.0)

Made = TypeVar("Made")
# By what is wanted: of what it was made, and what came of it.
_Made = dict[Hashable, tuple[tuple[object, ...], Any]]


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's evidence, which threads are right, and whether its language is known.

    `threads` holds every hit's. `weight` lets sets of different sizes count alike; questions of
    one `group` ask the same and are never parted between fitting and testing.
    """

    query_id: str
    question: Question
    hits: tuple[Hit, ...]
    threads: Mapping[str, Thread]
    right: frozenset[str]
    known_language: bool
    weight: float = 1.0
    group: str = ""
    # What was made of the evidence: every fold and every world of a fit wants the same again.
    _made: _Made = field(default_factory=dict, repr=False, compare=False)

    @property
    def lang(self) -> str:
        """The question's language."""
        return self.question.lang

    @property
    def labels(self) -> NDArray[np.bool_]:
        """Which of the hits are right, shape (len(hits),)."""
        return np.array([h.thread_id in self.right for h in self.hits], dtype=np.bool_)

    def features(self, side: Side) -> Features:
        """Return the features of the hits, shape (len(hits), len(FEATURES)); not to be changed."""
        return self._once(side, lambda: features_of(self.question, self.hits, self.threads, side))

    def costs(self, ranker: Ranker) -> Features:
        """Return what another product or version costs each hit with this ranker."""
        key = ("costs", ranker.other_product, ranker.other_version)
        return self._once(key, lambda: ranker.costs(self.question, self.hits, self.threads))

    def without(self, thread_ids: frozenset[str]) -> "Judged":
        """Return the question as it would have been asked without these threads."""
        hits = self._once(
            thread_ids, lambda: tuple(h for h in self.hits if h.thread_id not in thread_ids)
        )
        made = self._once(("made", thread_ids), _Made)
        return replace(self, hits=hits, right=self.right - thread_ids, _made=made)

    def _once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Make something of the evidence, unless it was made of this very evidence before."""
        evidence = (self.question, self.hits, self.threads)
        known = self._made.get(key)
        if known is None or any(a is not b for a, b in zip(known[0], evidence, strict=True)):
            known = self._made[key] = (evidence, make())
        made: Made = known[1]
        return made


def chances(ranker: Ranker, judged: Judged, side: Side = Side.BOTH) -> Features:
    """Return the probability of each of a question's hits, shape (len(hits),)."""
    if not judged.hits:
        return np.empty(0)
    known = judged.known_language
    return ranker.weigh(
        judged.features(side), judged.costs(ranker), side=side, known_language=known
    )


def both_worlds(judged: Sequence[Judged]) -> list[Judged]:
    """Ask every answered question twice: as it is, and with its right threads gone.

    Half of the drafts that come in have no answer yet. Probabilities fitted on answered questions
    alone would take the best of wrong threads for a right one. Questions that have no right thread
    anyway count towards that half.
    """
    answered = sum(j.weight for j in judged if j.right)
    unanswered = sum(j.weight for j in judged if not j.right)
    share = max(0.0, 1 - unanswered / answered) if answered else 0.0
    gone = [replace(j.without(j.right), weight=j.weight * share) for j in judged if j.right]
    return [*judged, *gone] if share else list(judged)


def fit_ranker(
    judged: Sequence[Judged],
    base: Ranker,
    *,
    fitted_on: str,
    fewest: int = FEWEST_PAIRS,
    left_out: Collection[str] = (),
    sides: Collection[Side] = tuple(Side),
    refused: Sequence[Judged] = (),
) -> Ranker:
    """Fit every regime that has enough pairs; the others keep the base's weights.

    `refused` are questions with nothing but threads that their askers tried in vain: wrong ones of
    which it is known, however near they are. Nothing says what else would have settled them, so
    that they are no unanswered questions either.
    Features that are `left_out` get no weight: an ablation says what they are worth. Only regimes
    of the named `sides` are fitted: a ranker that is thrown away needs no others.
    Raises NotEnoughData when no regime has enough.
    """
    fitted: dict[str, Weights] = {}
    for side in sides:
        for known in (True, False):
            regime = regime_of(side, known)
            # Words do not care about the encoder's languages: that regime takes every question.
            rows, denied = (
                [j for j in given if side is Side.LEXICAL or j.known_language is known]
                for given in (judged, refused)
            )
            found = sum(h.thread_id in j.right for j in rows for h in j.hits)
            if found >= fewest:
                fitted[regime] = _fit([*both_worlds(rows), *denied], side, base, left_out)
    if not fitted:
        pairs = sum(len(j.right) for j in judged)
        raise NotEnoughData(
            f"{pairs} known pairs of question and right thread; {fewest} are needed to fit a"
            " ranker."
        )
    return Ranker(
        regimes={name: fitted.get(name, base.regimes[name]) for name in REGIMES},
        fitted_on=fitted_on,
        other_product=base.other_product,
        other_version=base.other_version,
    )


def _fit(rows: Sequence[Judged], side: Side, base: Ranker, left_out: Collection[str]) -> Weights:
    """Minimise the mean log-loss with an L2 penalty under weights that are not negative.

    More evidence must never count against a thread: without the bound, features that rise
    together get weights of opposite sign, which do not carry over to another corpus.
    """
    rows = [j for j in rows if j.hits]
    table = np.concatenate([j.features(side) for j in rows])
    table[:, [name in left_out for name in FEATURES]] = 0.0
    # What another product or version costs is not fitted, but is part of every probability.
    given = np.concatenate([j.costs(base) for j in rows])
    right = np.concatenate([j.labels for j in rows])
    share = np.concatenate([np.full(len(j.hits), j.weight) for j in rows])
    spread = table.std(axis=0)
    scaled = table / np.where(spread > 0, spread, 1.0)
    labels, share = right.astype(float), share / share.sum()

    def loss(point: Features) -> tuple[float, Features]:
        odds = scaled @ point[:-1] + point[-1] + given
        miss = share * (expit(odds) - labels)
        gradient = np.append(scaled.T @ miss + 2 * PENALTY * point[:-1], miss.sum())
        penalty = PENALTY * float(point[:-1] @ point[:-1])
        return float(share @ (np.logaddexp(0, odds) - labels * odds)) + penalty, gradient

    start = np.append(np.full(len(FEATURES), 0.1), -3.0)
    bounds = [(0.0, None)] * len(FEATURES) + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=_PRECISE)
    weights = np.where(spread > 0, found.x[:-1] / np.where(spread > 0, spread, 1.0), 0.0)
    return _scaled(Weights(float(found.x[-1]), tuple(float(w) for w in weights)), rows, side, base)


def _scaled(weights: Weights, rows: Sequence[Judged], side: Side, base: Ranker) -> Weights:
    """Scale the log-odds to what came of each question's best candidates; their order stays.

    Fifty candidates have a part in the fit, and hardly any of them could be shown: of those that
    could, a right one is given too little and a wrong one too much. Fitted after Platt, with his
    outcomes that are never quite certain, so that few questions do not make anybody sure.
    """
    odds, costs, right, share = _best(weights, rows, side, base)
    found, total = float(right.sum()), len(right)
    labels = np.where(right, (found + 1) / (found + 2), 1 / (total - found + 2))

    def loss(point: Features) -> tuple[float, Features]:
        scaled = point[0] * odds + point[1] + costs
        miss = share * (expit(scaled) - labels)
        gradient = np.array([miss @ odds, miss.sum()])
        return float(share @ (np.logaddexp(0, scaled) - labels * scaled)), gradient

    start, bounds = np.array([1.0, 0.0]), [_SCALES, (None, None)]
    scale, shift = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Weights(
        float(scale * weights.bias + shift), tuple(float(scale * w) for w in weights.weights)
    )


def _best(
    weights: Weights, rows: Sequence[Judged], side: Side, base: Ranker
) -> tuple[Features, Features, NDArray[np.bool_], Features]:
    """Return log-odds, costs, outcome and share of every question's best candidates."""
    found = []
    for judged in rows:
        odds = judged.features(side) @ np.asarray(weights.weights) + weights.bias
        costs = judged.costs(base)
        best = np.argsort(-(odds + costs), kind="stable")[:MOST_SHOWN]
        weight = np.full(len(best), judged.weight)
        found.append((odds[best], costs[best], judged.labels[best], weight))
    odds, costs, right, share = (np.concatenate(each) for each in zip(*found, strict=True))
    return odds, costs, right, share / share.sum()
