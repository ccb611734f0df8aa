"""A key in an address -> the asks behind a row of a page, and what they are called.

In: a reading, `card` and `side`, or a key: `week:DAY`, `slice:DIMENSION:VALUE`, `thread:SIDE:ID`,
and those of gaps, questions and trends. Out: which asks, by the very rule that counted the row.
Not here: those rules (analytics), listing the asks (asks).
"""

from collections.abc import Callable, Mapping
from datetime import date

from triage.analytics import behind, thread_asks
from triage.analytics.calendar import WEEK
from triage.analytics.drilling import Side, drilled
from triage.analytics.filters import EARLIEST, LATEST
from triage.analytics.series import week_asks
from triage.analytics.slices import slice_asks
from triage.api.pages.analytics.here import Here
from triage.errors import BadField
from triage.outcomes.asks import Flags

Found = tuple[str, Flags]


def asks_behind(here: Here, given: Mapping[str, str]) -> Found:
    """Return what the asks of an address are called, and which they are.

    Raises BadField for a card, a side or a key that there is not.
    """
    if card := given.get("card"):
        return _of_card(here, card, given.get("side") or Side.PART.value)
    if key := given.get("behind"):
        kind, _, rest = key.partition(":")
        if kind not in _KINDS or not rest:
            raise BadField("behind", f"is none of {', '.join(_KINDS)}, followed by what it is of")
        return _KINDS[kind](here, key)
    return here.say("analytics.all_asks"), here.context.view.kept


def _of_card(here: Here, card: str, side: str) -> Found:
    marked = drilled(here.context.view, card, side)
    title = here.say(f"card.{card}")
    if side == Side.WHOLE:
        title = here.say("analytics.whole_of", card=title)
    return title, marked


def _of_week(here: Here, key: str) -> Found:
    try:
        monday = date.fromisoformat(key.partition(":")[2])
    except ValueError as error:
        raise BadField("behind", "names no week, such as week:2026-03-02") from error
    if not EARLIEST <= monday <= LATEST - WEEK:
        raise BadField("behind", "names a week that is too long ago or too far ahead")
    return here.say("analytics.week_of", day=monday), week_asks(here.context.view, monday)


def _of_slice(here: Here, key: str) -> Found:
    dimension, _, value = key.partition(":")[2].partition(":")
    marked = slice_asks(here.context.view, dimension, value or None)
    told = here.name_of(dimension, value or None)
    return f"{here.say(f'analytics.by_{dimension}')}: {told}", marked


def _of_group(here: Here, key: str) -> Found:
    kind = key.partition(":")[0]
    return here.say(f"analytics.behind_{kind}"), behind.asks_behind(here.context, key)


def _of_thread(here: Here, key: str) -> Found:
    marked = thread_asks.asks_behind(here.context, key)
    return here.say(f"analytics.thread_{key.split(':')[1]}"), marked


_KINDS: Mapping[str, Callable[[Here, str], Found]] = {
    "week": _of_week,
    "slice": _of_slice,
    "gap": _of_group,
    "faq": _of_group,
    "rising": _of_group,
    "issue": _of_group,
    "thread": _of_thread,
}
