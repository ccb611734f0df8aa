"""Forums whose truth is known: weeks of asks, kept in a store as the service keeps them.

The wordings are Banking77's: ten thousand of 77 topics. Topics have shares of their own, and weeks
of their own, there are more asks on weekdays and with every week, and each ask is of somebody new
or of one in four who asked before. Most topics are answered; to one planted gap nothing is offered,
and one planted topic is not asked about before a week, and then more each week.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from benchmarks.meanings import Meanings
from triage import store
from triage.assigning import Assigned
from triage.insight import Item
from triage.records import Arm, Event, EventType, Mode, Stage

START = date(2026, 1, 5)
HOLDOUT = 0.2
_BY_DAY = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.25, 0.2])
_GROWTH = 1.01
_LABELLED = 0.9
_BACK = 0.25
_POSTED_HELPED, _POSTED = 0.25, 0.5
_ANSWERED = 0.8


@dataclass(frozen=True, slots=True)
class World:
    """What is planted, and how restless the forum is: `moods` is how far topics' weeks differ.

    `gap` is the planted gap's share of the asks, `rising` those of the planted topic in the weeks
    from `since` on; both 0 in a quiet world.
    """

    name: str
    seed: int
    weeks: int = 13
    per_week: int = 200
    moods: float = 0.25
    gap: float = 0.0
    rising: tuple[float, ...] = ()
    since: int = 9

    def rises_in(self, week: int) -> float:
        """Return the planted topic's share of a week."""
        place = week - self.since
        return self.rising[min(place, len(self.rising) - 1)] if self.rising and place >= 0 else 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One ask: when, of what, by whom, and what became of it."""

    ask_id: str
    at: datetime
    topic: str
    item: Item
    person: str
    arm: Arm
    offered: bool
    posted: bool


class Forum:
    """A world whose weeks come one after another."""

    def __init__(self, world: World, meanings: Meanings) -> None:
        self.world = world
        self._random = np.random.default_rng(world.seed)
        topics = self._random.permutation(np.unique(meanings.groups))
        self.gap, self.rising = str(topics[0]), str(topics[1])
        self._usual: list[str] = [str(topic) for topic in topics[2:]]
        self._share = self._random.gamma(1.5, size=len(self._usual))
        self._answered = self._random.random(len(self._usual)) < _ANSWERED
        self._items: Mapping[str, list[Item]] = {
            str(topic): [
                i for i, g in zip(meanings.items, meanings.groups, strict=True) if g == topic
            ]
            for topic in topics
        }
        self._persons: list[tuple[str, Arm]] = []

    def week(self, number: int) -> list[Asked]:
        """Return the asks of a week, in the order of time."""
        world, random = self.world, self._random
        share = self._share
        if world.moods:
            shape = 1 / world.moods**2
            share = share * random.gamma(shape, 1 / shape, size=len(share))
        count = int(random.poisson(world.per_week * _GROWTH**number))
        found = [self._ask(number, place, share / share.sum()) for place in range(count)]
        return sorted(found, key=lambda one: one.at)

    def _ask(self, week: int, place: int, share: NDArray[np.float64]) -> Asked:
        random = self._random
        topic, answered = self._topic(week, share)
        person, arm = self._person()
        day = int(random.choice(7, p=_BY_DAY / _BY_DAY.sum()))
        at = datetime(START.year, START.month, START.day, 7, tzinfo=UTC) + timedelta(
            weeks=week, days=day, hours=float(random.random() * 12)
        )
        offered = answered and bool(random.random() < _ANSWERED)
        helped = offered and arm is Arm.TREATMENT
        posted = bool(random.random() < (_POSTED_HELPED if helped else _POSTED))
        items = self._items[topic]
        item = items[int(random.integers(len(items)))]
        return Asked(f"w{week}-{place}", at, topic, item, person, arm, offered, posted)

    def _topic(self, week: int, share: NDArray[np.float64]) -> tuple[str, bool]:
        luck, rising = float(self._random.random()), self.world.rises_in(week)
        if luck < self.world.gap:
            return self.gap, False
        if luck < self.world.gap + rising:
            return self.rising, True
        place = int(self._random.choice(len(self._usual), p=share))
        return self._usual[place], bool(self._answered[place])

    def _person(self) -> tuple[str, Arm]:
        if self._persons and self._random.random() < _BACK:
            return self._persons[int(self._random.integers(len(self._persons)))]
        arm = Arm.HOLDOUT if self._random.random() < HOLDOUT else Arm.TREATMENT
        self._persons.append((f"person {len(self._persons)}", arm))
        return self._persons[-1]


def keep(
    database: store.Database,
    forum_id: int,
    space: str,
    asks: Sequence[Asked],
    labelled: float = _LABELLED,
) -> None:
    """Put asks into a store: their rows, vectors, and what happened.

    So many are labelled with their own topic, the others with that of some other ask.
    """
    labels = np.random.default_rng(len(asks))
    topics = [one.topic for one in asks]
    with database.write() as c:
        for one in asks:
            known = labels.random() < labelled
            label = one.topic if known else topics[int(labels.integers(len(topics)))]
            _keep(c, forum_id, space, one, label)


def _keep(c: store.Connection, forum_id: int, space: str, one: Asked, label: str) -> None:
    store.open_ask(
        c,
        forum_id,
        key_id=None,
        person=one.person,
        session=None,
        lang=one.item.lang,
        test=False,
        at=one.at,
        window=timedelta(0),
        new_id=one.ask_id,
        assign=lambda: Assigned(one.arm, "person", HOLDOUT),
    )
    store.put_ask_vector(c, forum_id, one.ask_id, space, one.item.vector, one.at)
    said = {"title": one.item.id, "body": "", "lang": one.item.lang}
    triage_id = f"t-{one.ask_id}"
    row = store.TriageRow(
        *(triage_id, one.ask_id, None, Stage.SUBMIT, one.at, said, {}, None, "1", Mode.HYBRID)
    )
    store.put_triage(c, forum_id, row)
    details = {"arm": one.arm.value, "offered": one.offered, "lang": one.item.lang, "topic": label}
    for event in _events(one, triage_id):
        first = event.type is EventType.ASKED
        store.write_events(
            c, forum_id, [event], event.occurred_at, details=details if first else None
        )


def _events(one: Asked, triage_id: str) -> Iterator[Event]:
    yield Event(
        event_id=f"asked-{one.ask_id}",
        type=EventType.ASKED,
        triage_id=triage_id,
        ask_id=one.ask_id,
        occurred_at=one.at,
        person=one.person,
    )
    if one.posted:
        yield Event(
            event_id=f"posted-{one.ask_id}",
            type=EventType.POSTED,
            triage_id=triage_id,
            ask_id=one.ask_id,
            occurred_at=one.at + timedelta(minutes=20),
            person=one.person,
        )
