"""Small records that the tests of this folder put and expect back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from triage.records import Event, EventType, Mode, Stage, Thread
from triage.store import Connection, TriageRow, open_ask, put_triage

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=30)
REPLY = {
    "suggestions": [{"thread_id": "t1", "rank": 1}],
    "same_question": [{"thread_id": "t2"}],
    "known_issues": [{"thread_id": "t3"}],
}


def thread(thread_id: str = "t1", /, **fields: object) -> Thread:
    values: dict[str, Any] = {"title": "Chain slips", "body": "In third gear.", **fields}
    return Thread(id=thread_id, **values)


def begin(c: Connection, forum_id: int, new_id: str = "a1", /, **fields: object) -> str:
    values: dict[str, Any] = {
        "key_id": None,
        "person": None,
        "session": None,
        "lang": "en",
        "test": False,
        "at": NOON,
        "window": WINDOW,
        **fields,
    }
    return open_ask(c, forum_id, new_id=new_id, **values)


def triage_row(triage_id: str = "r1", **fields: object) -> TriageRow:
    values: dict[str, Any] = {
        "ask_id": "a1",
        "key_id": None,
        "stage": Stage.SUBMIT,
        "at": NOON,
        "question": {"title": "Kedjan hoppar"},
        "reply": REPLY,
        "model_version": None,
        "index_version": "i1",
        "mode": Mode.HYBRID,
        **fields,
    }
    return TriageRow(triage_id=triage_id, **values)


def reply_to_an_ask(c: Connection, forum_id: int, key_id: int, **ask: str) -> None:
    """Open ask a1 and store triage r1 of it."""
    begin(c, forum_id, "a1", key_id=key_id, **ask)
    put_triage(c, forum_id, triage_row(key_id=key_id))


def event(event_id: str = "e1", **fields: object) -> Event:
    values: dict[str, Any] = {
        "type": EventType.OPENED,
        "triage_id": "r1",
        "ask_id": "a1",
        "occurred_at": NOON,
        **fields,
    }
    return Event(event_id=event_id, **values)
