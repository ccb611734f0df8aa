"""Predictions -> how good they were.

In: true labels, predicted labels, probabilities. Out: plain numbers, ready for JSON.
Not here: making predictions (classification), ranking measures (measures).
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BINS = 15
FALSE_ALARMS = 0.04

Probabilities = NDArray[np.float64]


def accuracy(truth: Sequence[str], guess: Sequence[str]) -> float:
    """The share of right guesses."""
    return float(np.mean([t == g for t, g in zip(truth, guess, strict=True)]))


def per_class(truth: Sequence[str], guess: Sequence[str]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and the number of true cases, for every class seen or guessed."""
    seen, said = Counter(truth), Counter(guess)
    right = Counter(t for t, g in zip(truth, guess, strict=True) if t == g)
    table: dict[str, dict[str, float]] = {}
    for name in sorted(set(truth) | set(guess)):
        hits, guessed, n = right[name], said[name], seen[name]
        table[name] = {
            "precision": hits / guessed if guessed else 0.0,
            "recall": hits / n if n else 0.0,
            "f1": 2 * hits / (guessed + n),
            "n": n,
        }
    return table


def macro_f1(table: dict[str, dict[str, float]]) -> float:
    """The mean F1 over the classes of a `per_class` table."""
    return float(np.mean([row["f1"] for row in table.values()]))


def told_surely(truth: Sequence[str], said: Sequence[str], n: int) -> dict[str, float | None]:
    """What is said without abstaining of n cases: its share, and how much of it is right.

    `worst_precision` is that of the label that is right least often.
    """
    table = per_class(truth, said)
    return {
        "coverage": len(said) / n,
        "precision": accuracy(truth, said) if said else None,
        "worst_precision": min((table[name]["precision"] for name in set(said)), default=None),
    }


def expected_calibration_error(
    confidence: Probabilities, right: NDArray[np.bool_], bins: int = BINS
) -> float:
    """How far confidence is from the share of right guesses, over bins of equal mass.

    `confidence` is the probability of each top label.
    """
    order = np.argsort(confidence, kind="stable")
    parts = np.array_split(order, min(bins, len(order)))
    gaps = [abs(confidence[p].mean() - right[p].mean()) * len(p) for p in parts]
    return float(sum(gaps) / len(order))


def precision_threshold(
    confidence: Probabilities, right: NDArray[np.bool_], wanted: float, least: int = 5
) -> float | None:
    """The smallest confidence from which upward at least `wanted` of the guesses are right.

    None when no confidence with at least `least` guesses above it is that good: one lucky guess
    proves nothing. Equal confidences stand or fall together.
    """
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    last_of_equals = np.append(ranked[1:] != ranked[:-1], True)
    enough = np.arange(1, len(order) + 1) >= least
    good = np.flatnonzero(last_of_equals & enough & (precision >= wanted))
    return float(ranked[good[-1]]) if len(good) else None


def separation(inside: Probabilities, outside: Probabilities) -> float:
    """AUROC: how often a known case's confidence exceeds that of one out of scope."""
    both = np.concatenate([inside, outside])
    _, place, count = np.unique(both, return_inverse=True, return_counts=True)
    upper = np.cumsum(count)
    ranks = (upper - (count - 1) / 2)[place]
    n = len(inside)
    wins = ranks[:n].sum() - n * (n + 1) / 2
    return float(wins / (n * len(outside)))


def outside_recall(
    inside: Probabilities, outside: Probabilities, false_alarms: float = FALSE_ALARMS
) -> float:
    """The share of out-of-scope cases caught when at most `false_alarms` of the known are."""
    allowed = int(np.floor(false_alarms * len(inside)))
    cut = np.sort(inside)[allowed] if allowed < len(inside) else np.inf
    return float(np.mean(outside < cut))
