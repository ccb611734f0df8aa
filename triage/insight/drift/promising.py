"""What a model said of cases that people labelled -> whether it is right as often as promised.

In: right or wrong, in the order in which it came. Out: how much somebody has won who bets against
the promise, and since when it seems to be broken.
Not here: where the promise comes from (watching), other measures (comparing).

Betting (Waudby-Smith and Ramdas, 2024): a stake grows by `1 + bet * (promise - right)` with every
case. As long as the promise holds no bet wins on average, so that the stake is ever multiplied by
`1 / wrong` with at most that probability: one may look as often as one likes. The stake is divided
among bets of several sizes, and among the weeks in which the promise may have been broken first; so
months in which all was well cost little. Over several slices by Wang and Ramdas (2022): whatever
depends on what.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from triage.insight.drift.values import WEEK, Flags
from triage.insight.values import Codes, Numbers

# How much less than was promised each bet is made for.
_LESS = (0.95, 0.9, 0.8, 0.7, 0.5)
_MOST_OF_STAKE = 0.9


@dataclass(frozen=True, slots=True)
class Bet:
    """How many times the stake was won, and the first day of the week from which most was."""

    e_value: float
    since: int


def bet_against(promise: float, day: Codes, who: Codes, right: Flags, start: int) -> Bet:
    """Bet against a promised share, with one case a person and week: their first.

    Days are counted from anywhere; `start` is the one on which the promise was made. Raises
    ValueError for a promise that is no share between 0 and 1.
    """
    if not 0 < promise < 1:
        raise ValueError("a promise is a share between 0 and 1")
    order = np.argsort(day, kind="stable")
    week = (day[order] - start) // WEEK
    _, first = np.unique(np.stack([week, who[order]]), axis=1, return_index=True)
    kept = np.sort(first)
    if not len(kept):
        return Bet(1.0, start)
    won = np.cumsum(_growth(promise, right[order][kept]), axis=0)
    weeks = week[kept]
    # Before the first case of each week stands what was won by then: bets that begin there.
    begins = np.searchsorted(weeks, np.unique(weeks))
    before = np.vstack([np.zeros(won.shape[1]), won])[begins]
    stakes = _stakes(np.unique(weeks))
    each = stakes * np.exp(won[-1] - before).mean(axis=1)
    best = int(np.argmax(each))
    left = 1.0 - float(stakes.sum())
    return Bet(float(each.sum()) + left, start + int(np.unique(weeks)[best]) * WEEK)


def broken(e_values: Sequence[float], wrong: float) -> Flags:
    """Say which promises are broken, so that at most such a share of them is said wrongly."""
    values = np.asarray(e_values, dtype=np.float64)
    order = np.argsort(-values, kind="stable")
    enough = values[order] >= len(values) / (wrong * np.arange(1, len(values) + 1))
    found = np.zeros(len(values), dtype=np.bool_)
    if enough.any():
        found[order[: int(np.flatnonzero(enough)[-1]) + 1]] = True
    return found


def _growth(promise: float, right: Flags) -> Numbers:
    """Return the logarithm of what each case makes of a stake, shape (cases, bets)."""
    less = promise * np.asarray(_LESS)
    # The bet that grows fastest if `less` is the truth; a part of the stake is always kept.
    sizes = np.minimum((promise - less) / (promise * (1 - promise)), _MOST_OF_STAKE / (1 - promise))
    found: Numbers = np.log1p(sizes[None, :] * (promise - right.astype(np.float64)[:, None]))
    return found


def _stakes(weeks: Codes) -> Numbers:
    """Return the part of the stake for each week; for all of time together they are one."""
    number = weeks.astype(np.float64) - min(int(weeks.min()), 0) + 1
    return 1.0 / (number * (number + 1))
