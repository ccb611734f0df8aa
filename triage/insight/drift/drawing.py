"""Whose ask is from which time -> the same with the times drawn by lot, as if nothing had changed.

In: persons and times. Out: permutations that keep persons whole, and how unusual a number is among
those that they give.
Not here: what is compared (comparing).

Who asks every week makes a time look like itself. So persons change places with persons who asked
as often, and a person's asks among themselves; an ask never changes places with that of somebody
who asks more. Under that, returning persons are no drift.
"""

import numpy as np
from scipy.special import gammaincc

from triage.insight.drift.values import WEEK, Flags
from triage.insight.values import Codes, Numbers

# With so few draws beyond, a fitted tail says more than counting them.
_FEW = 20
_SMALLEST = 1e-9


def one_a_week(day: Codes, who: Codes, anchor: int) -> Codes:
    """Return the rows of each person's first ask in each week, weeks counted from `anchor`.

    Whoever asks ten times a day has one voice: an ask and the one after it are of one matter.
    """
    order = np.argsort(day, kind="stable")
    week = (day[order] - anchor) // WEEK
    _, first = np.unique(np.stack([week, who[order]]), axis=1, return_index=True)
    found: Codes = np.sort(order[first]).astype(np.int64)
    return found


def relabelled(who: Codes, recent: Flags, draws: int, rng: np.random.Generator) -> Flags:
    """Return other times for each row, shape (draws, rows): persons swapped, and asks in persons.

    Each draw has as many recent rows as there are.
    """
    order = np.argsort(who, kind="stable")
    _, starts, counts = np.unique(who[order], return_index=True, return_counts=True)
    found = np.zeros((draws, len(who)), dtype=np.bool_)
    for count in np.unique(counts):
        rows = order[starts[counts == count][:, None] + np.arange(count)]
        swapped = np.argsort(rng.random((draws, len(rows))), axis=1)
        labels = recent[rows][swapped]
        if count > 1:
            labels = rng.permuted(labels, axis=2)
        found[:, rows.ravel()] = labels.reshape(draws, -1)
    return found


def tail(value: float, drawn: Numbers) -> float:
    """Return how likely a value as large is among those that were drawn.

    Where hardly any is as large, by a gamma distribution with their mean, variance and skewness
    (Pearson's third): sums of squares are nearly that.
    """
    beyond = int(np.count_nonzero(drawn >= value * (1 - 1e-12)))
    counted = (1 + beyond) / (1 + len(drawn))
    if beyond > _FEW:
        return counted
    spread = float(drawn.std())
    if spread <= 0:
        return 1.0 if beyond else counted
    # Less than a squared normal's skewness would be a thinner tail than any sum of squares has.
    skew = max(float(np.mean(((drawn - drawn.mean()) / spread) ** 3)), 0.1)
    shape = 4.0 / skew**2
    scaled = shape + (value - float(drawn.mean())) / spread * np.sqrt(shape)
    fitted = float(gammaincc(shape, max(scaled, 0.0)))
    return max(min(fitted, (_FEW + 1) / len(drawn), 1.0), _SMALLEST)
