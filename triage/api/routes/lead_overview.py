"""/lead: the first page of whoever leads: is everything alive, and what changed since yesterday.

In: a lead or an administrator. Out: the page.
Not here: what stands on it (pages.lead.overview).
"""

from fastapi import Request
from starlette.responses import Response

from triage.api.pages.frame import Staff, pages_router
from triage.api.pages.lead.here import here_of, lead_page
from triage.api.pages.lead.overview import overview

router = pages_router()


@router.get("/lead")
def get_overview(request: Request, user: Staff) -> Response:
    """Show whether everything is alive, and what changed since yesterday."""
    here = here_of(request, user, "overview")
    return lead_page(request, user, "overview", "lead/overview", here=here, **overview(here))
