"""Posted questions -> what their readers are told.

In: a question with its history, and how much its reader may see. Out: replies.
Not here: who may see how much (question_rights), the sentences (phrases).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from triage import store
from triage.api.question_rights import Sight
from triage.api.schemas.question import (
    BriefReply,
    ChangeReply,
    ExpectedReply,
    QuestionReply,
    SaidReply,
    StaffPart,
    TakenReply,
    TimelineReply,
)
from triage.api.schemas.trust import FaceReply
from triage.desk import Desk
from triage.lifecycle import OPEN, State, Who, Why, allowed, measure, tell_asker
from triage.questions import Foresight, Told
from triage.records import Face, Reason, Visibility

_NO_LANGUAGE = "en"
_ACTS_AS = {Sight.STAFF: Who.STAFF, Sight.ASKER: Who.CUSTOMER}


def view(
    told: Told,
    sight: Sight,
    desk: Desk,
    now: datetime,
    also_affected: int = 0,
    face: Face | None = None,
) -> QuestionReply:
    """Tell a question to somebody of this sight; `face` is that of whoever asked."""
    row, question = told.row, told.question
    lang = row.lang or _NO_LANGUAGE
    whole = sight is not Sight.OTHERS
    acts_as = _ACTS_AS.get(sight)
    return QuestionReply(
        question_id=row.question_id,
        external_id=row.external_id,
        triage_id=row.triage_id if whole else None,
        state=question.state,
        open=question.open,
        destination=question.destination,
        visibility=Visibility(row.visibility),
        revision=question.revision,
        received_at=question.received_at,
        since=question.since,
        changed_at=row.changed_at,
        lang=row.lang,
        product=row.product,
        version=row.version,
        title=row.question.get("title") or "",
        body=row.question.get("body") or "",
        timeline=_timeline(told, lang, whole=whole),
        expected=_expected(told, desk.foresight, now, lang),
        handover_url=desk.linking.of_posted(told) if whole else None,
        missing=[SaidReply.of(Reason(code), lang) for code in question.asked] if whole else [],
        also_affected=also_affected,
        asked_by=None if face is None else FaceReply.of(face),
        allowed=[] if acts_as is None else list(allowed(question.state, acts_as)),
        staff=_staff(told) if sight is Sight.STAFF else None,
    )


def brief(rows: Iterable[store.QuestionRow], sight: Sight) -> list[BriefReply]:
    """Tell questions in a list."""
    return [
        BriefReply.of(
            row,
            to_staff=sight is Sight.STAFF,
            is_open=State(row.state) in OPEN,
            whole=sight is not Sight.OTHERS,
        )
        for row in rows
    ]


def _timeline(told: Told, lang: str, *, whole: bool) -> list[TimelineReply]:
    """Tell what became of it; the words that went with it are the asker's."""
    words = {(change.at, change.after): change.words for change in told.changes if change.words}
    return [
        TimelineReply(
            at=line.at,
            state=line.state,
            who=line.who,
            told=SaidReply.of(line.reason, lang),
            answer_id=line.answer_id,
            asked=[SaidReply.of(reason, lang) for reason in line.asked] if whole else [],
            words=words.get((line.at, line.state)) if whole else None,
        )
        for line in tell_asker(told.question.changes)
    ]


def _expected(told: Told, foresight: Foresight, now: datetime, lang: str) -> ExpectedReply | None:
    question = told.question
    if question.answers or not question.open:
        return None
    return ExpectedReply.of(foresight.expect(question, told.row.topic, now), lang)


def _staff(told: Told) -> StaffPart:
    row, taken = told.row, measure(told.question)
    return StaffPart(
        owner=row.owner,
        account=row.account,
        kind=row.kind,
        topic=row.topic,
        severity=row.severity,
        customer_severity=row.customer_severity,
        due_at=row.due_at,
        reroutes=row.reroutes,
        decision=row.decision,
        taken=TakenReply(
            to_owner=_seconds(taken.to_owner),
            to_person=_seconds(taken.to_person),
            to_answer=_seconds(taken.to_answer),
            to_solved=_seconds(taken.to_solved),
        ),
        changes=[_change(row) for row in told.changes],
    )


def _change(row: store.ChangeRow) -> ChangeReply:
    return ChangeReply(
        change_id=row.change_id,
        revision=row.revision,
        before=None if row.before is None else State(row.before),
        after=State(row.after),
        who=Who(row.who),
        at=row.at,
        why=None if row.why is None else Why(row.why),
        by=row.by,
        answer_id=row.answer_id,
        answer_public=row.answer_public,
        asked=list(row.asked),
        owner=row.owner,
        words=row.words,
        note=row.note,
    )


def _seconds(time: timedelta | None) -> float | None:
    return None if time is None else time.total_seconds()
