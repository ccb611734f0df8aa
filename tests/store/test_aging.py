"""What is too old goes: whole rows, or the words and persons in rows that measures still need."""

from datetime import timedelta

import numpy as np
import pytest

from triage.records import ApiKey, Case, EventType
from triage.retention import CLASSES, Retention
from triage.store import (
    AskFacts,
    Database,
    blank_too_old,
    claim_request,
    count_too_old,
    drop_orphans,
    drop_too_old,
    finish_request,
    get_ask,
    get_vectors,
    iter_cases,
    iter_confirmed,
    iter_events,
    iter_triages,
    put_cases,
    put_events,
    put_original,
    put_triage,
    put_vectors,
    tell_ask,
    told_events,
    write_events,
)
from triage.store.persons import rows_of_person

from .samples import NOON, begin, event, triage_row

QUESTION = {
    "title": "Kedjan hoppar",
    "body": "På tredje växeln.",
    "lang": "sv",
    "session": "s",
    "person": "p",
    "context": {"page": "cart"},
}
SHOWN = {"thread_id": "t1", "title": "Slipping chain", "snippet": "Shorten it.", "rank": 1}


def retention(**days: int | None) -> Retention:
    return Retention({**dict.fromkeys(CLASSES), **days})


@pytest.fixture
def asked(database: Database, key: ApiKey) -> ApiKey:
    """A forum in which p asked at noon, and said something of it."""
    with database.write() as c:
        begin(c, key.forum.id, key_id=key.id, person="p", session="s")
        reply = {"suggestions": [SHOWN], "arm": "treatment"}
        put_triage(c, key.forum.id, triage_row(key_id=key.id, question=QUESTION, reply=reply))
        told = event(type=EventType.SURVEY_REPLY, value="It was the chain", person="p", session="s")
        put_events(c, key.forum.id, key.id, False, [told], NOON)
        put_original(c, key.forum.id, "r1", "p", b"box", NOON, NOON + timedelta(days=30))
    return key


def test_words_go_and_what_measures_count_stays(database: Database, asked: ApiKey) -> None:
    kept, later = retention(asks=10), NOON + timedelta(days=11)
    with database.write() as c:
        assert blank_too_old(c, asked.forum.id, kept, later - timedelta(days=2)) == {}
        emptied = blank_too_old(c, asked.forum.id, kept, later)
        assert emptied == {"triages": 1, "asks": 1, "events": 1}
        assert blank_too_old(c, asked.forum.id, kept, later) == {}
        (row,) = iter_triages(c, asked.forum.id)
        assert (row.question["title"], row.question["body"], row.question["lang"]) == ("", "", "sv")
        assert row.question["context"]["page"] is None
        assert row.reply["suggestions"] == [{"thread_id": "t1", "rank": 1}]
        assert row.reply["arm"] == "treatment"
        (told,) = iter_events(c, asked.forum.id)
        assert (told.type, told.value, told.person, told.session) == (
            "survey_reply",
            None,
            None,
            None,
        )
        assert rows_of_person(c, asked.forum.id, "p").keys() == {"originals"}


def test_product_and_account_go_with_the_words_wherever_they_stand(
    database: Database, asked: ApiKey
) -> None:
    forum_id, kept, later = asked.forum.id, retention(asks=10), NOON + timedelta(days=11)
    named = {"product": "Portal", "account": "acme"}
    with database.write() as c:
        tell_ask(c, forum_id, "a1", AskFacts(**named, topic="export", destination="expert"))
        said = {**named, "topic": "export", "destination": "expert"}
        told = event("asked-r1", type=EventType.ASKED)
        write_events(c, forum_id, [told], NOON, details=said)
        assert blank_too_old(c, forum_id, kept, later, dry_run=True)["asked_events"] == 1
        assert blank_too_old(c, forum_id, kept, later)["asked_events"] == 1
        assert blank_too_old(c, forum_id, kept, later) == {}
        row = get_ask(c, forum_id, "a1")
        assert row is not None
        assert (row.product, row.account, row.topic, row.destination) == (
            *(None, None),
            *("export", "expert"),
        )
        details = [one["details"] for one in told_events(c, forum_id, ["a1"]) if one["details"]]
        assert details == [{"topic": "export", "destination": "expert"}]


def test_the_visit_goes_before_the_words(database: Database, asked: ApiKey) -> None:
    with database.write() as c:
        done = blank_too_old(c, asked.forum.id, retention(sessions=2), NOON + timedelta(days=3))
        assert done == {"sessions": 3}
        (row,) = iter_triages(c, asked.forum.id)
        assert row.question["session"] is None
        assert row.question["title"] == "Kedjan hoppar"


