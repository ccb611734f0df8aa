"""The asks of a day -> its figures, each beside what it is on days like it.

In: a forum, a day that is over. Out: figures with the range that holds 99 in 100 such days.
Not here: what a figure counts (outcomes, the same as on /analytics), the range (outcomes.usual).

What becomes of an ask takes days, so every earlier day is looked at as it stood at this hour of the
day after it: a day that is only just over is held against days that were only just over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from triage import store
from triage.analytics.values import FEWEST_PERSONS
from triage.outcomes.asks import DAY, Asks, Flags, Ints
from triage.outcomes.bounds import offered_asks, who_asked
from triage.outcomes.exclusion import counting
from triage.outcomes.outcome import Outcome, settle
from triage.outcomes.told import TREATMENT
from triage.outcomes.usual import usual_count, usual_share
from triage.reports import fold
from triage.reports.reading import asks_of_forum

WEEKS = 8
_DAYS = 7 * WEEKS
FIGURES = ("asks", "offer_rate", "confirmed", "posted", "questions")


@dataclass(frozen=True, slots=True)
class DayFigure:
    """A figure of the day: `part` of `whole`, or `part` alone.

    `low` and `high` are the ends of what is usual, of the share where there is a whole; None where
    too little is known, and of fewer than 20 persons no share is told.
    """

    name: str
    part: int
    whole: int | None
    low: float | None
    high: float | None
    enough: bool = True

    @property
    def share(self) -> float | None:
        """The part as a share of the whole."""
        return self.part / self.whole if self.whole and self.enough else None

    @property
    def unusual(self) -> int:
        """1 above what is usual, -1 below it, else 0."""
        value = self.part if self.whole is None else self.share
        if value is None or self.low is None or self.high is None:
            return 0
        return int(value > self.high) - int(value < self.low)


def figures_of_day(
    database: store.Database,
    forum_id: int,
    day: date,
    now: datetime,
    *,
    include_simulated: bool = False,
) -> tuple[DayFigure, ...]:
    """Return the figures of a UTC day that is over. Raises StoreUnavailable.

    Made-up asks count as they do in all measures; made-up questions where it is said.
    """
    first = day - timedelta(days=_DAYS)
    begins = datetime.combine(first, time(), UTC)
    fold(database, forum_id)
    with database.read() as c:
        asks = asks_of_forum(c, forum_id, now)
        posted = store.hourly_counts(
            c,
            forum_id,
            store.Stream.POSTED,
            begins,
            begins + timedelta(days=_DAYS + 1),
            include_simulated=include_simulated,
        )
    counts = [0] * (_DAYS + 1)
    for hour, count in posted.items():
        counts[hour // 24 - int(begins.timestamp()) // 86_400] += count
    found = _of_asks(asks, begins.timestamp(), now.timestamp())
    return (*found, _counted("questions", counts))


def _of_asks(asks: Asks, begins: float, now: float) -> Sequence[DayFigure]:
    days = np.floor((asks.start - begins) / DAY).astype(np.int64)
    late = now - (begins + (_DAYS + 1) * DAY)
    # In days after each ask, the moment as of which its day is looked at.
    until = ((days + 1) * DAY + begins + late - asks.start) / DAY
    followed = asks.followings
    known = replace(asks, followings=followed.where(followed.at <= until[followed.ask]))
    settled = settle(known)
    kept = counting(asks, begins, begins + (_DAYS + 1) * DAY).kept
    offered = offered_asks(known, kept)
    treated: Flags = kept & (known.arm == TREATMENT)
    pairs = {
        "offer_rate": (offered, treated),
        "confirmed": (offered & settled.ended(Outcome.CONFIRMED), offered),
        "posted": (offered & settled.ended(Outcome.POSTED), offered),
    }
    persons = len(np.unique(who_asked(asks)[kept & (days == _DAYS)]))
    daily = [
        _shared(name, _by_day(days, part), _by_day(days, whole), enough=persons >= FEWEST_PERSONS)
        for name, (part, whole) in pairs.items()
    ]
    return [_counted("asks", _by_day(days, kept)), *daily]


def _by_day(days: Ints, marked: Flags) -> list[int]:
    counts: list[int] = np.bincount(days[marked], minlength=_DAYS + 1)[: _DAYS + 1].tolist()
    return counts


def _counted(name: str, counts: Sequence[int]) -> DayFigure:
    """Hold a count against those of the same day of earlier weeks, from the first with any on."""
    earlier = counts[:-1]
    first = next((place for place, count in enumerate(earlier) if count), len(earlier))
    alike = [count for place, count in enumerate(earlier) if place >= first and place % 7 == 0]
    low, high = usual_count(alike) or (None, None)
    return DayFigure(name, counts[-1], None, low, high)


def _shared(name: str, parts: Sequence[int], wholes: Sequence[int], *, enough: bool) -> DayFigure:
    earlier = list(zip(parts[:-1], wholes[:-1], strict=True))
    low, high = usual_share(earlier, wholes[-1]) or (None, None)
    return DayFigure(name, parts[-1], wholes[-1], low, high, enough)
