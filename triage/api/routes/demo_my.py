"""/my: a person's own questions with their timeline, an account's overview, what waits for staff.

In: somebody of the demo. Out: their page; a change of one of their questions, made as the API makes
it. Whoever tells it twice has it made once.
Not here: who somebody is (demo_people), what is listed (my_views), what may become of a question
(lifecycle).
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import Request
from starlette.responses import Response

from triage import affected, questions, store
from triage.api.access import Caller
from triage.api.bodies import read_body
from triage.api.my_views import Whose, my_of
from triage.api.pages.demo import DemoHere, Here, demo_page, forum_here
from triage.api.pages.demo_people import demo_caller, staff_caller
from triage.api.pages.frame import SentForm, go, pages_router, say
from triage.api.question_changing import keep_change
from triage.api.question_rights import Sight
from triage.api.question_views import brief, view
from triage.api.schemas.question import ChangeRequest, QuestionReply
from triage.demo.people import COMPANIES, PEOPLE, DemoPerson
from triage.errors import IllegalChange
from triage.lifecycle import State
from triage.records import Destination
from triage.reports import ReportOrder, report_of_forum
from triage.text import digest

router = pages_router()

_NOTICES = frozenset({"done", "too_late"})
_LIMIT = 20
_MOST_WAITING = 50
_FIGURES = ("asks", "offered", "confirmed", "contradicted", "posted", "silent", "simulated")
# What a person may make of their question, in the order of the buttons.
_ACTIONS = {
    State.WITH_COMMUNITY: "reply",
    State.WITH_EXPERT: "reply",
    State.CONFIRMED_SOLVED: "confirm",
    State.REOPENED: "reopen",
    State.ESCALATED: "escalate",
    State.CLOSED: "withdraw",
}


@dataclass(frozen=True, slots=True)
class Action:
    """A button: what the question becomes, and the word on it."""

    state: State
    word: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One question on the page. `asker` names whoever asked, where that is somebody else.

    `typed` are words that were sent with a step which it cannot take any more.
    """

    question: QuestionReply
    asker: str | None
    actions: tuple[Action, ...]
    change_id: str
    typed: str


@router.get("/my")
def get_my(request: Request, here: Here, whose: str = "me", after: str | None = None) -> Response:
    """Show somebody their questions; a lead what waits, an analyst where the figures are."""
    said = request.query_params.get("said", "")
    notice = say(request, f"demo_my.{said}") if said in _NOTICES else ""
    if here.person is None or here.person.role is not None:
        return _staff_page(request, here, notice)
    return _own_page(request, here, here.person, notice, whose=whose, after=after)


def _own_page(
    request: Request,
    here: DemoHere,
    person: DemoPerson,
    notice: str,
    *,
    whose: str = "me",
    after: str | None = None,
    left: Mapping[str, str] | None = None,
) -> Response:
    """Answer with somebody's questions; `left` has by question the words that were not taken."""
    caller = demo_caller(request, here.forum, person)
    wanted: Whose = "account" if whose == "account" and person.account_admin else "me"
    told = my_of(caller, wanted, after, _LIMIT)
    return demo_page(
        request,
        here,
        "demo/my",
        status=200 if left is None else 409,
        path=None if left is None else "/my",
        notice=notice,
        whose=wanted,
        told=told,
        shown=_shown(caller, [one.question_id for one in told.questions], left or {}),
        company=COMPANIES.get(person.account or ""),
        waiting=None,
        figures=None,
    )


@router.post("/my/{question_id}")
def post_my(request: Request, here: Here, question_id: str, form: SentForm) -> Response:
    """Have somebody's question become what they say."""
    caller = demo_caller(request, here.forum, here.person)
    fields = {name: form.get(name) or None for name in ("state", "change_id", "words")}
    if fields["change_id"] is not None:
        # Who goes back and says something else in the same form means another change.
        said = digest(f"{fields['state']} {fields['words']}")[:8]
        fields["change_id"] = f"{fields['change_id']}-{said}"
    asked = read_body(json.dumps(fields).encode(), ChangeRequest)
    try:
        keep_change(caller, question_id, asked, datetime.now(UTC))
    except IllegalChange:
        # It has moved on since the page was made, which shows where it is now.
        if here.person is None or asked.words is None:
            return go(request, "/my?said=too_late")
        notice = say(request, "demo_my.too_late")
        return _own_page(request, here, here.person, notice, left={question_id: asked.words})
    forum_here(request, here).follow(question_id)
    return go(request, f"/my?said=done#q-{question_id}")


def _staff_page(request: Request, here: DemoHere, notice: str) -> Response:
    """Answer whoever asks nothing here: a lead sees what waits, others where to go."""
    caller = staff_caller(request)
    waiting, figures = None, None
    if caller is not None and not caller.reads_all:
        figures = _figures(caller)
    elif caller is not None:
        wanted = store.QuestionsWanted(open=True)
        with caller.installation.database().read() as c:
            rows = store.list_questions(c, caller.forum.id, wanted, limit=_MOST_WAITING)
        waiting = brief(rows, Sight.STAFF)
    return demo_page(
        request, here, "demo/my", notice=notice, told=None, waiting=waiting, figures=figures
    )


def _figures(caller: Caller) -> Mapping[str, int]:
    """Return what suggestions did so far; shares are whole percents."""
    ours = caller.installation
    # One at a time: a report of a large forum takes a core and much memory.
    with ours.reporting:
        found = report_of_forum(ours.database(), caller.forum.id, ReportOrder())
    bounds = {name: round(100 * (found[f"deflection_{name}"] or 0)) for name in ("low", "high")}
    return {name: int(found[name]) for name in _FIGURES} | bounds


def _shown(caller: Caller, question_ids: Iterable[str], left: Mapping[str, str]) -> list[Shown]:
    """Return questions whole, each as its reader may see and change it."""
    now, forum_id = datetime.now(UTC), caller.forum.id
    names = {caller.hash_person(person.user): person.name for person in PEOPLE}
    mine, groups = caller.person(None), caller.groups(())
    shown = []
    with caller.installation.database().read() as c:
        for question_id in question_ids:
            told = questions.read(c, forum_id, question_id)
            others = affected.also_affected(c, forum_id, question_id, store.Readers(groups))
            reply = view(told, Sight.ASKER, caller.desk, now, others)
            own = told.row.person == mine
            asker = None if own else names.get(told.row.person or "", "")
            # Who answers for an account reads what others of it ask; it is theirs to end.
            actions = _actions(reply) if own else ()
            typed = left.get(question_id, "")
            shown.append(Shown(reply, asker, actions, secrets.token_hex(16), typed))
    return shown


def _actions(reply: QuestionReply) -> tuple[Action, ...]:
    """Return the buttons of a question; a reply goes back to whoever had asked."""
    expert = reply.destination is Destination.EXPERT
    elsewhere = State.WITH_COMMUNITY if expert else State.WITH_EXPERT
    return tuple(
        Action(state, word)
        for state, word in _ACTIONS.items()
        if state in reply.allowed and state is not elsewhere
    )
