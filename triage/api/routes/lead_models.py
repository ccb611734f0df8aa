"""/lead/models: the versions of the model, one of them, two of them, and which one is live.

In: a lead or an administrator, and a page's form. Out: the page, or the version that is live now.
Who sends a form twice has it done once: a form names the version that was live when it was made.
Not here: what may happen to versions (registry), what a page shows (pages.lead.models and others).
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from fastapi import Request
from pydantic import ValidationError
from starlette.responses import Response

from triage import registry
from triage.api.pages.frame import Form, Staff, StaffForm, pages_router
from triage.api.pages.lead.here import Here, done, here_of, href, lead_page, trouble
from triage.api.pages.lead.model import version_values
from triage.api.pages.lead.models import TAB, gone_values, list_values
from triage.api.pages.lead.models_compared import compared_values
from triage.api.pages.sessions import SignedIn
from triage.api.problems import PROBLEMS, Problem
from triage.api.routes.models import registry_of
from triage.api.schemas.model import ActivationRequest, RollbackRequest
from triage.errors import BundleRefused, NoVersion, TriageError

router = pages_router()

_HEAD = frozenset({"head"})
_PAIR = frozenset({"a", "b", "head"})
_TYPED = ("reason", "force", "instead_of")
Asked = TypeVar("Asked", ActivationRequest, RollbackRequest)


@router.get("/lead/models")
def models(request: Request, user: Staff) -> Response:
    """Show all versions."""
    return _list(request, user)


@router.get("/lead/models/compare")
def compare(request: Request, user: Staff, a: str = "", b: str = "", head: str = "") -> Response:
    """Show two versions beside each other."""
    here = here_of(request, user, TAB)
    try:
        values = compared_values(here, registry_of(here.caller), a, b, head)
    except (NoVersion, BundleRefused) as error:
        return _list(request, user, error=error)
    return lead_page(
        request, user, TAB, "lead/models_compared", here=here, keeps=_PAIR, charts=True, **values
    )


@router.get("/lead/models/{version}")
def model(request: Request, user: Staff, version: str, head: str = "") -> Response:
    """Show one version."""
    return _version(request, user, version, head)


@router.post("/lead/models/rollback")
def post_rollback(request: Request, user: Staff, form: StaffForm) -> Response:
    """Go back to the version that was live before."""
    here = here_of(request, user, TAB)
    try:
        asked = _asked(RollbackRequest, form)
        registry.rollback(
            registry_of(here.caller),
            here.caller.desk.serving.encoder,
            by=here.caller.actor,
            reason=asked.reason,
            instead_of=asked.instead_of,
        )
    except (TriageError, Problem) as error:
        return _list(request, user, error=error, typed=form)
    return done(request, TAB, "rolled_back")


@router.post("/lead/models/{version}/activate")
def post_activate(request: Request, user: Staff, version: str, form: StaffForm) -> Response:
    """Make a version live."""
    here = here_of(request, user, TAB)
    try:
        asked = _asked(ActivationRequest, form)
        registry.activate(
            registry_of(here.caller),
            version,
            here.caller.desk.serving.encoder,
            by=here.caller.actor,
            reason=asked.reason,
            force=asked.force,
            instead_of=asked.instead_of,
        )
    except (TriageError, Problem) as error:
        return _version(request, user, version, form.get("head", ""), error=error, typed=form)
    return done(request, TAB, "activated", href(TAB, version))


def _asked(schema: type[Asked], form: Form) -> Asked:
    """Read a form as the API reads its body; an empty field is none. Raises Problem."""
    known = schema.model_fields.keys()
    said = {name: form[name].strip() for name in _TYPED if name in known and name in form}
    # What is live may be nothing: then it is empty and stays so.
    given = {name: value for name, value in said.items() if value or name == "instead_of"}
    try:
        return schema.model_validate(given)
    except ValidationError as error:
        raise Problem("bad_request", "The reason has 3 to 1000 characters.") from error


def _list(
    request: Request,
    user: SignedIn,
    *,
    error: TriageError | Problem | None = None,
    typed: Form | None = None,
) -> Response:
    """Answer with all versions, or with what kept something from being done."""
    here = here_of(request, user, TAB)
    values = list_values(here, registry_of(here.caller))
    return _page(here, "lead/models", href(TAB), values, error, typed)


def _version(
    request: Request,
    user: SignedIn,
    version: str,
    head: str,
    *,
    error: TriageError | Problem | None = None,
    typed: Form | None = None,
) -> Response:
    """Answer with one version, or with what is known without its files; else with all that are."""
    here, template = here_of(request, user, TAB), "lead/model"
    versions = registry_of(here.caller)
    try:
        values = version_values(here, versions, version, head)
    except BundleRefused:
        template, values = "lead/model_gone", gone_values(here, versions, version)
    except NoVersion as missing:
        return _list(request, user, error=error or missing)
    return _page(here, template, href(TAB, version), values, error, typed)


def _page(
    here: Here,
    template: str,
    path: str,
    values: Mapping[str, Any],
    error: TriageError | Problem | None,
    typed: Form | None,
) -> Response:
    return lead_page(
        here.request,
        here.user,
        TAB,
        template,
        status=200 if error is None else PROBLEMS[error.code].status,
        alarm="" if error is None else trouble(here, error),
        keeps=_HEAD,
        charts=True,
        here=here,
        typed=typed or {},
        # Where an act failed, the page stands at an address that only takes forms.
        path=None if error is None else path,
        **values,
    )
