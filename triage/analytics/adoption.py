"""Who uses the forum, week after week: who asks, who helps, who answers, and what it takes.

In: a `Context`: the store, and the period of its view. Out: a row a week.
Not here: severity and waits (activity), where questions are sent (outcomes.routing).

All of it is of the whole forum, whatever else the view is narrowed to: of answers and of minutes
nobody knows a topic or a newcomer.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

from triage import store
from triage.analytics.context import Context
from triage.analytics.values import FEWEST_PERSONS
from triage.outcomes.asks import Floats, Ints
from triage.outcomes.bounds import who_asked
from triage.outcomes.exclusion import counting
from triage.records import Destination
from triage.reports import asks_of_forum, zone_of
from triage.reports.routing import routed_of
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


@dataclass(slots=True)
class _Week:
    """What came in one week."""

    askers: int = 0
    helpers: set[str] = field(default_factory=set)
    askers_of_questions: set[str] = field(default_factory=set)
    through: int = 0
    settled: list[Destination | None] = field(default_factory=list)
    minutes: float = 0.0


def adoption_rows(context: Context) -> Iterator[Row]:
    """Give a row for every week of the period in which anything happened, oldest first."""
    weeks = _weeks(context)
    for monday in sorted(weeks):
        one = weeks[monday]
        questions, persons = len(one.settled), len(one.askers_of_questions)
        enough = persons >= FEWEST_PERSONS
        yield (
            *(monday, one.askers, len(one.helpers), questions, persons),
            *(_share(one.settled, who, enough) for who in _SETTLED_BY),
            one.minutes,
            one.through / questions if enough else None,
            enough,
        )


_SETTLED_BY = (Destination.COMMUNITY, Destination.EXPERT, None)


def _share(
    settled: list[Destination | None], who: Destination | None, enough: bool
) -> float | None:
    return settled.count(who) / len(settled) if enough else None


def _weeks(context: Context) -> dict[date, _Week]:
    c, forum_id = context.connection, context.forum_id
    zone = zone_of(context.view.filters.time_zone)
    start, who = _all_asks(context)
    since, until = _period(context, start)
    weeks: dict[date, _Week] = defaultdict(_Week)
    for monday, count in _by_week(start.tolist(), who.tolist(), zone):
        weeks[monday].askers = count
    for answer in store.helpers(c, forum_id, since, until):
        weeks[_monday(answer.created, zone)].helpers.add(answer.person)
    for told in store.staff_times(c, forum_id, since, until):
        weeks[_monday(told.occurred_at, zone)].minutes += told.value_number
    settled = _settled(context, since, until)
    for one in store.arrivals(c, forum_id, since, until):
        week = weeks[_monday(one.received_at, zone)]
        week.askers_of_questions.add(one.person or one.session or one.question_id)
        week.through += one.ask_id is not None
        week.settled.append(settled.get(one.question_id))
    return weeks


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


def _by_week(
    start: Iterable[float], who: Iterable[int], zone: tzinfo
) -> Iterator[tuple[date, int]]:
    persons: dict[date, set[int]] = defaultdict(set)
    for at, person in zip(start, who, strict=True):
        persons[_monday(datetime.fromtimestamp(at, UTC), zone)].add(person)
    for monday, theirs in persons.items():
        yield monday, len(theirs)


def _settled(context: Context, since: datetime, until: datetime) -> dict[str, Destination | None]:
    """Return who settled each question by now."""
    c, forum_id, now = context.connection, context.forum_id, context.now
    steps: dict[str, list[store.Step]] = defaultdict(list)
    for step in store.iter_steps(c, forum_id, since, until, now):
        steps[step.question_id].append(step)
    sent = store.iter_sent(c, forum_id, since, until)
    return {one.question_id: routed_of(one, steps[one.question_id]).settled_by for one in sent}


def _monday(moment: datetime, zone: tzinfo) -> date:
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())
