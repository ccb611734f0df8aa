"""Changes of a question -> what its asker and other systems are told, and events for measures.

In: a question's row, a change of it. Out: at most one event and one notice, whose ids say of what
they tell, so that each is told once; and a message to each system that wants it, which holds ids
and codes and nobody's words.
Not here: that a question was posted (posting), what events mean together (outcomes), who is told
of a message and how (delivering).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from triage import store
from triage.lifecycle import Change, State, Who, Why
from triage.records import Event, EventType, MessageType

_TOLD: Mapping[State, EventType] = {
    State.ANSWERED: EventType.ANSWERED,
    State.CONFIRMED_SOLVED: EventType.ACCEPTED,
    State.REOPENED: EventType.REOPENED,
    State.ESCALATED: EventType.ESCALATED,
}


def tell_asker(c: store.Connection, forum_id: int, row: store.QuestionRow, made: Change) -> None:
    """Tell whoever asked that there is an answer, or that something is asked back.

    Who was given the answer to another's question is told of that instead (affected).
    """
    if row.person is None or made.who is Who.CUSTOMER or made.why is Why.SAME_ANSWER:
        return
    if made.after is State.ANSWERED and made.answer_id is not None:
        kind, detail = store.NoticeKind.ANSWERED, made.answer_id
    elif made.after is State.WAITING_FOR_CUSTOMER and made.asked:
        kind, detail = store.NoticeKind.ASKED_BACK, made.id
    else:
        return
    notice = store.Notice(
        person=row.person,
        kind=kind,
        subject=row.question_id,
        detail=detail,
        at=made.at,
        lang=row.lang,
    )
    store.tell(c, forum_id, [notice])


def tell_event(c: store.Connection, forum_id: int, row: store.QuestionRow, made: Change) -> None:
    """Tell of a change as an event; a hand-over among staff is none, nor what nobody answered."""
    event = event_of(row, made)
    # An event is of a triage; one that became too old took its own along.
    if event is None or store.get_triage(c, forum_id, event.triage_id) is None:
        return
    store.write_events(c, forum_id, [event], made.at, test=row.test)


def event_of(row: store.QuestionRow, made: Change) -> Event | None:
    """Return the event that tells of a change, if any does; `row` is as it stood before."""
    kind = _TOLD.get(made.after)
    handed_over = made.after is made.before and made.answer_id is None
    alone = kind is EventType.ACCEPTED and row.first_answer_at is None
    if kind is None or handed_over or alone or row.triage_id is None or row.ask_id is None:
        return None
    return Event(
        event_id=f"{kind}-{row.question_id}-{made.revision}",
        type=kind,
        triage_id=row.triage_id,
        ask_id=row.ask_id,
        occurred_at=made.at,
        question_id=row.question_id,
        external_id=row.external_id,
        person=row.person,
        session=row.session,
    )


def tell_systems(c: store.Connection, forum_id: int, row: store.QuestionRow, made: Change) -> None:
    """Tell other systems of a change; `row` is how the question stands after it.

    What is only tried out is in nobody's queue.
    """
    if row.test:
        return
    told = {
        **_named(row),
        "state": made.after.value,
        "before": None if made.before is None else made.before.value,
        "revision": made.revision,
        "why": None if made.why is None else made.why.value,
        "who": made.who.value,
        "destination": str(row.destination),
        "visibility": str(row.visibility),
        "owner": row.owner,
        "severity": row.severity,
        "kind": row.kind,
        "topic": row.topic,
        "lang": row.lang,
        "received_at": row.received_at.isoformat(),
    }
    _post(c, forum_id, MessageType(f"question.{made.after.value}"), row, made.at, told)


def raise_alert(
    c: store.Connection, forum_id: int, row: store.QuestionRow, alert: store.AlertRow
) -> None:
    """Keep that somebody is to be told at once, and tell other systems; each once.

    What is only tried out wakes nobody.
    """
    if store.add_alert(c, forum_id, alert) and not row.test:
        told = {"alert_id": alert.alert_id, "owner": alert.owner, "why": str(alert.why)}
        _post(c, forum_id, MessageType.ALERT, row, alert.at, {**_named(row), **told})


def _named(row: store.QuestionRow) -> dict[str, str | None]:
    return {
        "question_id": row.question_id,
        "external_id": row.external_id,
        "triage_id": row.triage_id,
    }


def _post(
    c: store.Connection,
    forum_id: int,
    kind: MessageType,
    row: store.QuestionRow,
    at: datetime,
    told: Mapping[str, Any],
) -> None:
    message = store.Message(
        type=kind, stream=row.question_id, question_id=row.question_id, at=at, data=told
    )
    store.post_message(c, forum_id, message)
