"""Changes of a question that came of an ask -> events, for measures that read nothing else.

In: a question's row, a change of it. Out: at most one event, whose id says of what it tells, so
that it is told once.
Not here: that a question was posted (posting), what events mean together (outcomes).
"""

from collections.abc import Mapping

from triage import store
from triage.lifecycle import Change, State
from triage.records import Event, EventType

_TOLD: Mapping[State, EventType] = {
    State.ANSWERED: EventType.ANSWERED,
    State.CONFIRMED_SOLVED: EventType.ACCEPTED,
    State.REOPENED: EventType.REOPENED,
    State.ESCALATED: EventType.ESCALATED,
}


def tell_event(c: store.Connection, forum_id: int, row: store.QuestionRow, made: Change) -> None:
    """Tell of a change as an event; a hand-over among staff is none, nor what nobody answered."""
    kind = _TOLD.get(made.after)
    handed_over = made.after is made.before and made.answer_id is None
    alone = kind is EventType.ACCEPTED and row.first_answer_at is None
    if kind is None or handed_over or alone or row.triage_id is None or row.ask_id is None:
        return
    # An event is of a triage; one that became too old took its own along.
    if store.get_triage(c, forum_id, row.triage_id) is None:
        return
    event = Event(
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
    store.write_events(c, forum_id, [event], made.at, test=row.test)
