"""Topics, and groups of one meaning, that more persons ask about than is usual for the season.

In: a `Context`. Out: rows of the last seven days, held against the weeks before; the asks behind.
The seven days end with the last day of the view, or yesterday, since today is not over: each day
of the week is in them once. The weeks before are read although the view may begin later.
Not here: what is unusual (insight), minutes and hours (affected), what to do about it (candidates).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from triage import store
from triage.analytics.context import Context
from triage.analytics.filters import Filters
from triage.analytics.membership import among, groups_among, places_by
from triage.errors import BadField
from triage.insight import Rise, rises
from triage.outcomes.asks import Asks, Flags, Floats, Ints, Names
from triage.outcomes.bounds import who_asked
from triage.outcomes.exclusion import counting
from triage.outcomes.many import persons_by
from triage.reports import asks_of_forum, zone_of
from triage.reports.values import Column, Row

# So many weeks before say what is usual.
WEEKS_BEFORE = 12
TOPIC, GROUP = "topic", "group"
# What fewer persons ask and is not rising either is not worth a row.
_WORTH_A_ROW = 5

RISING_COLUMNS = (
    Column("kind", "text", "`topic`, as the model labels asks, or `group`: asks of one meaning"),
    Column("name", "text", "the topic, or the group's name"),
    Column("terms", "text", "of a group, words that at least three persons used"),
    Column("persons", "whole", "persons who asked about it in these seven days"),
    Column("expected", "number", "as many would have been usual"),
    Column("ratio", "number", "persons by expected"),
    Column("p_value", "number", "how likely as many are by chance, by the spread of weeks before"),
    Column("q_value", "number", "share of wrong ones among all that are at least as unusual"),
    Column("rising", "yes", "more than by chance, with all topics counted that were looked at"),
    Column("asks", "whole", "their asks"),
    Column("weeks", "whole", "weeks before that it is held against"),
    Column("first_day", "day", "the first of the seven days"),
    Column("last_day", "day", "the last of them"),
    Column("example_ask_id", "text", "the last of these asks"),
    Column("behind", "text", "names the asks behind this row"),
)


@dataclass(frozen=True, slots=True)
class Weeks:
    """Asks of the last seven days and of the weeks before.

    `week` is the place of each kept ask's week, the last one at the end; -1 for asks that are in
    none. `first` and `last` are the days of the last one, `count` is how many weeks there are.
    """

    asks: Asks
    who: Ints
    week: Ints
    count: int
    first: date
    last: date

    @property
    def now(self) -> Flags:
        """Say which asks are of the last seven days."""
        found: Flags = self.week == self.count - 1
        return found


def rising_rows(context: Context) -> Iterator[Row]:
    """Give what is asked in these seven days, the most unusual first, topics before groups."""
    weeks = weeks_of(context)
    for kind in (TOPIC, GROUP):
        names = _names(context, weeks, kind)
        terms = _terms(context, names) if kind == GROUP else {}
        places = places_by(Names(np.where(weeks.now, names.code, -1), names.names))
        for rise in rises_of(weeks, names):
            if rise.rising or rise.persons >= _WORTH_A_ROW:
                name = names.names[rise.place]
                said = " ".join(terms.get(name, ()))
                yield _row(weeks, kind, name, said, places[rise.place], rise)


def rising_asks(context: Context, kind: str, name: str) -> Flags:
    """Say which asks of the view are of a topic or group and of the last seven days.

    Raises BadField for a kind that there is not, and for a name that none of these asks has.
    """
    if kind not in (TOPIC, GROUP):
        raise BadField("behind", "names neither a topic nor a group")
    view = context.view
    first, last = last_week(context)
    since, until = _edges([first, last + timedelta(days=1)], view.filters).tolist()
    inside: Flags = view.kept & (view.asks.start >= since) & (view.asks.start < until)
    if kind == TOPIC:
        names = view.asks.topic
    else:
        names = groups_among(context.connection, context.forum_id, view.asks, inside)
    if name not in names.names:
        raise BadField("behind", f"names no {kind} that was asked about in these days")
    return inside & among(names, name)


def last_week(context: Context) -> tuple[date, date]:
    """Return the first and the last of the seven days that end with the view, or yesterday."""
    filters = context.view.filters
    yesterday = context.now.astimezone(zone_of(filters.time_zone)).date() - timedelta(days=1)
    last = yesterday if filters.until is None else min(filters.until, yesterday)
    return last - timedelta(days=6), last


def weeks_of(context: Context) -> Weeks:
    """Return the asks of the last seven days and of the weeks before, by the view's filters."""
    return context.once("weeks", lambda: _weeks_of(context))


