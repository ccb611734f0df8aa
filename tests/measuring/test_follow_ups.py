"""Who is asked once more is drawn by chance, asked once, and left alone when they want to be."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from triage.errors import NoFollowUp
from triage.measuring import follow_ups
from triage.measuring.follow_ups import REST, Asker, Said, Sampling, draw, due, opt_out, take_reply
from triage.outcomes import Gathering, asks_of
from triage.outcomes.surveying import survey
from triage.records import ApiKey, Arm, Event, EventType, Mode, Role, Stage
from triage.store import (
    AskedOnce,
    Connection,
    Database,
    TriageRow,
    count_follow_ups,
    create_key,
    ensure_forum,
    iter_events,
    open_ask,
    put_triage,
    sqlite_url,
    tell_ask,
    write_events,
)
from triage.store.ask_rows import AskFacts
from triage.store.asks import Assigned

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
EVERYBODY = Sampling(1.0)


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(migrated, tmp_path / "triage.db")
    opened = Database(sqlite_url(tmp_path / "triage.db"))
    yield opened
    opened.close()


@pytest.fixture
def key(database: Database) -> ApiKey:
    with database.write() as c:
        forum = ensure_forum(c, "bikes")
        return create_key(
            c, forum.id, name="k", role=Role.FRONTEND, publishable=True, test=False, at=NOON
        )[1]


def ask(
    c: Connection,
    key: ApiKey,
    ask_id: str,
    person: str | None = "p",
    at: datetime = NOON,
    session: str | None = "s",
    arm: Arm = Arm.TREATMENT,
    test: bool = False,
    **facts: object,
) -> None:
    """Keep a silent ask that was offered something."""
    forum_id = key.forum.id
    assigned = Assigned(arm, "person" if person else "session", 0.05)
    ids = {"key_id": key.id, "person": person, "session": session, "lang": "sv", "test": test}
    window = timedelta(0)
    open_ask(c, forum_id, **ids, at=at, window=window, new_id=ask_id, assign=lambda: assigned)
    values = {"lang": "sv", "offered": True, "sensitive": False, **facts}
    tell_ask(c, forum_id, ask_id, AskFacts(**values))  # type: ignore[arg-type]
    put_triage(
        c,
        forum_id,
        TriageRow(
            triage_id=f"t-{ask_id}",
            ask_id=ask_id,
            key_id=key.id,
            stage=Stage.SUBMIT,
            at=at,
            question={"title": "Kedjan hoppar"},
            reply={"suggestions": [], "same_question": [], "known_issues": []},
            model_version=None,
            index_version="i1",
            mode=Mode.HYBRID,
        ),
    )


def happen(c: Connection, key: ApiKey, ask_id: str, kind: EventType, at: datetime = NOON) -> None:
    event = Event(f"{kind}-{ask_id}", kind, f"t-{ask_id}", ask_id, at)
    assert write_events(c, key.forum.id, [event], at) == 1


def replies(c: Connection, key: ApiKey) -> list[Event]:
    found = iter_events(c, key.forum.id)
    return [event for event in found if event.type is EventType.SURVEY_REPLY]


def asker(key: ApiKey, person: str | None = "p", session: str | None = "s") -> Asker:
    return Asker(key.id, person, session)


def asked_now(c: Connection, key: ApiKey, who: Asker, at: datetime) -> AskedOnce:
    found = due(c, key.forum.id, who, at)
    assert found is not None
    return found


def test_only_asks_of_which_nothing_was_heard_come_to_the_draw(
    database: Database, key: ApiKey
) -> None:
    with database.write() as c:
        for n, kind in enumerate(EventType):
            ask(c, key, kind.value, person=f"p{n}")
            if kind not in (EventType.ASKED, EventType.ANSWERED):
                happen(c, key, kind.value, kind)
        ask(c, key, "unoffered", person="u", offered=False)
        ask(c, key, "held back", person="h", arm=Arm.HOLDOUT)
        ask(c, key, "of a test", person="t", test=True)
        ask(c, key, "of staff", person="w", barred="staff")
        ask(c, key, "first", person="r")
        ask(c, key, "again", person="r", at=NOON + timedelta(hours=1), return_of="first")
        ask(c, key, "fresh", person="f", at=NOON + DAY)
        assert draw(c, key.forum.id, EVERYBODY, NOON + DAY + timedelta(hours=2)) > 0
        drawn = {event.ask_id for event in replies(c, key) if event.event_id[:7] == "follow-"}
    silent = {"shown", "opened", "rated", "dismissed", "accepted", "staff_time", "survey_reply"}
    assert drawn == {*silent, "asked", "answered", "again"}


def test_every_ask_has_one_draw_and_a_share_of_none_draws_nobody(
    database: Database, key: ApiKey
) -> None:
    with database.write() as c:
        ask(c, key, "a")
        assert draw(c, key.forum.id, Sampling(0.0), NOON + 2 * DAY) == 0
        assert draw(c, key.forum.id, EVERYBODY, NOON + 2 * DAY) == 1
        assert draw(c, key.forum.id, EVERYBODY, NOON + 2 * DAY) == 0
        (invited,) = replies(c, key)
    assert (invited.value, invited.probability, invited.person) == (None, 1.0, "p")


def test_an_answered_question_is_asked_about_until_somebody_says_how_good_it_is(
    database: Database, key: ApiKey
) -> None:
    with database.write() as c:
        for name in ("answered", "accepted", "open"):
            ask(c, key, name, person=name)
            happen(c, key, name, EventType.POSTED)
        for name in ("answered", "accepted"):
            happen(c, key, name, EventType.ANSWERED)
        happen(c, key, "accepted", EventType.ACCEPTED)
        assert draw(c, key.forum.id, EVERYBODY, NOON + 3 * DAY) == 1
        found = asked_now(c, key, asker(key, "answered"), NOON + 3 * DAY)
    assert (found.follow_up.about, found.title) == ("answer", "Kedjan hoppar")


def test_the_first_reply_stands_and_is_one_event(database: Database, key: ApiKey) -> None:
    later = NOON + 2 * DAY
    with database.write() as c:
        ask(c, key, "a")
        draw(c, key.forum.id, EVERYBODY, later)
        follow_up_id = asked_now(c, key, asker(key), later).follow_up.follow_up_id

    def say(said: Said) -> bool:
        with database.write() as c:
            return take_reply(c, key.forum.id, follow_up_id, asker(key), said, later).first

    with ThreadPoolExecutor(8) as pool:
        firsts = list(pool.map(say, [Said.YES, Said.NO] * 8))
    assert firsts.count(True) == 1
    with database.write() as c:
        invited, replied = replies(c, key)
        assert due(c, key.forum.id, asker(key), later) is None
        counts = count_follow_ups(c, key.forum.id)
    assert (invited.value, replied.value in ("yes", "no"), replied.probability) == (None, True, 1)
    assert (counts.drawn, counts.shown, counts.yes + counts.no) == (1, 1, 1)


def test_to_skip_is_no_answer_and_ends_the_asking(database: Database, key: ApiKey) -> None:
    later = NOON + 2 * DAY
    with database.write() as c:
        ask(c, key, "a")
        draw(c, key.forum.id, EVERYBODY, later)
        found = asked_now(c, key, asker(key), later)
        take_reply(c, key.forum.id, found.follow_up.follow_up_id, asker(key), Said.SKIP, later)
        assert due(c, key.forum.id, asker(key), later) is None
        assert [event.value for event in replies(c, key)] == [None]


@pytest.mark.parametrize(
    ("person", "session"), [("other", "s"), (None, "s"), ("other", None), (None, None)]
)
def test_nobody_else_is_asked_or_may_reply(
    database: Database, key: ApiKey, person: str | None, session: str | None
) -> None:
    later, other = NOON + 2 * DAY, asker(key, person, session)
    with database.write() as c:
        ask(c, key, "a")
        draw(c, key.forum.id, EVERYBODY, later)
        found = asked_now(c, key, asker(key), later)
        assert due(c, key.forum.id, other, later) is None
        with pytest.raises(NoFollowUp):
            take_reply(c, key.forum.id, found.follow_up.follow_up_id, other, Said.NO, later)


def test_a_session_of_nobody_is_asked_under_its_own_key_alone(
    database: Database, key: ApiKey
) -> None:
    later = NOON + 2 * DAY
    with database.write() as c:
        ask(c, key, "a", person=None)
        draw(c, key.forum.id, EVERYBODY, later)
        assert due(c, key.forum.id, Asker(key.id + 1, None, "s"), later) is None
        # Whoever has logged in since is still the one who sits there.
        assert asked_now(c, key, asker(key, "p"), later).follow_up.ask_id == "a"


def test_whoever_asked_not_to_be_asked_is_drawn_and_left_alone(
    database: Database, key: ApiKey
) -> None:
    later = NOON + 2 * DAY
    with database.write() as c:
        opt_out(c, key.forum.id, asker(key), True, NOON)
        opt_out(c, key.forum.id, asker(key), True, NOON)
        ask(c, key, "a")
        draw(c, key.forum.id, EVERYBODY, later)
        assert due(c, key.forum.id, asker(key), later) is None
        assert len(replies(c, key)) == 1
        assert count_follow_ups(c, key.forum.id).opted_out == 1
        opt_out(c, key.forum.id, asker(key), False, later)
        assert due(c, key.forum.id, asker(key), later) is not None


def test_what_is_sensitive_is_not_repeated(database: Database, key: ApiKey) -> None:
    later = NOON + 2 * DAY
    with database.write() as c:
        ask(c, key, "a", sensitive=True)
        draw(c, key.forum.id, EVERYBODY, later)
        assert asked_now(c, key, asker(key), later).title is None


def test_what_is_known_by_now_or_too_old_is_not_asked(database: Database, key: ApiKey) -> None:
    later = NOON + 2 * DAY
    with database.write() as c:
        ask(c, key, "a")
        ask(c, key, "b", person="q")
        draw(c, key.forum.id, EVERYBODY, later)
        found = asked_now(c, key, asker(key), later)
        happen(c, key, "a", EventType.POSTED, later)
        assert due(c, key.forum.id, asker(key), later) is None
        too_late = later + follow_ups.ASKED_FOR
        assert due(c, key.forum.id, asker(key, "q"), too_late) is None
        with pytest.raises(NoFollowUp):
            take_reply(
                c, key.forum.id, found.follow_up.follow_up_id, asker(key), Said.YES, too_late
            )


def test_whoever_was_drawn_rests_and_the_probabilities_say_so(
    database: Database, key: ApiKey
) -> None:
    """Over many persons of five asks each, weighed by them, every ask speaks for its own kind."""
    share, persons, each = 0.4, 120, 5
    answers, probabilities, who = [], [], []
    with database.write() as c:
        for person in range(persons):
            for n in range(each):
                ask(c, key, f"{person}-{n}", person=f"p{person}", at=NOON + n * DAY)
        for n in range(each):
            while draw(c, key.forum.id, Sampling(share), NOON + (n + 1) * DAY):
                pass
        drawn = replies(c, key)
        # After the rest the same persons can be drawn as if nothing had been.
        last = NOON + (each + 1) * DAY + REST
        ask(c, key, "after", person="p0", at=last - DAY)
        draw(c, key.forum.id, Sampling(share), last)
        assert count_follow_ups(c, key.forum.id).drawable == persons * each + 1
    assert len({event.person for event in drawn}) == len(drawn)
    for event in drawn:
        n = int(event.ask_id.split("-")[1])
        assert event.probability == pytest.approx(share * (1 - share) ** n)
        # Only the last asks are settled: whoever takes each drawn one for as good is misled.
        answers.append(1.0 if n >= 3 else 0.0)
        probabilities.append(event.probability)
        who.append(event.person)
    codes = np.unique(who, return_inverse=True)[1]
    found = survey(np.array(answers), np.array(probabilities, dtype=float), codes)
    assert float(np.mean(answers)) < 0.3
    assert found.answered_low < 2 / 5 < found.answered_high
    assert found.answered_share == pytest.approx(2 / 5, abs=0.12)


def test_an_ask_with_no_chance_left_is_not_drawn(database: Database, key: ApiKey) -> None:
    """Who asked as nobody and as somebody has had the chances of two, which may add up to all."""
    share, persons, each = 0.5, 60, 2
    with database.write() as c:
        for n in range(persons):
            for m in range(each):
                ask(c, key, f"a{n}-{m}", person=None, session=f"s{n}", at=NOON + m * DAY)
                ask(c, key, f"b{n}-{m}", person=f"p{n}", session=None, at=NOON + m * DAY)
            ask(c, key, f"c{n}", person=f"p{n}", session=f"s{n}", at=NOON + 3 * DAY)
        for m in range(1, 6):
            while draw(c, key.forum.id, Sampling(share), NOON + m * DAY):
                pass
        drawn = replies(c, key)
    assert len(drawn) > persons / 2
    assert all(event.probability is not None and event.probability > 0 for event in drawn)


def test_what_is_drawn_and_replied_is_read_by_the_report(database: Database, key: ApiKey) -> None:
    later = NOON + 2 * DAY
    with database.write() as c:
        for n in range(40):
            ask(c, key, f"a{n}", person=f"p{n}")
        draw(c, key.forum.id, Sampling(0.5), later)
        gathering = Gathering()
        for n in range(40):
            gathering.take(
                {
                    "type": "asked",
                    "ask_id": f"a{n}",
                    "occurred_at": NOON.isoformat(),
                    "event_id": f"asked-{n}",
                    "arm": "treatment",
                    "offered": True,
                    "user": f"p{n}",
                }
            )
        for event in replies(c, key):
            row = {"type": event.type.value, "ask_id": event.ask_id, "event_id": event.event_id}
            row |= {"occurred_at": event.occurred_at.isoformat(), "probability": event.probability}
            gathering.take(row)
        drawn = count_follow_ups(c, key.forum.id).drawn
    known = ~np.isnan(asks_of(gathering.log()).survey_probability)
    assert 8 < drawn == int(np.sum(known)) < 32
