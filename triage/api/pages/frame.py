"""How a page is answered: its frame, its headers, its forms, and its failures as pages.

In: a request, a template and its values. Out: a response. Every route of a page belongs to a
`pages_router()`, takes `Staff` where only staff may see it, and has its row in the matrix.
Not here: what any one page tells (routes), templates and words (web).
"""

import math
from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from triage import web
from triage.api.access import check_access, installation_of
from triage.api.bodies import Raw
from triage.api.matrix import MATRIX, PUBLIC
from triage.api.pages.sessions import (
    SignedIn,
    cookie_name,
    forged,
    from_our_pages,
    is_secure,
    session_of,
    set_cookie,
)
from triage.api.problems import PROBLEMS, Problem
from triage.errors import TriageError

# Where the navigation leads, to whoever may see it.
PLACES = (
    web.Place("/lead", "frame.lead"),
    web.Place("/analytics", "frame.analytics"),
    web.Place("/account", "frame.account"),
)
_IN_DEMO = (web.Place("/", "demo.browse"), web.Place("/tour", "demo.tour"))
START = "/account"
# What a page keeps of its address when it is read in another language; the rest is not ours.
_PAGE_QUERY = frozenset({"next", "said", "forum", "token"})
# On the pages of analysts and leads `lang` is which asks are meant.
_LANGUAGE_FIELDS = {"/analytics": "language", "/lead": "language"}
_LANGUAGE = "triage-language"
_LANGUAGE_DAYS = 365
_MOST_FIELDS, _LONGEST_NEXT = 50, 500
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self';"
    " script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    # Without its own origin a form could not be told from a forged one; others learn nothing.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# The plotting library tries a picture of a few bytes while it is loaded, whatever is drawn.
DRAWING = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:;"
    " script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
}
_ONE_YEAR = "max-age=31536000"
_TOLD = {401: "later", 403: "role", 503: "later"}

Form = Mapping[str, str]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class SignInFirst(Exception):
    """A page that only somebody who is signed in may see."""


class PageRoute(APIRoute):
    """A route whose failures are pages, too."""

    def get_route_handler(self) -> Handler:
        """Return what answers a request."""
        answer = super().get_route_handler()

        async def answer_with_a_page(request: Request) -> Response:
            try:
                return await answer(request)
            except SignInFirst:
                wanted = request.url.path if request.method == "GET" else START
                query = urlencode({"next": wanted, "said": "first"})
                return go(request, f"/sign-in?{query}")
            except (TriageError, Problem, HTTPException, RequestValidationError) as error:
                return _problem_page(request, error)

        return answer_with_a_page


def pages_router() -> APIRouter:
    """Return a router for pages."""
    return APIRouter(route_class=PageRoute, include_in_schema=False)


def staff(request: Request) -> SignedIn:
    """Return who is signed in, if the matrix lets them see this page.

    Raises SignInFirst, and WrongRole for another role.
    """
    found = session_of(request, installation_of(request).database())
    if found is None:
        raise SignInFirst
    access = MATRIX[request.method, request.scope["route"].path]
    if access is not PUBLIC:
        check_access(found.user, access)
    return found


def anybody(request: Request) -> SignedIn | None:
    """Return who is signed in, on a page that everybody may see."""
    return session_of(request, installation_of(request).database())


async def sent_form(request: Request, raw: Raw) -> Form:
    """Return the fields of a form that one of our pages sent. Raises Problem for any other."""
    if not from_our_pages(request):
        raise forged()
    try:
        fields = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Problem("bad_request", "Send the form of the page.") from error
    return dict(fields)


Staff = Annotated[SignedIn, Depends(staff)]
Anybody = Annotated[SignedIn | None, Depends(anybody)]
SentForm = Annotated[Form, Depends(sent_form)]


def staff_form(request: Request, user: Staff, form: SentForm) -> Form:
    """Return the form of somebody who is signed in. Raises Problem for one that may be forged."""
    user.check(request, form.get("forgery_token"))
    return form


StaffForm = Annotated[Form, Depends(staff_form)]


def page(
    request: Request,
    template: str,
    user: SignedIn | None = None,
    *,
    status: int = 200,
    path: str | None = None,
    headers: Mapping[str, str] | None = None,
    keeps: frozenset[str] = _PAGE_QUERY,
    **values: object,
) -> Response:
    """Answer with a page; `path` says where it stands if not where the request went.

    `keeps` names what of its address stands in the links to its other languages.
    """
    frame = frame_of(request, user, path, keeps)
    response = HTMLResponse(
        web.render(template, frame, **values), status, {**_HEADERS, **(headers or {})}
    )
    if is_secure(request):
        response.headers["Strict-Transport-Security"] = _ONE_YEAR
    if frame.language_field in request.query_params:
        set_cookie(request, response, cookie_name(request, _LANGUAGE), frame.lang, _LANGUAGE_DAYS)
    return response


