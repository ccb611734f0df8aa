"""/tour, /demo/be, /demo/leave: the way through the demo, and becoming one of its persons.

In: who somebody wants to be. Out: the page that says where to click; a cookie. There is no
password: whoever reaches the demo is on the machine that it runs on (demo_guard).
Not here: who there is (demo.people), the forum (demo_forum), one's own questions (demo_my).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import Request
from starlette.responses import Response

from triage.api.access import installation_of
from triage.api.pages.demo import Here, demo_page
from triage.api.pages.demo_people import demo_forum, drop_card, keep_card
from triage.api.pages.frame import START, SentForm, go, pages_router, safe_next
from triage.api.pages.sessions import drop_cookie, session_of
from triage.api.pages.sign_in import acting_as, enter
from triage.api.problems import FieldProblem, bad_request
from triage.api.routes.sign_in import signed_in_to
from triage.demo.people import COMPANIES, PEOPLE, DemoPerson, person_called
from triage.demo.staff import staff_user
from triage.store import Means, end_session

router = pages_router()

_HOME = "/"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the tour; `who` one is for it, and the page on which it begins.

    With a `draft` the words of the page have a subject and a body to type.
    """

    name: str
    who: DemoPerson | None = None
    next: str = _HOME
    draft: bool = False


_STEPS = (
    Step("known", person_called("sanna"), "/ask", draft=True),
    Step("suggested"),
    Step("fresh", person_called("sanna"), "/ask", draft=True),
    Step("secret", person_called("sanna"), "/ask", draft=True),
    Step("helped", person_called("maggie_books")),
    Step("confirmed", person_called("sanna"), "/my"),
    Step("expert", person_called("lead"), "/my"),
    Step("company", person_called("sanna"), "/my?whose=account"),
    Step("figures", person_called("analyst"), "/my"),
    Step("quarter", person_called("analyst"), "/analytics"),
    Step("alive", person_called("lead"), "/lead"),
    Step("teach", person_called("lead"), "/lead/review"),
)


@router.get("/tour")
def get_tour(request: Request, here: Here) -> Response:
    """Show where to click, and who one can be."""
    return demo_page(request, here, "demo/tour", steps=_STEPS, people=PEOPLE, companies=COMPANIES)


@router.post("/demo/be")
def post_be(request: Request, form: SentForm) -> Response:
    """Be somebody from now on; whoever one was before, one is no longer."""
    person = person_called(form.get("who", ""))
    if person is None:
        raise bad_request([FieldProblem("who", "is nobody of the demo")])
    wanted = _next(form.get("next"))
    if person.role is not None:
        response = signed_in_to(request, _session_of(request, person), wanted)
    else:
        response = _signed_out_to(request, wanted)
    keep_card(request, response, person)
    return response


@router.post("/demo/leave")
def post_leave(request: Request, form: SentForm) -> Response:
    """Be nobody again."""
    response = _signed_out_to(request, _next(form.get("next")))
    drop_card(request, response)
    return response


def _session_of(request: Request, person: DemoPerson) -> str:
    """Open a session of the pages for somebody of the staff; return its token."""
    forum, installation = demo_forum(request), installation_of(request)
    with installation.database().write() as c:
        user = staff_user(c, forum, person, datetime.now(UTC))
        return enter(c, installation, user, Means.DEMO)


def _signed_out_to(request: Request, wanted: str) -> Response:
    """Go on as nobody of the staff."""
    response = go(request, wanted)
    database = installation_of(request).database()
    before = session_of(request, database)
    if before is not None:
        mine = before.user
        with database.write() as c:
            end_session(c, mine.forum.id, mine.id, before.session.id)
            acting_as(mine).note(c, "session.end", mine.email)
        drop_cookie(request, response)
    return response


def _next(wanted: str | None) -> str:
    found = safe_next(wanted)
    return _HOME if found == START else found
