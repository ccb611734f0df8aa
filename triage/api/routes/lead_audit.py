"""/lead/audit: the page on which a lead or an administrator reads who did what when.

In: a lead or an administrator. Out: a page.
Not here: what of it who reads (pages.lead.audit), taking the log along (routes.audit).
"""

from fastapi import Request
from starlette.responses import Response

from triage.api.pages.frame import Staff, pages_router
from triage.api.pages.lead.audit import KEPT, audit_values
from triage.api.pages.lead.here import here_of, lead_page

router = pages_router()


@router.get("/lead/audit")
def get_audit(request: Request, user: Staff) -> Response:
    """Show the acts that may be read, newest first."""
    values = audit_values(here_of(request, user, "audit"))
    return lead_page(request, user, "audit", "lead/audit", keeps=KEPT, **values)