def frame_of(
    request: Request,
    user: SignedIn | None,
    path: str | None = None,
    keeps: frozenset[str] = _PAGE_QUERY,
) -> web.Frame:
    """Return the frame of a page."""
    asked = request.query_params.multi_items()
    return web.Frame(
        lang=language_of(request),
        base=base_of(request),
        path=path or request.url.path,
        query=() if path else tuple(pair for pair in asked if pair[0] in keeps),
        user=user.user if user else None,
        forgery_token=user.forgery_token if user else "",
        places=_places(request, user),
        language_field=_language_field(request),
    )


def language_of(request: Request) -> str:
    """Return the language in which to answer a person."""
    kept = request.cookies.get(cookie_name(request, _LANGUAGE))
    accepted = request.headers.get("accept-language", "")
    return web.choose_language(request.query_params.get(_language_field(request)), kept, accepted)


def _language_field(request: Request) -> str:
    """Return by which field of its address a page is asked for in a language."""
    return _LANGUAGE_FIELDS.get(f"/{request.url.path.split('/')[1]}", "lang")


def say(request: Request, key: str, **params: object) -> str:
    """Return words in the person's language."""
    return web.word(key, language_of(request), **params)


def base_of(request: Request) -> str:
    """Return the prefix under which a proxy serves the pages, or nothing."""
    return urlsplit(installation_of(request).settings.public_url).path.rstrip("/")


def own_address(request: Request, path: str) -> str:
    """Return the whole address of a page, as another server is told it."""
    public_url = installation_of(request).settings.public_url.rstrip("/")
    return f"{public_url or str(request.base_url).rstrip('/')}{path}"


def go(request: Request, path: str) -> Response:
    """Send a browser to another page of ours."""
    return RedirectResponse(f"{base_of(request)}{path}", 303, {"Referrer-Policy": "same-origin"})


def minutes_of(headers: Mapping[str, str]) -> int:
    """Return how long to wait, in whole minutes, as headers say it."""
    return math.ceil(int(headers["Retry-After"]) / 60)


def safe_next(wanted: str | None) -> str:
    """Return the page to go on to: one of ours, whatever an address or a form says."""
    if not wanted or len(wanted) > _LONGEST_NEXT or not wanted.startswith("/"):
        return START
    # Browsers read a backslash as a slash, and leave out control characters.
    if wanted.startswith(("//", "/\\")) or not wanted.isprintable() or "\\" in wanted:
        return START
    return wanted


def _places(request: Request, user: SignedIn | None) -> tuple[web.Place, ...]:
    """Return where the navigation leads; from a demo back to its forum, too."""
    open_to = PLACES if user is None else tuple(p for p in PLACES if _open_to(p, user))
    return (*_IN_DEMO, *open_to) if installation_of(request).settings.demo else open_to


def _open_to(place: web.Place, user: SignedIn) -> bool:
    access = MATRIX["GET", place.path]
    return access is PUBLIC or access.lets(user.user)


def _problem_page(request: Request, error: Exception) -> Response:
    status, kind = 422, "request"
    if isinstance(error, HTTPException):
        status = error.status_code
    elif isinstance(error, TriageError | Problem):
        status = PROBLEMS[error.code].status
        kind = "forged" if error.code == "forged_request" else _TOLD.get(status, "request")
    if status >= 500:
        kind = "later"
    headers = error.headers if isinstance(error, Problem) else {}
    title = say(request, f"problem.{kind}_title")
    text = say(request, f"problem.{kind}", id=request.state.request_id)
    if status == 429:
        title = say(request, "problem.later_title")
        text = say(request, "sign_in.too_many", minutes=minutes_of(headers))
    # Who only looks at a demo has no account to go back to.
    back = "/" if installation_of(request).settings.demo else START
    values: dict[str, Any] = {"title": title, "text": text, "back": back}
    path = None if request.method == "GET" else _readable(request.url.path)
    return page(request, "problem", status=status, headers=headers, path=path, **values)


def _readable(path: str) -> str:
    """Return where a form's address leads that can be read, too: links to languages go there."""
    parts = path.split("/")
    above = ("/".join(parts[:many]) for many in range(len(parts), 1, -1))
    return next((one for one in above if ("GET", one) in MATRIX), START)
