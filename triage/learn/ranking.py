"""Questions whose right threads are known -> a fitted ranker.

In: judged questions with the evidence that retrieval found for them. Out: a ranker.
A logistic model per regime over the same features that serving uses; every candidate that
retrieval proposed is an example, so the probability is that of a proposed thread being right.
Not here: finding evidence (pipeline), where the pairs come from (training, retrieval).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from triage.errors import NotEnoughData
from triage.rank import FEATURES, REGIMES, Features, Ranker, Weights, features_of, regime_of
from triage.records import Hit, Side

# Below this many right threads among the examples the cold-start weights know more.
FEWEST_PAIRS = 40
# Chosen among .0001, .001 and .01 by how weights fitted on the sample carried over to StackFAQ.
PENALTY = 0.01


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's evidence, which of the hits are right, and whether its language is known.

    `weight` lets sets of different sizes count alike.
    """

    hits: tuple[Hit, ...]
    right: frozenset[str]
    known_language: bool
    weight: float = 1.0


def fit_ranker(
    judged: Sequence[Judged], base: Ranker, *, fitted_on: str, fewest: int = FEWEST_PAIRS
) -> Ranker:
    """Fit every regime that has enough pairs; the others keep the base's weights.

    Raises NotEnoughData when no regime has enough.
    """
    fitted: dict[str, Weights] = {}
    for side in Side:
        for known in (True, False):
            regime = regime_of(side, known)
            # Words do not care about the encoder's languages: that regime takes every question.
            rows = [j for j in judged if side is Side.LEXICAL or j.known_language is known]
            found = sum(h.thread_id in j.right for j in rows for h in j.hits)
            if found >= fewest:
                fitted[regime] = _fit(rows, side)
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


def _fit(rows: Sequence[Judged], side: Side) -> Weights:
    """Minimise the mean log-loss with an L2 penalty under weights that are not negative.

    More evidence must never count against a thread: without the bound, features that rise
    together get weights of opposite sign, which do not carry over to another corpus.
    """
    table = np.concatenate([features_of(j.hits, side) for j in rows if j.hits])
    right = np.concatenate([[h.thread_id in j.right for h in j.hits] for j in rows if j.hits])
    share = np.concatenate([np.full(len(j.hits), j.weight) for j in rows if j.hits])
    spread = table.std(axis=0)
    scaled = table / np.where(spread > 0, spread, 1.0)
    labels, share = right.astype(float), share / share.sum()

    def loss(point: Features) -> tuple[float, Features]:
        odds = scaled @ point[:-1] + point[-1]
        miss = share * (1 / (1 + np.exp(-odds)) - labels)
        gradient = np.append(scaled.T @ miss + 2 * PENALTY * point[:-1], miss.sum())
        penalty = PENALTY * float(point[:-1] @ point[:-1])
        return float(share @ (np.logaddexp(0, odds) - labels * odds)) + penalty, gradient

    start = np.append(np.full(len(FEATURES), 0.1), -3.0)
    bounds = [(0.0, None)] * len(FEATURES) + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    weights = np.where(spread > 0, found.x[:-1] / np.where(spread > 0, spread, 1.0), 0.0)
    return Weights(float(found.x[-1]), tuple(float(w) for w in weights))
