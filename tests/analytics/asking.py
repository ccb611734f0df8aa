"""Asks of a few meanings over some weeks, kept with vectors and words, grouped, and looked at."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from benchmarks.insight_worlds import Asked, keep
from tests.insight.made import item, sameness
from tests.reports.months import Kept
from triage.analytics.context import Context
from triage.analytics.filters import read_filters
from triage.analytics.grouping import Grouped, group_asks
from triage.analytics.viewing import view_of
from triage.audit.acting import Acting
from triage.records import Actor, ActorKind, Arm
from triage.reports.values import Column, Row

SPACE = "made#query"
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOW = MONDAY + timedelta(weeks=14)
LEAD = Actor(ActorKind.USER, "mia@forum.example")


def asks_of(
    meaning: str,
    count: int,
    *,
    day: Callable[[int], float] = lambda n: n * 7 / 10,
    offered: bool = False,
    posted: Callable[[int], bool] = lambda n: n % 2 == 0,
    persons: int = 10_000,
    topic: str = "usual",
    words: str = "",
    arm: Callable[[int], Arm] = lambda n: Arm.TREATMENT,
) -> list[Asked]:
    """Return so many asks of one meaning, in six wordings, mostly each by its own person."""
    return [
        Asked(
            f"{meaning}-{n}",
            MONDAY + timedelta(days=day(n)),
            topic,
            item(f"{words or meaning} {n % 6}", meaning, ("en", "sv", "fi")[n % 3]),
            f"{meaning} p{n % persons}",
            arm(n),
            offered,
            posted(n),
        )
        for n in range(count)
    ]


def put(kept: Kept, asks: Sequence[Asked], now: datetime = NOW) -> Grouped:
    """Keep asks and group them."""
    keep(kept.database, kept.forum_id, SPACE, asks, labelled=1.0)
    return group_asks(kept.database, kept.forum_id, SPACE, sameness(), now)


@contextmanager
def context(kept: Kept, now: datetime = NOW, **given: str) -> Iterator[Context]:
    """Look at the asks that an address asks for; `since` and `until` stand for `from` and `to`."""
    names = {"since": "from", "until": "to"}
    filters = read_filters({names.get(name, name): value for name, value in given.items()})
    view = view_of(kept.database, kept.forum_id, filters, now)
    with kept.database.read() as c:
        yield Context(kept.database, c, kept.forum_id, view, now)


def named(columns: Sequence[Column], row: Row) -> dict[str, object]:
    return dict(zip([column.name for column in columns], row, strict=True))


def acting(kept: Kept) -> Acting:
    return Acting(kept.forum_id, LEAD)
