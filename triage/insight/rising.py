"""Weekly counts of topics -> those that more persons ask about than is usual, beyond chance.

In: for each topic the persons of each week, and those of all topics. Out: how usual the last week
is, with an expectation, a p-value, and what many looks at many topics make of it. Pure.
A week is seven days that end with the same day of the week, so that Mondays are in each once; a
topic is held against its share of all persons, so that growth and holidays are no trend.
Not here: what a topic is, reading asks (analytics), minutes (bursting).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammainc

from triage.insight.values import Codes, Numbers

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Looking:
    """How rising topics are looked for.

    `wrong` is the share of wrong ones among those that are told (Benjamini and Hochberg), `weeks`
    the fewest that say what is usual, `persons` and `ratio` the least that is worth telling. What
    rises slowly is no longer unusual by the week before: so the last `lately` weeks say nothing of
    what is usual, and are held against it together as well.
    How much a topic's own weeks differ counts as much as those of all after `drawn_by` weeks.
    """

    wrong: float = 0.02
    weeks: int = 4
    lately: int = 4
    persons: int = 5
    ratio: float = 1.5
    drawn_by: float = 6.0


@dataclass(frozen=True, slots=True)
class Rise:
    """One topic's last week: `persons` where `expected` were usual; by chance with `p_value`.

    `q_value` is the share of wrong ones among all topics that are at least as unusual.
    """

    place: int
    persons: int
    expected: float
    p_value: float
    q_value: float
    rising: bool

    @property
    def ratio(self) -> float:
        """How many times the usual asked."""
        return self.persons / max(self.expected, 1e-9)


_USUALLY = Looking()
# Half a person more than came: who never asked before is not impossible.
_UNSEEN = 0.5


def rises(counts: Codes, totals: Codes, looking: Looking = _USUALLY) -> tuple[Rise, ...]:
    """Return each topic's last week, the most unusual first; none where too few weeks are known.

    `counts`, shape (topics, weeks), are persons, the last week at the end; `totals` (weeks,) are
    the persons of all topics. Weeks before anybody asked at all say nothing and are left out.
    """
    begins = int(np.argmax(totals > 0)) if totals.any() else len(totals)
    counts, totals = counts[:, begins:], totals[begins:]
    weeks = counts.shape[1]
    if weeks - 1 < looking.weeks or not len(counts) or not totals[-1]:
        return ()
    usual = weeks - min(looking.lately, weeks - looking.weeks)
    known = _Usual.of(counts[:, :usual], totals[:usual], looking)
    now, lately = counts[:, -1], counts[:, usual:].sum(axis=1)
    expected = known.share * totals[-1]
    p_values = np.minimum(
        _tail(now, expected, known.variance(totals[-1:])),
        _tail(lately, known.share * totals[usual:].sum(), known.variance(totals[usual:])),
    )
    # Two looks, of which the better one counts.
    p_values = np.minimum(2 * p_values, 1.0)
    q_values = wrong_shares(p_values)
    worth = (now >= looking.persons) & (now >= looking.ratio * expected)
    told = worth & (q_values <= looking.wrong)
    order = np.lexsort((-now / expected, p_values))
    return tuple(
        Rise(
            int(i),
            int(now[i]),
            float(expected[i]),
            float(p_values[i]),
            float(q_values[i]),
            bool(told[i]),
        )
        for i in order
    )


def wrong_shares(p_values: Numbers | Sequence[float]) -> Numbers:
    """Return for each p-value the least share of wrong ones at which it would be told."""
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values)
    scaled = values[order] * len(values) / np.arange(1, len(values) + 1)
    found = np.empty(len(values))
    found[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.minimum(found, 1.0)


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual of each topic: its share of all, how far weeks differ beyond chance.

    `differs` is a variance, by the square of what is expected; `error` is that of the share.
    """

    share: Numbers
    differs: Numbers
    error: Numbers

    @classmethod
    def of(cls, past: Codes, totals: Codes, looking: Looking) -> "_Usual":
        """Learn what is usual from weeks that are over."""
        came = past.sum(axis=1) + _UNSEEN
        everybody = float(totals.sum()) + 2 * _UNSEEN
        usual = np.outer(came / everybody, totals)
        # What is left of the squares without chance, by what one unit of it would make.
        left = (np.square(past - usual) - usual).sum(axis=1)
        unit = np.square(usual).sum(axis=1)
        of_all = max(float(left.sum() / unit.sum()), 0.0)
        drawn = looking.drawn_by * unit / past.shape[1]
        own = (left + drawn * of_all) / (unit + drawn)
        # Whose own weeks happened to be alike is not therefore steadier than the others.
        differs = np.maximum(own, of_all)
        return cls(came / everybody, differs, (came + differs * unit) / everybody**2)

    def variance(self, totals: Codes) -> Numbers:
        """Return how far the persons of some weeks together may be from what is expected."""
        expected = np.outer(self.share, totals)
        moods = self.differs * np.square(expected).sum(axis=1)
        found: Numbers = expected.sum(axis=1) + moods + self.error * float(totals.sum()) ** 2
        return found


def _tail(now: Codes, expected: Numbers, variance: Numbers) -> Numbers:
    """Return how likely at least so many are: negative binomial with this mean and variance."""
    more = np.maximum(variance - expected, 1e-9)
    size = np.square(expected) / more
    nothing = now <= 0
    at = np.where(nothing, 1, now)
    wide: Numbers = betainc(at, size, more / variance)
    # With next to no spread it is Poisson's, where the other is not exact.
    found = np.where(more < 1e-6 * expected, gammainc(at, expected), wide)
    return np.where(nothing, 1.0, found)
