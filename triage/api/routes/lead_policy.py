"""/lead/policy: what decides, a draft of something else, what that would do, what happened.

In: a lead or an administrator. Out: pages.
Not here: changing anything (lead_policy_acts), what the pages show (pages.lead.policy).
"""

from typing import Annotated

from fastapi import Path, Query, Request
from starlette.responses import Response

from triage.api.pages.frame import Staff, pages_router
from triage.api.pages.lead.here import here_of, lead_page
from triage.api.pages.lead.policy import default_version, one_version, overview
from triage.api.pages.lead.policy_editing import form_page, rule_page, start, text_page
from triage.errors import NoPolicy
from triage.policies.in_force import DEFAULT

router = pages_router()

TAB = "policy"
FROM = frozenset({"from"})
Version = Annotated[str, Path(max_length=10)]
Place = Annotated[str, Path(max_length=6)]
From = Annotated[str, Query(alias="from", max_length=10)]
Before = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@router.get("/lead/policy")
def get_policy(request: Request, user: Staff, before: Before = None) -> Response:
    """Show what decides, and the draft."""
    shown = overview(here_of(request, user, TAB), before)
    kept = frozenset({"before"})
    return lead_page(request, user, TAB, "lead/policy", keeps=kept, charts=True, **shown)


@router.get("/lead/policy/edit")
def get_form(request: Request, user: Staff, begun: From = "") -> Response:
    """Show the form of the named values."""
    here = here_of(request, user, TAB)
    shown = form_page(here, start(here, begun))
    return lead_page(request, user, TAB, "lead/policy_edit", keeps=FROM, **shown)


@router.get("/lead/policy/text")
def get_text(request: Request, user: Staff, begun: From = "") -> Response:
    """Show the text, to change it."""
    here = here_of(request, user, TAB)
    shown = text_page(here, start(here, begun))
    return lead_page(request, user, TAB, "lead/policy_text", keeps=FROM, **shown)


@router.get("/lead/policy/rules/{place}")
def get_rule(request: Request, user: Staff, place: Place, begun: From = "") -> Response:
    """Show the form of one rule, or of a new one."""
    here = here_of(request, user, TAB)
    shown = rule_page(here, start(here, begun), place)
    return lead_page(request, user, TAB, "lead/policy_rule", keeps=FROM, **shown)


@router.get("/lead/policy/versions/{version}")
def get_version(request: Request, user: Staff, version: Version) -> Response:
    """Show one version: its text, how it differs from what decides, what it would do."""
    here = here_of(request, user, TAB)
    if version == DEFAULT:
        return lead_page(request, user, TAB, "lead/policy_default", **default_version(here))
    if not version.isdecimal():
        raise NoPolicy
    shown = one_version(here, int(version))
    return lead_page(request, user, TAB, "lead/policy_version", charts=True, **shown)
