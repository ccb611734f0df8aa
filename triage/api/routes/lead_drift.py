"""/lead/drift: whether traffic is still what the live model was made for, and who has seen it.

In: a lead or an administrator; a day to look back to. Out: the page; an alert marked as seen.
Not here: what stands on it (pages.lead.drift), looking and telling (watching).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from fastapi import Request
from starlette.responses import Response

from triage import store
from triage.api.pages.frame import Staff, StaffForm, pages_router
from triage.api.pages.lead.drift import headline, parts
from triage.api.pages.lead.drift_alerts import alerts, listeners
from triage.api.pages.lead.drift_figures import cards, charts, history
from triage.api.pages.lead.drift_look import ALL, FIELDS, REAL, Asked, Look, asked_of, look_of
from triage.api.pages.lead.drift_lot import by_lot
from triage.api.pages.lead.here import Here, done, here_of, href, lead_page, trouble
from triage.api.pages.sessions import SignedIn
from triage.api.pages.sign_in import acting_as
from triage.api.problems import PROBLEMS, Problem
from triage.audit.acting import whole_reason
from triage.errors import BadField, JobLost, TriageError
from triage.watching import see
from triage.watching.judging import promises_of

router = pages_router()
_TAB = "drift"


@router.get("/lead/drift")
def get_drift(request: Request, user: Staff) -> Response:
    """Show what is said of drift: now, or as of a day."""
    return _page(request, user)


@router.post("/lead/drift/alerts/{alert_id}")
def post_seen(request: Request, user: Staff, alert_id: str, form: StaffForm) -> Response:
    """Note that somebody has seen an alert."""
    here = here_of(request, user, _TAB)
    typed = form.get("reason", "")
    try:
        told = whole_reason(typed) or ""
        with here.database().write() as c:
            see(c, acting_as(user.user), alert_id, told, here.now)
    except TriageError as error:
        return _page(request, user, error, {alert_id: typed})
    return done(request, _TAB, "seen")


def _page(
    request: Request,
    user: SignedIn,
    failed: TriageError | None = None,
    reasons: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    here = here_of(request, user, _TAB)
    look, typed, alarm, status = _looked(here)
    if failed is not None:
        wrong = failed.field if isinstance(failed, BadField) else ""
        alarm = here.part(f"wrong_{wrong}") if wrong else trouble(here, failed)
        status = PROBLEMS[failed.code].status
    shown = alerts(here, reasons)
    pending = look is not None and look.pending
    return lead_page(
        request,
        user,
        _TAB,
        "lead/drift",
        status=status,
        alarm=alarm,
        keeps=FIELDS,
        charts=look is not None and not pending,
        here=here,
        # The address of a form is none to read again in another language.
        path=None if failed is None else href(_TAB),
        typed=typed,
        open_form=not pending and (look is None or _is_special(here, look)),
        choices=[(REAL, here.part("asks_real")), (ALL, here.part("asks_all"))],
        alerts=shown,
        listeners=listeners(here),
        look=look,
        pending=pending,
        again=href(_TAB, **{name: said for name, said in typed.items() if said}),
        # What somebody is typing stands until they have sent it.
        refresh=pending and failed is None and all(one.seen_at for one in shown),
        **(_shown(here, look) if look is not None and look.watched.model_version else _NOTHING),
    )


def _looked(here: Here) -> tuple[Look | None, Mapping[str, str], str, int]:
    """Return the look that is asked for, how it is asked for, and what keeps it away if it is."""
    typed: Mapping[str, str] = {name: here.request.query_params.get(name, "") for name in FIELDS}
    try:
        asked = asked_of(here)
        typed = _typed(asked)
        return look_of(here, asked), typed, "", 200
    except BadField as error:
        return None, typed, here.part(f"wrong_{error.field}"), 422
    except (JobLost, Problem) as error:
        return None, typed, trouble(here, error), PROBLEMS[error.code].status


_NOTHING: Mapping[str, Any] = {
    "headline": None,
    "parts": (),
    "cards": (),
    "figures": (),
    "by_lot": None,
    "history": None,
}


def _shown(here: Here, look: Look) -> Mapping[str, Any]:
    promises = _promises(here, look)
    return {
        "headline": headline(here, look),
        "parts": parts(here, look),
        "cards": cards(here, look, promises),
        "figures": charts(here, look, promises),
        "by_lot": by_lot(here, look, promises),
        "history": history(here, look),
    }


def _promises(here: Here, look: Look) -> Mapping[str, float]:
    """Return what the version that was looked at promised, if it is still known."""
    version = look.watched.model_version
    with here.database().read() as c:
        model = store.get_model(c, here.forum.id, version) if version else None
    return promises_of(model.metrics) if model is not None else {}


def _typed(asked: Asked) -> Mapping[str, str]:
    since = "" if asked.since is None else asked.since.isoformat()
    return {"day": asked.day.isoformat(), "since": since, "asks": asked.asks}


def _is_special(here: Here, look: Look) -> bool:
    """Say whether something else is looked at than all real asks as of now."""
    asked = look.asked
    today = datetime.now(UTC).date()
    return asked.day != today or asked.since is not None or asked.asks != REAL
