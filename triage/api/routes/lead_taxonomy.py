"""/lead/taxonomy: the labels of a forum's questions, and one of them with examples.

In: a lead or an administrator. Out: pages.
Not here: what they show (pages.lead.taxonomy), changing a label of a case (lead_review).
"""

from typing import Annotated

from fastapi import Path, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from triage.api.pages.frame import Staff, pages_router
from triage.api.pages.lead.here import here_of, lead_page
from triage.api.pages.lead.taxonomy import overview, target_of
from triage.api.pages.lead.taxonomy_label import one_label
from triage.errors import BadField

router = pages_router()

TAB = "taxonomy"
_KEPT = frozenset({"target", "sort"})
TargetName = Annotated[str, Query(alias="target", max_length=20)]
Order = Annotated[str, Query(alias="sort", max_length=20)]


@router.get("/lead/taxonomy")
def get_taxonomy(
    request: Request, user: Staff, target: TargetName = "topic", order: Order = "asked"
) -> Response:
    """Show the labels of a target."""
    shown = overview(here_of(request, user, TAB), target_of(target), order)
    return lead_page(request, user, TAB, "lead/taxonomy", keeps=_KEPT, charts=True, **shown)


@router.get("/lead/taxonomy/{target}/{label:path}")
def get_label(
    request: Request, user: Staff, target: str, label: Annotated[str, Path(max_length=200)]
) -> Response:
    """Show one label; what is filed and asked nowhere is not there."""
    try:
        shown = one_label(here_of(request, user, TAB), target_of(target), label)
    except BadField as error:
        raise HTTPException(404) from error
    return lead_page(request, user, TAB, "lead/taxonomy_label", **shown)
