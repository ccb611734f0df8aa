"""A person's word on the labels of a case -> the store, and the same word when it comes again.

In: a forum, a case, a target, the label that a person chose. Out: the case has it, and keeps it
though the file that it came from is ingested once more, or its question is solved later. Of what
persons chose the newest holds, whichever door it came through.
Not here: finding doubts (learn), reading files (intake), the queue that asks (reviewing).
"""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from triage import store
from triage.connect import case_from
from triage.errors import BadField
from triage.records import HEADS, Case, Target
from triage.store import ReviewedLabel
from triage.text import digest

# How hard a case proved to be follows from what happened to it: nobody filed it.
REVIEWED = tuple(target for target in HEADS if target is not Target.DIFFICULTY)
# How the ids of cases begin that this service makes of what it was asked.
OF_ASK, OF_QUESTION = "ask:", "question:"
_OURS = (OF_ASK, OF_QUESTION)
# Control characters, and halves of pairs: as categories of Unicode.
_UNFIT = frozenset({"Cc", "Cs"})


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
    label = None if label is None else as_label(target, label)
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

    Each choice began from the label that the case had then, so that they are made again in their
    order. A case that comes with another label than the one that a choice began from is left as it
    is: whoever filed it has looked at it again.
    """
    chosen = {case.id: case for case in cases}
    doubts = store.settled_doubts(c, forum_id, list(chosen))
    said = store.reviewed_labels_of(c, forum_id, list(chosen))
    words: list[ReviewedLabel | store.DoubtRow] = [*said, *doubts]
    for one in sorted(words, key=_moment):
        case, target = chosen[one.case_id], Target(one.target)
        if _holds(case, target, one):
            label = one.label if isinstance(one, ReviewedLabel) else one.decided or one.label
            chosen[one.case_id] = relabelled(case, target, label)
    return [chosen[case.id] for case in cases]


def said_anew(
    c: store.Connection, forum_id: int, case_id: str, targets: Collection[Target]
) -> None:
    """Forget what was said before of these labels of a case: somebody has said something since."""
    store.drop_reviewed_labels(c, forum_id, case_id, targets)
    store.drop_doubts(c, forum_id, case_id, targets)


def as_label(target: Target, label: str) -> str:
    """Return a label as a case has it that is ingested with it. Raises BadField where none can."""
    said = " ".join(label.split())
    if not said:
        raise BadField(target, "is empty; leave it out instead")
    if any(unicodedata.category(sign) in _UNFIT for sign in said):
        raise BadField(target, "has control characters")
    row = {"id": "x", "title": "x", target.value: unicodedata.normalize("NFC", said)}
    return str(getattr(case_from(row, lambda person: person), target))


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


def _moment(one: ReviewedLabel | store.DoubtRow) -> datetime:
    return one.decided_at or datetime.min.replace(tzinfo=UTC)


def _holds(case: Case, target: Target, one: ReviewedLabel | store.DoubtRow) -> bool:
    """Say whether what a person chose holds for a case as it is filed, or was made before that."""
    held = getattr(case, target)
    if isinstance(one, ReviewedLabel):
        return is_ours(case.id) or _same(held, one.filed)
    unsaid = held is None and target is Target.DESTINATION  # it follows from `escalated`
    return unsaid or _same(held, one.label)


def _same(one: object, other: str | None) -> bool:
    if one is None or other is None:
        return one is None and other is None
    return _key(str(one)) == _key(other)


def _key(label: str) -> str:
    return " ".join(label.split()).casefold()
