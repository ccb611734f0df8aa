"""What every page of the demo stands on: its forum, who looks at it, its frame.

In: a request to a server that serves the demo. Out: who is here, the forum as they see it, a page.
Not here: how somebody becomes a person of the demo (demo_people), the forum itself (demo).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from triage.api.access import installation_of
from triage.api.pages.demo_people import demo_forum, demo_person
from triage.api.pages.frame import page
from triage.api.pages.sessions import SignedIn, session_of
from triage.demo.browsing import Shelf
from triage.demo.forum import DemoForum, Reader
from triage.demo.people import PEOPLE, DemoPerson
from triage.forum_redaction import ForumRedaction
from triage.records import Forum

# What people look for and at stays when they read the page in another language.
_KEPT = frozenset({"q", "in", "product", "state", "page", "title", "whose", "said"})


@dataclass(frozen=True, slots=True)
class DemoHere:
    """The demo's forum and who is here: a person of the demo, or nobody yet.

    `user` is the session of the pages for staff, where somebody is signed in there.
    """

    forum: Forum
    person: DemoPerson | None
    user: SignedIn | None


def demo_here(request: Request) -> DemoHere:
    """Return who looks at the demo."""
    user = session_of(request, installation_of(request).database())
    return DemoHere(demo_forum(request), demo_person(request), user)


Here = Annotated[DemoHere, Depends(demo_here)]


def forum_here(request: Request, here: DemoHere) -> DemoForum:
    """Return the forum, open. Raises Unavailable while a part of it is missing."""
    ours = installation_of(request)
    database = ours.database()
    own = ForumRedaction(database, here.forum.id, ours.settings.redaction).now()
    return DemoForum(database, here.forum.id, ours.desk(here.forum).knowledge, own)


def shelf_here(request: Request, here: DemoHere) -> Shelf:
    """Return the forum's threads in their order, read once for all requests."""
    database, kept = installation_of(request).database(), request.app.state
    shelf: Shelf | None = getattr(kept, "demo_shelf", None)
    if shelf is None or not shelf.is_of(database):
        shelf = kept.demo_shelf = Shelf(database, here.forum.id)
    return shelf


def names_of_products(request: Request, here: DemoHere) -> list[str]:
    """Return the products that the forum's threads are about, as far as they are seen."""
    reader, threads = reader_of(request, here), shelf_here(request, here).threads()
    return sorted({one.product for one in threads if one.product and reader.may_read(one)})


def reader_of(request: Request, here: DemoHere) -> Reader:
    """Return who is here as the forum knows them; an analyst reads what everybody may read."""
    person = here.person
    if person is None or (person.role is not None and not person.staff):
        return Reader()
    return Reader(
        person=installation_of(request).hasher(here.forum)(person.user),
        account=person.account,
        groups=person.groups,
        account_admin=person.account_admin,
        staff=person.staff,
    )


def names_here(request: Request, here: DemoHere) -> Mapping[str, str]:
    """Return what the people of the demo are called, by the hashes that the store knows them by."""
    hash_person = installation_of(request).hasher(here.forum)
    return {hash_person(person.user): person.name for person in PEOPLE}


def demo_page(
    request: Request,
    here: DemoHere,
    template: str,
    *,
    status: int = 200,
    path: str | None = None,
    **values: object,
) -> Response:
    """Answer with a page of the demo."""
    named: dict[str, Any] = {"person": here.person, **values}
    return page(request, template, here.user, status=status, path=path, keeps=_KEPT, **named)
