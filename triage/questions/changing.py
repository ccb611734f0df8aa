"""What somebody wants of a posted question -> the change, kept exactly once.

In: a connection in a transaction that writes, a question's id, what is wanted and by whom. Out: the
question after it. The question is locked first, so that of many writers each sees the last change;
a change id that is known gives the change that was made, whatever happened since.
Not here: which change is allowed (lifecycle), who may ask for it (api).
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from triage import store
from triage.errors import IdempotencyConflict
from triage.lifecycle import (
    Bringing,
    Change,
    Posted,
    State,
    Who,
    Why,
    alert_of,
    change,
    follow,
    name_owner,
)
from triage.questions.reading import Said, Told, change_of, due_at, read, row_of, standing_of
from triage.questions.reading import watched as watched_of
from triage.questions.rules import Rules, rules_of
from triage.questions.telling import raise_alert, tell_asker, tell_event, tell_systems
from triage.records import Account, Destination, Kind

# Who has to answer changes here, so that somebody else may own the question.
_HANDS_ON = {
    State.WITH_COMMUNITY: Destination.COMMUNITY,
    State.WITH_EXPERT: Destination.EXPERT,
    State.ESCALATED: Destination.EXPERT,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants of a question. `change_id` is theirs: asking twice changes once.

    `by` names a member of staff or a process, never anybody else. `expected` is the revision that
    they looked at. `words` go to or come from the asker, `note` is for the staff; both redacted.
    """

    wanted: State
    who: Who
    change_id: str
    why: Why | None = None
    by: str | None = None
    answer_id: str | None = None
    answer_public: bool | None = None
    asked: tuple[str, ...] = ()
    owner: str | None = None
    expected: int | None = None
    words: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A question after a change; `fresh` says whether the change was made now."""

    told: Told
    change: Change
    fresh: bool


def keep(c: store.Connection, forum_id: int, question_id: str, asked: Asked, now: datetime) -> Kept:
    """Make what is wanted of a question and keep it.

    Raises NoQuestion, IllegalChange with what is allowed, IdempotencyConflict for a known change id
    that asks for something else.
    """
    told = read(c, forum_id, question_id, lock=True)
    known = next((one for one in told.changes if one.change_id == asked.change_id), None)
    if known is not None:
        if not _is_same(known, asked):
            raise IdempotencyConflict
        return Kept(told, change_of(known), fresh=False)
    rules, account = rules_of(c, forum_id), account_of(c, forum_id, told.row)
    named = _named(told, asked, rules, account)
    brings = Bringing(asked.why, asked.by, asked.answer_id, asked.asked, named)
    wanted = (asked.wanted, asked.who, asked.change_id)
    made = change(told.question, *wanted, now, brings, asked.expected)
    said = Said(asked.words, asked.note, asked.answer_public)
    told = add(c, forum_id, told, made, said, rules)
    handed = _hand_over(told.question, made, told.row, rules, account)
    if handed is not None:
        told = add(c, forum_id, told, handed, Said(), rules)
    alert(c, forum_id, told)
    return Kept(told, made, fresh=True)


def add(
    c: store.Connection, forum_id: int, told: Told, made: Change, said: Said, rules: Rules
) -> Told:
    """Keep a change that was found to be allowed, and where the question stands after it."""
    question = follow(told.question, made)
    kept = row_of(made, said)
    store.add_change(c, forum_id, kept)
    moment = due_at(watched_of(told.row, question), rules.limits)
    standing = standing_of(told.row, question, moment)
    store.stand_question(c, forum_id, question.question_id, standing)
    tell_event(c, forum_id, told.row, made)
    tell_asker(c, forum_id, told.row, made)
    row = replace(told.row, **asdict(standing))
    tell_systems(c, forum_id, row, made)
    return Told(row, question, (*told.changes, kept))


def alert(c: store.Connection, forum_id: int, told: Told) -> None:
    """Tell the owner at once of a complaint, and of what is of severity 1; each owner once."""
    found = alert_of(told.question, told.row.kind, told.row.severity)
    # What is only tried out wakes nobody.
    if found is not None and not told.row.test:
        why = Why.COMPLAINT if told.row.kind == Kind.COMPLAINT else Why.URGENT
        row = store.AlertRow(found.id, found.question_id, found.owner, why, found.at)
        raise_alert(c, forum_id, told.row, row)


def account_of(c: store.Connection, forum_id: int, row: store.QuestionRow) -> Account | None:
    """Return the account that a question comes from, where the forum knows it."""
    return store.account_behind(c, forum_id, row.account, row.person)


def _is_same(known: store.ChangeRow, asked: Asked) -> bool:
    """Say whether a change that was made is what is asked for, whatever was added to it."""
    made = (known.after, known.who, known.why, known.by, known.answer_id, known.asked)
    wants = (asked.wanted, asked.who, asked.why, asked.by, asked.answer_id, asked.asked)
    said = (known.words, known.note)
    same_owner = asked.owner is None or asked.owner == known.owner
    return made == wants and same_owner and said == (asked.words, asked.note)


def _named(told: Told, asked: Asked, rules: Rules, account: Account | None) -> str | None:
    """Return the owner that comes with a change of staff or machine, where there is a new one."""
    if asked.owner is not None or asked.who not in (Who.STAFF, Who.MACHINE):
        return asked.owner
    question = told.question
    if asked.why is Why.TAKEN and asked.wanted is State.WITH_EXPERT and asked.by:
        return asked.by if asked.by != question.owner else None
    to = _HANDS_ON.get(asked.wanted)
    if to is None or to is question.destination:
        return None
    owner = name_owner(to, account, told.row.topic, rules.owners).owner
    return owner if owner != question.owner else None


def _hand_over(
    question: Posted, made: Change, row: store.QuestionRow, rules: Rules, account: Account | None
) -> Change | None:
    """Return the change that gives a question whose customer wants a person to who answers it."""
    if made.who is not Who.CUSTOMER or made.after is not State.ESCALATED:
        return None
    owner = name_owner(Destination.EXPERT, account, row.topic, rules.owners).owner
    if owner == question.owner:
        return None
    brings = Bringing(by="triage", owner=owner)
    name = f"{made.id}:owner"
    return change(question, State.ESCALATED, Who.MACHINE, name, made.at, brings)
