"""Who somebody is in the demo, and as whom they call: the cookie, the key, the tokens.

In: a request. Out: a person of the demo, or nobody; a `Caller` as the front end of any forum would
be. Staff have a session of the pages besides, which holds as long as the demo does.
Not here: whether a demo may be reached at all (demo_guard), becoming somebody (routes.demo_people).
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import Request
from starlette.responses import Response

from triage import store
from triage.api.access import Caller, installation_of
from triage.api.installation import Installation
from triage.api.pages.sessions import SignedIn, cookie_name, session_of, set_cookie
from triage.audit.acting import Acting
from triage.demo.cards import CARD_HOURS, Cards
from triage.demo.people import DemoPerson
from triage.errors import DemoElsewhere
from triage.records import Actor, ActorKind, ApiKey, Forum, Role

_COOKIE = "triage-demo"
_TOKEN_LASTS = timedelta(hours=1)
_KEY = "demo page"
_HERE = ("127.0.0.1", "localhost", "[::1]")
_USUAL_PORT = 80


def cards_of(request: Request) -> Cards:
    """Return the secrets of the running demo. Raises DemoElsewhere where there is none."""
    cards = installation_of(request).demo
    if cards is None:
        raise DemoElsewhere("set TRIAGE_DEMO=1 and start the server on 127.0.0.1")
    return cards


def demo_person(request: Request) -> DemoPerson | None:
    """Return who somebody is in the demo, or None who only looks.

    Who is staff is it as long as their session of the pages holds.
    """
    card = request.cookies.get(cookie_name(request, _COOKIE))
    person = cards_of(request).whose(card, datetime.now(UTC))
    if person is None or person.role is None:
        return person
    return person if staff_session(request, person) is not None else None


def staff_session(request: Request, person: DemoPerson) -> SignedIn | None:
    """Return the session of the pages in which a person of the staff is signed in, or None."""
    found = session_of(request, installation_of(request).database())
    if found is None or found.session.means is not store.Means.DEMO:
        return None
    return found if found.user.email == person.email else None


def keep_card(request: Request, response: Response, person: DemoPerson) -> None:
    """Have a browser be this person from now on."""
    card = cards_of(request).card(person, datetime.now(UTC))
    set_cookie(request, response, cookie_name(request, _COOKIE), card, CARD_HOURS / 24)


def drop_card(request: Request, response: Response) -> None:
    """Have a browser be nobody."""
    set_cookie(request, response, cookie_name(request, _COOKIE), "", 0)


def demo_forum(request: Request) -> Forum:
    """Return the forum that the demo shows. Raises NoForum before anything was ingested."""
    ours = installation_of(request)
    with ours.database().read() as c:
        return store.get_forum(c, ours.settings.forum)


def visitor_token(request: Request, forum: Forum, person: DemoPerson | None) -> str | None:
    """Return the token of a person as the forum's server signs it; None of nobody and of staff."""
    if person is None:
        return None
    longest = timedelta(minutes=installation_of(request).settings.visitor_minutes)
    lasts = min(_TOKEN_LASTS, longest)
    return cards_of(request).visitor_token(person, forum.name, datetime.now(UTC), lasts)


def demo_caller(request: Request, forum: Forum, person: DemoPerson | None) -> Caller:
    """Return the caller that a person's browser is, by the page's key and their token."""
    key, _ = demo_key(request, forum)
    visitor = person.visitor(datetime.now(UTC) + _TOKEN_LASTS) if person is not None else None
    return Caller(key, installation_of(request), visitor)


def demo_server(request: Request, forum: Forum) -> Caller:
    """Return the caller that the forum's own server is: what it says of persons counts."""
    key, _ = demo_key(request, forum)
    return Caller(replace(key, publishable=False), installation_of(request))


def staff_caller(request: Request) -> Caller | None:
    """Return the caller that the lead or the analyst is, or None where neither is signed in."""
    person = demo_person(request)
    found = staff_session(request, person) if person is not None and person.role else None
    return None if found is None else Caller(found.user, installation_of(request))


def demo_key(request: Request, forum: Forum) -> tuple[ApiKey, str]:
    """Return the publishable key of the demo's pages and its text; made once for each port.

    That is the port that the browser knows: a tunnel to this machine may have another one. No test
    key: what is asked in a demo is to be seen wherever questions are seen.
    """
    ours, port = installation_of(request), request.url.port or _USUAL_PORT
    path = ours.settings.data_dir / f"demo-page-{port}.key"
    with cards_of(request).making:
        return _kept_key(ours, forum, path) or _make_key(ours, forum, path, port)


def _kept_key(ours: Installation, forum: Forum, path: Path) -> tuple[ApiKey, str] | None:
    if not path.exists():
        return None
    text = path.read_text(encoding="ascii").strip()
    with ours.database().read() as c:
        key = store.find_key(c, text, datetime.now(UTC))
    fits = key is not None and key.forum.id == forum.id and key.publishable
    return (key, text) if key is not None and fits else None


def _make_key(ours: Installation, forum: Forum, path: Path, port: int) -> tuple[ApiKey, str]:
    now = datetime.now(UTC)
    with ours.database().write() as c:
        text, key = store.create_key(
            c,
            forum.id,
            name=_KEY,
            role=Role.FRONTEND,
            publishable=True,
            test=False,
            at=now,
            origins=[f"http://{host}:{port}" for host in _HERE],
        )
        acting = Acting(forum.id, Actor(ActorKind.PROCESS, "demo"))
        after = {"role": key.role.value, "name": key.name, "origins": sorted(key.origins)}
        acting.note(c, "key.create", key.prefix, after=after)
    path.touch(mode=0o600)
    path.write_text(f"{text}\n", encoding="ascii")
    return key, text
