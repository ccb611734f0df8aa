"""The shares of many groups at once, with the intervals that each would have by itself.

In: marks of values, whose they are, which group each is in. Out: arrays with one entry a group.
Not here: one share (intervals), what is counted.

Thousands of accounts have some asks each. Group by group that is thousands of small sums; here
each sum is one over all groups. The formulas are those of `share_of_sums`.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from triage.outcomes.asks import Flags, Floats, Ints
from triage.outcomes.intervals import CONFIDENCE

_TAIL = (1 + CONFIDENCE) / 2


@dataclass(frozen=True, slots=True)
class Shares:
    """One share a group: nan, between 0 and 1, where a group has nothing."""

    value: Floats
    low: Floats
    high: Floats
    asks: Ints
    persons: Ints


def shares_of(marked: Flags, who: Ints, group: Ints, groups: int) -> Shares:
    """Return the share of marked values in each group; groups are numbered from 0."""
    asks = np.bincount(group, minlength=groups)
    persons, of_group, sizes, ones = _by_person(marked, who, group, groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(of_group, weights=ones, minlength=groups) / asks
        apart = np.square(ones - mean[of_group] * sizes)
        spread = np.bincount(of_group, weights=apart, minlength=groups)
        concentration = np.bincount(of_group, weights=np.square(sizes), minlength=groups) / asks**2
        left = 1.0 - concentration
        error = np.where(left > 0, np.sqrt(spread / np.maximum(left, 1e-300)) / asks, np.inf)
        worth = _worth(mean, error, asks, concentration)
        freedom = 1.0 / concentration - 1.0
        quantile = np.where(freedom > 0, stdtrit(np.maximum(freedom, 1e-9), _TAIL), np.inf)
        low, high = _wilson(mean, worth, quantile)
    return Shares(mean, low, high, asks, persons)


def persons_by(who: Ints, group: Ints, groups: int) -> Ints:
    """Return how many different persons are in each group."""
    width = int(who.max(initial=-1)) + 1
    pairs = np.sort(group * width + who)
    found: Ints = np.bincount(pairs[_begins(pairs)] // max(width, 1), minlength=groups)
    return found


def _by_person(
    marked: Flags, who: Ints, group: Ints, groups: int
) -> tuple[Ints, Ints, Floats, Floats]:
    """Return the persons a group, and for each person in a group: which, of how many, marked."""
    width = int(who.max(initial=-1)) + 1
    # Sorting numbers alone is many times faster than finding out which of them are alike.
    rows = np.sort((group * width + who) * 2 + marked)
    pairs = rows >> 1
    begins = np.flatnonzero(_begins(pairs))
    of_group: Ints = pairs[begins] // max(width, 1)
    sizes = np.diff(begins, append=len(rows)).astype(np.float64)
    before = np.concatenate([[0], np.cumsum(rows & 1)])
    ones = np.diff(before[np.append(begins, len(rows))]).astype(np.float64)
    persons: Ints = np.bincount(of_group, minlength=groups)
    return persons, of_group, sizes, ones


def _begins(ordered: Ints) -> Flags:
    """Say where in ordered numbers another one begins."""
    begins = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return begins


def _worth(mean: Floats, error: Floats, asks: Ints, concentration: Floats) -> Floats:
    variance = mean * (1 - mean)
    worth = np.minimum(variance / np.square(error), asks)
    # All alike: their own spread says nothing, so that each person counts for one ask.
    alike = (variance <= 0) | (error <= 0)
    return np.where(np.isfinite(error), np.where(alike, 1.0 / concentration, worth), 1.0)


def _wilson(mean: Floats, n: Floats, quantile: Floats) -> tuple[Floats, Floats]:
    known = np.isfinite(quantile) & (n > 0)
    square = np.square(np.where(known, quantile, 0.0))
    middle = (mean + square / (2 * n)) / (1 + square / n)
    half = np.sqrt(square * (mean * (1 - mean) / n + square / (4 * n * n))) / (1 + square / n)
    low = np.where(known, np.maximum(0.0, np.minimum(mean, middle - half)), 0.0)
    high = np.where(known, np.minimum(1.0, np.maximum(mean, middle + half)), 1.0)
    return low, high
