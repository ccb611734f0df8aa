"""The session of somebody who is signed in to the pages: its cookie, and requests forged in it.

In: a request. Out: who is signed in, or nobody. A browser sends the cookie whoever made the
request, so one that changes anything must come from our own pages and bring the session's forgery
token: in the header `Triage-Forgery-Token`, or in the form of a page.
Not here: signing in (sign_in), pages (frame), who may do what (matrix).
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response

from triage import store
from triage.api.installation import Installation
from triage.api.problems import Problem
from triage.records import WebUser
from triage.settings import Settings

FORGERY_HEADER = "Triage-Forgery-Token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_USE_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that holds, and what its forms must bring."""

    session: store.WebSession
    forgery_token: str

    @property
    def user(self) -> WebUser:
        """Who is signed in."""
        return self.session.user

    def check(self, request: Request, brought: str | None) -> None:
        """Raise Problem unless a request comes from our pages and brings the session's token."""
        given = (brought or "").encode(errors="replace")
        if not from_our_pages(request) or not hmac.compare_digest(
            given, self.forgery_token.encode()
        ):
            raise forged()


def signed_in(request: Request, database: store.Database) -> WebUser | None:
    """Return who is signed in, or None. Raises Problem for a change that may be forged."""
    found = session_of(request, database)
    if found is None:
        return None
    if request.method not in _SAFE:
        found.check(request, request.headers.get(FORGERY_HEADER))
    return found.user


def session_of(request: Request, database: store.Database) -> SignedIn | None:
    """Return the session of a request's cookie, or None; whatever it is used for is to be checked.

    A session in use does not become idle; that is written every few minutes only.
    """
    token = request.cookies.get(cookie_name(request))
    if not token:
        return None
    now = datetime.now(UTC)
    with database.read() as c:
        session = store.find_session(c, token, now, idle_of(_settings(request)))
    if session is None:
        return None
    # What a demo on the same store let in, nothing else does.
    if session.means is store.Means.DEMO and not _settings(request).demo:
        return None
    # A stream asks again and again: that it is open is no sign that somebody is there.
    noted = getattr(request.state, "session_noted", False)
    request.state.session_noted = True
    if not noted and now - session.last_at >= _USE_NOTED_EVERY:
        with database.write() as c:
            store.touch_session(c, session.user.forum.id, session.id, now)
    request.state.key_prefix = session.user.id
    return SignedIn(session, _forgery_token(token))


def idle_of(settings: Settings) -> timedelta:
    """Return after how long a session that is not used ends."""
    return timedelta(hours=settings.session_idle_hours)


def keep_cookie(request: Request, response: Response, token: str) -> None:
    """Have a browser keep a session's token, which no script reads and no other site sends."""
    set_cookie(request, response, cookie_name(request), token, _settings(request).session_days)


def drop_cookie(request: Request, response: Response) -> None:
    """Have a browser forget the token of its session."""
    set_cookie(request, response, cookie_name(request), "", 0)


def set_cookie(request: Request, response: Response, name: str, value: str, days: float) -> None:
    """Set a cookie of ours; with days of 0 the browser forgets it."""
    response.set_cookie(
        name,
        value,
        max_age=int(days * 86_400),
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def cookie_name(request: Request, which: str = "triage") -> str:
    """Return a cookie's name; over HTTPS one that browsers take from this very host alone."""
    return f"__Host-{which}" if is_secure(request) else which


def is_secure(request: Request) -> bool:
    """Say whether the browser reaches this server over HTTPS."""
    public_url = _settings(request).public_url
    return public_url.startswith("https://") or request.url.scheme == "https"


def from_our_pages(request: Request) -> bool:
    """Say whether the browser says that one of our own pages sent this."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None and origin is None:
        return False
    if site is not None and site != "same-origin":
        return False
    return origin is None or _is_ours(request, origin)


def forged() -> Problem:
    """Return the problem of a change that our own pages did not send."""
    return Problem(
        "forged_request",
        f"Send it from a page of this server, with the header `{FORGERY_HEADER}`. Programs use an"
        " API key instead.",
    )


def _is_ours(request: Request, origin: str) -> bool:
    public_url = _settings(request).public_url
    try:
        said = urlsplit(origin)
    except ValueError:
        return False
    if public_url:
        ours = urlsplit(public_url)
        return (said.scheme, said.netloc) == (ours.scheme, ours.netloc)
    # A proxy may have spoken HTTPS; the host is what tells one site from another.
    return bool(said.netloc) and said.netloc == request.headers.get("host")


def _forgery_token(token: str) -> str:
    return hmac.new(token.encode(), b"triage forgery token", hashlib.sha256).hexdigest()


def _settings(request: Request) -> Settings:
    installation: Installation = request.app.state.installation
    return installation.settings
