"""/account: who am I, my password, where I am signed in.

In: somebody who is signed in. Out: their page; another password, sessions that end.
Not here: other people's accounts (the command `users`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from fastapi import Request
from starlette.responses import Response

from triage import store
from triage.api.access import installation_of
from triage.api.pages.frame import Form, Staff, StaffForm, go, page, pages_router, say
from triage.api.pages.sessions import SignedIn, idle_of
from triage.api.pages.sign_in import acting_as
from triage.api.rates import Rate
from triage.crypto.passwords import LONGEST, SHORTEST, check_password, hash_password, weakness
from triage.store import Means

router = pages_router()

_NOTICES = frozenset({"saved", "ended"})
_FRESH = timedelta(minutes=30)


@router.get("/account")
def get_account(request: Request, user: Staff) -> Response:
    """Show somebody their account."""
    said = request.query_params.get("said", "")
    return _page(request, user, notice=say(request, f"account.{said}") if said in _NOTICES else "")


@router.post("/account/password")
def post_password(request: Request, user: Staff, form: StaffForm) -> Response:
    """Give somebody another password, and end their sessions elsewhere."""
    mine = user.user
    errors = _faults(request, user, form)
    if errors:
        return _page(request, user, status=422, errors=errors)
    kept = hash_password(form["new"])
    with installation_of(request).database().write() as c:
        store.set_password(c, mine.forum.id, mine.id, kept)
        ended = store.end_sessions(c, mine.forum.id, mine.id, but=user.session.id)
        acting_as(mine).note(c, "user.password", mine.email, after={"sessions_ended": ended})
    return go(request, "/account?said=saved")


@router.post("/account/sessions/end")
def post_end(request: Request, user: Staff, form: StaffForm) -> Response:
    """End one session of theirs, or all but this one."""
    mine, which = user.user, form.get("session", "")
    with installation_of(request).database().write() as c:
        if which == "others":
            ended = store.end_sessions(c, mine.forum.id, mine.id, but=user.session.id)
        else:
            ended = int(store.end_session(c, mine.forum.id, mine.id, which))
        acting_as(mine).note(c, "session.end", mine.email, after={"sessions_ended": ended})
    return go(request, "/account?said=ended")


def _page(
    request: Request,
    user: SignedIn,
    *,
    status: int = 200,
    notice: str = "",
    errors: Mapping[str, str] | None = None,
) -> Response:
    mine, installation = user.user, installation_of(request)
    now, by_demo = datetime.now(UTC), user.session.means is Means.DEMO
    with installation.database().read() as c:
        row = store.user_of(c, mine.forum.id, mine.id)
        idle = idle_of(installation.settings)
        sessions = store.list_sessions(c, mine.forum.id, mine.id, now, idle)
    return page(
        request,
        "account",
        user,
        status=status,
        path="/account",
        notice=notice,
        errors=errors or {},
        sessions=sessions,
        this=user.session.id,
        has_password=row.has_password,
        may_set=not by_demo and (row.has_password or not row.by_company),
        by_demo=by_demo,
        needs_current=_needs_current(row, user),
        least=SHORTEST,
    )


def _faults(request: Request, user: SignedIn, form: Form) -> Mapping[str, str]:
    """Return what is wrong with a change of password, in words, by field."""
    mine, installation = user.user, installation_of(request)
    with installation.database().read() as c:
        row = store.user_of(c, mine.forum.id, mine.id)
        known = store.password_hash_of(c, mine.forum.id, mine.email)
    # A password would open what is closed once the demo is over.
    if user.session.means is Means.DEMO:
        return {"new": say(request, "account.demo_only")}
    if row.by_company and not row.has_password:
        return {"new": say(request, "account.company_only")}
    new = form.get("new", "")
    fault = weakness(new, mine.email)
    if fault is not None:
        return {"new": say(request, f"account.{fault}", least=SHORTEST, most=LONGEST)}
    if form.get("again") != new:
        return {"new": say(request, "account.differ")}
    if _needs_current(row, user):
        rates, account = installation.rates, (mine.forum.name, mine.email)
        rates.take(Rate.SIGN_IN_ACCOUNT, *account)
        if not check_password(known[1] if known else None, form.get("current", "")).fits:
            return {"current": say(request, "account.wrong_current")}
        rates.forget(Rate.SIGN_IN_ACCOUNT, *account)
    return {}


def _needs_current(row: store.UserRow, user: SignedIn) -> bool:
    # Who came by a link has it because the password is forgotten, and sets another one at once.
    came_now = datetime.now(UTC) - user.session.created_at < _FRESH
    return row.has_password and not (user.session.means is Means.LINK and came_now)
