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
    """Estimate the share that ends within so many days. There must be at least one.

    Between two moments at which something is lost from sight, the product of Kaplan and Meier is
    the number still waiting at the end over that at the beginning, and whatever ends there moves
    the share as much: only what is lost has to be sorted.
    """
    n = len(after)
    hit = (after <= followed) & (after <= days)
    lost = np.flatnonzero(~hit & (followed < days))
    ended = int(np.count_nonzero(hit))
    if not ended:
        return Ended(0.0, np.zeros(n), days)
    if not len(lost):
        share = ended / n
        return Ended(share, hit.astype(np.float64) - share, days)
    lost = lost[np.argsort(followed[lost])]
    # After how many losses each ended; at one moment, what ends comes first.
    stretch = np.searchsorted(followed[lost], after[hit], side="left")
    hits = np.bincount(stretch, minlength=len(lost) + 1)
    begin = n - np.arange(len(lost) + 1) - np.concatenate([[0], np.cumsum(hits[:-1])])
    some = hits > 0
    end = np.where(some, begin - hits, 1)
    waiting = np.where(some, begin, 1)
    surviving = float(np.prod(np.maximum(end, 0) / waiting))
    if surviving == 0.0:
        return Ended(1.0, np.zeros(n), days)
    passed = np.concatenate([[0.0], np.cumsum(n * (1.0 / end - 1.0 / waiting))])
    influence = np.full(n, -passed[-1])
    influence[lost] = -passed[1:-1]
    influence[hit] = (n / np.maximum(begin, 1) - passed[:-1])[stretch]
    return Ended(1.0 - surviving, surviving * influence, days)


def reach(days: float, *followed: Floats) -> float:
    """Return up to which day, at most `days`, each of these groups was followed well enough."""
    return min([days, *(_followed_enough(group, days) for group in followed if len(group))])


def _followed_enough(followed: Floats, days: float) -> float:
    enough = math.ceil(LEAST_FOLLOWED * len(followed))
    if np.count_nonzero(followed >= days) >= enough:
        return days
    return float(np.partition(followed, len(followed) - enough)[len(followed) - enough])
