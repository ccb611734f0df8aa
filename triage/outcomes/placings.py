"""Where each thread stood for an ask, and what was done about it there: one row per ask and thread.

In: what events say of threads. Out: arrays with one entry per ask and thread, however often the
thread was shown to the ask, opened or judged.
Not here: the asks (asks), packing (columns), what a place does to what is opened (insight.clicks).

The place is that of the first time: what came later may depend on what was done. These rows are as
of now, whatever moment a report looks from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from triage.outcomes.followings import Codes
from triage.outcomes.told import CODE_OF, UNSEEN, identity
from triage.records import EventType

Array = NDArray[Any]

SHOWN, OPENED = CODE_OF[EventType.SHOWN], CODE_OF[EventType.OPENED]
SOLVED, NOT_SOLVED = CODE_OF[EventType.SOLVED], CODE_OF[EventType.NOT_SOLVED]
ABOUT_THREADS = frozenset({SHOWN, UNSEEN, OPENED, SOLVED, NOT_SOLVED})
# Whether a thread was told to be shown, and was in sight.
UNTOLD, OUT_OF_SIGHT, IN_SIGHT = -1, 0, 1
NO_WORD, DENIED, SETTLED = -1, 0, 1
_LAST_PLACE = 100
_DAY = 86_400.0

# Per ask and thread; `p_thread` is a number made of the thread's id. A rank of 0 is not known, a
# propensity of nan too; `p_opened` is when it was opened first, nan for never.
PER_PLACING: Mapping[str, str] = {
    "p_ask": "<i4",
    "p_thread": "<i8",
    "p_rank": "<i1",
    "p_own": "<i1",
    "p_propensity": "<f4",
    "p_seen": "<i1",
    "p_opened": "<f8",
    "p_word": "<i1",
}


class Placed(NamedTuple):
    """What one event says of a thread; without a rank it is 0, without a propensity nan."""

    thread: str
    rank: int
    own_rank: int
    propensity: float


@dataclass(frozen=True, slots=True)
class Placings:
    """Where threads stood, one row per ask and thread; `opened` in days after the ask, nan: never.

    `rank` is where it was served, 0 where nobody says it, `own_rank` where its probability would
    have put it, `propensity` how likely `rank` was. `seen` and `word` are codes of this file.
    """

    ask: Codes
    thread: NDArray[np.int64]
    rank: Codes
    own_rank: Codes
    propensity: NDArray[np.floating[Any]]
    seen: Codes
    opened: NDArray[np.float64]
    word: Codes

    def __len__(self) -> int:
        return len(self.ask)

    def where(self, kept: NDArray[np.bool_]) -> "Placings":
        """Return the marked rows alone."""
        return Placings(*(getattr(self, name)[kept] for name in self.__slots__))

    def of_asks(self, place: NDArray[np.int64]) -> "Placings":
        """Return those of asks that have a place, which is -1 for the others, at their places."""
        kept = self.where(place[self.ask] >= 0)
        return Placings(place[kept.ask], *(getattr(kept, name) for name in self.__slots__[1:]))


def placed(values: Mapping[str, object]) -> Placed | None:
    """Return what an event says of a thread; None where it is about none."""
    thread = identity(values.get("thread_id"))
    if not thread:
        return None
    rank = _place(values.get("rank"))
    likely = values.get("propensity")
    known = isinstance(likely, int | float) and not isinstance(likely, bool) and 0 < likely <= 1
    own = _place(values.get("own_rank")) or rank
    return Placed(thread, rank, own, float(likely) if known else np.nan)  # type: ignore[arg-type]


def _place(value: object) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 1 <= value <= _LAST_PLACE else 0  # type: ignore[operator,return-value]


class _Row:
    """What is known so far of one thread and one ask."""

    __slots__ = ("opened", "seen", "shown", "word", "word_at")

    def __init__(self) -> None:
        self.shown: tuple[bool, float, Placed] | None = None
        self.seen, self.opened = UNTOLD, np.nan
        self.word, self.word_at = NO_WORD, -np.inf

    def take(self, kind: int, at: float, said: Placed) -> None:
        """Add what one event says; in whichever order they come, the same comes of them."""
        told = kind in (SHOWN, UNSEEN)
        if said.rank and (self.shown is None or (not told, at, said) < self.shown):
            self.shown = (not told, at, said)
        if told:
            self.seen = max(self.seen, IN_SIGHT if kind == SHOWN else OUT_OF_SIGHT)
        elif kind == OPENED:
            self.opened = float(np.fmin(self.opened, at))
        else:
            word = SETTLED if kind == SOLVED else DENIED
            # At the same moment doubt counts against us.
            if (at, -word) > (self.word_at, -self.word):
                self.word, self.word_at = word, at


def placing_arrays(
    said: Iterable[tuple[int, int, int, float, Placed]],
) -> dict[str, Array]:
    """Return the arrays of PER_PLACING; of each event its ask's place, thread, type and moment."""
    rows: dict[tuple[int, int], _Row] = {}
    for ask, thread, kind, at, told in said:
        if ask >= 0:
            rows.setdefault((ask, thread), _Row()).take(kind, at, told)
    found = []
    for (ask, thread), row in sorted(rows.items(), key=lambda one: one[0]):
        _, _, shown = row.shown or (None, None, Placed("", 0, 0, np.nan))
        place = (shown.rank, shown.own_rank, shown.propensity)
        found.append((ask, thread, *place, row.seen, row.opened, row.word))
    columns = list(zip(*found, strict=True)) or [()] * len(PER_PLACING)
    return {
        name: np.array(values, dtype=np.dtype(kind))
        for (name, kind), values in zip(PER_PLACING.items(), columns, strict=True)
    }


def placings_from(
    arrays: Mapping[str, Array], place: NDArray[np.int64] | None, start: NDArray[np.float64]
) -> Placings:
    """Return the rows of those arrays for asks at these places (-1: none) that began then."""
    ask = arrays["p_ask"] if place is None else place[arrays["p_ask"]]
    names = [name for name in PER_PLACING if name != "p_ask"]
    rest = {name: arrays[name] for name in names}
    if place is not None:
        held = ask >= 0
        ask, rest = ask[held], {name: array[held] for name, array in rest.items()}
    # What is opened before its ask by the sender's clock is opened at once.
    opened = np.maximum((rest["p_opened"] - start[ask]) / _DAY, 0.0)
    return Placings(
        ask,
        rest["p_thread"],
        rest["p_rank"],
        rest["p_own"],
        rest["p_propensity"],
        rest["p_seen"],
        opened,
        rest["p_word"],
    )


NO_PLACINGS = placings_from(placing_arrays(()), None, np.empty(0))
