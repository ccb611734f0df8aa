"""/sign-in/company: to the company's own sign-in and back.

In: a forum; later the code that the issuer gave the browser. Out: a session. What belongs to one
trip waits in a sealed cookie of ten minutes, so that only the browser that set out comes back.
Not here: the protocol (company), whose session it is (pages.sign_in).
"""

import base64
import binascii
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from triage.api.access import installation_of
from triage.api.pages.company import Company, CompanyRefused, Trip
from triage.api.pages.frame import own_address, pages_router, safe_next, say
from triage.api.pages.sessions import cookie_name, set_cookie
from triage.api.pages.sign_in import by_company
from triage.api.rates import Rate, address_of
from triage.api.routes.sign_in import sign_in_page, signed_in_to
from triage.crypto.sealing import Sealer, sealer
from triage.errors import SealBroken

router = pages_router()

_COOKIE = "triage-company"
_LIFE = timedelta(minutes=10)
_BACK = "/sign-in/company/return"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What is needed when the browser comes back."""

    trip: Trip
    forum: str
    next: str
    until: float


@router.get("/sign-in/company")
def leave(request: Request) -> Response:
    """Send a browser to the company's sign-in."""
    company = _company(request)
    forum = request.query_params.get("forum", "")[:100]
    installation_of(request).rates.take(Rate.SIGN_IN_ADDRESS, address_of(request.scope))
    trip = Trip(*(secrets.token_urlsafe(48) for _ in range(3)))
    try:
        address = company.way_there(trip, own_address(request, _BACK))
    except CompanyRefused:
        return _failed(request, company, forum)
    until = (datetime.now(UTC) + _LIFE).timestamp()
    waiting = _Waiting(trip, forum, safe_next(request.query_params.get("next")), until)
    response = RedirectResponse(address, 303)
    name = cookie_name(request, _COOKIE)
    set_cookie(request, response, name, _sealed(request, waiting), _LIFE / timedelta(days=1))
    return response


@router.get(_BACK)
def come_back(request: Request) -> Response:
    """Take a browser back, and sign its user in."""
    company = _company(request)
    waiting = _unsealed(request)
    forum = waiting.forum if waiting else ""
    response = _arrived(request, company, waiting) or _failed(request, company, forum)
    set_cookie(request, response, cookie_name(request, _COOKIE), "", 0)
    return response


def _arrived(request: Request, company: Company, waiting: _Waiting | None) -> Response | None:
    given = request.query_params
    if waiting is None or waiting.until < datetime.now(UTC).timestamp():
        return None
    state = given.get("state", "").encode(errors="replace")
    if not hmac.compare_digest(state, waiting.trip.state.encode()):
        return None
    # RFC 9207: an issuer that names itself must be the one that the browser was sent to.
    if given.get("iss", company.issuer) != company.issuer or not given.get("code"):
        return None
    # The cookie would do for as long as it lives, and the issuer is asked each time.
    installation = installation_of(request)
    installation.rates.take(Rate.SIGN_IN_ADDRESS, address_of(request.scope))
    try:
        found = company.who(waiting.trip, own_address(request, _BACK), given["code"])
    except CompanyRefused:
        return None
    token = by_company(installation, waiting.forum, found.issuer, found.subject, found.email)
    if token is None:
        alarm = say(request, "sign_in.company_unknown", name=company.name)
        return sign_in_page(request, waiting.forum, status=403, alarm=alarm)
    return signed_in_to(request, token, waiting.next)


def _company(request: Request) -> Company:
    company = Company.of(installation_of(request).settings)
    if company is None:
        raise HTTPException(404)
    return company


def _failed(request: Request, company: Company, forum: str) -> Response:
    alarm = say(request, "sign_in.company_failed", name=company.name)
    return sign_in_page(request, forum, status=502, alarm=alarm)


def _sealer(request: Request) -> Sealer:
    return sealer(installation_of(request).settings.person_key, "company sign-in", "")


def _sealed(request: Request, waiting: _Waiting) -> str:
    box = _sealer(request).seal(json.dumps(asdict(waiting)).encode(), _COOKIE)
    return base64.urlsafe_b64encode(box).decode()


def _unsealed(request: Request) -> _Waiting | None:
    kept = request.cookies.get(cookie_name(request, _COOKIE), "")
    try:
        box = base64.urlsafe_b64decode(kept.encode())
        told: dict[str, Any] = json.loads(_sealer(request).unseal(box, _COOKIE))
    except (SealBroken, binascii.Error, ValueError):
        return None
    return _Waiting(Trip(**told.pop("trip")), **told)
