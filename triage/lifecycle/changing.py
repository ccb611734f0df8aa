"""A question and what is wanted of it -> the change, and the question after it. Pure.

In: the question as it is, the state wanted, who wants it and what they bring, the moment. Out: a
`Change` to be kept, or an IllegalChange that says what is allowed. A question is the fold of its
changes: `replay(changes)`.
Not here: keeping changes exactly once among writers (store), who owns it (owning).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from triage.errors import IdempotencyConflict, IllegalChange
from triage.lifecycle.table import Need, allowed, needs
from triage.lifecycle.values import Change, Posted, State, Who, Why
from triage.records import Destination

MOST_ASKED = 2
# What must hold of the question itself, whatever comes with the change.
_STANDING = frozenset({Need.SHAREABLE, Need.BEFORE_COMMUNITY, Need.FOR_COMMUNITY, Need.FOR_EXPERT})


@dataclass(frozen=True, slots=True)
class Bringing:
    """What comes with a wanted change, beside who and when."""

    why: Why | None = None
    by: str | None = None
    answer_id: str | None = None
    asked: tuple[str, ...] = ()
    owner: str | None = None


NOTHING = Bringing()


def receive(
    question_id: str,
    change_id: str,
    owner: str,
    at: datetime,
    destination: Destination,
    *,
    shareable: bool,
    by: str | None = None,
) -> Change:
    """Return the first change of a question: it is here, it has an owner, it is acknowledged."""
    return Change(
        change_id,
        question_id,
        1,
        None,
        State.RECEIVED,
        Who.CUSTOMER,
        at,
        by=by,
        owner=owner,
        destination=destination,
        shareable=shareable,
    )


def change(
    question: Posted,
    wanted: State,
    who: Who,
    change_id: str,
    now: datetime,
    brings: Bringing = NOTHING,
    expected: int | None = None,
) -> Change:
    """Return the change that makes of the question what is wanted.

    A change id that the question knows gives the change that was made, whatever happened since.
    Raises IllegalChange for a step that the table has not, that lacks what it needs, or when the
    question is no more at the `expected` revision; IdempotencyConflict for a known change id
    that asks for something else. A clock behind the last change counts as that one's moment.
    """
    made = _made(question, change_id)
    if made is not None:
        if (made.after, made.who, *_brought(made)) != (wanted, who, *_brought(brings)):
            raise IdempotencyConflict
        return made
    if expected is not None and expected != question.revision:
        problem = f"is at revision {question.revision}, not {expected}; read it again"
        raise _illegal(question.state, wanted, who, problem)
    _check(question, wanted, who, brings)
    return Change(
        change_id,
        question.question_id,
        question.revision + 1,
        question.state,
        wanted,
        who,
        max(now, question.changes[-1].at),
        brings.why,
        brings.by,
        brings.answer_id,
        brings.asked,
        brings.owner,
    )


def possible(question: Posted, who: Who) -> tuple[State, ...]:
    """Return what this actor can make of a question as it stands, with what the step must bring."""
    found = []
    for state in allowed(question.state, who):
        standing = [one for one in needs(question.state, state, who) or () if one in _STANDING]
        if all(_holds(one, question, NOTHING) for one in standing):
            found.append(state)
    return tuple(found)


def follow(question: Posted | None, made: Change) -> Posted:
    """Return the question after a change; one that it has had already changes nothing.

    Raises IllegalChange for a change that is not the next one, or that the table has not.
    """
    if question is None:
        return _first(made)
    known = _made(question, made.id)
    if known is not None:
        if known != made:
            raise IdempotencyConflict
        return question
    if (made.question_id, made.revision) != (question.question_id, question.revision + 1):
        problem = f"is at revision {question.revision}, so revision {made.revision} is not next"
        raise _illegal(question.state, made.after, made.who, problem)
    if made.before is not question.state:
        problem = f"is `{question.state}`, while the change begins at `{made.before}`"
        raise _illegal(question.state, made.after, made.who, problem)
    _check(question, made.after, made.who, made)
    return _after(question, made)


def replay(changes: Iterable[Change]) -> Posted:
    """Return the question that these changes make, in whatever order and however often they come.

    Raises IllegalChange where one is missing, none is first, or two claim one revision.
    """
    question: Posted | None = None
    for made in sorted(changes, key=lambda one: (one.revision, one.id)):
        question = follow(question, made)
    if question is None:
        raise IllegalChange("nothing", State.RECEIVED, Who.CUSTOMER, (), "has no changes")
    return question


def _first(made: Change) -> Posted:
    begins = made.revision == 1 and made.before is None and made.after is State.RECEIVED
    if not begins or not made.owner or made.destination is None or made.shareable is None:
        problem = "needs its first change: received, with owner, destination and who may read"
        raise IllegalChange("nothing", made.after, made.who, (State.RECEIVED,), problem)
    if made.destination is Destination.COMMUNITY and not made.shareable:
        problem = "is for the community, so other customers must be allowed to read it"
        raise IllegalChange("nothing", made.after, made.who, (State.RECEIVED,), problem)
    return Posted(
        made.question_id,
        made.after,
        made.revision,
        made.owner,
        made.destination,
        made.shareable,
        in_community=False,
        received_at=made.at,
        since=made.at,
        changes=(made,),
    )


def _after(question: Posted, made: Change) -> Posted:
    state = made.after
    answers = question.answers
    if made.answer_id is not None and state is State.ANSWERED:
        answers = (*answers, made.answer_id)
    destination = question.destination
    if state is State.WITH_COMMUNITY:
        destination = Destination.COMMUNITY
    elif state in (State.WITH_EXPERT, State.ESCALATED):
        destination = Destination.EXPERT
    return replace(
        question,
        state=state,
        revision=made.revision,
        owner=made.owner or question.owner,
        destination=destination,
        in_community=question.in_community or state is State.WITH_COMMUNITY,
        since=question.since if state is question.state else made.at,
        answers=answers,
        solved_by=made.answer_id if state is State.CONFIRMED_SOLVED else None,
        asked=made.asked or (question.asked if state is State.WAITING_FOR_CUSTOMER else ()),
        changes=(*question.changes, made),
    )


def _check(question: Posted, wanted: State, who: Who, brings: Bringing | Change) -> None:
    needed = needs(question.state, wanted, who)
    if needed is None:
        raise _illegal(question.state, wanted, who)
    for need in needed:
        if not _holds(need, question, brings):
            raise _illegal(question.state, wanted, who, f"needs {need}")
    _check_brought(question, wanted, who, brings)


def _check_brought(question: Posted, wanted: State, who: Who, brings: Bringing | Change) -> None:
    """Refuse what does not belong to the step: it would be kept and mean nothing."""
    if brings.answer_id is not None and wanted is not State.ANSWERED:
        named = wanted is State.CONFIRMED_SOLVED and brings.answer_id in question.answers
        if not named:
            raise _illegal(question.state, wanted, who, "has no such answer to name here")
    if brings.asked and wanted is not State.WAITING_FOR_CUSTOMER:
        raise _illegal(question.state, wanted, who, "asks the customer nothing by this")
    if brings.owner is not None and who not in (Who.STAFF, Who.MACHINE):
        raise _illegal(question.state, wanted, who, "is given an owner by staff alone")


def _holds(need: Need, question: Posted, brings: Bringing | Change) -> bool:
    match need:
        case Need.ANSWER:
            return bool(brings.answer_id) and brings.answer_id not in question.answers
        case Need.REASON:
            return brings.why is not None
        case Need.ASKED:
            return 1 <= len(set(brings.asked)) == len(brings.asked) <= MOST_ASKED
        case Need.OWNER:
            return bool(brings.owner) and brings.owner != question.owner
        case Need.SHAREABLE:
            return question.shareable
        case Need.BEFORE_COMMUNITY:
            return question.in_community
        case Need.FOR_COMMUNITY:
            return question.destination is Destination.COMMUNITY and question.shareable
        case Need.FOR_EXPERT:
            return question.destination is Destination.EXPERT


def _illegal(before: State, wanted: State, who: Who, problem: str | None = None) -> IllegalChange:
    return IllegalChange(before, wanted, who, allowed(before, who), problem)


def _made(question: Posted, change_id: str) -> Change | None:
    return next((one for one in question.changes if one.id == change_id), None)


def _brought(of: Change | Bringing) -> tuple[object, ...]:
    return of.why, of.by, of.answer_id, of.asked, of.owner
