"""Rows -> questions as `lifecycle` knows them, and changes -> rows.

In: rows of the store. Out: `Change`, `Posted`, `Watched`; a row for a change, and what a question's
own row says of where it stands.
Not here: making changes (changing, receiving), SQL (store).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage import store
from triage.errors import NoQuestion
from triage.lifecycle import (
    Change,
    Limits,
    Posted,
    State,
    Watched,
    Who,
    Why,
    due,
    measure,
    replay,
)
from triage.records import Destination


@dataclass(frozen=True, slots=True)
class Said:
    """What comes with a change besides what `lifecycle` knows of it; all of it redacted."""

    words: str | None = None
    note: str | None = None
    answer_public: bool | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A question as it is kept: its row, what its changes have made of it, and their rows."""

    row: store.QuestionRow
    question: Posted
    changes: tuple[store.ChangeRow, ...]


def read(c: store.Connection, forum_id: int, question_id: str, *, lock: bool = False) -> Told:
    """Return a question with its history; `lock` holds others off it. Raises NoQuestion."""
    row = store.get_question(c, forum_id, question_id, lock=lock)
    if row is None:
        raise NoQuestion
    changes = store.changes_of_question(c, forum_id, question_id)
    return Told(row, posted_of(changes), tuple(changes))


def posted_of(changes: Iterable[store.ChangeRow]) -> Posted:
    """Return the question that these changes make."""
    return replay(map(change_of, changes))


def change_of(row: store.ChangeRow) -> Change:
    """Return the change that a row keeps."""
    return Change(
        row.change_id,
        row.question_id,
        row.revision,
        None if row.before is None else State(row.before),
        State(row.after),
        Who(row.who),
        row.at,
        None if row.why is None else Why(row.why),
        row.by,
        row.answer_id,
        row.asked,
        row.owner,
        None if row.destination is None else Destination(row.destination),
        row.shareable,
    )


def row_of(made: Change, said: Said) -> store.ChangeRow:
    """Return the row that keeps a change."""
    return store.ChangeRow(
        question_id=made.question_id,
        revision=made.revision,
        change_id=made.id,
        before=made.before,
        after=made.after,
        who=made.who,
        at=made.at,
        why=made.why,
        by=made.by,
        answer_id=made.answer_id,
        answer_public=said.answer_public,
        asked=made.asked,
        owner=made.owner,
        destination=made.destination,
        shareable=made.shareable,
        words=said.words,
        note=said.note,
    )


def watched(row: store.QuestionRow, question: Posted, reminded: datetime | None = None) -> Watched:
    """Return a question with what the sweep must know of it."""
    return Watched(question, row.topic, row.kind, row.severity, reminded)


def due_at(seen: Watched, limits: Limits) -> datetime | None:
    """Return when a question has to be looked at."""
    found = due(seen, limits)
    return None if found is None else found.at


def standing_of(
    row: store.QuestionRow | None, question: Posted, due_moment: datetime | None
) -> store.Standing:
    """Return where a question stands after its last change; `row` is how it stood before."""
    taken, start = measure(question), question.received_at
    last = question.changes[-1]
    asked_before = row.asked if row else ()
    by_staff = last.asked if last.who is Who.STAFF else ()
    rerouted = row is not None and row.destination != question.destination
    return store.Standing(
        destination=question.destination,
        state=question.state,
        owner=question.owner,
        revision=question.revision,
        shareable=question.shareable,
        in_community=question.in_community,
        asked=tuple(dict.fromkeys((*asked_before, *by_staff))),
        moved=bool(row and row.moved) or (rerouted and bool(asked_before)),
        since=question.since,
        changed_at=last.at,
        due_at=due_moment,
        owner_acted_at=_after(start, taken.to_owner),
        first_person_at=_after(start, taken.to_person),
        first_answer_at=_after(start, taken.to_answer),
        solved_at=_after(start, taken.to_solved),
        reroutes=(row.reroutes if row else 0) + rerouted,
    )


def _after(start: datetime, wait: timedelta | None) -> datetime | None:
    return None if wait is None else start + wait
