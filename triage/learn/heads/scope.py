"""Cases with topics -> what tells the known from the novel, fitted without one novel case.

In: encoder rows of cases, their topics and duplicate groups. Out: a Scope and its metrics.
Topics are left out in turn: the cases of a topic that nothing was learnt of are what a novel
question looks like, and cases of the others, left out one by one, what a known one does. Those are
near misses, of the same forum and trade; what lies further off has less of every signal.
Not here: what it means to be near (classify.scope), the numbers of `evaluate` (classification).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from triage.classify import ABSTAIN_ALWAYS, Classifier, Scope
from triage.learn.heads.labels import labels_of
from triage.learn.heads.topics import learn_known
from triage.learn.statistics.folds import assign_folds
from triage.learn.statistics.scores import outside_recall, separation
from triage.records import Case, Target

Metrics = dict[str, Any]
Numbers = NDArray[np.float64]

# How many of the questions that arrive are about something new; nobody can know it beforehand, and
# what is reported as a probability is one under this assumption.
NOVEL_SHARE = 0.1
MIN_TOPICS = 5
MIN_CASES = 60
# A known question is called surely novel once in a hundred times. That can be promised of any
# forum, for its own cases show what known questions look like; how many of the novel are caught
# cannot, for that depends on how far off they lie.
FALSE_ALARMS = 0.01
_ROUNDS = 4
# Topics left out are near misses. What tells those best is not what tells the far ones: so much are
# the signals pulled to equal weights.
_PULL = 0.03
_LEAST_SPREAD = 1e-3
_TAIL = 0.05
_LEAST_TAIL = 5
_MOST_CASES = 20_000
_MOST_OF_A_TOPIC = 400


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """Cases that have a topic: their rows, topics numbered from 0, and groups."""

    vectors: NDArray[np.float32]
    topics: NDArray[np.int64]
    groups: NDArray[np.int64]

    def only(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> "Taught":
        """Return some of the cases, the topics that are left numbered anew."""
        _, topics = np.unique(self.topics[chosen], return_inverse=True)
        return Taught(self.vectors[chosen], topics, self.groups[chosen])


def with_scope(
    classifier: Classifier,
    cases: Sequence[Case],
    vectors: NDArray[np.float32] | None,
    seed: int,
    missing: dict[Target, str],
    metrics: dict[Target, Metrics],
) -> Classifier:
    """Return the classifier with a scope; say in `missing` why not, or in `metrics` how well."""
    labels = labels_of(cases, Target.TOPIC)
    groups = [case.group or f"\0{i}" for i, case in enumerate(cases)]
    fitted = fit_scope(labels, groups, vectors, false_alarms=FALSE_ALARMS, seed=seed)
    if isinstance(fitted, str):
        missing[Target.SCOPE] = fitted
        return classifier
    scope, metrics[Target.SCOPE] = fitted
    return replace(classifier, scope=scope)


def fit_scope(
    labels: Sequence[str | None],
    groups: Sequence[str],
    vectors: NDArray[np.float32] | None,
    *,
    false_alarms: float,
    seed: int,
) -> tuple[Scope, Metrics] | str:
    """Fit on the cases that have a topic seen at least twice, or say what is missing.

    `false_alarms` is the share of known questions that may be called surely novel.
    """
    if vectors is None:
        return "It needs an encoder."
    taught = _gather(labels, groups, vectors, seed)
    n, k = len(taught.topics), len(set(taught.topics.tolist()))
    if k < MIN_TOPICS or n < MIN_CASES:
        return (
            f"{n} cases have one of {k} topics; at least {MIN_CASES} cases of {MIN_TOPICS} topics"
            " are needed to tell what is new."
        )
    signals, novel = _leave_topics_out(taught, seed)
    slopes, constant = _fit_odds(signals, novel)
    known = learn_known(taught.vectors, taught.topics, seed)
    tail = _fit_tail(signals[~novel] @ slopes)
    scope = Scope(known, slopes, constant, *tail, novel_from=ABSTAIN_ALWAYS)
    chance = scope.chances(signals)
    scope = replace(scope, novel_from=_sure_from(chance[~novel], false_alarms))
    return scope, {"n": n, "classes": k, **_judge(chance, novel, scope.novel_from)}


def _gather(
    labels: Sequence[str | None], groups: Sequence[str], vectors: NDArray[np.float32], seed: int
) -> Taught:
    places = np.array([i for i, label in enumerate(labels) if label is not None], dtype=np.int64)
    places = np.random.default_rng(seed).permutation(places)
    names = np.array([labels[i] for i in places], dtype=object)
    _, topics, counts = np.unique(names.astype(str), return_inverse=True, return_counts=True)
    order = np.argsort(topics, kind="stable")
    firsts = np.cumsum(counts) - counts
    place_in_topic = np.empty(len(places), dtype=np.int64)
    place_in_topic[order] = np.arange(len(places)) - np.repeat(firsts, counts)
    most = max(2, min(_MOST_OF_A_TOPIC, _MOST_CASES // max(1, len(counts))))
    kept = np.flatnonzero((counts[topics] > 1) & (place_in_topic < most))
    _, grouped = np.unique([groups[i] for i in places], return_inverse=True)
    return Taught(vectors[places], topics, grouped).only(kept)


def _leave_topics_out(taught: Taught, seed: int) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return the signals of cases as they look to what knows neither them nor, if novel, theirs."""
    found = list(_rounds(taught, seed))
    return np.concatenate([s for s, _ in found]), np.concatenate([n for _, n in found])


