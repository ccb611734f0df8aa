"""A person's word on the labels of a case -> the store, and the same word when it comes again.

In: a forum, a case, a target, the label that a person chose. Out: the case has it, and keeps it
though the file that it came from is ingested once more, or its question is solved later.
Not here: finding doubts (learn), reading files (intake), the queue that asks (reviewing).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from triage import store
from triage.connect import fits
from triage.errors import BadField
from triage.records import HEADS, Case, Target
from triage.text import digest

# How hard a case proved to be follows from what happened to it: nobody filed it.
REVIEWED = tuple(target for target in HEADS if target is not Target.DIFFICULTY)
# How the ids of cases begin that this service makes of what it was asked.
OF_ASK, OF_QUESTION = "ask:", "question:"
_OURS = (OF_ASK, OF_QUESTION)


def settle(
    database: store.Database,
    forum_id: int,
    case_id: str,
    target: Target,
    label: str | None,
    at: datetime,
    note: store.Note | None = None,
) -> store.DoubtRow:
    """Keep a doubtful label (None) or change it. Raises BadField where it cannot be done."""
    with database.write() as c:
        row = settle_in(c, forum_id, case_id, target, label, at)
        if note is not None:
            note(c)
    return row


def settle_in(
    c: store.Connection,
    forum_id: int,
    case_id: str,
    target: Target,
    label: str | None,
    at: datetime,
) -> store.DoubtRow:
    """Do as `settle` does in a transaction that is open."""
    problem = None if label is None else fits(target, label)
    if problem is not None:
        raise BadField(target, problem)
    row = store.settle_doubt(c, forum_id, case_id, target, label, at)
    if row is None:
        raise BadField(case_id, f"is no case whose {target} is in doubt")
    case = store.get_cases(c, forum_id, [case_id])[case_id]
    changed = relabelled(case, target, row.decided or row.label)
    if row.state == store.DoubtState.CHANGED:
        store.put_cases(c, forum_id, [(changed, digest(changed.text))])
    return row


def as_settled(c: store.Connection, forum_id: int, cases: Sequence[Case]) -> list[Case]:
    """Return the cases with the labels that persons chose instead of those they come with.

    A case that comes with another label than the doubtful one is left as it is: whoever filed it
    has looked at it again.
    """
    chosen = {case.id: case for case in cases}
    for row in store.settled_doubts(c, forum_id, list(chosen)):
        case, target = chosen[row.case_id], Target(row.target)
        filed = getattr(case, target)
        unsaid = filed is None and target is Target.DESTINATION  # it follows from `escalated`
        if unsaid or (filed is not None and _key(str(filed)) == _key(row.label)):
            chosen[row.case_id] = relabelled(case, target, row.decided or row.label)
    for said in store.reviewed_labels_of(c, forum_id, list(chosen)):
        case, target = chosen[said.case_id], Target(said.target)
        filed = getattr(case, target)
        if is_ours(case.id) or _same(filed, said.filed):
            chosen[said.case_id] = relabelled(case, target, said.label)
    return [chosen[case.id] for case in cases]


def is_ours(case_id: str) -> bool:
    """Say whether a case was made here, of an ask or a question: then no file labels it."""
    return case_id.startswith(_OURS)


def label_of(case: Case, target: Target) -> str | None:
    """Return a label of a case as text, None where it has none."""
    value = getattr(case, target.value)
    return None if value is None else str(value)


def relabelled(case: Case, target: Target, label: str | None) -> Case:
    """Return a case with another label, or without one."""
    if label is None:
        value: int | str | None = None
    else:
        value = int(label) if target is Target.SEVERITY else " ".join(label.split())
    changed: Any = {target.value: value}
    return replace(case, **changed)


def _same(one: object, other: str | None) -> bool:
    if one is None or other is None:
        return one is None and other is None
    return _key(str(one)) == _key(other)


def _key(label: str) -> str:
    return " ".join(label.split()).casefold()
