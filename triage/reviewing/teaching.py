"""What a lead says of an item -> the labels of its case, from which the next training learns.

In: an item, labels. Out: the case is made or relabelled, and what it had before is told, so that it
can be taken back. What nobody asked, and what a test key sent, teaches nothing.
Not here: who may decide, what an item becomes (queue).
"""

from collections.abc import Mapping
from datetime import datetime

from triage import store
from triage.errors import BadField
from triage.kept import read_question
from triage.questions.settled import case_of_question
from triage.records import HEADS, Case, Target
from triage.review import (
    OF_ASK,
    OF_QUESTION,
    REVIEWED,
    as_label,
    label_of,
    relabelled,
    settle_in,
)
from triage.store import DoubtState, ReviewedLabel, ReviewReason, ReviewRow, ReviewSubject
from triage.text import digest, redact

Former = Mapping[str, str | None]
_DOUBT = ReviewReason.LABEL_ERROR
_LONGEST_TOPIC = 60


def checked(row: ReviewRow, labels: Mapping[Target, str]) -> dict[Target, str]:
    """Return labels as they are kept. Raises BadField for one that cannot be, or for none."""
    if not labels:
        raise BadField("labels", "are missing; name at least one, or skip the item")
    told: dict[Target, str] = {}
    for target, label in labels.items():
        if target not in REVIEWED or (row.reason is _DOUBT and target.value != row.targets[0]):
            raise BadField(target, "is not asked about here")
        told[target] = as_label(target, label)
        if target is Target.TOPIC and not _is_name(told[target]):
            raise BadField(
                target, "names no topic: that is a few words, and nothing of a person or a secret"
            )
    return told


def _is_name(topic: str) -> bool:
    return len(topic) <= _LONGEST_TOPIC and redact(topic).text == topic


def teach(
    c: store.Connection, forum_id: int, row: ReviewRow, labels: Mapping[Target, str], at: datetime
) -> Former | None:
    """Give a case the labels; return those that it had, None where there was no case.

    Raises BadField where what it is about is gone.
    """
    if row.reason is _DOUBT:
        target = Target(row.targets[0])
        settled = settle_in(c, forum_id, row.subject_id, target, labels[target], at)
        return {target.value: settled.label}
    if row.simulated:
        return None
    case_id = case_id_of(row)
    former = store.get_cases(c, forum_id, [case_id]).get(case_id)
    case = former if former is not None else _new_case(c, forum_id, row)
    if case is None:
        raise BadField("labels", "cannot be kept: the words are gone; skip the item")
    had = {target: label_of(case, target) for target in labels}
    _close_doubts(c, forum_id, case_id, labels)
    for target, label in labels.items():
        case = relabelled(case, target, label)
    store.put_cases(c, forum_id, [(case, digest(case.text))])
    by_lot = row.propensity is not None and not row.seen
    filed = {one.target: one.filed for one in store.reviewed_labels_of(c, forum_id, [case_id])}
    said = [
        ReviewedLabel(case_id, t.value, label, filed.get(t.value, had[t]), row.id, by_lot, at)
        for t, label in labels.items()
    ]
    store.put_reviewed_labels(c, forum_id, said)
    return None if former is None else {target.value: had[target] for target in labels}


def unteach(c: store.Connection, forum_id: int, row: ReviewRow) -> None:
    """Have a case as it was before an item was decided, but for what others said since.

    A case that was made of the decision goes where nobody has said anything else of it.
    """
    if row.reason is _DOUBT:
        _reopen(c, forum_id, row)
        return
    case_id = case_id_of(row)
    case = store.get_cases(c, forum_id, [case_id]).get(case_id)
    if case is None or row.simulated:
        return
    before, mine = row.former or {}, _still_said(c, forum_id, row)
    for target in mine:
        if label_of(case, target) == row.labels[target.value]:
            case = relabelled(case, target, before.get(target.value))
    store.drop_reviewed_labels(c, forum_id, case_id, mine)
    if row.former is None and _says_nothing(c, forum_id, case):
        store.delete_case(c, forum_id, case_id)
    else:
        store.put_cases(c, forum_id, [(case, digest(case.text))])


def case_id_of(row: ReviewRow) -> str:
    """Return the id of the case that an item's labels belong to."""
    if row.subject is ReviewSubject.ASK:
        return f"{OF_ASK}{row.subject_id}"
    if row.subject is ReviewSubject.QUESTION:
        return f"{OF_QUESTION}{row.subject_id}"
    return row.subject_id


def _still_said(c: store.Connection, forum_id: int, row: ReviewRow) -> list[Target]:
    """Return of which labels an item still has the last word."""
    case_id = case_id_of(row)
    said = store.reviewed_labels_of(c, forum_id, [case_id])
    settled = {d.target: d.decided_at for d in store.doubts_of(c, forum_id, [case_id])}

    def is_last(one: ReviewedLabel) -> bool:
        since = settled.get(one.target)
        return one.item_id == row.id and (since is None or since < one.decided_at)

    return [Target(one.target) for one in said if is_last(one)]


def _says_nothing(c: store.Connection, forum_id: int, case: Case) -> bool:
    """Say whether a case has neither an end nor anything that anybody said of it."""
    ended = case.answer is not None or case.closed is not None
    labelled = any(label_of(case, target) is not None for target in HEADS)
    return not (ended or labelled or store.reviewed_labels_of(c, forum_id, [case.id]))


def _close_doubts(
    c: store.Connection, forum_id: int, case_id: str, labels: Mapping[Target, str]
) -> None:
    """Ask nobody about labels that are in doubt and have just been looked at."""
    doubts = store.doubts_of(c, forum_id, [case_id])
    asked = [d.target for d in doubts if d.state == DoubtState.OPEN and d.target in labels]
    if asked:
        store.drop_doubts(c, forum_id, case_id, asked)


def _reopen(c: store.Connection, forum_id: int, row: ReviewRow) -> None:
    """Have a doubt wait again, and the case have the label that is doubted.

    What was said of it again since stays.
    """
    target = Target(row.targets[0])
    settled = store.reopen_doubt(c, forum_id, row.subject_id, target, row.decided_at)
    case = store.get_cases(c, forum_id, [row.subject_id]).get(row.subject_id)
    if settled is None or case is None or settled.decided is None:
        return
    if label_of(case, target) == settled.decided:
        case = relabelled(case, target, settled.label)
        store.put_cases(c, forum_id, [(case, digest(case.text))])


def _new_case(c: store.Connection, forum_id: int, row: ReviewRow) -> Case | None:
    """Return the case of a question or an ask without labels; None where its words are gone."""
    if row.subject is ReviewSubject.QUESTION:
        posted = store.get_question(c, forum_id, row.subject_id)
        case = case_of_question(c, forum_id, posted) if posted is not None else None
    elif row.subject is ReviewSubject.ASK:
        case = _case_of_ask(c, forum_id, row)
    else:
        case = None
    return case if case is not None and case.text else None


def _case_of_ask(c: store.Connection, forum_id: int, row: ReviewRow) -> Case | None:
    reply = store.last_replies(c, forum_id, [row.subject_id]).get(row.subject_id)
    asked = store.get_asked(c, forum_id, [row.subject_id]).get(row.subject_id)
    if reply is None or asked is None:
        return None
    question = read_question(reply.question)
    return Case(
        id=case_id_of(row),
        title=question.title,
        body=question.body,
        person=asked.person,
        account=question.account,
        groups=question.groups,
        product=question.product,
        version=question.version,
        lang=question.lang,
        created=asked.at,
        customer_severity=question.customer_severity,
    )
