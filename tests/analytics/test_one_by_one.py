"""What is counted for all at once is what counting one by one finds, in every kind of store."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.reports.months import Kept
from tests.store.posting import question_row
from triage import store
from triage.analytics.adoption import ADOPTION_COLUMNS, adoption_rows
from triage.analytics.context import Context
from triage.analytics.membership import groups_among, persons_by, places_by
from triage.outcomes.asks import Names
from triage.outcomes.ids import LazyIds, as_bytes, ids_at
from triage.records import Destination, Event, EventType
from triage.reports.routing import routed_of

from .asking import asks_of, put
from .asking import context as groups_context
from .conftest import _open as opened_store
from .forum import START, quarter, view

NOW = START + timedelta(days=100)
HOUR = timedelta(hours=1)
ANSWERS = (None, "a1", "a2")


def changes(random: np.random.Generator, question_id: str, at: datetime) -> list[store.ChangeRow]:
    """Return what may have become of a question: answers of anybody, passed on, taken back."""
    first = str(random.choice(["community", "expert"]))
    rows: list[tuple[str, str, str | None, str | None]] = [("received", "customer", None, first)]
    for _ in range(int(random.integers(0, 6))):
        after = str(random.choice(["answered", "confirmed_solved", "reopened", "closed", "moved"]))
        who = str(random.choice(["community", "staff", "customer"], p=[0.45, 0.45, 0.1]))
        answers = after in ("answered", "confirmed_solved")
        answer = ANSWERS[int(random.integers(3))] if answers else None
        sent = str(random.choice(["community", "expert"])) if after == "moved" else None
        rows.append((after, who, answer, sent))
    found: list[store.ChangeRow] = []
    for number, (after, who, answer, sent) in enumerate(rows):
        at += timedelta(hours=float(random.exponential(60)))
        state = f"with_{sent}" if after == "moved" else after
        found.append(
            store.ChangeRow(
                question_id=question_id,
                revision=number,
                change_id=str(number),
                before=found[-1].after if found else None,
                after=state,
                who=who,
                at=at,
                answer_id=answer,
                destination=sent,
            )
        )
    return found


def put_questions(kept: Kept, many: int) -> None:
    random = np.random.default_rng(5)
    with kept.database.write() as c:
        for number in range(many):
            came = START + timedelta(days=float(random.random() * 95))
            told = changes(random, f"q{number}", came)
            row = question_row(
                f"q{number}",
                external_id=None,
                triage_id=None,
                ask_id=None,
                key_id=None,
                person=f"p{number % 40}" if number % 3 else None,
                session=f"s{number % 11}" if number % 2 else None,
                decided_to=str(random.choice(["community", "expert"])),
                received_at=came,
                state=told[-1].after,
                changed_at=told[-1].at,
                test=number % 29 == 0,
            )
            assert store.put_question(c, kept.forum_id, row)
            for change in told:
                store.add_change(c, kept.forum_id, change)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Kept]:
    """Yield a forum with asks, questions of all fates, and minutes of the staff."""
    kept = opened_store(tmp_path_factory.mktemp("busy") / "triage.db", migrated)
    rows = quarter(persons=120)
    kept.put(rows)
    put_questions(kept, 600)
    asked = [row for row in rows if row["type"] == "asked"]
    threads = (None, None, "t1", "t2")
    told = [
        Event(
            event_id=f"staff-{number}",
            type=EventType.STAFF_TIME,
            triage_id=f"t-{row['ask_id']}",
            ask_id=row["ask_id"],
            thread_id=threads[number % 4],
            occurred_at=row["at"] + number * HOUR,
            value=0.1 * number,
        )
        for number, row in enumerate(asked[:60])
    ]
    with kept.database.write() as c:
        store.write_events(c, kept.forum_id, told, NOW)
    yield kept
    kept.database.close()


def monday_of(moment: datetime, zone: str) -> date:
    day = moment.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


@pytest.mark.parametrize("zone", ["UTC", "Europe/Oslo", "America/New_York"])
@pytest.mark.parametrize("now", [NOW, START + timedelta(days=50)])
def test_weeks_of_people_are_those_of_each_question(busy: Kept, zone: str, now: datetime) -> None:
    found = view(busy, now, zone=zone)
    with busy.database.read() as c:
        context = Context(busy.database, c, busy.forum_id, found, now)
        names = [column.name for column in ADOPTION_COLUMNS]
        rows = [dict(zip(names, row, strict=True)) for row in adoption_rows(context)]
        since = datetime.fromtimestamp(float(found.asks.start[found.kept].min()), UTC)
        steps: dict[str, list[store.Step]] = defaultdict(list)
        for step in store.iter_steps(c, busy.forum_id, since, now, now):
            steps[step.question_id].append(step)
        sent = list(store.iter_sent(c, busy.forum_id, since, now))
    settled: dict[date, list[Destination | None]] = defaultdict(list)
    for one in sent:
        week = monday_of(one.received_at, zone)
        settled[week].append(routed_of(one, steps[one.question_id]).settled_by)
    askers: dict[date, set[int]] = defaultdict(set)
    for place in np.flatnonzero(found.kept).tolist():
        at = datetime.fromtimestamp(float(found.asks.start[place]), UTC)
        askers[monday_of(at, zone)].add(int(found.who[place]))
    assert len(sent) > 100
    assert {row["week"] for row in rows} >= settled.keys() | askers.keys()
    for row in rows:
        mine = settled[row["week"]]
        assert (row["questions"], row["askers"]) == (len(mine), len(askers[row["week"]]))
        if row["enough"]:
            for name, who in _SHARES.items():
                assert row[name] == mine.count(who) / len(mine), (row["week"], name)
    assert any(row["enough"] for row in rows)


_SHARES = {
    "by_customers": Destination.COMMUNITY,
    "by_staff": Destination.EXPERT,
    "by_nobody": None,
}


def test_minutes_of_the_staff_are_all_found_whatever_they_are_about(busy: Kept) -> None:
    with busy.database.read() as c:
        told = store.staff_times(c, busy.forum_id, START, NOW)
        none = store.staff_times(c, busy.forum_id, NOW + HOUR * 9999, NOW + HOUR * 99999)
        some = store.staff_times(c, busy.forum_id, START, START + timedelta(days=30))
    assert sorted(told.minutes) == pytest.approx([0.1 * number for number in range(60)])
    assert list(told.at) == sorted(told.at)
    assert len(none.at) == 0
    end = (START + timedelta(days=30)).timestamp()
    assert len(some.at) == sum(at < end for at in told.at) > 0


def test_asks_are_in_the_groups_that_the_store_says(empty: Kept) -> None:
    put(empty, [*asks_of("lock", 30), *asks_of("lamp", 25, persons=7)])
    with groups_context(empty) as context:
        asks, kept = context.view.asks, context.view.kept.copy()
        kept[::7] = False
        found = groups_among(context.connection, empty.forum_id, asks, kept)
        every = dict(
            store.grouped_asks(context.connection, empty.forum_id, START - HOUR * 9999, NOW)
        )
        assert len(set(every.values())) == 2
        for place in range(len(asks)):
            code = int(found.code[place])
            said = found.names[code] if code >= 0 else None
            assert said == (every.get(asks.ids[place]) if kept[place] else None)
        for name, places in zip(found.names, places_by(found), strict=True):
            wanted = np.flatnonzero(found.code == found.names.index(name))
            assert places.tolist() == wanted.tolist()
        persons = persons_by(found, context.view.who)
        for code, count in enumerate(persons.tolist()):
            assert count == len(set(context.view.who[found.code == code].tolist()))


def test_names_that_nobody_has_have_no_places() -> None:
    names = Names(np.array([-1, 2, -1, 2]), ("a", "b", "c"))
    assert [places.tolist() for places in places_by(names)] == [[], [], [1, 3]]
    assert persons_by(names, np.array([0, 5, 1, 5])).tolist() == [0, 0, 1]
    nobody = Names(np.full(3, -1), ())
    assert places_by(nobody) == []
    assert persons_by(nobody, np.arange(3)).tolist() == []


def test_ids_are_the_same_one_by_one_and_all_at_once() -> None:
    held = np.array(["å1".encode(), b"b", b"c" * 9])
    ids = LazyIds(np.array([2, 0, 1]), held)
    assert list(ids) == ["c" * 9, "å1", "b"]
    assert [one.decode() for one in as_bytes(ids)] == list(ids)
    some = ids_at(ids, np.array([1, 2]))
    assert list(some) == list(ids_at(tuple(ids), np.array([1, 2]))) == ["å1", "b"]
    assert as_bytes(tuple(ids)) == as_bytes(ids)
    assert list(ids[1:]) == ["å1", "b"]
