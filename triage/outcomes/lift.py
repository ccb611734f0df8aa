"""What suggestions prevent: asks of the holdout that end in a post, less those of the treatment.

In: one row per problem: arm, whose it is, after how many days it was posted, how long it was
followed. Out: the lift with its interval.
Not here: looking daily (sequence), planning (planning), counting outcomes (bounds).

Intention to treat: every problem counts in the arm that its person was assigned to, whether
anything was offered or seen. Lift = P(post or case within W | holdout) - P(... | treatment):
positive when suggestions prevent posts. Persons are the independent pieces, not asks.
"""

from dataclasses import dataclass

import numpy as np

from triage.outcomes.asks import DAY, Asks, Flags, Floats, Ints
from triage.outcomes.intervals import (
    Clusters,
    Share,
    clusters_of,
    difference_interval,
    share_with_interval,
)
from triage.outcomes.outcome import WINDOW_DAYS, posted_after
from triage.outcomes.survival import Ended, ended_by, reach
from triage.outcomes.told import HOLDOUT, TREATMENT


@dataclass(frozen=True, slots=True)
class Problems:
    """One row per problem: its ask, its arm, and `who` has it: a person, the unit of chance."""

    ask: Ints
    arm: Ints
    who: Ints
    start: Floats
    after: Floats
    followed: Floats

    def where(self, kept: Flags) -> "Problems":
        """Return the marked ones alone."""
        return Problems(
            self.ask[kept],
            self.arm[kept],
            self.who[kept],
            self.start[kept],
            self.after[kept],
            self.followed[kept],
        )


@dataclass(frozen=True, slots=True)
class Lift:
    """A difference with its 95 % interval, and the shares that it is of.

    `days` is the window, or less where too few asks were followed as long as that.
    """

    value: float
    low: float
    high: float
    standard_error: float
    holdout: Share
    treatment: Share
    days: float


def problems_of(asks: Asks, kept: Flags, who: Ints) -> Problems:
    """Return the kept asks that have an arm and come back to no other, as problems."""
    own = asks.root == np.arange(len(asks))
    marked = kept & own & (asks.arm >= 0) & (who >= 0)
    every = np.arange(len(asks))
    problems = Problems(every, asks.arm, who, asks.start, posted_after(asks), asks.followed)
    return problems.where(marked)


def lift_of(problems: Problems, window_days: float = WINDOW_DAYS) -> Lift | None:
    """Return the lift; None where an arm has no problem.

    A window that is not over is censored: what was known of it until then counts, and no more.
    """
    arms = _arms(problems)
    if not all(np.any(arm) for arm in arms):
        return None
    days = reach(window_days, *(problems.followed[arm] for arm in arms))
    ended = [ended_by(problems.after[arm], problems.followed[arm], days) for arm in arms]
    return _compared(problems, ended)


def posts_per_person(problems: Problems, window_days: float = WINDOW_DAYS) -> Lift | None:
    """Return the same by persons: the share who post at all within W of their first ask.

    How many asks a person has may itself be an effect of the suggestions; whether there is a first
    one is not. When this and the lift disagree in sign, believe this one.
    """
    order = np.lexsort((problems.start, problems.who))
    who = problems.who[order]
    first = np.ones(len(who), dtype=bool)
    first[1:] = who[1:] != who[:-1]
    person = np.cumsum(first) - 1
    began = problems.start[order][first]
    after = np.full(len(began), np.inf)
    since = (problems.start[order] - began[person]) / DAY + problems.after[order]
    np.minimum.at(after, person, since)
    return lift_of(
        Problems(
            problems.ask[order][first],
            problems.arm[order][first],
            who[first],
            began,
            after,
            problems.followed[order][first],
        ),
        window_days,
    )


def stratified_lift(
    problems: Problems, strata: Ints, window_days: float = WINDOW_DAYS
) -> Lift | None:
    """Return the lift within strata, weighed by how many problems each has in both arms.

    Post-stratification (Miratrix, Sekhon and Yu, 2013): narrower where the strata differ in how
    often they post. A stratum without problems in one arm is left out.
    """
    held, treated = (np.unique(strata[arm]) for arm in _arms(problems))
    both = np.intersect1d(held, treated)
    inside = np.isin(strata, both)
    problems, strata = problems.where(inside), strata[inside]
    arms = _arms(problems)
    if not len(both):
        return None
    days = reach(window_days, *(problems.followed[arm] for arm in arms))
    weights = [float(np.mean(strata == stratum)) for stratum in both]
    ended = [_within(problems.where(arm), strata[arm], both, weights, days) for arm in arms]
    return _compared(problems, ended, sharper=True)


def _within(
    problems: Problems, strata: Ints, names: Ints, weights: list[float], days: float
) -> Ended:
    """Return the weighed share of one arm, with the influence of each problem on it."""
    share, influence = 0.0, np.zeros(len(strata))
    for name, weight in zip(names, weights, strict=True):
        mine = strata == name
        ended = ended_by(problems.after[mine], problems.followed[mine], days)
        share += weight * ended.share
        influence[mine] = weight / float(np.mean(mine)) * ended.influence
    return Ended(share, influence, days)


def _arms(problems: Problems) -> list[Flags]:
    return [problems.arm == HOLDOUT, problems.arm == TREATMENT]


def _compared(problems: Problems, ended: list[Ended], *, sharper: bool = False) -> Lift:
    """Return the difference of the arms' shares, holdout first, with what they have in common."""
    arms = _arms(problems)
    clusters = [clusters_of(problems.who[arm]) for arm in arms]
    holdout, treatment = (
        share_with_interval(one.share, one.influence, theirs, sharper=sharper)
        for one, theirs in zip(ended, clusters, strict=True)
    )
    # Corrected for few persons as the two variances are.
    left = [1 - one.concentration for one in clusters]
    covariance = _covariance(problems, arms, ended) / max(left[0] * left[1], 1e-12) ** 0.5
    low, high = difference_interval(holdout, treatment, covariance)
    variance = holdout.standard_error**2 + treatment.standard_error**2 - 2 * covariance
    return Lift(
        value=holdout.value - treatment.value,
        low=low,
        high=high,
        standard_error=max(variance, 0.0) ** 0.5,
        holdout=holdout,
        treatment=treatment,
        days=ended[0].days,
    )


def _covariance(problems: Problems, arms: list[Flags], ended: list[Ended]) -> float:
    """Return how far the two shares move together, by persons who are in both arms."""
    both: Clusters = clusters_of(problems.who)
    sums = [
        np.bincount(both.member[arm], weights=one.influence, minlength=both.number) / np.sum(arm)
        for arm, one in zip(arms, ended, strict=True)
    ]
    return float(np.sum(sums[0] * sums[1]))
