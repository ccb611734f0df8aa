"""A view -> what each thread that was suggested did: one row a thread, and one a place.

In: a `Context`. Out: rows; the asks behind each number of them, by the same rules.
Not here: how places are measured (insight.clicks), cards of all asks (cards), what a thread is
called: not everybody who may see these rows may read every thread.

A number counts asks, however often a thread was shown to one or opened by it. What a thread does is
told as if it had stood in the first place, and only where places were drawn by lot often enough to
know what a place does by itself.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from triage import store
from triage.analytics.context import Context
from triage.analytics.rates import ends_of, rate
from triage.analytics.thread_asks import BEHIND, GONE, SIDES, about_threads, thread_ids
from triage.analytics.values import FEWEST_PERSONS, View
from triage.insight.clicks import Looked, Rates, Showings, looked_at, rates_of
from triage.insight.standing_out import StandingOut, above_others
from triage.outcomes.asks import Flags, Ints
from triage.outcomes.many import persons_by
from triage.outcomes.placings import UNTOLD, Placings
from triage.reports.values import Column, Row

THREAD_COLUMNS = (
    Column("thread_id", "text", "the thread; empty: it is no more"),
    Column("lang", "text", "its language"),
    Column("shown", "whole", "asks that it was shown to"),
    Column("persons", "whole", "of how many persons"),
    Column("seen", "whole", "of these, asks that had it in sight"),
    Column("opened", "whole", "asks that opened it"),
    Column("opened_share", "number", "their share of those that had it in sight"),
    Column(
        "attraction", "number", "share that opens it where it stands first; empty: not measured"
    ),
    Column("attraction_low", "number", "at least that, at 95 %"),
    Column("attraction_high", "number", "at most that, at 95 %"),
    Column("settled_by_it", "whole", "asks that said it solved them, and said nothing else later"),
    Column("effect", "number", "share it solves where it stands first; empty: not measured"),
    Column("effect_low", "number", "at least that, at 95 %"),
    Column("effect_high", "number", "at most that, at 95 %"),
    Column("posted_after", "whole", "asks that were posted after they had opened it"),
    Column("posted_after_share", "number", "their share of those that opened it"),
    Column("posted_after_low", "number", "at least that, at 95 %"),
    Column("posted_after_high", "number", "at most that, at 95 %"),
    Column("stands_out", "yes", "more often posted than after other threads, beyond chance"),
    Column("denied", "whole", "asks that said it did not solve them, or found so later"),
    Column("behind", "text", "names the asks behind this row"),
)

PLACE_COLUMNS = (
    Column("rank", "whole", "the place among what is suggested; 1 is the first"),
    Column("showings", "whole", "threads that stood there, one an ask"),
    Column("by_lot", "whole", "of these, those whose place was drawn by lot"),
    Column("looked", "number", "how often it is looked at, the first being 1; empty: not measured"),
    Column("looked_low", "number", "at least that, at 95 %"),
    Column("looked_high", "number", "at most that, at 95 %"),
)


def thread_rows(context: Context) -> Iterator[Row]:
    """Give the threads that were shown to asks of the view: those to look at first."""
    counted = _counted(context)
    ids = thread_ids(context, counted.numbers)
    langs = store.thread_languages(context.connection, context.forum_id, list(ids.values()))
    for place in counted.order:
        number = int(counted.numbers[place])
        thread_id = ids.get(number)
        key = f"{GONE}{number}" if thread_id is None else thread_id
        lang = langs.get(thread_id or "")
        yield (thread_id, lang, *counted.told(place), f"{BEHIND}:shown:{key}")


def place_rows(context: Context) -> Iterator[Row]:
    """Give the places that threads stood at, and how often each is looked at."""
    counted = _counted(context)
    shown, looked = counted.showings, counted.places
    by_lot = shown.propensity < 1
    for rank in range(1, int(shown.rank.max(initial=0)) + 1):
        there = shown.rank == rank
        told: tuple[float | None, ...] = (None, None, None)
        if looked is not None:
            ends = (looked.share, looked.low, looked.high)
            told = tuple(float(one[rank - 1]) for one in ends)
        yield (rank, int(there.sum()), int((there & by_lot).sum()), *told)


def _counted(context: Context) -> "_Counted":
    return context.once("threads", lambda: _Counted(context.view))


def _showings(about: Placings, thread: Ints, who: Ints) -> Showings:
    """Return what was shown where; of threads and persons by their numbers."""
    at = _stood(about)
    return Showings(
        about.ask[at].astype(np.int64),
        thread[at],
        who[at],
        about.rank[at].astype(np.int64),
        about.own_rank[at].astype(np.int64),
        about.propensity[at].astype(np.float64),
        ~np.isnan(about.opened[at]),
    )


def _stood(about: Placings) -> Flags:
    """Say where a thread was told to be shown, and at which place."""
    found: Flags = (about.rank > 0) & (about.seen != UNTOLD)
    return found


class _Counted:
    """Everything that is counted of the threads of a view; threads by their place in `numbers`."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.about = about_threads(view)
        self.numbers, self.thread = np.unique(self.about.thread, return_inverse=True)
        self._who: Ints = np.unique(view.who[self.about.ask], return_inverse=True)[1]
        self.showings = _showings(self.about, self.thread, self._who)
        self._flags = {side: rule(view, self.about) for side, rule in SIDES.items()}
        self._counts = {side: self._count(flags) for side, flags in self._flags.items()}

    @cached_property
    def order(self) -> list[int]:
        """The threads, those that stand out first, then those that most asks opened in vain."""
        counts = self._counts
        keys = (-counts["shown"], -counts["opened"], -counts["posted_after"], ~self._above.told)
        return [int(place) for place in np.lexsort(keys)]

    def told(self, place: int) -> Row:
        """Return the figures of one thread, in the order of their columns."""
        counts = {side: int(found[place]) for side, found in self._counts.items()}
        opened_of = posted_of = None
        if self._view.asks.shown_told and self._viewers[place] >= FEWEST_PERSONS:
            opened_of = counts["opened"] / counts["seen"]
        if self._openers[place] >= FEWEST_PERSONS:
            mine = self._rows[self._bounds[place] : self._bounds[place + 1]]
            opened = mine[self._flags["opened"][mine]]
            posted_of = rate(self._flags["posted_after"][opened], self._who[opened])
        return (
            counts["shown"],
            int(self._persons[place]),
            counts["seen"],
            counts["opened"],
            opened_of,
            *self._effect(self._attraction, place),
            counts["settled_by_it"],
            *self._effect(self._settling, place),
            counts["posted_after"],
            *ends_of(posted_of),
            bool(self._above.told[place]),
            counts["denied"],
        )

    def _count(self, flags: Flags) -> Ints:
        return np.bincount(self.thread[flags], minlength=len(self.numbers))

    @cached_property
    def _rows(self) -> Ints:
        return np.argsort(self.thread, kind="stable")

    @cached_property
    def _bounds(self) -> list[int]:
        ends = np.searchsorted(self.thread[self._rows], np.arange(len(self.numbers) + 1))
        return [int(end) for end in ends]

    @cached_property
    def _persons(self) -> Ints:
        return self._persons_of(np.ones(len(self.about), dtype=bool))

    @cached_property
    def _viewers(self) -> Ints:
        return self._persons_of(self._flags["seen"])

    @cached_property
    def _openers(self) -> Ints:
        return self._persons_of(self._flags["opened"])

    def _persons_of(self, flags: Flags) -> Ints:
        return persons_by(self._who[flags], self.thread[flags], len(self.numbers))

    @cached_property
    def _above(self) -> StandingOut:
        opened = self._flags["opened"]
        enough = self._openers >= FEWEST_PERSONS
        hit, group = self._flags["posted_after"][opened], self.thread[opened]
        return above_others(hit, group, self._who[opened], enough)

    @cached_property
    def places(self) -> Looked | None:
        """How often each place is looked at; None where too little was drawn by lot."""
        return looked_at(self.showings)

    @cached_property
    def _attraction(self) -> Rates | None:
        return self._rates("opened")

    @cached_property
    def _settling(self) -> Rates | None:
        return self._rates("settled_by_it")

    def _rates(self, side: str) -> Rates | None:
        if self.places is None:
            return None
        hit = self._flags[side][_stood(self.about)]
        return rates_of(self.showings, hit, self.places)

    def _effect(self, rates: Rates | None, place: int) -> tuple[float | None, ...]:
        if rates is None or place >= len(rates.rate) or self._persons[place] < FEWEST_PERSONS:
            return None, None, None
        return tuple(float(one[place]) for one in (rates.rate, rates.low, rates.high))
