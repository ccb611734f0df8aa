"""Posted questions and cases of a forum -> what came week after week, how bad, and how it went on.

In: a `Context`: the store, and the filters of its view. Out: rows.
Not here: asks (series, slices), who answered (adoption), how well was routed (outcomes.routing).

Questions and cases are chosen by the same filters as asks, as far as they know of it: of a case
nobody knows whether a newcomer filed it, so with that filter there are none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from triage import store
from triage.analytics.calendar import edges_of, mondays_of
from triage.analytics.context import Context
from triage.analytics.rates import persons_of
from triage.analytics.values import FEWEST_PERSONS
from triage.costs import SEVERE
from triage.outcomes.asks import DAY, Flags, Floats, Ints
from triage.outcomes.waits import Waits
from triage.reports.reading import uncollected
from triage.reports.values import Column, Row

# The names of states as they are kept (lifecycle, of which nothing else is needed here).
_ANSWERED, _SOLVED, _CLOSED = "answered", "confirmed_solved", "closed"
_UNKNOWN = (np.inf, np.inf, np.inf)


@dataclass(frozen=True, slots=True)
class Things:
    """Questions and cases as arrays of one length, in the order in which they came.

    `case` says which are cases; `severity` is 0 where nobody knows it. `settled`: answered, or it
    has ended. `solved`: the asker said so; of a case, closed. `waited` is in days until the first
    answer, infinity for not yet, and `followed` is how many days are known of it.
    """

    case: Flags
    came: Floats
    who: Ints
    severity: Ints
    settled: Flags
    solved: Flags
    waited: Floats
    followed: Floats

    def where(self, some: Flags | Ints | slice) -> "Things":
        """Return some of them alone."""
        return Things(
            self.case[some],
            self.came[some],
            self.who[some],
            self.severity[some],
            self.settled[some],
            self.solved[some],
            self.waited[some],
            self.followed[some],
        )


SEVERITY_COLUMNS = (
    Column("week", "day", "the Monday of the week"),
    Column("severity", "whole", "1 (worst) to 4; empty: not known"),
    Column("questions", "whole", "posted questions that came then"),
    Column("cases", "whole", "cases of a ticket system that came then"),
    Column("persons", "whole", "of how many persons"),
)
ACTIVITY_COLUMNS = (
    Column("week", "day", "the Monday of the week"),
    Column("source", "text", "`questions` (posted here) or `cases` (of a ticket system)"),
    Column("received", "whole", "how many came then"),
    Column("persons", "whole", "of how many persons"),
    Column("severe", "whole", "of severity 1 or 2"),
    Column("waiting", "whole", "of these, not answered or closed by now"),
    Column("settled", "whole", "of these, answered or closed by now"),
    Column("solved", "whole", "of these, said to be solved by now; of cases, closed"),
    Column("first_answer_seconds", "number", "median wait until the first answer; empty: too few"),
    Column("first_answer_seconds_low", "number", "at least that, at 95 %"),
    Column("first_answer_seconds_high", "number", "at most that, at 95 %; empty: not reached"),
    Column("enough", "yes", "enough persons for a wait"),
)


def severity_rows(context: Context) -> Iterator[Row]:
    """Give for every week and severity how many questions and cases came."""
    for week, things in _by_week(context):
        for severity in _worst_first(things.severity):
            mine = things.where(things.severity == severity)
            cases = int(np.sum(mine.case))
            yield week, severity or None, len(mine.came) - cases, cases, persons_of(mine.who)


def activity_rows(context: Context) -> Iterator[Row]:
    """Give for every week what came of questions and of cases, and how it went on."""
    for week, things in _by_week(context):
        for source, mine in (("questions", ~things.case), ("cases", things.case)):
            if mine.any():
                yield week, source, *_activity(things.where(mine))


def _activity(mine: Things) -> tuple[object, ...]:
    persons = persons_of(mine.who)
    enough = persons >= FEWEST_PERSONS
    found = Waits(mine.waited, mine.followed, mine.who).quantile(0.5) if enough else None
    seconds = [days * DAY if np.isfinite(days) else None for days in found or _UNKNOWN]
    settled = int(np.sum(mine.settled))
    return (
        len(mine.came),
        persons,
        int(np.sum((mine.severity > 0) & (mine.severity <= max(SEVERE)))),
        len(mine.came) - settled,
        settled,
        int(np.sum(mine.solved)),
        *seconds,
        enough,
    )


def _by_week(context: Context) -> Iterator[tuple[date, Things]]:
    """Give every week from the first with anything to the last, with what came in it."""
    things = things_of(context)
    if not len(things.came):
        return
    zone = context.view.filters.time_zone
    mondays = mondays_of(float(things.came[0]), float(things.came[-1]), zone)
    cuts = np.searchsorted(things.came, edges_of(mondays, zone)).tolist()
    for week, (begin, end) in zip(mondays, pairwise(cuts), strict=True):
        yield week, things.where(slice(begin, end))


def things_of(context: Context) -> Things:
    """Return the questions and cases that the filters mean, in the order in which they came."""
    with uncollected():
        return context.once("things", lambda: _read(context))


def _read(context: Context) -> Things:
    c, forum_id, now = context.connection, context.forum_id, context.now
    order = context.view.filters.order()
    until = now if order.until is None else min(now, order.until)
    chosen = order.only.told
    posted = store.question_activity(c, forum_id, order.since, until, chosen)
    filed = store.case_activity(c, forum_id, order.since, until, chosen)
    case = np.repeat([False, True], [len(posted.came), len(filed.came)])
    came = _moments((*posted.came, *filed.came))
    answered = _moments((*posted.answered, *filed.answered))
    changed = _moments((*posted.changed, *filed.changed))
    then = now.timestamp()
    states = np.array((*posted.state, *filed.state), dtype=object)
    closed, solved, answer = (states == state for state in (_CLOSED, _SOLVED, _ANSWERED))
    # Comparing with nan is false: what did not happen had not happened by now.
    ended = np.where(case, changed <= then, solved | closed)
    came_to_answer = answered <= then
    # What ended without an answer waited until then: nobody knows for how long it would have.
    known = np.where(ended & ~came_to_answer, changed, then)
    severities = [severity or 0 for severity in (*posted.severity, *filed.severity)]
    things = Things(
        case=case,
        came=came,
        who=_persons((*posted.person, *filed.person)),
        severity=np.array(severities, dtype=np.int64),
        settled=ended | answer,
        solved=np.where(case, ended, solved),
        waited=np.where(came_to_answer, np.maximum(answered - came, 0.0) / DAY, np.inf),
        followed=np.maximum(known - came, 0.0) / DAY,
    )
    return things.where(np.argsort(came, kind="stable"))


def _moments(seconds: Sequence[float | None]) -> Floats:
    # None becomes nan.
    return np.array(seconds, dtype=np.float64)


def _worst_first(severity: Ints) -> list[int]:
    """Return which severities there are, the unknown one (0) last."""
    return sorted(set(severity.tolist()), key=lambda one: (one == 0, one))


def _persons(persons: Sequence[str | None]) -> Ints:
    """Return a number for each person; whoever is not known is a person of their own."""
    # A place is no name, so that it stands for nobody else.
    return numbered([name or at for at, name in enumerate(persons)])


def numbered(names: Sequence[object]) -> Ints:
    """Return a number for each name, from 0 on; the same names have the same."""
    codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
    return np.fromiter(map(codes.__getitem__, names), dtype=np.int64, count=len(names))
