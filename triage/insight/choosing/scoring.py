"""What a model says of questions and what lies near them -> how much a look at each would teach.

In: probabilities, codes of labels, encoder rows. Out: one score per question, higher is sooner;
nan where nothing can be said.
Not here: which questions are then chosen (choosing), and the model (classify).
"""

from collections.abc import Iterable, Sequence

import numpy as np

from triage.insight.choosing.values import Near
from triage.insight.values import Codes, Numbers, Vectors

NEAREST = 10
_NOBODY = -1


def unsure(first: Numbers, second: Numbers) -> Numbers:
    """Return 1 less how far the likeliest label is ahead of the next, both as probabilities."""
    return 1.0 - (first - second)


def over_heads(scores: Sequence[Numbers]) -> Numbers:
    """Return one score of several heads: the mean of a question's ranks, each from 0 to 1.

    A severity is never as sure as a kind: in ranks the heads have an equal say. Heads that say
    nothing of a question (nan) are left out of its mean.
    """
    ranked = np.stack([_ranked(one) for one in scores])
    known = ~np.isnan(ranked)
    total = np.where(known, ranked, 0.0).sum(axis=0)
    counted = known.sum(axis=0)
    return np.where(counted > 0, total / np.maximum(counted, 1), np.nan)


def nearest(rows: Vectors, pages: Iterable[tuple[Codes, Vectors]], k: int = NEAREST) -> Near:
    """Find the `k` labelled cases nearest to each row; pages are read one after another.

    A page is the numbers of some cases and their vectors. All vectors are unit rows.
    """
    places = np.full((len(rows), k), _NOBODY, dtype=np.int64)
    cosines = np.full((len(rows), k), -np.inf)
    for numbers, vectors in pages:
        beside = np.concatenate([cosines, (rows @ vectors.T).astype(np.float64)], axis=1)
        told = np.broadcast_to(numbers, (len(rows), len(numbers)))
        known = np.concatenate([places, told], axis=1)
        best = np.argsort(-beside, axis=1, kind="stable")[:, :k]
        cosines = np.take_along_axis(beside, best, axis=1)
        places = np.take_along_axis(known, best, axis=1)
    return Near(places, cosines)


def disagreeing(guess: Codes, labels: Codes, near: Near) -> Numbers:
    """Return the share of nearness of the nearest labelled cases that have another label.

    `guess` is the code of what a head says of each question, `labels` that of each case by its
    number; -1 is none. Nan where the head says nothing or no near case has a label.
    """
    # The place -1 is the one that is put behind.
    there = np.append(labels, _NOBODY)[near.places]
    weights = np.where(there >= 0, np.maximum(near.cosines, 0.0), 0.0)
    other = np.where(there != guess[:, None], weights, 0.0).sum(axis=1)
    total = weights.sum(axis=1)
    told = (guess >= 0) & (total > 0)
    return np.where(told, other / np.where(total > 0, total, 1.0), np.nan)


def far(near: Near) -> Numbers:
    """Return 1 less the cosine of the nearest labelled case; nan where there is none."""
    nearest_one = near.cosines[:, 0]
    return np.where(np.isfinite(nearest_one), 1.0 - nearest_one, np.nan)


def _ranked(scores: Numbers) -> Numbers:
    """Return the rank of each score among those that are known, ties sharing theirs."""
    found = np.full(len(scores), np.nan)
    known = np.flatnonzero(~np.isnan(scores))
    if len(known):
        _, place, counts = np.unique(scores[known], return_inverse=True, return_counts=True)
        below = np.cumsum(counts) - counts
        found[known] = ((below + (counts + 1) / 2) / len(known))[place]
    return found
