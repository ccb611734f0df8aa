"""When questions were asked, settled and passed on -> which of them were hard. Pure.

In: cases, and how long the community usually takes (or nothing: it is read off the cases). Out:
per case hard, easy or not known. Hard means that the community did not resolve it within the
usual time, so that difficulty is 1 - the probability that it does. What a case has filed as its
difficulty comes before what is made out here (labels).

The usual time is that within which nine in ten of the questions that the community ever settles
are settled, by the estimator of Kaplan and Meier ("Nonparametric estimation from incomplete
observations", 1958): a question that is still open tells that it took at least so long, not that
it failed. Of the median half of all good answers would come too late.
Not here: learning from the labels (heads), any clock: the cases end where their last date is,
unless `now` is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from triage.classify import EASY, HARD
from triage.records import Case, Destination

Seconds = NDArray[np.float64]

USUAL_SHARE = 0.9
# With fewer settled questions than this, nobody can say what is usual: a week is taken for it.
FEWEST_SETTLED = 20
UNTOLD = timedelta(days=7)
# A question closed up to this long before it was asked had another clock or time zone on one side,
# and was closed quickly. Further back the dates are wrong and say nothing.
SKEW = timedelta(days=1)
# Cases of this share may be dated after the end of the file: such dates are slips of the pen.
_SLIPS = 0.01
_FAR_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Usual:
    """How long the community usually takes, and when the cases were last looked at.

    `usual` None is read off the cases; so is `now`.
    """

    usual: timedelta | None = None
    now: datetime | None = None


def difficulty_labels(cases: Sequence[Case], known: Usual | None = None) -> list[str | None]:
    """Return HARD or EASY for each case, None where it cannot be told (yet)."""
    told = known or Usual()
    now = told.now or last_seen(cases)
    if now is None:
        return [HARD if _needed_expert(case) else None for case in cases]
    usual = told.usual or usual_time(cases, now)
    return [_label(case, usual, now) for case in cases]


def usual_time(cases: Sequence[Case], now: datetime) -> timedelta:
    """Return the time within which the community settles nine in ten of what it ever settles.

    What an expert answered tells nothing of how long the community takes and is left out; what is
    still open is censored.
    """
    spans = [_span(case, now) for case in cases if not _needed_expert(case)]
    known = [span for span in spans if span is not None]
    if sum(settled for _, settled in known) < FEWEST_SETTLED:
        return UNTOLD
    seconds = np.array([length.total_seconds() for length, _ in known])
    times, share = settled_share(seconds, np.array([settled for _, settled in known]))
    reached = int(np.argmax(share >= USUAL_SHARE * share[-1] - 1e-12))
    return timedelta(seconds=float(times[reached]))


def settled_share(seconds: Seconds, settled: NDArray[np.bool_]) -> tuple[Seconds, Seconds]:
    """Return the times at which questions were settled, and the share settled by then.

    Kaplan-Meier: at each time, those settled are counted against those that are known to have
    been open until then.
    """
    times, counts = np.unique(seconds[settled], return_counts=True)
    ranked = np.sort(seconds)
    at_risk = len(ranked) - np.searchsorted(ranked, times, side="left")
    open_still: Seconds = np.cumprod(1 - counts / at_risk, dtype=np.float64)
    return times, 1 - open_still


def last_seen(cases: Sequence[Case]) -> datetime | None:
    """Return the last date of the cases, or None; a lone date far ahead of all others is a slip."""
    dates = sorted(
        date for c in cases for date in (c.created, c.first_response, c.closed) if date is not None
    )
    if not dates:
        return None
    kept = dates[: max(1, len(dates) - int(_SLIPS * len(dates)))]
    return max(date for date in dates if date - kept[-1] <= _FAR_AHEAD)


def _label(case: Case, usual: timedelta, now: datetime) -> str | None:
    if _needed_expert(case):
        return HARD
    span = _span(case, now)
    if span is None:
        return None
    length, settled = span
    if length > usual:
        return HARD
    return EASY if settled else None


def _needed_expert(case: Case) -> bool:
    """Say whether it is known that somebody else than the community had to answer."""
    return case.escalated is True or case.destination == Destination.EXPERT


def _span(case: Case, now: datetime) -> tuple[timedelta, bool] | None:
    """Return how long a case was open and whether it was settled then, as far as `now` can see."""
    if case.created is None or case.created > now:
        return None
    if case.closed is None or case.closed > now:
        return now - case.created, False
    length = case.closed - case.created
    if length < -SKEW:
        return None
    return max(length, timedelta(0)), True
