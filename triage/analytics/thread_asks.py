"""A thread that was suggested -> the asks that each number of it counts.

In: a `View`, a thread, a side. Out: which asks; where threads stood for the asks of a view; the ids
of threads.
Not here: how many these are, what they say of a thread (threads).
"""

from collections.abc import Callable, Mapping

import numpy as np

from triage import store
from triage.analytics.context import Context
from triage.analytics.values import View
from triage.errors import BadField
from triage.outcomes.asks import Flags, Ints
from triage.outcomes.columns import number_of
from triage.outcomes.outcome import POSTING, Outcome
from triage.outcomes.placings import DENIED, IN_SIGHT, SETTLED, UNTOLD, Placings

BEHIND = "thread"
# Before the number of a thread that is no more.
GONE = "#"
# Digits of a number of 64 bits.
_LONGEST_NUMBER = 19


def asks_behind(context: Context, key: str) -> Flags:
    """Return the asks that a number of a thread counts; `key` is `thread:SIDE:ID`.

    Raises BadField for another form, and for a side that is none of SIDES.
    """
    kind, _, rest = key.partition(":")
    side, _, thread_id = rest.partition(":")
    if kind != BEHIND or not thread_id:
        raise BadField("behind", "should be `thread:SIDE:ID`")
    return asks_of_thread(context.view, thread_id, side)


def asks_of_thread(view: View, thread_id: str, side: str = "shown") -> Flags:
    """Return the asks that one of SIDES of a thread counts. Raises BadField for none of these."""
    if (rule := SIDES.get(side)) is None:
        raise BadField("behind", f"has no side `{side}`; there are {', '.join(SIDES)}")
    gone = thread_id.removeprefix(GONE)
    number = int(gone) if _is_number(thread_id) else number_of(thread_id)
    about = about_threads(view)
    found: Flags = np.zeros(len(view.asks), dtype=bool)
    found[about.ask[(about.thread == number) & rule(view, about)]] = True
    return found


def _is_number(thread_id: str) -> bool:
    digits = thread_id.removeprefix(GONE).removeprefix("-")
    short = len(digits) <= _LONGEST_NUMBER
    return short and thread_id.startswith(GONE) and digits.isascii() and digits.isdigit()


Rule = Callable[[View, Placings], Flags]


def _shown(view: View, about: Placings) -> Flags:
    return np.ones(len(about), dtype=bool)


def _seen(view: View, about: Placings) -> Flags:
    found: Flags = (about.seen == IN_SIGHT) | _opened(view, about) | (about.word >= 0)
    return found


def _opened(view: View, about: Placings) -> Flags:
    return ~np.isnan(about.opened)


def _settled(view: View, about: Placings) -> Flags:
    found: Flags = (about.word == SETTLED) & view.settled.ended(Outcome.CONFIRMED)[about.ask]
    return found


def _posted(view: View, about: Placings) -> Flags:
    """Say where an ask was posted, not before it had opened the thread."""
    posted = view.asks.followings.of(*POSTING).first(len(view.asks))[about.ask]
    later = _opened(view, about) & (posted >= np.nan_to_num(about.opened))
    return later & view.settled.ended(Outcome.POSTED)[about.ask]


def _denied(view: View, about: Placings) -> Flags:
    """Say where the thread was said not to settle, or said to and then found not to have."""
    taken_back = view.settled.ended(Outcome.POSTED) | view.settled.ended(Outcome.CONTRADICTED)
    found: Flags = (about.word == DENIED) | ((about.word == SETTLED) & taken_back[about.ask])
    return found


SIDES: Mapping[str, Rule] = {
    "shown": _shown,
    "seen": _seen,
    "opened": _opened,
    "settled_by_it": _settled,
    "posted_after": _posted,
    "denied": _denied,
}


def about_threads(view: View) -> Placings:
    """Return where threads stood for the asks of a view.

    An open question that asks the same, and the thread of a known issue, stand in no place and are
    no suggestions. A front end that tells of nothing shown may still tell of what was opened.
    """
    every = view.asks.placings
    suggested = (every.rank > 0) | (every.seen == UNTOLD)
    return every.where(suggested & view.kept[every.ask])


def thread_ids(context: Context, numbers: Ints) -> dict[int, str]:
    """Return the ids of the threads that there still are, by their numbers."""
    wanted = set(numbers.tolist())
    known = store.thread_state(context.connection, context.forum_id)
    return {number: one for one in known if (number := number_of(one)) in wanted}
