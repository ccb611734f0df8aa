"""Waiting times, some of them still running -> the share that ended by a day, and who moved it.

In: after how many days each ended (infinity: not yet), and how many days are known of it. Out:
the estimate of Kaplan and Meier (1958) with the influence of each on it.
Not here: what ends (outcome), intervals (intervals).

The influence values are those of Reid (1981), with ties as in Greenwood's formula: when nothing
is censored, each is its own 0 or 1 less the mean, so that whatever holds of a mean holds here.
"""

import math
from dataclasses import dataclass

import numpy as np

from triage.outcomes.asks import Floats

# A day is spoken of when at least so many of the asks were followed until then.
LEAST_FOLLOWED = 0.1


@dataclass(frozen=True, slots=True)
class Ended:
    """The share that ended within `days`, and the influence of each on it."""

    share: float
    influence: Floats
    days: float


def ended_by(after: Floats, followed: Floats, days: float) -> Ended:
    """Estimate the share that ends within so many days. There must be at least one."""
    until = np.minimum(np.minimum(after, followed), days)
    hit = (after <= followed) & (after <= days)
    ordered = np.sort(until)
    moments, counts = np.unique(until[hit], return_counts=True)
    if not len(moments):
        return Ended(0.0, np.zeros(len(after)), days)
    waiting = len(after) - np.searchsorted(ordered, moments, side="left")
    hazard = counts / waiting
    surviving = float(np.prod(1.0 - hazard))
    if surviving == 0.0:
        return Ended(1.0, np.zeros(len(after)), days)
    weight = len(after) / (waiting * (1.0 - hazard))
    passed = np.concatenate([[0.0], np.cumsum(hazard * weight)])
    influence = -passed[np.searchsorted(moments, until, side="right")]
    influence[hit] += weight[np.searchsorted(moments, until[hit])]
    return Ended(1.0 - surviving, surviving * influence, days)


def reach(days: float, *followed: Floats) -> float:
    """Return up to which day, at most `days`, each of these groups was followed well enough."""
    return min([days, *(_followed_enough(group) for group in followed if len(group))])


def _followed_enough(followed: Floats) -> float:
    place = len(followed) - math.ceil(LEAST_FOLLOWED * len(followed))
    return float(np.partition(followed, place)[place])
