"""What became of an ask: one of four, from what followed it within the window.

In: `Asks`. Out: an outcome for each, and when it was posted.
Not here: counting (bounds, lift), who is left out (exclusion).

Within W days of the ask, whatever the order in which its events arrived:

1. POSTED: it was posted or escalated, or an unsolved twin was followed. This outranks every word,
   since the work was made; a "solved" before or after it takes nothing back.
2. CONTRADICTED: the person's last word is that it is not solved (`not_solved`,
   `still_need_help`, `reopened`), or the same person came back with the same problem.
3. CONFIRMED: the last word is `solved`.
4. SILENT: neither. A rating, a dismissal, an opened thread and a survey reply are no words.

The last word is the last by the sender's clock, whatever thread it is about; at the same moment
doubt counts against us. An event that bears the id of an ask happened after it, whatever the clock
says, so a moment before it is taken as the moment of the ask.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from triage.outcomes.asks import DAY, Asks, Flags, Floats, Ints
from triage.outcomes.told import CODE_OF, RETURNED
from triage.records import EventType

WINDOW_DAYS = 28.0


class Outcome(StrEnum):
    """What became of an ask; exclusive."""

    POSTED = "posted"
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    SILENT = "silent"


OUTCOMES = tuple(Outcome)
_PLACE = {outcome: place for place, outcome in enumerate(OUTCOMES)}

POSTING = (CODE_OF[EventType.POSTED], CODE_OF[EventType.ESCALATED])
SOLVING = (CODE_OF[EventType.SOLVED],)
TAKING_BACK = (
    CODE_OF[EventType.NOT_SOLVED],
    CODE_OF[EventType.STILL_NEED_HELP],
    CODE_OF[EventType.REOPENED],
    RETURNED,
)


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome of each ask as far as it is known; `open` where the window is not over yet."""

    outcome: Ints
    open: Flags

    def ended(self, outcome: Outcome) -> Flags:
        """Say of each ask whether it ended so."""
        return np.equal(self.outcome, _PLACE[outcome])

    def count(self, outcome: Outcome, among: Flags) -> int:
        """Count the asks among the marked ones that ended so."""
        return int(np.sum(self.ended(outcome) & among))


def settle(asks: Asks, window_days: float = WINDOW_DAYS) -> Settled:
    """Return what became of each ask within so many days, as far as it is known by `as_of`."""
    n = len(asks)
    within = asks.followings.where(asks.followings.at <= window_days)
    posted = within.of(*POSTING).any(n)
    yes = within.of(*SOLVING).last(n)
    no = within.of(*TAKING_BACK).last(n)
    outcome = np.full(n, _PLACE[Outcome.SILENT])
    outcome[yes > no] = _PLACE[Outcome.CONFIRMED]
    outcome[(no >= yes) & (no > -np.inf)] = _PLACE[Outcome.CONTRADICTED]
    outcome[posted] = _PLACE[Outcome.POSTED]
    return Settled(outcome, asks.followed < window_days)


def posted_after(asks: Asks) -> Floats:
    """Return after how many days each ask was posted or became a case; infinity for not yet.

    An ask that comes back to an earlier one is that one's problem still: its post is the first
    ask's, counted from the first ask, so that a false comfort that only delays a post gains
    nothing.
    """
    own = asks.followings.of(*POSTING).first(len(asks))
    since_root = own + (asks.start - asks.start[asks.root]) / DAY
    posted = np.full(len(asks), np.inf)
    np.minimum.at(posted, asks.root, since_root)
    # The answer of an ask that comes back is its own too, where it is looked at by itself.
    comes_back = asks.root != np.arange(len(asks))
    posted[comes_back] = own[comes_back]
    return posted
