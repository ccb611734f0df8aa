"""What suggestions prevent: asks of the holdout that end in a post, less those of the treatment.

In: one row per problem: arm, whose it is, after how many days it was posted, how long it was
followed. Out: the lift with its interval.
Not here: looking daily (sequence), planning (planning), counting outcomes (bounds).

Intention to treat: every problem counts in the arm that its person was assigned to, whether
anything was offered or seen. Lift = P(post or case within W | holdout) - P(... | treatment):
positive when suggestions prevent posts. Persons are the independent pieces, not asks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

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

_FEW_CODES = 2**15
_FEW_VALUES = 16
# Asks with a chance of the holdout that so few had, in either arm, are in no lift.
FEWEST_OF_A_CHANCE = 20


@dataclass(frozen=True, slots=True)
class Problems:
    """One row per problem: its ask, its arm, and `who` has it: a person, the unit of chance."""

    ask: Ints
    arm: Ints
    who: Ints
    start: Floats
    after: Floats
    followed: Floats
    # With which chance the holdout was drawn; nan where nobody says, None where nobody says of any.
    share: Floats | None = None

    def by(self, codes: Ints) -> Iterator[tuple[int, "Problems"]]:
        """Give those of each code, in the order of the codes; -1 is one of them."""
        # Sorting small numbers is counting them.
        small = codes.astype(np.int16) if codes.max(initial=0) < _FEW_CODES else codes
        order = np.argsort(small, kind="stable")
        # Gathering each column once and cutting it is cheaper than looking for each code.
        grouped = self.where(order)
        sorted_codes = small[order]
        begins = np.flatnonzero(np.diff(sorted_codes, prepend=sorted_codes[:1] - 1))
        for begin, end in pairwise([*begins.tolist(), len(codes)]):
            yield int(sorted_codes[begin]), grouped.where(slice(begin, end))

    def where(self, kept: Flags | Ints | slice) -> "Problems":
        """Return the marked ones alone."""
        return Problems(
            self.ask[kept],
            self.arm[kept],
            self.who[kept],
            self.start[kept],
            self.after[kept],
            self.followed[kept],
            None if self.share is None else self.share[kept],
        )

    def alike(self) -> "Problems":
        """Return the same without the chances where all have one: then nothing is to be parted."""
        return self if len(self.by_share()) > 1 else replace(self, share=None)

    def by_share(self) -> list["Problems"]:
        """Return those of each chance of the holdout: only they can be compared as they are."""
        if self.share is None:
            return [self]
        share = np.where(np.isnan(self.share), -1.0, self.share)
        several = _distinct(share)
        if len(several) < 2:
            return [self]
        return [some for _, some in self.by(np.searchsorted(several, share))]


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
    """Return the kept asks that have an arm and come back to no other, as problems.

    What had no chance of the holdout has nothing there to be compared with.
    """
    own = asks.root == np.arange(len(asks))
    marked = kept & own & (asks.arm >= 0) & (who >= 0) & (asks.share != 0)
    every = np.arange(len(asks))
    after = posted_after(asks)
    return Problems(every, asks.arm, who, asks.start, after, asks.followed, asks.share).where(
        marked
    )


def lift_of(problems: Problems, window_days: float = WINDOW_DAYS) -> Lift | None:
    """Return the lift; None where an arm has no problem.

    A window that is not over is censored: what was known of it until then counts, and no more.
    Where the chance of the holdout differs (by language, or because it was changed), each arm is
    made of other asks than the other one, so that those of one chance are compared and weighed.
    """
    chances = problems.by_share()
    if len(chances) > 1:
        return lift_within(enough_of(chances), window_days)
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
    order, first = firsts(problems.who, problems.start)
    who = problems.who[order]
    began = np.zeros(int(who.max(initial=-1)) + 1)
    began[who[first]] = problems.start[order][first]
    since = (problems.start[order] - began[who]) / DAY + problems.after[order]
    after = np.full(len(began), np.inf)
    ends = np.isfinite(since)
    np.minimum.at(after, who[ends], since[ends])
    persons = order[first]
    return lift_of(
        Problems(
            problems.ask[persons],
            problems.arm[persons],
            problems.who[persons],
            problems.start[persons],
            after[problems.who[persons]],
            problems.followed[persons],
            None if problems.share is None else problems.share[persons],
        ),
        window_days,
    )


def firsts(who: Ints, start: Floats) -> tuple[Ints, Ints]:
    """Return the order of time, and the places in it of each person's first, in that order."""
    order = np.arange(len(start))
    if np.any(start[1:] < start[:-1]):
        order = np.argsort(start, kind="stable")
    sorted_who = who[order]
    place = np.full(int(who.max(initial=-1)) + 1, -1)
    # Of several values for one place the last stays, which from behind is the first.
    place[sorted_who[::-1]] = np.arange(len(who))[::-1]
    return order, np.sort(place[place >= 0])


