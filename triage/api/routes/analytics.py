"""/analytics: the pages of whoever measures, a tab each, whose address says which asks are meant.

In: somebody of the staff who may see figures. Out: pages, and files of what they show.
Not here: what a tab shows (pages.analytics), changing anything (analytics_gaps).
"""

from datetime import UTC, datetime

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from triage.analytics.exporting import EXPORTS, export_of
from triage.analytics.filters import read_filters
from triage.api.access import Caller, installation_of
from triage.api.exports import export_reply
from triage.api.pages.analytics.asks import asks
from triage.api.pages.analytics.defining import definitions
from triage.api.pages.analytics.here import tab
from triage.api.pages.analytics.overview import overview
from triage.api.pages.analytics.slices import slices
from triage.api.pages.analytics.standing import activity, threads
from triage.api.pages.analytics.working import gaps, trends
from triage.api.pages.frame import Staff, pages_router
from triage.reports import Format

router = pages_router()


@router.get("/analytics")
def get_overview(request: Request, user: Staff) -> Response:
    """Show whether the service earns its place."""
    return tab(request, user, "overview", overview)


@router.get("/analytics/slices")
def get_slices(request: Request, user: Staff) -> Response:
    """Show where it works, and whom it fails."""
    return tab(request, user, "slices", slices)


@router.get("/analytics/gaps")
def get_gaps(request: Request, user: Staff) -> Response:
    """Show what to write next."""
    return tab(request, user, "gaps", gaps)


@router.get("/analytics/trends")
def get_trends(request: Request, user: Staff) -> Response:
    """Show what has begun to be asked."""
    return tab(request, user, "trends", trends)


@router.get("/analytics/threads")
def get_threads(request: Request, user: Staff) -> Response:
    """Show which threads help."""
    return tab(request, user, "threads", threads)


@router.get("/analytics/activity")
def get_activity(request: Request, user: Staff) -> Response:
    """Show what is posted, how bad it is, and who answers."""
    return tab(request, user, "activity", activity)


@router.get("/analytics/asks")
def get_asks(request: Request, user: Staff) -> Response:
    """Show the asks behind a figure."""
    return tab(request, user, "asks", asks)


@router.get("/analytics/definitions")
def get_definitions(request: Request, user: Staff) -> Response:
    """Show what figures mean, and what can be taken along."""
    return tab(request, user, "definitions", definitions)


@router.get("/analytics/exports/{table}.{how}")
def get_export(request: Request, user: Staff, table: str, how: str) -> Response:
    """Send a table as a file. Raises BadField for filters that cannot be."""
    if table not in EXPORTS or how not in set(Format):
        raise HTTPException(404)
    caller = Caller(user.user, installation_of(request))
    export = export_of(table, read_filters(request.query_params), datetime.now(UTC))
    return export_reply(caller.installation, caller.forum, caller.actor, export, Format(how))
