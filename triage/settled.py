"""A question that an expert answered and its asker confirmed -> a case, and a proposal of it.

In: a question after a change. Out: nothing, or one case more, which the forum learns from and whose
answer a lead may make a thread of. The same question solved once more is the same case.
Not here: what becomes of proposals (proposing, publishing), what is solved (lifecycle).
"""

from datetime import datetime

from triage import store
from triage.kept import kept_question
from triage.lifecycle import State, Who
from triage.proposing import propose
from triage.questions import Told
from triage.records import Case, Destination
from triage.text import digest


def keep_as_case(c: store.Connection, forum_id: int, told: Told, now: datetime) -> bool:
    """Keep a solved expert question as a case and propose its answer; return whether it is one."""
    row, question = told.row, told.question
    solved = question.state is State.CONFIRMED_SOLVED
    if row.test or not solved or question.destination is not Destination.EXPERT:
        return False
    answer = _answer(told)
    if answer is None:
        return False
    asked = kept_question(row)
    case = Case(
        id=f"question:{row.question_id}",
        title=asked.title,
        body=asked.body,
        person=_person(c, forum_id, row),
        account=row.account,
        # What is private has no readers of its own: whoever approves it hears whose it was.
        groups=row.groups | asked.groups,
        product=row.product,
        version=row.version,
        lang=row.lang,
        created=row.received_at,
        first_response=row.first_answer_at,
        closed=now,
        escalated=row.reroutes > 0,
        answer=answer.words,
        answer_public=bool(answer.answer_public),
        customer_severity=row.customer_severity,
        destination=Destination.EXPERT,
    )
    store.put_cases(c, forum_id, [(case, digest(case.text))])
    propose(c, forum_id, [case], now)
    return True


def _person(c: store.Connection, forum_id: int, row: store.QuestionRow) -> str | None:
    """Return whose it is, also where that was known only later: they can have it removed."""
    asker = store.asker_of(c, forum_id, row.ask_id) if row.ask_id else None
    return row.person or (asker.person if asker else None)


def _answer(told: Told) -> store.ChangeRow | None:
    """Return the expert's answer: the one that solved it, or else the last one in words."""
    said = [
        change
        for change in told.changes
        if change.who == Who.STAFF and change.after == State.ANSWERED and change.words
    ]
    solving = [change for change in said if change.answer_id == told.question.solved_by]
    return (solving or said)[-1] if said else None