def groups_of_weeks(context: Context, weeks: Weeks) -> Names:
    """Return the group of each ask of these weeks."""
    inside: Flags = weeks.week >= 0
    return context.once(
        "groups of weeks",
        lambda: groups_among(context.connection, context.forum_id, weeks.asks, inside),
    )


def _weeks_of(context: Context) -> Weeks:
    first, last = last_week(context)
    days = [first - timedelta(weeks=back) for back in range(WEEKS_BEFORE, -1, -1)]
    edges = _edges([*days, last + timedelta(days=1)], context.view.filters)
    asks, kept, who = _reaching(context, days[0], edges)
    week = np.searchsorted(edges, asks.start, side="right") - 1
    outside = ~kept | (week < 0) | (week > WEEKS_BEFORE)
    return Weeks(asks, who, np.where(outside, -1, week), WEEKS_BEFORE + 1, first, last)


def rises_of(weeks: Weeks, names: Names) -> tuple[Rise, ...]:
    """Return how unusual the last seven days are for each name, by persons."""
    if not names.names:
        return ()
    inside = weeks.week >= 0
    totals = _persons(weeks.week[inside], np.zeros(int(inside.sum()), np.int64), weeks, inside, 1)
    named = inside & (names.code >= 0)
    counts = _persons(weeks.week[named], names.code[named], weeks, named, len(names.names))
    return rises(counts, totals[0])


def _persons(week: Ints, code: Ints, weeks: Weeks, marked: Flags, count: int) -> Ints:
    """Return how many persons there are of each code in each week, shape (codes, weeks)."""
    cells = code * weeks.count + week
    found = persons_by(weeks.who[marked], cells, count * weeks.count)
    return found.reshape(count, weeks.count)


def _reaching(context: Context, first: date, edges: Floats) -> tuple[Asks, Flags, Ints]:
    """Return asks from the first day on, which of them count, and who asked."""
    view, filters = context.view, context.view.filters
    if filters.since is None or filters.since <= first:
        return view.asks, view.kept, view.who
    asks = asks_of_forum(context.connection, context.forum_id, context.now)
    meant = filters.only.among(asks) if filters.only.told else None
    kept = counting(asks, float(edges[0]), float(edges[-1]), meant).kept
    return asks, kept, who_asked(asks)


def _edges(days: Sequence[date], filters: Filters) -> Floats:
    """Return when these days begin, in seconds since 1970."""
    orders = [Filters(since=day, time_zone=filters.time_zone).order() for day in days]
    return np.array([order.since.timestamp() for order in orders if order.since is not None])


def _names(context: Context, weeks: Weeks, kind: str) -> Names:
    if kind == GROUP:
        return groups_of_weeks(context, weeks)
    topic = weeks.asks.topic
    return Names(np.where(weeks.week >= 0, topic.code, -1), topic.names)


def _terms(context: Context, names: Names) -> dict[str, tuple[str, ...]]:
    found = store.get_ask_groups(context.connection, context.forum_id, names.names)
    return {name: group.terms for name, group in found.items()}


def _row(weeks: Weeks, kind: str, name: str, terms: str, places: Ints, rise: Rise) -> Row:
    last = None if not len(places) else int(places[weeks.asks.start[places].argmax()])
    return (
        *(kind, name, terms, rise.persons, rise.expected, rise.ratio),
        *(rise.p_value, rise.q_value, rise.rising, len(places), weeks.count - 1),
        *(weeks.first, weeks.last),
        None if last is None else weeks.asks.ids[last],
        f"rising:{kind}:{name}",
    )