def test_rows_go_when_neither_events_nor_words_are_kept(database: Database, asked: ApiKey) -> None:
    forum_id = asked.forum.id
    with database.write() as c:
        later = NOON + timedelta(days=40)
        assert drop_too_old(c, forum_id, retention(events=30), later) == {"events": 1}
        # The words are still to be kept, so the rows that hold them stay.
        assert drop_too_old(c, forum_id, retention(events=30, asks=365), later) == {}
        done = drop_too_old(c, forum_id, retention(events=30, asks=30, originals=30), later)
        assert done == {"triages": 1, "originals": 1, "asks": 1}


def test_what_an_event_refers_to_waits_for_it(database: Database, asked: ApiKey) -> None:
    with database.write() as c:
        late = event("e2", occurred_at=NOON + timedelta(days=20))
        put_events(c, asked.forum.id, asked.id, False, [late], NOON + timedelta(days=20))
        kept, later = retention(events=30, asks=30), NOON + timedelta(days=35)
        assert drop_too_old(c, asked.forum.id, kept, later) == {"events": 1}
        done = drop_too_old(c, asked.forum.id, kept, later + timedelta(days=20))
        assert done == {"events": 1, "triages": 1, "asks": 1}


def test_a_dry_run_counts_and_changes_nothing(database: Database, asked: ApiKey) -> None:
    with database.write() as c:
        everything, later = Retention(dict.fromkeys(CLASSES, 1)), NOON + timedelta(days=99)
        counted = count_too_old(c, asked.forum.id, everything, later)
        assert counted == {"events": 1, "originals": 1}
        dry = blank_too_old(c, asked.forum.id, everything, later, dry_run=True)
        assert dry == {"triages": 1, "asks": 1, "events": 1, "sessions": 3}
        assert dry == blank_too_old(c, asked.forum.id, everything, later, dry_run=True)


def test_cases_and_replies_go_only_where_they_are_too_old(database: Database, key: ApiKey) -> None:
    with database.write() as c:
        old = Case("old", "Chain", "slips", created=NOON)
        undated = Case("undated", "Chain", "slips")
        put_cases(c, key.forum.id, [(old, "d"), (undated, "d")])
        claim_request(c, key.forum.id, "key:1", "r", "k", "d", NOON)
        finish_request(c, key.forum.id, "key:1", "r", "k", 200, "{}")
        later = NOON + timedelta(days=9)
        assert drop_too_old(c, key.forum.id, retention(idempotency=1), later) == {"idempotency": 1}
        assert drop_too_old(c, key.forum.id, retention(cases=5), later) == {"cases": 1}
        assert [case.id for case, _ in iter_cases(c, key.forum.id)] == ["undated"]


def test_vectors_that_nothing_needs_go(database: Database, key: ApiKey) -> None:
    with database.write() as c:
        put_cases(c, key.forum.id, [(Case("c", "Chain", "slips"), "needed")])
        one = np.ones(2, dtype=np.float32)
        put_vectors(c, key.forum.id, "e5", {"needed": one, "orphan": one})
        assert drop_orphans(c, key.forum.id, dry_run=True) == 1
        assert drop_orphans(c, key.forum.id) == 1
        assert get_vectors(c, key.forum.id, "e5", ["needed", "orphan"]).keys() == {"needed"}


def test_a_question_without_words_confirms_nothing(database: Database, asked: ApiKey) -> None:
    with database.write() as c:
        put_events(
            c,
            asked.forum.id,
            asked.id,
            False,
            [event("e3", type=EventType.SOLVED, thread_id="t1")],
            NOON,
        )
        assert len(list(iter_confirmed(c, asked.forum.id))) == 1
        blank_too_old(c, asked.forum.id, retention(asks=1), NOON + timedelta(days=5))
        assert list(iter_confirmed(c, asked.forum.id)) == []


def test_step_by_step_everything_goes(database: Database, key: ApiKey) -> None:
    kept, later = retention(asks=10, events=20), NOON + timedelta(days=30)
    with database.write() as c:
        for i in range(5):
            begin(c, key.forum.id, f"a{i}", key_id=key.id, person=f"p{i}")
            row = triage_row(f"r{i}", ask_id=f"a{i}", key_id=key.id, question=QUESTION, reply={})
            put_triage(c, key.forum.id, row)
        steps = [blank_too_old(c, key.forum.id, kept, later, most=2) for _ in range(4)]
        assert [step.get("triages", 0) for step in steps] == [2, 2, 1, 0]
        assert [step.get("asks", 0) for step in steps] == [2, 2, 1, 0]
        gone = [drop_too_old(c, key.forum.id, kept, later, most=2) for _ in range(4)]
        assert sum(step.get("triages", 0) for step in gone) == 5
        assert sum(step.get("asks", 0) for step in gone) == 5
