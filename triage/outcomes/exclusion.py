"""Which asks count: bots, staff, test keys and bursts are left out by rule, the same in both arms.

In: `Asks`, the period, and which of them are meant. Out: what counts, and how many do not and why.
Not here: recognising a bot while it asks (the service marks the `asked` row).
"""

from dataclasses import dataclass

import numpy as np

from triage.outcomes.asks import Asks, Flags, Ints
from triage.outcomes.told import Barred

# Nobody has more than so many problems within an hour; whoever seems to is a program.
BURST_ASKS = 20
BURST_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Counting:
    """The asks that count, and how many were left out for which reason (each for one)."""

    kept: Flags
    bots: int
    staff: int
    test: int
    bursts: int
    outside: int
    others: int = 0


def counting(
    asks: Asks,
    since: float | None = None,
    until: float | None = None,
    meant: Flags | None = None,
) -> Counting:
    """Say which asks count: those that began from `since` to before `until`, by the rules.

    Of the others only the `meant` ones, where a report is of some alone.
    A person who is marked as bot, staff or test once is so in all asks. Over 20 asks of one
    person, or of one session without a person, within an hour put all of theirs aside.
    """
    barred = barred_asks(asks)
    unnamed = asks.person < 0
    bursts = _bursting(asks.person, asks.start)
    bursts |= _bursting(np.where(unnamed, asks.session, -1), asks.start)
    outside = np.zeros(len(asks), dtype=bool)
    if since is not None:
        outside |= asks.start < since
    if until is not None:
        outside |= asks.start >= until
    inside = ~outside if meant is None else ~outside & meant
    return Counting(
        kept=inside & (barred == Barred.NOT) & ~bursts,
        bots=int(np.sum(inside & (barred == Barred.BOT))),
        staff=int(np.sum(inside & (barred == Barred.STAFF))),
        test=int(np.sum(inside & (barred == Barred.TEST))),
        bursts=int(np.sum(inside & (barred == Barred.NOT) & bursts)),
        outside=int(np.sum(outside)),
        others=int(np.sum(~outside & ~inside)),
    )


def barred_asks(asks: Asks) -> Ints:
    """Return of each ask whether its person is marked as bot, staff or test, in whichever ask."""
    barred = np.zeros(len(asks), dtype=np.int64)
    for why in (Barred.TEST, Barred.STAFF, Barred.BOT):
        marked = asks.barred == why
        if not marked.any():
            continue
        barred[marked | np.isin(asks.person, asks.person[marked & (asks.person >= 0)])] = why
    return barred


def _bursting(who: Ints, start: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Flags:
    """Say of each ask whether whoever asked it began over so many within an hour."""
    # Only who asked that often at all can have done so within an hour.
    often = np.bincount(who[who >= 0]) > BURST_ASKS
    if not often.any():
        return np.zeros(len(who), dtype=bool)
    order = np.flatnonzero((who >= 0) & often[who])
    order = order[np.lexsort((start[order], who[order]))]
    sorted_who, sorted_start = who[order], start[order]
    ahead = BURST_ASKS
    burst = sorted_who[ahead:] == sorted_who[:-ahead]
    burst &= sorted_start[ahead:] - sorted_start[:-ahead] <= BURST_SECONDS
    return np.isin(who, sorted_who[ahead:][burst])
