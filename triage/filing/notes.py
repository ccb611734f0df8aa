"""A change of a question that has a ticket -> a note on the ticket for the staff.

In: a message, the question, what the channel says. Out: the note and the state that the ticket is
to have with it (None: as it is), or None where there is nothing to say.
Not here: writing it (tickets, letters).
"""

from triage.connect.zammad import ZammadOptions
from triage.connect.zammad.tickets import Note
from triage.filing.reading import Subject
from triage.filing.sections import paragraphs
from triage.lifecycle import State, Who
from triage.phrases import say
from triage.records import MessageType, Reason
from triage.store import ChangeRow, Message

_OVER = frozenset({State.CONFIRMED_SOLVED.value, State.CLOSED.value})
_ANEW = frozenset({State.REOPENED.value, State.ESCALATED.value})
_ALERTS = {
    "complaint": "filing_alert_complaint",
    "urgent": "filing_alert_urgent",
    "unanswered": "filing_alert_unanswered",
}


def note_of(
    message: Message, subject: Subject, options: ZammadOptions
) -> tuple[Note, str | None] | None:
    """Return what is written on a ticket because of a message."""
    lines = lines_of(message, subject, options.lang)
    if not lines:
        return None
    name = f"Triage {message.question_id}"
    note = Note(subject=name, html=paragraphs(lines), mark=message.message_id)
    change = subject.change
    # Only what is so still: the message may have waited.
    if change is None or change.revision != subject.told.question.revision:
        return note, None
    return note, _state(change, options)


def lines_of(message: Message, subject: Subject, lang: str) -> list[str]:
    """Return what staff are told of a change; nothing where there is nothing to tell."""
    if message.type is MessageType.ALERT:
        code = _ALERTS.get(str(message.data.get("why")))
        return [] if code is None else [say(Reason(code), lang)]
    return [] if subject.change is None else _lines(subject.change, lang)


def _lines(change: ChangeRow, lang: str) -> list[str]:
    told = {
        "state": change.after,
        "who": f"{change.who} ({change.by})" if change.by else change.who,
    }
    lines = [say(Reason("filing_became_state", told), lang)]
    if change.words:
        if change.who == Who.CUSTOMER:
            lines.append(say(Reason("filing_customer_said"), lang))
        lines.append(change.words)
    if change.note:
        lines.append(change.note)
    return lines


def _state(change: ChangeRow, options: ZammadOptions) -> str | None:
    """Return the state that a ticket comes to: what the customer does counts there as well."""
    if change.after in _OVER:
        return options.states["closed"]
    replied = change.before == State.WAITING_FOR_CUSTOMER and change.who == Who.CUSTOMER
    return options.states["open"] if replied or change.after in _ANEW else None
