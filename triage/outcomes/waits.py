"""How long it takes until something happens, where some still wait -> medians and shares in time.

In: after how many days each came (infinity: not yet), how many days are known, whose it is. Out:
what Kaplan and Meier (1958) make of it, with intervals that know of persons.
Not here: what is waited for (guardrails, routing).

A median over those who got there is no median of the wait: whoever still waits is left out of it.
Here such a wait counts for as long as it is known.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from triage.outcomes.asks import DAY, Floats, Ints
from triage.outcomes.intervals import Clusters, Share, clusters_of, share_with_interval
from triage.outcomes.survival import ended_by, reach

# Shares are sums of floats: half of all must not fail to be a half.
_ROUNDING = 1e-9
_WITHIN = {"hour": 1 / 24, "day": 1.0, "week": 7.0}


@dataclass(frozen=True, slots=True)
class Within:
    """The share that came in time: of the time wanted, or of the `days` that are known."""

    share: Share
    days: float


@dataclass(frozen=True, eq=False)
class Waits:
    """Waits of many: one row each, in days. A moment on the way is in days after its beginning."""

    after: Floats
    followed: Floats
    who: Ints

    def within(self, days: float) -> Within | None:
        """Return the share that came within so many days; None where there is no wait."""
        if not len(self.after):
            return None
        until = reach(days, self.followed)
        return Within(self._share(until), until)

    def quantile(self, share: float) -> tuple[float, float, float] | None:
        """Return by when this share came, and between what that lies; infinity: not known.

        Woodruff (1952): the interval of the share at that moment, read off the curve as times.
        None where there is no wait.
        """
        if not len(self.after):
            return None
        moments, came = self._curve
        if not len(moments):
            return np.inf, np.inf, np.inf
        place = min(int(np.searchsorted(came, share - _ROUNDING)), len(moments) - 1)
        there = self._share(float(moments[place]))
        above, below = there.high - there.value, there.value - there.low
        wanted = np.array([share, share - above, share + below])
        places = np.searchsorted(came, wanted - _ROUNDING)
        middle, early, late = np.append(moments, np.inf)[places].tolist()
        return middle, early, late

    @cached_property
    def _clusters(self) -> Clusters:
        return clusters_of(self.who)

    @cached_property
    def _curve(self) -> tuple[Floats, Floats]:
        return _curve(self.after, self.followed)

    def _share(self, days: float) -> Share:
        ended = ended_by(self.after, self.followed, days)
        return share_with_interval(ended.share, ended.influence, self._clusters)


def _curve(after: Floats, followed: Floats) -> tuple[Floats, Floats]:
    """Return the moments at which something came, and the share that had come by then.

    As far as a tenth was followed: beyond that the curve is of few.
    """
    until = np.minimum(followed, reach(np.inf, followed))
    came = after <= until
    moments, counts = np.unique(after[came], return_counts=True)
    known = np.sort(np.minimum(after, until))
    waiting = len(after) - np.searchsorted(known, moments, side="left")
    waits_still = np.cumprod(1.0 - counts.astype(np.float64) / waiting.astype(np.float64))
    return moments, np.asarray(1.0 - waits_still, dtype=np.float64)


def waits_told(waits: Waits) -> dict[str, object]:
    """Return a wait under the names that all waits have; None where it is not known."""
    return {
        "asks": len(waits.after),
        "came": int(np.sum(waits.after <= waits.followed)),
        **_seconds("median", waits.quantile(0.5)),
        **_seconds("p90", waits.quantile(0.9)),
        "within": {name: _within(waits.within(days)) for name, days in _WITHIN.items()},
    }


def _within(found: Within | None) -> dict[str, float] | None:
    if found is None:
        return None
    share = found.share
    return {"share": share.value, "low": share.low, "high": share.high, "days": found.days}


def _seconds(name: str, found: tuple[float, float, float] | None) -> dict[str, float | None]:
    ends = found or (np.inf, np.inf, np.inf)
    names = (f"{name}_seconds", f"{name}_seconds_low", f"{name}_seconds_high")
    return {
        name: days * DAY if np.isfinite(days) else None
        for name, days in zip(names, ends, strict=True)
    }
