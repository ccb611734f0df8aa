"""Who asks, helps and answers, week by week."""

from datetime import date, timedelta

from tests.reports.months import Kept
from triage import store
from triage.analytics.adoption import ADOPTION_COLUMNS, adoption_rows
from triage.records import Answer, Event, EventType, Thread

from .asking import MONDAY, asks_of, context, named, put


def test_a_week_has_its_askers_helpers_and_minutes(empty: Kept) -> None:
    asks = asks_of("lock", 30, day=lambda n: n * 0.4, persons=20)
    put(empty, asks)
    helped = tuple(
        Answer(
            id=f"a{n}",
            body="Oil it.",
            person=f"helper {n % 2}" if n < 4 else None,
            staff=n == 3,
            created=MONDAY + timedelta(days=n),
        )
        for n in range(5)
    )
    told = Event(
        event_id="staff",
        type=EventType.STAFF_TIME,
        triage_id="t-lock-0",
        ask_id="lock-0",
        occurred_at=MONDAY + timedelta(days=8),
        value=12.5,
    )
    with empty.database.write() as c:
        revision = store.next_revision(c, empty.forum_id)
        thread = Thread(id="t", title="Locks", body="Which oil?", answers=helped)
        store.put_threads(c, empty.forum_id, [thread], revision)
        store.write_events(c, empty.forum_id, [told], told.occurred_at)
    with context(empty) as c:
        first, second = (named(ADOPTION_COLUMNS, row) for row in adoption_rows(c))
    assert (first["week"], second["week"]) == (date(2026, 1, 5), date(2026, 1, 12))
    assert (first["askers"], first["helpers"], first["staff_minutes"]) == (17, 2, 0.0)
    assert (second["askers"], second["helpers"], second["staff_minutes"]) == (13, 0, 12.5)
    assert (first["questions"], first["by_nobody"], first["enough"]) == (0, None, False)


def test_the_forum_before_the_first_ask_and_the_filters_change_nothing(empty: Kept) -> None:
    put(empty, asks_of("lock", 30, day=lambda n: n * 0.4))
    with context(empty) as c:
        every = list(adoption_rows(c))
    with context(empty, lang="sv") as c:
        assert [row[1] for row in adoption_rows(c)] == [row[1] for row in every]
