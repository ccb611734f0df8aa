"""Features of asks then and now -> how far apart the two times are, and whether by chance.

In: one row of numbers an ask. Out: a statistic with its p-value, and how restless the reference is
in itself.
Not here: which features (meanings, classes), which slices (looking).

The two-sample test is that of kernel means (Gretton and others, 2012), with features instead of a
kernel matrix: random Fourier features for vectors (Rahimi and Recht, 2007), indicators for classes.
So its cost grows with the asks and not with their square, it needs no classifier that would have to
be fitted at every look, and one permutation test serves all measures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.insight.drift.drawing import tail
from triage.insight.drift.values import Flags
from triage.insight.values import Codes, Numbers, Vectors

Singles = NDArray[np.float32]

_FOURIER = 128
_SPREAD_FROM = 500
# Classes that hardly anybody has would weigh as much as all others: they are one.
_RARE = 0.01
_AS_BY_CHANCE = 1.0
# What is the same in all rows differs by no more than rounding.
_NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Apart:
    """How far two times are apart, in units of what chance does on average, and how likely."""

    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Usual:
    """What the weeks of a reference do among themselves.

    How far the furthest is from the others, and how many times as far as by chance they are in
    general, at least 1.
    """

    furthest: float
    spread: float


def of_vectors(vectors: Vectors, seed: int) -> Singles:
    """Return vectors, shape (n, dimension), and waves of them: what a Gaussian kernel sees."""
    rng = np.random.default_rng(seed)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = vectors / np.maximum(length, 1e-9)
    some = rows[rng.permutation(len(rows))[:_SPREAD_FROM]]
    half = len(some) // 2
    squares = np.square(some[:half] - some[half : 2 * half]).sum(axis=1)
    width = np.sqrt(max(float(np.median(squares)) if half else 1.0, 1e-6))
    waves = rng.normal(scale=1 / width, size=(rows.shape[1], _FOURIER)).astype(np.float32)
    phase = rng.uniform(0, 2 * np.pi, _FOURIER).astype(np.float32)
    seen = np.cos(rows @ waves + phase) * np.float32(np.sqrt(2 / _FOURIER))
    found: Singles = np.hstack([rows, seen])
    return found


def of_classes(names: Sequence[str | None]) -> Singles:
    """Return an indicator for each class, weighed so that their squares add up to chi-square."""
    told = ["" if name is None else name for name in names]
    kinds, places = np.unique(told, return_inverse=True)
    share = np.bincount(places, minlength=len(kinds)) / max(len(told), 1)
    rare = share < _RARE
    found = np.eye(len(kinds))[places]
    kept = found[:, ~rare] / np.sqrt(np.maximum(share[~rare], 1e-9))
    if not rare.any():
        return kept.astype(np.float32)
    rest = found[:, rare].sum(axis=1, keepdims=True) / np.sqrt(max(float(share[rare].sum()), 1e-9))
    return np.hstack([kept, rest]).astype(np.float32)


def of_numbers(values: Numbers) -> Singles:
    """Return numbers by their ranks, and the squares of these: where they lie, how far apart."""
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    ties = np.unique(values, return_inverse=True)[1]
    ranks = np.bincount(ties, weights=order) / np.bincount(ties)
    middle = (ranks[ties] + 0.5) / len(values) - 0.5
    squares = np.square(middle) - float(np.mean(np.square(middle)))
    return np.stack([middle / 0.289, squares / 0.075], axis=1).astype(np.float32)


def apart(features: Singles, recent: Flags, others: Singles, usual: Usual) -> Apart:
    """Compare recent rows with the rest, both at least one; `others` are the times drawn by lot.

    These are numbers 0 and 1, shape (draws, rows). What weeks differ by anyway is taken off.
    """
    centred = features - features.mean(axis=0)
    drawn = _distances(centred, others)
    (found,) = _distances(centred, recent[None, :].astype(np.float32)) / usual.spread
    mean = float(drawn.mean())
    return Apart(float(found) / mean if mean > 0 else 1.0, tail(float(found), drawn))


def weighed(features: Singles, recent: Flags) -> float:
    """Return the squared distance of two times, as if each had one row: comparable in size."""
    (found,) = _weighed(features, recent[None, :].astype(np.float32))
    return float(found)


def usual(features: Singles, week: Codes) -> Usual:
    """Return how far each week of the reference is from its other weeks, beside chance."""
    weeks = np.unique(week)
    if len(weeks) < 2:
        return Usual(0.0, 1.0)
    found = _weighed(features, (week == weeks[:, None]).astype(np.float32))
    by_chance = float(np.square(features - features.mean(axis=0)).sum(axis=1).mean())
    if by_chance < _NOTHING:
        return Usual(0.0, 1.0)
    # As if a few weeks more had been seen, that were as chance has them.
    spread = (float(found.sum()) / by_chance + _AS_BY_CHANCE) / (len(weeks) + _AS_BY_CHANCE)
    return Usual(float(found.max()), max(spread, 1.0))


def _weighed(features: Singles, labels: Singles) -> Numbers:
    few = labels.sum(axis=1).astype(np.float64)
    many = labels.shape[1] - few
    both = (few > 0) & (many > 0)
    found = np.zeros(len(labels))
    distances = _distances(features - features.mean(axis=0), labels[both])
    found[both] = distances * (many * few / (many + few))[both]
    return found


def _distances(centred: Singles, labels: Singles) -> Numbers:
    """Return the squared distance of the two means for each labelling, shape (draws,)."""
    few = labels.sum(axis=1, keepdims=True)
    many = labels.shape[1] - few
    # The rows add up to nothing, so that the mean of the others follows from that of the recent.
    sums = labels @ centred
    found: Numbers = np.square(sums * (1 / few + 1 / many)).sum(axis=1).astype(np.float64)
    return found
