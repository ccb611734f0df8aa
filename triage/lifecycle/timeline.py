"""Changes -> what the asker is told of them, and what staff see. Pure.

In: a question's changes, how long others waited. Out: stable codes with their moments; sentences
are made at the door (phrases). What the asker is told holds no names, no reasons of staff and
nothing of who owns what.
Not here: rows and replies (api), the sentences (phrases).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.lifecycle.values import Change, Posted, State, Who, Why
from triage.lifecycle.waiting import Expected
from triage.records import Reason

_LONG = timedelta(hours=48)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the asker's timeline. `asked` are codes of what they were asked for."""

    at: datetime
    state: State
    who: Who
    reason: Reason
    answer_id: str | None = None
    asked: tuple[Reason, ...] = ()


_TOLD: Mapping[State, Reason] = {
    State.RECEIVED: Reason("question_received"),
    State.WITH_COMMUNITY: Reason("question_with_community"),
    State.WITH_EXPERT: Reason("question_with_expert"),
    State.WAITING_FOR_CUSTOMER: Reason("question_waiting"),
    State.ANSWERED: Reason("question_answered"),
    State.CONFIRMED_SOLVED: Reason("question_solved"),
    State.REOPENED: Reason("question_reopened"),
    State.ESCALATED: Reason("question_escalated"),
    State.CLOSED: Reason("question_closed"),
}
# Where the bare state would leave the asker guessing.
_TOLD_OF: Mapping[tuple[State, Why], Reason] = {
    (State.CLOSED, Why.NO_REPLY): Reason("question_closed_no_reply"),
    (State.CLOSED, Why.NOT_CONFIRMED): Reason("question_closed_not_confirmed"),
    (State.CLOSED, Why.WITHDRAWN): Reason("question_closed_withdrawn"),
    (State.CLOSED, Why.DUPLICATE): Reason("question_closed_duplicate"),
    (State.ESCALATED, Why.UNANSWERED): Reason("question_escalated_unanswered"),
    (State.ESCALATED, Why.WANTS_PERSON): Reason("question_escalated_wanted"),
    (State.ANSWERED, Why.SAME_ANSWER): Reason("question_answered_elsewhere"),
}


def tell_asker(changes: Iterable[Change]) -> tuple[Told, ...]:
    """Return the asker's timeline, oldest first; a hand-over among staff is not on it."""
    ordered = sorted(changes, key=lambda one: one.revision)
    return tuple(told for made in ordered if (told := _told(made)) is not None)


def tell_staff(question: Posted) -> tuple[Change, ...]:
    """Return every change as it is kept, with who, why and to whom it was handed."""
    return question.changes


def tell_expected(expected: Expected) -> Reason:
    """Return the sentence about the time to a first answer; unknown is said as that."""
    if expected.half is None:
        return Reason("answer_time_unknown")
    known = expected.half if expected.most is None else expected.most
    unit = _DAY if known > _LONG else _HOUR
    half = _up(expected.half, unit)
    if expected.most is None:
        code = "answer_half_in_days" if unit is _DAY else "answer_half_in_hours"
        return Reason(code, {"half": half})
    code = "answer_in_days" if unit is _DAY else "answer_in_hours"
    return Reason(code, {"half": half, "most": _up(expected.most, unit)})


def _told(made: Change) -> Told | None:
    another = made.after is made.before
    if another and made.after is not State.ANSWERED:
        return None
    reason = _TOLD[made.after]
    if made.why is not None:
        reason = _TOLD_OF.get((made.after, made.why), reason)
    if another:
        reason = Reason("question_another_answer")
    return Told(
        made.at,
        made.after,
        made.who,
        reason,
        made.answer_id,
        tuple(Reason(code) for code in made.asked),
    )


def _up(time: timedelta, unit: timedelta) -> int:
    return max(1, -(-time // unit))
