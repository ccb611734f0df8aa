"""Made-up asks are read by whoever shows them, and by nobody who learns from asks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from triage.assigning import Assigned
from triage.records import ApiKey, Arm, EventType
from triage.store import (
    MADE_UP,
    AskFacts,
    Connection,
    Database,
    QuestionsWanted,
    agreed_since,
    answered_drawable,
    ask_vectors,
    asked_by_account,
    count_questions,
    count_real,
    count_sent,
    due_questions,
    expert_queue,
    followers_of,
    has_simulated,
    helped_by,
    is_any_due,
    iter_asks,
    iter_confirmed,
    iter_past_asks,
    iter_refused,
    iter_unended_questions,
    list_questions,
    other_questions,
    posted_waits,
    put_ask_vector,
    put_events,
    put_question,
    put_triage,
    question_lacks,
    question_waits,
    silent_drawable,
    tell_ask,
)

from .posting import question_row
from .samples import NOON, begin, event, triage_row

DAY = timedelta(days=1)
QUESTION = {"title": "Kedjan hoppar", "body": "På trean.", "lang": "sv", "person": None}
REPLY = {
    "suggestions": [{"thread_id": "t1", "rank": 1}],
    "same_question": [{"thread_id": "t2"}],
    "decision": {"destination": "community"},
    "labels": {},
}
# What one ask of each kind did, and of which thread.
DID: dict[str, list[tuple[EventType, str | None]]] = {
    "solved": [(EventType.SOLVED, "t1")],
    "refused": [(EventType.NOT_SOLVED, "t1")],
    "posted": [(EventType.POSTED, None), (EventType.ANSWERED, None)],
    "followed": [(EventType.FOLLOWED, "t2")],
    "silent": [],
}


def fill(c: Connection, key: ApiKey, kind: str, *, simulated: bool) -> None:
    """Put asks of each kind into the forum, real or made up."""
    for name, did in DID.items():
        ask = f"{kind}-{name}"
        begin(c, key.forum.id, ask, key_id=key.id, session=ask, assign=assigned)
        ids = {"ask_id": ask, "key_id": key.id}
        put_triage(c, key.forum.id, triage_row(f"r-{ask}", **ids, question=QUESTION, reply=REPLY))
        facts = AskFacts(lang="sv", offered=True, simulated=simulated or None)
        tell_ask(c, key.forum.id, ask, facts)
        put_ask_vector(c, key.forum.id, ask, "e5", np.ones(2, dtype=np.float32), NOON)
        events = [
            event(f"{ask}-{n}", triage_id=f"r-{ask}", ask_id=ask, type=type_, thread_id=thread)
            for n, (type_, thread) in enumerate(did)
        ]
        outcomes = put_events(c, key.forum.id, key.id, False, events, NOON + timedelta(hours=1))
        assert {one.state for one in outcomes} <= {"accepted"}


def assigned() -> Assigned:
    return Assigned(Arm.TREATMENT, "session", 0.5)


def learnt(c: Connection, f: int) -> dict[str, Any]:
    """Return all that anything learns from the asks of a forum, or acts upon."""
    since, until = NOON - DAY, NOON + DAY
    helped = helped_by(c, f, ["t1"]).get("t1")
    return {
        "confirmed": [one.ask_id for one in iter_confirmed(c, f)],
        "refused": [one.ask_id for one in iter_refused(c, f)],
        "trust": helped and (helped.confirmed, helped.contradicted),
        "agreed": agreed_since(c, f, ("t1", "x"), since),
        "followers": sorted(followers_of(c, f, ["t2"]).get("t2", ())),
        "waits": len(posted_waits(c, f, since, until, 100)),
        "past": sorted(one.ask_id for one in iter_past_asks(c, f, since, until)),
        "sent": count_sent(c, f, since, 100),
        "silent": sorted(one.ask_id for one in silent_drawable(c, f, since, until, 100)),
        "answered": [one.ask_id for one in answered_drawable(c, f, since, until, 100)],
        "bursts": sorted(one.ask_id for one in ask_vectors(c, f, "e5", since)),
        "others": len(other_questions(c, f, "e5", "sv", 100)),
    }


def test_nothing_is_learnt_from_what_is_made_up(database: Database, key: ApiKey) -> None:
    with database.write() as c:
        fill(c, key, "real", simulated=False)
        before = learnt(c, key.forum.id)
        assert not has_simulated(c, key.forum.id)
        fill(c, key, "made", simulated=True)
        assert has_simulated(c, key.forum.id)
        assert learnt(c, key.forum.id) == before
    assert all(before.values()), before


def test_what_is_made_up_would_teach_if_it_were_real(database: Database, key: ApiKey) -> None:
    with database.write() as c:
        fill(c, key, "real", simulated=False)
        before = learnt(c, key.forum.id)
        fill(c, key, "more", simulated=False)
        after = learnt(c, key.forum.id)
    assert [name for name in before if before[name] == after[name]] == []


READ: list[Callable[[Connection, int], int]] = [
    lambda c, f: len(list(iter_asks(c, f))),
    lambda c, f: len(ask_vectors(c, f, "e5", NOON - DAY, include_simulated=True)),
]


@pytest.mark.parametrize("read", READ)
def test_whoever_shows_asks_is_given_all_of_them(
    database: Database, key: ApiKey, read: Callable[[Connection, int], int]
) -> None:
    with database.write() as c:
        fill(c, key, "real", simulated=False)
        fill(c, key, "made", simulated=True)
        assert read(c, key.forum.id) == 2 * len(DID)
        assert count_real(c, key.forum.id) == len(DID)


def test_forums_are_told_apart(database: Database, key: ApiKey, other_key: ApiKey) -> None:
    with database.write() as c:
        fill(c, key, "made", simulated=True)
        assert not has_simulated(c, other_key.forum.id)
        # The same names in another forum are other asks.
        fill(c, other_key, "made", simulated=False)
        assert learnt(c, other_key.forum.id)["trust"] == (1, 1)
        assert count_real(c, key.forum.id) == 0


def waiting(c: Connection, f: int) -> dict[str, Any]:
    """Return all that anybody is to do for questions, or tells of how long they wait."""
    everything = QuestionsWanted(test=None)
    return {
        "due": [row.question_id for row in due_questions(c, f, NOON + DAY)],
        "any due": is_any_due(c, f, NOON + DAY),
        "listed": [row.question_id for row in list_questions(c, f, everything)],
        "counted": count_questions(c, f, everything),
        "to sweep": [row.question_id for row in iter_unended_questions(c, f)],
        "queue": expert_queue(c, f),
        "waits": len(list(question_waits(c, f, now=NOON + DAY))),
        "lacks": len(question_lacks(c, f)),
        "of the account": len(list(asked_by_account(c, f, "acme", NOON - DAY))),
    }


def test_nobody_is_to_answer_what_nobody_asked(database: Database, key: ApiKey) -> None:
    with database.write() as c:
        posted = {"ask_id": None, "triage_id": None, "key_id": None}
        put_question(c, key.forum.id, question_row("q1", **posted))
        before = waiting(c, key.forum.id)
        put_question(c, key.forum.id, question_row(f"{MADE_UP}1", **posted))
        assert waiting(c, key.forum.id) == before
        put_question(c, key.forum.id, question_row("q2", **posted))
        after = waiting(c, key.forum.id)
    assert [name for name in before if before[name] == after[name]] == ["any due"]
    assert before["any due"]
