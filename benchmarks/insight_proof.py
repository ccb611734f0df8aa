"""Whether what is missing and what is new is found, in forums where it was planted; and how often
something is told that was not.

Each world goes through the store, week by week: asks are kept, grouped, looked at. Then many quiet
months are counted alone. Prints tables and writes them into docs/insight.md; exit code 1 when a
promise is broken. Run: python -m benchmarks.insight_proof [--months 300]
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.clusters_cold_start import opened
from benchmarks.insight_worlds import START, Asked, Forum, World, keep
from benchmarks.meanings import Meanings, banking
from benchmarks.sets import ROOT, SHARED
from triage import store
from triage.affected import space
from triage.analytics.context import Context
from triage.analytics.filters import Filters
from triage.analytics.gaps import gap_rows
from triage.analytics.grouping import group_asks
from triage.analytics.trends import GROUP, TOPIC, rising_rows
from triage.analytics.viewing import view_of
from triage.insight import Sameness, rises, shipped_sameness
from triage.insight.rising import Looking
from triage.reports.values import Row

PAGE = ROOT / "docs" / "insight.md"
_BEGIN, _END = "<!-- begin: python -m benchmarks.insight_proof -->", "<!-- end -->"
PLANTED = tuple(
    World(f"planted {seed}", seed, gap=0.045, rising=(0.015, 0.03, 0.05, 0.07))
    for seed in (1, 2, 3)
)
QUIET = tuple(World(f"quiet {seed}", seed, weeks=13) for seed in (11,))
# Promised: the gap is first by the end of so many weeks, the rising topic within so many days of
# its beginning; a quiet month tells something false at most so often. Set after the first two
# worlds; the third was looked at once. Of groups nothing is promised: a meaning is often several.
GAP_WEEKS, TOPIC_DAYS, FALSE_MONTHS = 4, 14, 0.15
# How far topics' weeks differ in the quiet months that the promise is about.
MOODS = 0.25
# In which share of months something is told, and how often in a look.
Quiet = tuple[float, float]
_FIRST_LOOK, _DAILY_WEEKS = 8, 3


@dataclass(frozen=True, slots=True)
class Found:
    """What was told of a world: after how many weeks the gap was first and stayed so, after how
    many days the planted topic and its group were first; None for never. `false` are told ones
    that were not planted, of so many `looks`.
    """

    world: World
    gap_weeks: int | None
    topic_days: int | None
    group_days: int | None
    false: Counter[str]
    looks: int


def walked(world: World, meanings: Meanings, sameness: Sameness, name: str) -> Found:
    """Have the weeks of a world come one after another, and look."""
    forum = Forum(world, meanings)
    with tempfile.TemporaryDirectory() as folder:
        database = store.Database(store.sqlite_url(Path(folder) / "world.db"))
        try:
            with database.write() as c:
                forum_id = store.ensure_forum(c, "world").id
            return _Walk(forum, database, forum_id, sameness, name).found()
        finally:
            database.close()


class _Walk:
    """One world, looked at again and again."""

    def __init__(
        self, forum: Forum, database: store.Database, forum_id: int, sameness: Sameness, name: str
    ) -> None:
        self._forum = forum
        self._database = database
        self._forum_id = forum_id
        self._sameness = sameness
        self._space = name
        self._topic_of: dict[str, str] = {}
        self._days: dict[str, int | None] = {TOPIC: None, GROUP: None}
        self._false: Counter[str] = Counter()

    def found(self) -> Found:
        """Go through the weeks; in the first weeks of what rises every evening is looked at."""
        world, ranks, looks = self._forum.world, [], 0
        for week in range(world.weeks):
            asks = self._forum.week(week)
            rising = bool(world.rising) and world.since <= week < world.since + _DAILY_WEEKS
            for day in range(7 * week, 7 * week + 7):
                self._keep([one for one in asks if (one.at.date() - START).days == day])
                if day % 7 == 6 or (rising and None in self._days.values()):
                    first, rows = self._look(day + 1)
                    self._note_rising(day + 1, rows)
            ranks.append(first)
            if week >= _FIRST_LOOK:
                looks += 1
                self._count_false(rows)
        first_week = next((i for i in range(len(ranks)) if all(ranks[i:])), None)
        gap = None if first_week is None else first_week + 1
        return Found(world, gap, self._days[TOPIC], self._days[GROUP], self._false, looks)

    def _keep(self, asks: Sequence[Asked]) -> None:
        keep(self._database, self._forum_id, self._space, asks)
        self._topic_of |= {one.ask_id: one.topic for one in asks}

    def _look(self, days: int) -> tuple[bool, list[Row]]:
        """Group what has come, as the server does; say whether the gap is first, and what rises."""
        now = datetime(START.year, START.month, START.day, tzinfo=UTC) + timedelta(days=days)
        group_asks(self._database, self._forum_id, self._space, self._sameness, now)
        view = view_of(self._database, self._forum_id, Filters(), now)
        with self._database.read() as c:
            context = Context(self._database, c, self._forum_id, view, now)
            gap, rows = next(gap_rows(context), None), list(rising_rows(context))
        return gap is not None and self._mostly(str(gap[0])) == self._forum.gap, rows

    def _note_rising(self, days: int, rows: Sequence[Row]) -> None:
        """Note when the planted topic, and its group, are told before all others."""
        for kind in (TOPIC, GROUP):
            first = next((row for row in rows if row[0] == kind), None)
            told = first is not None and first[8]
            if first is None or not told or self._days[kind] is not None:
                continue
            if self._topic(kind, str(first[1])) == self._forum.rising:
                self._days[kind] = days - 7 * self._forum.world.since

    def _count_false(self, rows: Sequence[Row]) -> None:
        for row in rows:
            kind, name = str(row[0]), str(row[1])
            planted = (
                bool(self._forum.world.rising) and self._topic(kind, name) == self._forum.rising
            )
            self._false[kind] += bool(row[8]) and not planted

    def _topic(self, kind: str, name: str) -> str:
        return name if kind == TOPIC else self._mostly(name)

    def _mostly(self, group_id: str) -> str:
        """Return the topic of most asks of a group."""
        with self._database.read() as c:
            everything = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
            asks = store.grouped_asks(c, self._forum_id, *everything)
        topics = Counter(self._topic_of[ask] for ask, group in asks if group == group_id)
        return topics.most_common(1)[0][0] if topics else ""


def quiet_months(months: int, moods: float, seed: int = 7) -> Quiet:
    """Return in which share of quiet months something is told, and how often in a look.

    77 topics, 250 persons a week, four looks a month a week apart; twelve weeks are before.
    """
    random = np.random.default_rng(seed)
    told, alarms = 0, 0
    for _ in range(months):
        share = random.gamma(1.5, size=77)
        shape = 1 / moods**2 if moods else 0.0
        weeks = [
            share * (random.gamma(shape, 1 / shape, size=77) if moods else 1.0) for _ in range(16)
        ]
        counts = np.array(
            [random.poisson(250 * 1.01**i * w / w.sum()) for i, w in enumerate(weeks)]
        ).T
        found = [
            sum(rise.rising for rise in rises(part, part.sum(axis=0), Looking()))
            for part in (counts[:, look : look + 13] for look in range(4))
        ]
        told, alarms = told + any(found), alarms + sum(found)
    return told / months, alarms / (4 * months)


def tables(found: Sequence[Found], quiet: Mapping[float, Quiet], months: int) -> Iterator[str]:
    """Yield what was found as tables."""
    yield "| world | gap first after | rising topic first after | its group first after |"
    yield "| --- | --- | --- | --- |"
    for one in found:
        if one.world.gap:
            days = [_told(value, "days") for value in (one.topic_days, one.group_days)]
            yield f"| {one.world.name} | {_told(one.gap_weeks, 'weeks')} | {days[0]} | {days[1]} |"
    yield ""
    yield "| through the store | weekly looks | false topics | false groups |"
    yield "| --- | --- | --- | --- |"
    for one in found:
        yield f"| {one.world.name} | {one.looks} | {one.false[TOPIC]} | {one.false[GROUP]} |"
    yield ""
    yield f"| quiet months, {months} each | months with a false alarm | false alarms a look |"
    yield "| --- | --- | --- |"
    for moods, (share, rate) in quiet.items():
        yield f"| topics' weeks differ by {moods:.0%} | {share:.1%} | {rate:.3f} |"


def broken(found: Sequence[Found], quiet: Mapping[float, Quiet]) -> Iterator[str]:
    """Name the promises that are broken."""
    for one in found:
        if not one.world.gap:
            continue
        if one.gap_weeks is None or one.gap_weeks > GAP_WEEKS:
            yield f"{one.world.name}: the gap is first after {_told(one.gap_weeks, 'weeks')}"
        if one.topic_days is None or one.topic_days > TOPIC_DAYS:
            yield f"{one.world.name}: what rises is first after {_told(one.topic_days, 'days')}"
    share = quiet[MOODS][0]
    if share > FALSE_MONTHS:
        yield f"{share:.1%} of quiet months tell something false"


def _told(value: int | None, unit: str) -> str:
    return "never" if value is None else f"{value} {unit}"


def main() -> int:
    """Measure, print, write, and say whether a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=300, help="How many quiet months.")
    months = parser.parse_args().months
    encoder = opened()
    meanings, sameness = banking(SHARED, encoder), shipped_sameness()
    found = [walked(world, meanings, sameness, space(encoder)) for world in (*PLANTED, *QUIET)]
    quiet = {moods: quiet_months(months, moods) for moods in (0.0, MOODS, 2 * MOODS)}
    lines = "\n".join(tables(found, quiet, months))
    wrong = list(broken(found, quiet))
    sys.stdout.write(f"{lines}\n" + "".join(f"BROKEN {one}\n" for one in wrong))
    before, rest = PAGE.read_text(encoding="utf-8").split(_BEGIN)
    after = rest.split(_END, 1)[1]
    PAGE.write_text(f"{before}{_BEGIN}\n{lines}\n{_END}{after}", encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
