"""/trust: where data is kept, how long, and how it is protected, for people.

In: nothing; everybody may know. Out: the page.
Not here: what is said (trust).
"""

from fastapi import Request
from starlette.responses import Response

from triage.api.access import installation_of
from triage.api.pages.frame import Anybody, page, pages_router
from triage.api.pages.trust import trust_of

router = pages_router()


@router.get("/trust")
def get_trust_page(request: Request, user: Anybody) -> Response:
    """Show where data is kept, and how."""
    told = trust_of(installation_of(request))
    return page(request, "trust", user, told=told, contact_address=_address(told.contact))


def _address(contact: str | None) -> str | None:
    """Return what a link to the contact holds; only mail and HTTPS are linked."""
    if contact is None or contact.startswith("https://"):
        return contact
    return f"mailto:{contact}" if "@" in contact and " " not in contact else None