def stratified_lift(
    problems: Problems, strata: Ints, window_days: float = WINDOW_DAYS
) -> Lift | None:
    """Return the lift within strata, weighed by how many problems each has in both arms.

    Post-stratification (Miratrix, Sekhon and Yu, 2013): narrower where the strata differ in how
    often they post. A stratum without problems in one arm is left out.
    """
    return lift_within([some for _, some in problems.by(strata)], window_days)


def lift_within(strata: Sequence[Problems], window_days: float = WINDOW_DAYS) -> Lift | None:
    """Return the same of strata that are cut already, each cut further by chance of the holdout."""
    alike = [one for some in strata for one in some.by_share()]
    both = [some for some in alike if all(np.any(arm) for arm in _arms(some))]
    if not both:
        return None
    arms = [_arms(some) for some in both]
    days = reach(
        window_days,
        *(
            np.concatenate([some.followed[of[arm]] for some, of in zip(both, arms, strict=True)])
            for arm in (0, 1)
        ),
    )
    ended = [_within(both, [of[arm] for of in arms], days) for arm in (0, 1)]
    return _compared(_together(both), ended, sharper=True)


def _distinct(values: Floats) -> Floats:
    """Return the different values in their order; they are few, so that sorting all is needless."""
    found: list[float] = []
    rest = values
    while len(rest) and len(found) < _FEW_VALUES:
        found.append(float(rest[0]))
        rest = rest[rest != rest[0]]
    return np.unique(np.concatenate([found, rest]))


def enough_of(chances: Sequence[Problems]) -> Sequence[Problems]:
    """Return those with enough problems in both arms, or all where none has.

    The spread of one or two asks does not say how far they may be off.
    """
    enough = [
        some for some in chances if min(np.sum(arm) for arm in _arms(some)) >= FEWEST_OF_A_CHANCE
    ]
    return enough or chances


def _within(strata: Sequence[Problems], arm: Sequence[Flags], days: float) -> Ended:
    """Return the weighed share of one arm, with the influence of each problem on it."""
    total, mine = sum(len(some.ask) for some in strata), sum(int(np.sum(of)) for of in arm)
    share, influence = 0.0, []
    for some, of in zip(strata, arm, strict=True):
        ended = ended_by(some.after[of], some.followed[of], days)
        weight = len(some.ask) / total
        share += weight * ended.share
        influence.append(weight * mine / len(ended.influence) * ended.influence)
    return Ended(share, np.concatenate(influence), days)


def _together(strata: Sequence[Problems]) -> Problems:
    return Problems(
        np.concatenate([some.ask for some in strata]),
        np.concatenate([some.arm for some in strata]),
        np.concatenate([some.who for some in strata]),
        np.concatenate([some.start for some in strata]),
        np.concatenate([some.after for some in strata]),
        np.concatenate([some.followed for some in strata]),
    )


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
    if not _in_both(problems.who, arms):
        # Persons have one arm for good, so that this is the rule.
        return 0.0
    both: Clusters = clusters_of(problems.who)
    sums = [
        np.bincount(both.member[arm], weights=one.influence, minlength=both.places) / np.sum(arm)
        for arm, one in zip(arms, ended, strict=True)
    ]
    return float(np.sum(sums[0] * sums[1]))


def _in_both(who: Ints, arms: list[Flags]) -> bool:
    """Say whether anybody has problems in both arms."""
    if len(who) and int(who.min()) < 0:
        return True
    held = np.zeros(int(who.max(initial=-1)) + 1, dtype=bool)
    held[who[arms[0]]] = True
    return bool(held[who[arms[1]]].any())
