"""What the treatment's asks say of themselves: offers, bounds of deflection, what is taken back.

In: `Asks`, what became of them, and which count. Out: shares with intervals.
Not here: what suggestions cause (lift): none of these needs, or replaces, a holdout; what silent
asks say when asked (surveying).
"""

from dataclasses import dataclass

import numpy as np

from triage.outcomes.asks import DAY, Asks, Flags, Floats, Ints
from triage.outcomes.intervals import (
    Share,
    clusters_of,
    mean_share,
    share_with_interval,
)
from triage.outcomes.outcome import POSTING, SOLVING, TAKING_BACK, Outcome, Settled
from triage.outcomes.survival import ended_by, reach
from triage.outcomes.told import CODE_OF, TREATMENT
from triage.records import EventType

# To open, rate, dismiss or judge a suggestion, one must have seen it.
_SEEING = tuple(
    CODE_OF[kind]
    for kind in (
        EventType.SHOWN,
        EventType.OPENED,
        EventType.RATED,
        EventType.SOLVED,
        EventType.NOT_SOLVED,
        EventType.DISMISSED,
    )
)


@dataclass(frozen=True, slots=True)
class Deflection:
    """The bounds over the asks that saw a suggestion: at least `low`, at most `high`."""

    asks: int
    low: Share
    high: Share


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The share of solved asks that were not so within some days; `asks` of them are known."""

    share: Share
    days: float


@dataclass(frozen=True, slots=True)
class Solved:
    """The asks said to be solved; after how long each was taken back, how long it was followed."""

    solved: Flags
    back: Floats
    followed: Floats


def offered_asks(asks: Asks, kept: Flags) -> Flags:
    """Return the asks of the treatment that were offered at least one suggestion."""
    offered: Flags = kept & asks.offered & (asks.arm == TREATMENT)
    return offered


def seen_asks(asks: Asks, kept: Flags) -> Flags:
    """Return the asks of the treatment that saw at least one suggestion.

    Where the log holds no `shown` event at all, what was offered counts as seen.
    """
    offered = offered_asks(asks, kept)
    if not asks.shown_told:
        return offered
    seen: Flags = offered & asks.followings.of(*_SEEING).any(len(asks))
    return seen


def who_asked(asks: Asks) -> Ints:
    """Return the unit of each ask: the person, else the session, else the ask itself."""
    persons = int(asks.person.max(initial=-1)) + 1
    sessions = int(asks.session.max(initial=-1)) + 1
    alone = persons + sessions + np.arange(len(asks))
    in_session = np.where(asks.session >= 0, persons + asks.session, alone)
    return np.where(asks.person >= 0, asks.person, in_session)


def deflection(settled: Settled, seen: Flags, who: Ints) -> Deflection | None:
    """Return [CONFIRMED/N, (CONFIRMED + SILENT)/N] of the N asks that saw a suggestion."""
    confirmed = settled.ended(Outcome.CONFIRMED)[seen].astype(np.float64)
    silent = settled.ended(Outcome.SILENT)[seen].astype(np.float64)
    low = mean_share(confirmed, who[seen])
    high = mean_share(confirmed + silent, who[seen])
    return None if low is None or high is None else Deflection(len(confirmed), low, high)


def solved_asks(asks: Asks, seen: Flags) -> Solved:
    """Return the asks said to be solved, and how long after that it was taken back."""
    n = len(asks)
    first = asks.followings.of(*SOLVING).first(n)
    after = asks.followings.of(*TAKING_BACK, *POSTING)
    # At the same moment doubt counts against us, as it does for the outcome.
    later = after.where(np.maximum(after.at, 0.0) >= first[after.ask])
    posted_before = asks.followings.of(*POSTING).first(n) < first
    solved = seen & np.isfinite(first) & ~posted_before
    back = later.first(n)[solved] - first[solved]
    followed = (asks.as_of - asks.start[solved]) / DAY - first[solved]
    return Solved(solved, back, np.maximum(followed, 0.0))


def taken_back(found: Solved, who: Ints, days: float) -> TakenBack | None:
    """Return the share of asks said to be solved that are posted or denied within so many days.

    Days count from the first `solved`; Kaplan-Meier, censored at the as-of moment. Asks that were
    posted before are no successes to take back. None when nothing was solved.
    """
    if not np.any(found.solved):
        return None
    until = reach(days, found.followed)
    ended = ended_by(found.back, found.followed, until)
    clusters = clusters_of(who[found.solved])
    return TakenBack(share_with_interval(ended.share, ended.influence, clusters), until)


def durable_confirmed(found: Solved, seen: Flags, back: TakenBack | None) -> float | None:
    """Return the share of seen asks that are said to be solved and were not taken back.

    (asks with a `solved` / N) x (1 - share taken back within the days of `back`).
    """
    if not np.any(seen):
        return None
    if back is None:
        return 0.0
    solved = float(np.sum(found.solved)) / float(np.sum(seen))
    return solved * (1 - back.share.value)
