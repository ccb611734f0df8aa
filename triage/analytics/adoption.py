"""Who uses the forum, week after week: who asks, who helps, who answers, and what it takes.

In: a `Context`: the store, and the period of its view. Out: a row a week.
Not here: severity and waits (activity), where questions are sent (outcomes.routing).

All of it is of the whole forum, whatever else the view is narrowed to: of answers and of minutes
nobody knows a topic or a newcomer.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

import numpy as np

from triage import store
from triage.analytics.activity import numbered
from triage.analytics.calendar import edges_of, mondays_of
from triage.analytics.context import Context
from triage.analytics.values import FEWEST_PERSONS
from triage.outcomes.asks import Floats, Ints
from triage.outcomes.bounds import who_asked
from triage.outcomes.exclusion import counting
from triage.outcomes.many import persons_by
from triage.records import Destination
from triage.reports import asks_of_forum
from triage.reports.reading import uncollected
from triage.reports.routing import ENDED, answerer_told, routed_of
from triage.reports.values import Column, Row

ADOPTION_COLUMNS = (
    Column("week", "day", "the Monday of the week"),
    Column("askers", "whole", "persons who asked, whether or not it was posted"),
    Column("helpers", "whole", "people who wrote an answer in the forum and are not of the staff"),
    Column("questions", "whole", "questions that were posted"),
    Column("question_persons", "whole", "of how many persons"),
    Column("by_customers", "number", "share of them that customers settled by now"),
    Column("by_staff", "number", "share that the staff settled by now"),
    Column("by_nobody", "number", "share that nobody settled so far; empty: too few persons"),
    Column("staff_minutes", "number", "minutes of the staff, as the forum told them"),
    Column("through_ask_page", "number", "share of the questions that came through the ask page"),
    Column("enough", "yes", "enough persons for shares"),
)


_SETTLED_BY = (Destination.COMMUNITY, Destination.EXPERT, None)


def adoption_rows(context: Context) -> Iterator[Row]:
    """Give a row for every week of the period in which anything happened, oldest first."""
    c, forum_id = context.connection, context.forum_id
    start, who = _all_asks(context)
    since, until = _period(context, start)
    with uncollected():
        helped = store.helpers(c, forum_id, since, until)
        told = store.staff_times(c, forum_id, since, until)
        asked = store.arrivals(c, forum_id, since, until)
    moments = [np.asarray(at) for at in (start, helped.created, told.at, asked.received)]
    weeks = _Weeks(np.concatenate(moments), context.view.filters.time_zone)
    askers, helpers, minutes, questions = (weeks.of(at) for at in moments)
    persons = [p or s or q for p, s, q in zip(*_whose(asked), strict=True)]
    through = np.array([ask_id is not None for ask_id in asked.ask_id], dtype=np.float64)
    counted = (
        weeks.persons(who, askers),
        weeks.persons(numbered(helped.person), helpers),
        weeks.count(questions),
        weeks.persons(numbered(persons), questions),
        weeks.count(questions, through),
    )
    worked = np.bincount(minutes, weights=np.asarray(told.minutes), minlength=weeks.many)
    settled = _settled(context, asked)
    by = [
        weeks.count(questions, np.array([one == settler for one in settled], dtype=np.float64))
        for settler in _SETTLED_BY
    ]
    for at in weeks.there:
        asking, helping, received, theirs, came_through = (int(one[at]) for one in counted)
        enough = theirs >= FEWEST_PERSONS
        yield (
            *(weeks.mondays[at], asking, helping, received, theirs),
            *(int(one[at]) / received if enough else None for one in by),
            float(worked[at]),
            came_through / received if enough else None,
            enough,
        )


class _Weeks:
    """The weeks of some moments; those in which nothing happened are not `there`."""

    def __init__(self, moments: Floats, time_zone: str) -> None:
        self.mondays: Sequence[date] = ()
        self._edges: list[float] = []
        if len(moments):
            self.mondays = mondays_of(float(moments.min()), float(moments.max()), time_zone)
            self._edges = edges_of(self.mondays, time_zone)
        self.many = len(self.mondays)
        self.there: list[int] = np.unique(self.of(moments)).tolist()

    def of(self, moments: Floats) -> Ints:
        """Return the place of each moment's week."""
        return np.searchsorted(self._edges, moments, side="right") - 1

    def count(self, week: Ints, weights: Floats | None = None) -> Floats | Ints:
        """Return how much there is in each week."""
        return np.bincount(week, weights=weights, minlength=self.many)

    def persons(self, who: Ints, week: Ints) -> Ints:
        """Return how many persons there are in each week."""
        return persons_by(who, week, self.many)


def _whose(asked: store.QuestionArrivals) -> tuple[Sequence[str | None], ...]:
    return asked.person, asked.session, asked.question_id


def _all_asks(context: Context) -> tuple[Floats, Ints]:
    """Return when each ask of the period began that counts, and whose it is, whatever it is of."""
    view, order = context.view, context.view.filters.order()
    if not view.filters.only.told:
        return view.asks.start[view.kept], view.who[view.kept]
    asks = asks_of_forum(context.connection, context.forum_id, context.now)
    since = None if order.since is None else order.since.timestamp()
    until = None if order.until is None else order.until.timestamp()
    kept = counting(asks, since, until).kept
    return asks.start[kept], who_asked(asks)[kept]


def _period(context: Context, start: Floats) -> tuple[datetime, datetime]:
    """Return the view's period; without a beginning it begins with the first ask.

    What was written in the forum before there was the service says nothing of its adoption.
    """
    order = context.view.filters.order()
    until = min(order.until or context.now, context.now)
    if order.since is not None:
        return order.since, until
    return datetime.fromtimestamp(start.min(initial=until.timestamp()), UTC), until


def _settled(context: Context, asked: store.QuestionArrivals) -> list[Destination | None]:
    """Return who settled each question by now.

    Where all answers of a question are of one kind of people, it is they if it has ended; only of
    the others, and of what was changed after the view, are the changes read one by one.
    """
    c, forum_id = context.connection, context.forum_id
    later = store.changed_after(c, forum_id, context.now)
    told = list(zip(asked.first, asked.last, asked.state, strict=True))
    # Of many thousand questions there are a dozen kinds.
    kinds = {one: _settler(*one) for one in set(told)}
    settled = [kinds[one][1] for one in told]
    unclear = [at for at, one in enumerate(told) if not kinds[one][0]]
    if later:
        unclear += [at for at, one in enumerate(asked.question_id) if one in later]
    steps: Mapping[str, list[store.Step]] = defaultdict(list)
    names = sorted({asked.question_id[at] for at in unclear})
    for step in store.steps_of(c, forum_id, names, context.now):
        steps[step.question_id].append(step)
    for at in unclear:
        settled[at] = routed_of(_sent(asked, at), steps[asked.question_id[at]]).settled_by
    return settled


def _settler(first: str | None, last: str | None, state: str) -> tuple[bool, Destination | None]:
    """Say whether it is clear who settled a question, and who did."""
    if first is None:
        return True, None
    plain = answerer_told(first) if first == last else None
    return plain is not None, plain if state in ENDED else None


def _sent(asked: store.QuestionArrivals, at: int) -> store.SentQuestion:
    received = datetime.fromtimestamp(asked.received[at], UTC)
    return store.SentQuestion(
        asked.question_id[at], asked.person[at], received, asked.decided_to[at], None
    )