def _rounds(taught: Taught, seed: int) -> Iterator[tuple[Numbers, NDArray[np.bool_]]]:
    k = int(taught.topics.max()) + 1
    round_of = np.random.default_rng(seed).permutation(k) % _ROUNDS
    names = [str(t) for t in taught.topics]
    fold_of = assign_folds(names, taught.groups.tolist(), _ROUNDS, seed)
    for number in range(_ROUNDS):
        left_out = round_of[taught.topics] == number
        tested = fold_of == number
        learnt = taught.only(~left_out & ~tested)
        # A topic all of whose cases are tested here was not learnt: its cases say nothing.
        told = np.isin(taught.topics, taught.topics[~left_out & ~tested])
        known = learn_known(learnt.vectors, learnt.topics, seed)
        judged = (tested & told) | left_out
        yield known.signals(taught.vectors[judged]), left_out[judged]


def _fit_odds(signals: Numbers, novel: NDArray[np.bool_]) -> tuple[Numbers, float]:
    """Fit the log-odds of being novel by signals that can only speak against it."""
    mean, spread = signals.mean(axis=0), np.maximum(signals.std(axis=0), _LEAST_SPREAD)
    rows = (signals - mean) / spread
    weight = np.where(novel, NOVEL_SHARE / novel.mean(), (1 - NOVEL_SHARE) / (1 - novel.mean()))
    weight /= len(rows)

    def loss(point: Numbers) -> tuple[float, Numbers]:
        odds = point[0] - rows @ point[1:]
        # log(1 + exp(x)) minus x where novel, without overflow
        costs = np.logaddexp(0, odds) - np.where(novel, odds, 0)
        missing = weight * (1 / (1 + np.exp(-odds)) - novel)
        uneven = point[1:] - point[1:].mean()
        gradient = np.concatenate([[missing.sum()], 2 * _PULL * uneven - rows.T @ missing])
        return float(weight @ costs + _PULL * uneven @ uneven), gradient

    first = np.concatenate([[0.0], np.full(rows.shape[1], 0.5)])
    bounds = [(None, None)] + [(0.0, None)] * rows.shape[1]
    found = minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds).x
    slopes = np.asarray(found[1:] / spread, dtype=np.float64)
    return slopes, float(found[0] + mean @ slopes)


def _fit_tail(familiar: Numbers) -> tuple[float, float]:
    """Return where the tail of known questions begins, and how much faster the odds grow in it.

    Topics left out are so like the others in a forum of few and broad ones that they say nothing
    of what lies far off. There known questions are taken to thin out exponentially, at the rate at
    which they begin to (peaks over a threshold), and the novel not to.
    """
    begins = float(np.quantile(familiar, _TAIL))
    below = begins - familiar[familiar < begins]
    if len(below) < _LEAST_TAIL:
        return begins, 0.0
    return begins, max(0.0, float(1 / (below.mean() + _LEAST_SPREAD)) - 1)


def _sure_from(known: Numbers, false_alarms: float) -> float:
    """Return the chance above which no more than `false_alarms` of known questions come.

    The rank counts the question that is still to come among those that were seen (split conformal
    prediction: Vovk et al. 2005), so too few cases leave the scope always unsure.
    """
    rank = int(np.ceil((len(known) + 1) * (1 - false_alarms)))
    if rank > len(known):
        return ABSTAIN_ALWAYS
    return max(0.5, float(np.nextafter(np.sort(known)[rank - 1], 2)))


def _judge(chance: Numbers, novel: NDArray[np.bool_], novel_from: float) -> Metrics:
    """Return how well topics left out were told from the others; `coverage` is their share."""
    caught, alarms = chance[novel] >= novel_from, chance[~novel] >= novel_from
    share = NOVEL_SHARE * caught.mean(), (1 - NOVEL_SHARE) * alarms.mean()
    return {
        "auroc": separation(1 - chance[~novel], 1 - chance[novel]),
        "recall_at_4": outside_recall(1 - chance[~novel], 1 - chance[novel]),
        "novel_from": novel_from,
        "coverage": float(caught.mean()),
        "false_alarms": float(alarms.mean()),
        "precision": float(share[0] / sum(share)) if sum(share) else None,
        "novel_share": NOVEL_SHARE,
    }
