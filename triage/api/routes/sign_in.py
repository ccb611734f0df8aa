"""/sign-in, /sign-in/link, /sign-out: pages on which staff come and go.

In: a form, or a link. Out: a session's cookie. A link only shows a button: programs that look
into mail open every link, and must not use it up.
Not here: who somebody is (pages.sign_in), company sign-in (company).
"""

from datetime import UTC, datetime

from fastapi import Request
from starlette.responses import Response

from triage import store
from triage.api.access import installation_of
from triage.api.pages.company import Company
from triage.api.pages.frame import (
    SentForm,
    Staff,
    StaffForm,
    go,
    minutes_of,
    page,
    pages_router,
    safe_next,
    say,
)
from triage.api.pages.sessions import drop_cookie, keep_cookie, session_of
from triage.api.pages.sign_in import acting_as, by_link, by_password
from triage.api.problems import Problem
from triage.api.rates import address_of
from triage.errors import TooBusy

router = pages_router()

_NOTICES = frozenset({"signed_out", "first"})
_LONGEST = 300


@router.get("/sign-in")
def get_sign_in(request: Request) -> Response:
    """Show the form, or go on if somebody is signed in."""
    wanted = safe_next(request.query_params.get("next"))
    if session_of(request, installation_of(request).database()) is not None:
        return go(request, wanted)
    said = request.query_params.get("said", "")
    notice = say(request, f"sign_in.{said}") if said in _NOTICES else ""
    forum = request.query_params.get("forum", "")
    return sign_in_page(request, forum, wanted, notice=notice)


@router.post("/sign-in")
def post_sign_in(request: Request, form: SentForm) -> Response:
    """Sign somebody in by their password."""
    forum, email, password = (form.get(name, "") for name in ("forum", "email", "password"))
    wanted = safe_next(form.get("next"))
    token = None
    status, alarm = 403, say(request, "sign_in.wrong")
    headers: dict[str, str] = {}
    try:
        if max(len(forum), len(email), len(password)) <= _LONGEST:
            installation, address = installation_of(request), address_of(request.scope)
            token = by_password(installation, forum, email, password, address)
    except Problem as problem:
        status, headers = 429, problem.headers
        alarm = say(request, "sign_in.too_many", minutes=minutes_of(headers))
    except TooBusy:
        status, alarm = 503, say(request, "sign_in.busy")
    if token is not None:
        return signed_in_to(request, token, wanted)
    return sign_in_page(
        request, forum[:_LONGEST], wanted, status=status, alarm=alarm, email=email, headers=headers
    )


@router.get("/sign-in/link")
def get_link(request: Request) -> Response:
    """Show whom a link signs in, and the button that does."""
    token = request.query_params.get("token", "")[:_LONGEST]
    with installation_of(request).database().read() as c:
        user = store.link_user(c, token, datetime.now(UTC))
    return page(request, "link", status=200 if user else 404, user_of_link=user, token=token)


@router.post("/sign-in/link")
def post_link(request: Request, form: SentForm) -> Response:
    """Sign somebody in by a link."""
    address = address_of(request.scope)
    token = by_link(installation_of(request), form.get("token", "")[:_LONGEST], address)
    if token is None:
        return page(request, "link", status=404, user_of_link=None, token="")
    return signed_in_to(request, token, safe_next(None))


@router.post("/sign-out")
def post_sign_out(request: Request, user: Staff, form: StaffForm) -> Response:
    """End this session."""
    mine = user.user
    with installation_of(request).database().write() as c:
        store.end_session(c, mine.forum.id, mine.id, user.session.id)
        acting_as(mine).note(c, "session.end", mine.email)
    response = go(request, f"/sign-in?forum={mine.forum.name}&said=signed_out")
    drop_cookie(request, response)
    # What the browser kept of the pages is nobody else's to see.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def sign_in_page(
    request: Request,
    forum: str,
    wanted: str = "/account",
    *,
    status: int = 200,
    email: str = "",
    alarm: str = "",
    notice: str = "",
    headers: dict[str, str] | None = None,
) -> Response:
    """Return the form; without a forum it only asks for that, where there are several."""
    installation = installation_of(request)
    company = Company.of(installation.settings)
    forums = installation.forums()
    if len(forums) == 1:
        forum = forum or forums[0].name
    return page(
        request,
        "sign_in",
        status=status,
        path="/sign-in",
        headers=headers,
        forum=forum,
        several=len(forums) != 1,
        email=email,
        alarm=alarm,
        notice=notice,
        next=wanted,
        company=company.name if company else "",
    )


def signed_in_to(request: Request, token: str, wanted: str) -> Response:
    """Go on as whoever has just signed in; whoever was signed in here before no longer is."""
    installation = installation_of(request)
    before = session_of(request, installation.database())
    if before is not None:
        with installation.database().write() as c:
            store.end_session(c, before.user.forum.id, before.user.id, before.session.id)
            acting_as(before.user).note(c, "session.end", before.user.email)
    response = go(request, wanted)
    keep_cookie(request, response, token)
    return response
