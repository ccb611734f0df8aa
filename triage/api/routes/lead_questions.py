"""/lead/questions: pages on which a lead sees what is open and late, and does something about it.

In: a lead or an administrator, and the forms of the pages. Out: pages; a form that was accepted
leads back to the question. A form that was not is shown again with what was typed.
Not here: what pages show (pages.lead), changing questions (question_changing), rights (matrix).
"""

from typing import Annotated

from fastapi import Path, Request
from starlette.responses import Response

from triage import questions
from triage.api.original_opening import open_original
from triage.api.pages.frame import Staff, StaffForm, pages_router
from triage.api.pages.lead.here import Here, done, here_of, href, lead_page, trouble
from triage.api.pages.lead.question import Typed, question_values
from triage.api.pages.lead.question_acts import Unfinished, acts_of, change_of
from triage.api.pages.lead.question_filters import KEPT
from triage.api.pages.lead.questions import questions_values
from triage.api.pages.sign_in import acting_as
from triage.api.problems import PROBLEMS, FieldProblem, Problem, bad_request
from triage.api.question_changing import keep_change
from triage.errors import NoOriginal, NoQuestion, TriageError

router = pages_router()

_TAB = "questions"
QuestionId = Annotated[str, Path(max_length=64)]
AlertId = Annotated[str, Path(max_length=300)]


@router.get("/lead/questions")
def get_questions(request: Request, user: Staff) -> Response:
    """Show what is open, the latest first, and what each owner has."""
    values = questions_values(here_of(request, user, _TAB))
    return lead_page(request, user, _TAB, "lead/questions", keeps=KEPT, **values)


@router.get("/lead/questions/{question_id}")
def get_question(request: Request, user: Staff, question_id: QuestionId) -> Response:
    """Show one question. Raises NoQuestion."""
    values = question_values(here_of(request, user, _TAB), question_id)
    return lead_page(request, user, _TAB, "lead/question", **values)


@router.post("/lead/questions/{question_id}")
def post_question(
    request: Request, user: Staff, question_id: QuestionId, form: StaffForm
) -> Response:
    """Do one of the things that can be done with a question. Raises NoQuestion."""
    here, name = here_of(request, user, _TAB), form.get("act", "")
    try:
        _change(here, question_id, form)
    except NoQuestion:
        raise
    except Unfinished as error:
        typed = Typed(name, form, error.errors)
        status, alarm = 422, here.part("unfinished")
    except (TriageError, Problem) as error:
        typed = Typed(name, form)
        status, alarm = PROBLEMS[error.code].status, trouble(here, error)
    else:
        return done(request, _TAB, name, href(_TAB, question_id))
    values = question_values(here, question_id, typed)
    return lead_page(request, user, _TAB, "lead/question", status=status, alarm=alarm, **values)


@router.post("/lead/questions/{question_id}/original")
def post_original(
    request: Request, user: Staff, question_id: QuestionId, form: StaffForm
) -> Response:
    """Show what was taken out of a question, which is noted. Raises NoQuestion."""
    here = here_of(request, user, _TAB)
    values, alarm, status = dict(question_values(here, question_id)), "", 200
    with here.database().read() as c:
        triage_id = questions.read(c, here.forum.id, question_id).row.triage_id
    try:
        if triage_id is None:
            raise NoOriginal
        values["unsealed"] = dict(open_original(here.caller, triage_id, here.now))
    except TriageError as error:
        alarm, status = trouble(here, error), PROBLEMS[error.code].status
    # The address of a form is none to read again in another language: the question's own is.
    path = href(_TAB, question_id)
    return lead_page(
        request, user, _TAB, "lead/question", status=status, alarm=alarm, path=path, **values
    )


@router.post("/lead/questions/alerts/{alert_id}/seen")
def post_seen(request: Request, user: Staff, alert_id: AlertId, form: StaffForm) -> Response:
    """Note that somebody has seen that a question is to be looked at. Raises NoAlert."""
    here = here_of(request, user, _TAB)
    with here.database().write() as c:
        by = here.caller.actor.name
        questions.see_alert(c, acting_as(user.user), alert_id, by, here.now)
    return done(request, _TAB, "seen")


def _change(here: Here, question_id: str, form: StaffForm) -> None:
    """Make the change that a form asks for. Raises Unfinished, TriageError, Problem."""
    me = here.caller.actor.name
    with here.database().read() as c:
        question = questions.read(c, here.forum.id, question_id).question
    act = next((one for one in acts_of(question, me) if one.name == form.get("act")), None)
    if act is None:
        # Sent twice, it was done already and asks nothing more; else the question has moved on.
        if form.get("change_id") in {made.id for made in question.changes}:
            return
        raise _moved_on(form)
    keep_change(here.caller, question_id, change_of(act, form, me), here.now)


def _moved_on(form: StaffForm) -> Problem:
    if form.get("act"):
        return Problem("illegal_change", "The question has moved on. Look at it again.")
    return bad_request([FieldProblem("act", "says what is to be done")])
