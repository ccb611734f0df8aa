"""What comes again and again while a service is alive -> whether something of it has stopped.

In: a forum's counts by the hour, a moment. Out: for each stream when something last came, how much
would usually have come since, and whether that is a silence.
Not here: the rhythm itself (rhythm), telling anybody (telling).

A service that fails in silence still stands: its process answers, nothing is logged. What is
missing is what it is for. Asks without a single offer, offers of which no front end ever tells what
became, each stops one stream and leaves the others. One that never began has no usual: it is held
against how often there was cause for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from triage import store
from triage.overseeing.rhythm import MOST_WEEKS, Rhythm, rhythm_of

_HOUR = 3600.0
# Of a stream too thin for a rhythm, after so long it is worth a look all the same.
LONGEST_UNHEARD = timedelta(days=14)
# Where one ask in five is offered something, fifty of them go without less than once in 50,000
# forums. What was set up today may still be finished today.
ENOUGH_CAUSES, BEGINNING = 50, timedelta(days=1)


class Speech(StrEnum):
    """Whether a stream still flows."""

    HEARD = "heard"
    SILENT = "silent"
    # Too little ever came to say what is usual; it came lately, or long ago.
    THIN = "thin"
    UNHEARD = "unheard"
    # It never came, and there was no cause for it: the forum is new, or does without.
    NEVER = "never"
    # It never came, though there was cause for it: often enough, or seldom but for long.
    MISSING = "missing"
    AWAITED = "awaited"


@dataclass(frozen=True, slots=True)
class Silence:
    """One stream: `expected` would usually have come since `last_at`, `limit` is where a silence
    begins, and `begins_at` when it does if nothing comes until then.

    Of a stream that never came, there was cause for `expected` or more since `begins_at`.
    """

    stream: store.Stream
    speech: Speech
    last_at: datetime | None = None
    expected: float = 0.0
    limit: float = 0.0
    begins_at: datetime | None = None

    @property
    def is_dead(self) -> bool:
        """Whether people have to be told, wherever they are."""
        return self.speech in (Speech.SILENT, Speech.MISSING)


def listen(
    c: store.Connection, forum_id: int, now: datetime, *, include_simulated: bool = False
) -> tuple[Silence, ...]:
    """Return how it stands with every stream of a forum."""
    return tuple(
        _listened(c, forum_id, stream, now, include_simulated=include_simulated)
        for stream in store.Stream
    )


def _listened(
    c: store.Connection,
    forum_id: int,
    stream: store.Stream,
    now: datetime,
    *,
    include_simulated: bool,
) -> Silence:
    last = store.last_moment(c, forum_id, stream, now, include_simulated=include_simulated)
    if last is None:
        causes = store.causes_of(
            c, forum_id, stream, now, ENOUGH_CAUSES, include_simulated=include_simulated
        )
        return never_heard(stream, causes, now)
    # What is usual is what was usual while something came: a long silence is never its own usual.
    since = last - timedelta(weeks=MOST_WEEKS, hours=1)
    counts = store.hourly_counts(
        c, forum_id, stream, since, now, include_simulated=include_simulated
    )
    return judged(stream, counts, last, now)


def never_heard(stream: store.Stream, causes: store.Causes, now: datetime) -> Silence:
    """Say whether a stream that never came is missing, from how often there was cause for it."""
    if causes.first_at is None:
        return Silence(stream, Speech.NEVER)
    age = now - causes.first_at
    if causes.n >= ENOUGH_CAUSES and age >= BEGINNING:
        speech = Speech.MISSING
    else:
        speech = Speech.AWAITED if age > LONGEST_UNHEARD else Speech.NEVER
    limit = float(ENOUGH_CAUSES)
    return Silence(stream, speech, None, float(causes.n), limit, causes.first_at)


def judged(
    stream: store.Stream, counts: Mapping[int, int], last: datetime, now: datetime
) -> Silence:
    """Say whether a stream whose last sign came at `last` is silent by now."""
    heard = last.timestamp() / _HOUR
    rhythm: Rhythm | None = rhythm_of(counts, int(heard) + 1)
    if rhythm is None:
        unheard = now - last > LONGEST_UNHEARD
        return Silence(stream, Speech.UNHEARD if unheard else Speech.THIN, last)
    expected = rhythm.expected(heard, now.timestamp() / _HOUR)
    begins = (rhythm.reached(heard, rhythm.limit) - heard) * _HOUR
    speech = Speech.SILENT if expected > rhythm.limit else Speech.HEARD
    begins_at = last + timedelta(seconds=begins)
    return Silence(stream, speech, last, expected, rhythm.limit, begins_at)
