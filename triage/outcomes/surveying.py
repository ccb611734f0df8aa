"""What a random sample of asks said when asked once -> the settled share of all of them, bounded.

In: `Asks` with the invitations and replies of a survey, which asks it is to speak for. Out: the
share, with an interval, and bounds for those who did not answer.
Not here: who is asked and when (measuring.follow_ups), which asks are silent (outcome).

Each ask of the sample stands for one over its probability of being drawn (Hájek, 1971). The
intervals are those of Clopper and Pearson (1934) at as many independent asks as the sample is worth
with its weights and persons (Korn and Graubard, 1998). Who did not answer may be anything: the
bounds take all of them for not settled, and all for settled (Horowitz and Manski, 1998).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, stdtrit

from triage.outcomes.asks import Asks, Flags, Floats, Ints
from triage.outcomes.intervals import CONFIDENCE, clusters_of
from triage.outcomes.outcome import Outcome, Settled
from triage.outcomes.told import CODE_OF
from triage.records import EventType

_SURVEY = CODE_OF[EventType.SURVEY_REPLY]
_ANSWERED = CODE_OF[EventType.ANSWERED]
_ACCEPTED = CODE_OF[EventType.ACCEPTED]


@dataclass(frozen=True, slots=True)
class Survey:
    """What those said who were asked: how many were, answered, and were settled.

    `answered_share` is the settled share that those who answered stand for, `low` and `high` bound
    that of all who were asked: nobody who kept silent was settled, or everybody. Each bound has its
    interval in it.
    """

    asked: int
    answered: int
    settled: int
    answered_share: float | None
    answered_low: float
    answered_high: float
    low: float
    high: float


def silent_asks(settled: Settled, among: Flags) -> Flags:
    """Return the marked asks of which nothing was heard."""
    silent: Flags = among & settled.ended(Outcome.SILENT)
    return silent


def answered_asks(asks: Asks, kept: Flags) -> Flags:
    """Return the asks that were posted and answered, and of which nobody said it is accepted."""
    n = len(asks)
    followed = asks.followings
    answered = followed.of(_ANSWERED).any(n)
    open_still: Flags = kept & answered & ~followed.of(_ACCEPTED).any(n)
    return open_still


def survey_of(asks: Asks, among: Flags, who: Ints) -> Survey | None:
    """Return what the marked asks said; None when none of them was asked.

    Each ask's last answer counts. A reply without a yes or no is an invitation. Where asks were
    drawn with a probability, replies of those that were not are no sample, and are left out.
    """
    drawn = ~np.isnan(asks.survey_probability)
    among = among & drawn if np.any(drawn) else among
    told = asks.followings.of(_SURVEY)
    told = told.where(among[told.ask])
    if not len(told.ask):
        return None
    invited = np.unique(told.ask)
    told = told.where(told.answer >= 0)
    # At the same moment doubt counts against us: the "no" comes last.
    order = np.lexsort((-told.answer, told.at))
    answer = np.full(len(asks), np.nan)
    answer[told.ask[order]] = told.answer[order]
    return survey(answer[invited], asks.survey_probability[invited], who[invited])


def survey(answer: Floats, probability: Floats, who: Ints) -> Survey:
    """Return what a sample said: 1 for settled, 0 for not, nan for no answer.

    Without any probability (nan) all stand for as many.
    """
    weight = np.where(np.isnan(probability), 1.0, 1.0 / np.fmax(probability, 1e-9))
    answered = ~np.isnan(answer)
    at_least = np.where(answered, answer, 0.0)
    at_most = np.where(answered, answer, 1.0)
    among = (answer[answered], weight[answered], who[answered])
    return Survey(
        asked=len(answer),
        answered=int(np.sum(answered)),
        settled=int(np.sum(at_least)),
        answered_share=_mean(*among[:2]) if np.any(answered) else None,
        answered_low=interval(*among)[0],
        answered_high=interval(*among)[1],
        low=interval(at_least, weight, who)[0],
        high=interval(at_most, weight, who)[1],
    )


def interval(values: Floats, weight: Floats, who: Ints) -> tuple[float, float]:
    """Return the interval of the weighed share of ones among values of 0 and 1."""
    if not len(values):
        return 0.0, 1.0
    share = _mean(values, weight)
    worth = _worth(values, share, weight, who)
    return _exact(share * worth, worth)


def _mean(values: Floats, weight: Floats) -> float:
    # Rounding must not lift a share of all above one.
    return min(1.0, max(0.0, float(np.sum(values * weight) / np.sum(weight))))


def _worth(values: Floats, share: float, weight: Floats, who: Ints) -> float:
    """Return as how many independent asks of equal weight these count; 0 for those of one."""
    n, clusters = len(values), clusters_of(who)
    if clusters.number < 2 <= n:
        return 0.0
    # Where all are alike their spread says nothing, and the weights say how few count.
    apart = weight * (values - share) if 0 < share < 1 else weight
    sums = np.bincount(clusters.member, weights=apart)
    spread = share * (1 - share) if 0 < share < 1 else 1.0
    worth = min(float(n), spread * float(np.sum(weight)) ** 2 / float(np.sum(np.square(sums))))
    if n == clusters.number:
        return worth
    tail = (1 + CONFIDENCE) / 2
    # Fewer persons than asks: the quantile of as few.
    return worth * float(stdtrit(n - 1, tail) / stdtrit(clusters.number - 1, tail)) ** 2


def _exact(yes: float, of: float) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson, for numbers that need not be whole."""
    if of <= 0:
        return 0.0, 1.0
    outside = (1 - CONFIDENCE) / 2
    no = max(of - yes, 0.0)
    low = float(betaincinv(yes, no + 1, outside)) if yes > 0 else 0.0
    high = float(betaincinv(yes + 1, no, 1 - outside)) if no > 1e-9 else 1.0
    return low, high
