"""Whether anybody is worse off: every language, and newcomers, against all others.

In: `Asks`, the lifts of their slices, what became of them. Out: for each slice what it has of the
lift, of contradictions and of asking for help, and whether that is clearly worse than elsewhere.
Not here: the lift of one slice (guardrails), the headline (lift).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from triage.outcomes.asks import Asks, Flags, Floats, Ints, Names
from triage.outcomes.guardrails import FEWEST_PROBLEMS, STILL, Slice
from triage.outcomes.intervals import CONFIDENCE, Share, difference_interval, share_of_sums
from triage.outcomes.outcome import Outcome, Settled

NEWCOMER = ("no", "yes")


@dataclass(frozen=True, slots=True)
class _Compared:
    """One measure of one slice: its share, and whether it is higher than that of the others."""

    share: Share | None
    worse: bool


def harm_of(
    asks: Asks, settled: Settled, offered: Flags, who: Ints, lifts: Mapping[str, Sequence[Slice]]
) -> dict[str, list[dict[str, Any]]]:
    """Return every language, and newcomers and others, with what they have to bear.

    `lifts` are those by language and by newcomer, as far as there are any.
    `why` names what is clearly worse: `lift`, when suggestions cause posts there; `contradicted` or
    `still_need_help`, when their share of the offered asks is above that of all other slices
    together. Clearly: at 95 % divided by the number of comparisons (Bonferroni), and where at
    least 20 asks speak.
    """
    bad = {
        "contradicted": settled.ended(Outcome.CONTRADICTED),
        "still_need_help": asks.followings.of(*STILL).any(len(asks)),
    }
    every = _Sums.of({name: marked[offered] for name, marked in bad.items()}, who[offered])
    found: dict[str, list[dict[str, Any]]] = {}
    for name, names in (("lang", asks.lang), ("newcomer", Names(asks.newcomer, NEWCOMER))):
        of = names.code[offered]
        codes = np.flatnonzero(np.bincount(of[of >= 0])).tolist()
        by_name = {one.name: one for one in lifts.get(name, ())}
        rows = []
        for code in codes:
            mine = every.where(of == code)
            lift = by_name.get(names.names[code])
            told = {one: _compared(one, mine, every, 2 * len(codes)) for one in bad}
            why = ["lift"] if lift is not None and lift.harmed else []
            why += [measure for measure, one in told.items() if one.worse]
            rows.append(
                {
                    "slice": names.names[code],
                    "offered": len(mine.who),
                    "lift": lift and lift.lift.value,
                    "lift_low": lift and lift.lift.low,
                    "lift_high": lift and lift.lift.high,
                    **{measure: _told(one.share) for measure, one in told.items()},
                    "harmed": bool(why),
                    "why": why,
                }
            )
        found[name] = rows
    return found


@dataclass(frozen=True, slots=True)
class _Sums:
    """Marks of asks, and how many of them each person has: what is left out need not be seen."""

    marked: dict[str, Flags]
    who: Ints
    ones: dict[str, Floats]
    sizes: Floats

    @classmethod
    def of(cls, marked: dict[str, Flags], who: Ints, persons: int = 0) -> "_Sums":
        """Count by person."""
        persons = persons or int(who.max(initial=-1)) + 1
        ones = {n: np.bincount(who[m], minlength=persons).astype(float) for n, m in marked.items()}
        return cls(marked, who, ones, np.bincount(who, minlength=persons).astype(float))

    def where(self, some: Flags) -> "_Sums":
        """Return those of some asks alone."""
        marked = {name: each[some] for name, each in self.marked.items()}
        return _Sums.of(marked, self.who[some], len(self.sizes))


def _compared(measure: str, mine: _Sums, every: _Sums, comparisons: int) -> _Compared:
    share = share_of_sums(mine.ones[measure], mine.sizes)
    rest = share_of_sums(every.ones[measure] - mine.ones[measure], every.sizes - mine.sizes)
    if share is None or rest is None or min(share.asks, rest.asks) < FEWEST_PROBLEMS:
        return _Compared(share, worse=False)
    low, _ = difference_interval(share, rest)
    difference = share.value - rest.value
    tail = (1 - CONFIDENCE) / 2
    wider = float(ndtri(1 - tail / comparisons) / ndtri(1 - tail))
    return _Compared(share, worse=difference - wider * (difference - low) > 0)


def _told(share: Share | None) -> dict[str, Any] | None:
    if share is None:
        return None
    return {"share": share.value, "low": share.low, "high": share.high, "asks": share.asks}
