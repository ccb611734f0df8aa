"""What became of a posted question -> a case, which the forum learns from, and a proposal of it.

In: a question after a change, or the word of staff on who should have had it. Out: nothing, or one
case more. An expert's answer that its asker confirmed may become a thread, if a lead says so. The
same question once more is the same case; what staff said of it stays.
Not here: what becomes of proposals (answers.proposing, answers.publishing), what is solved
(lifecycle), learning (learn).
"""

from dataclasses import replace
from datetime import datetime

from triage import store
from triage.answers.proposing import propose
from triage.kept import kept_question
from triage.lifecycle import State, Who
from triage.questions import Told
from triage.records import Case, Destination, Target
from triage.review import OF_QUESTION, as_settled, said_anew
from triage.text import digest


def keep_as_case(c: store.Connection, forum_id: int, told: Told, now: datetime) -> bool:
    """Keep a solved expert question as a case and propose its answer; return whether it is one."""
    row, question = told.row, told.question
    if row.test or question.state is not State.CONFIRMED_SOLVED:
        return False
    former = _kept(c, forum_id, row)
    if question.destination is not Destination.EXPERT:
        return former is not None and _end(c, forum_id, former, row, now)
    answer = _answer(told)
    if answer is None:
        return False
    case = replace(
        case_of_question(c, forum_id, row),
        first_response=row.first_answer_at,
        closed=now,
        escalated=row.reroutes > 0,
        answer=answer.words,
        answer_public=bool(answer.answer_public),
        destination=Destination.EXPERT,
        topic=former.topic if former else None,
    )
    _put(c, forum_id, _as_said(case, former, told))
    propose(c, forum_id, [case], now)
    return True


def keep_correction(
    c: store.Connection,
    forum_id: int,
    told: Told,
    *,
    destination: Destination | None = None,
    topic: str | None = None,
) -> bool:
    """Keep who should have had a question, or what it is about, as staff who sent it on say.

    It is learnt from as any case: the text as it was posted, with what staff made of it. What a
    lead said of these labels before holds no longer. Return whether it is kept: what is only tried
    out teaches nothing, nor what has no words any more.
    """
    row = told.row
    if row.test or (destination is None and topic is None) or not kept_question(row).text:
        return False
    case = _kept(c, forum_id, row) or case_of_question(c, forum_id, row)
    said = replace(case, destination=destination or case.destination, topic=topic or case.topic)
    given = {Target.DESTINATION: destination, Target.TOPIC: topic}
    # Whoever sends it on has looked at it after all others.
    said_anew(c, forum_id, case.id, [target for target, label in given.items() if label])
    _put(c, forum_id, said)
    return True


def _as_said(case: Case, former: Case | None, told: Told) -> Case:
    """Return a case as staff said of it where nobody could do as they said.

    What the community was given and an expert answered in the end did need an expert.
    """
    said = former is not None and former.destination == Destination.COMMUNITY
    if not said or told.question.in_community:
        return case
    return replace(case, destination=Destination.COMMUNITY, escalated=None)


def _end(
    c: store.Connection, forum_id: int, case: Case, row: store.QuestionRow, now: datetime
) -> bool:
    """Say of a case that is kept for its labels when the community had settled it."""
    ended = replace(case, first_response=row.first_answer_at, closed=now)
    _put(c, forum_id, replace(ended, destination=Destination.COMMUNITY))
    return True


def case_of_question(c: store.Connection, forum_id: int, row: store.QuestionRow) -> Case:
    """Return the case of a question as it was posted, without any label."""
    asked = kept_question(row)
    return Case(
        id=_name(row),
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
        customer_severity=row.customer_severity,
    )


def _kept(c: store.Connection, forum_id: int, row: store.QuestionRow) -> Case | None:
    name = _name(row)
    return store.get_cases(c, forum_id, [name]).get(name)


def _put(c: store.Connection, forum_id: int, case: Case) -> None:
    # What a lead said of it in the review queue outlives what becomes of the question.
    said = as_settled(c, forum_id, [case])
    store.put_cases(c, forum_id, [(one, digest(one.text)) for one in said])


def _name(row: store.QuestionRow) -> str:
    return f"{OF_QUESTION}{row.question_id}"


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
