"""/lead/issues: known issues, what may be one, questions that mean the same, events put aside.

In: a lead or an administrator, and the forms of these pages. Out: the pages; what is done goes the
way of /v1/known-issues, /v1/clusters and /v1/event-bursts. What fails comes back as it was typed.
Not here: what stands on the pages (pages.lead), what follows from it (affected).
"""

from dataclasses import replace

from fastapi import Request
from starlette.responses import Response

from triage import affected, store
from triage.api.editor import editor_of
from triage.api.pages.frame import Form, Staff, StaffForm, pages_router
from triage.api.pages.lead.here import Here, done, here_of, href, lead_page, trouble
from triage.api.pages.lead.issue_page import begun, issue_page, reach_of
from triage.api.pages.lead.issue_typed import Typed, typed_of, typed_row
from triage.api.pages.lead.issues import issues
from triage.api.pages.sessions import SignedIn
from triage.api.pages.sign_in import acting_as
from triage.api.problems import PROBLEMS, FieldProblem, bad_request
from triage.audit.acting import whole_reason
from triage.errors import IssueChanged, NoCluster, NoKnownIssue, TriageError
from triage.measuring.steering import settle_burst
from triage.store import IssueState, KnownIssueRow

router = pages_router()
_TAB = "issues"
PREVIEW, PUBLISH, KEEP, SAVE, WITHDRAW = "preview", "publish", "keep", "save", "withdraw"
_SAID = {PUBLISH: "published", KEEP: "kept", SAVE: "saved", WITHDRAW: "withdrawn"}


@router.get("/lead/issues")
def get_issues(request: Request, user: Staff) -> Response:
    """Show what is known to be broken, and what may be."""
    return _list(request, user)


@router.get("/lead/issues/new")
def get_new_issue(request: Request, user: Staff) -> Response:
    """Show the form of a new issue, filled where the address says of what."""
    here = here_of(request, user, _TAB)
    try:
        typed = begun(here)
    except NoCluster as error:
        return _list(request, user, error)
    return issue_page(here, typed, None)


@router.post("/lead/issues/new")
def post_new_issue(request: Request, user: Staff, form: StaffForm) -> Response:
    """Keep a new issue, publish it, or say whom it would be about."""
    here, typed = here_of(request, user, _TAB), typed_of(form)
    do = _one_of(form, PREVIEW, PUBLISH, KEEP)
    named = typed.issue_id if affected.is_issue_id(typed.issue_id) else None
    try:
        if do == PREVIEW:
            return issue_page(here, typed, None, reach=reach_of(here, typed, None))
        if named is not None and (row := _kept(here, named)) is not None:
            return _sent_again(here, row, typed, do)
        kept = editor_of(here.caller).write(
            typed.written(),
            here.now,
            publish=do == PUBLISH,
            cluster_id=typed.cluster_id or None,
            issue_id=named,
        )
    except IssueChanged:
        # The same form came twice at once, and the other one was first.
        return _sent_again(here, _row(here, typed.issue_id), typed, do)
    except NoCluster as error:
        return issue_page(here, replace(typed, cluster_id=""), None, failed=error)
    except TriageError as error:
        return issue_page(here, typed, None, failed=error)
    return done(request, _TAB, _SAID[do], href(_TAB, kept.issue_id))


@router.get("/lead/issues/{issue_id}")
def get_issue(request: Request, user: Staff, issue_id: str) -> Response:
    """Show one issue in its form."""
    here = here_of(request, user, _TAB)
    row = _row(here, issue_id)
    return issue_page(here, typed_row(row), row)


@router.post("/lead/issues/{issue_id}")
def post_issue(request: Request, user: Staff, issue_id: str, form: StaffForm) -> Response:
    """Change an issue, publish it, show it no more, or say whom it would be about."""
    here, typed = here_of(request, user, _TAB), typed_of(form)
    row = _row(here, issue_id)
    do = _one_of(form, PREVIEW, PUBLISH, SAVE, WITHDRAW)
    try:
        if do == PREVIEW:
            return issue_page(here, typed, row, reach=reach_of(here, typed, row))
        read = row.revision if typed.revision is None else typed.revision
        _change(here, replace(row, revision=read), do, typed, form)
    except IssueChanged as error:
        now = _row(here, issue_id)
        # Sent twice, it is as it was wanted already: nobody else has changed it.
        if not _stands(now, typed, do):
            return _changed(here, now, typed, do, form, error)
    except TriageError as error:
        return _changed(here, _row(here, issue_id), typed, do, form, error)
    return done(request, _TAB, _SAID[do], href(_TAB, issue_id))


@router.post("/lead/issues/clusters/{cluster_id}/split")
def post_split(request: Request, user: Staff, cluster_id: str, form: StaffForm) -> Response:
    """Have a question stand apart from those that it was taken to mean the same as."""
    here = here_of(request, user, _TAB)
    try:
        editor_of(here.caller).split(cluster_id, form.get("question_id", ""), here.now)
    except TriageError as error:
        return _list(request, user, error)
    return done(request, _TAB, "split")


@router.post("/lead/issues/bursts/{burst_id}")
def post_burst(request: Request, user: Staff, burst_id: str, form: StaffForm) -> Response:
    """Let the events of a burst count, or leave them out."""
    here, mine = here_of(request, user, _TAB), user.user
    counts = _one_of(form, "yes", "no", field="counts") == "yes"
    try:
        with here.database().write() as c:
            settle_burst(c, acting_as(mine), burst_id, counts=counts, at=here.now)
    except TriageError as error:
        return _list(request, user, error)
    return done(request, _TAB, "counted" if counts else "left_out")


def _list(request: Request, user: SignedIn, failed: TriageError | None = None) -> Response:
    here = here_of(request, user, _TAB)
    alarm, status = "", 200
    if failed is not None:
        alarm, status = trouble(here, failed), PROBLEMS[failed.code].status
    values = issues(here)
    # The address of a form is none to read again in another language.
    path = None if failed is None else href(_TAB)
    return lead_page(
        *(request, user, _TAB, "lead/issues"),
        status=status,
        alarm=alarm,
        here=here,
        path=path,
        **values,
    )


def _change(here: Here, before: KnownIssueRow, do: str, typed: Typed, form: Form) -> None:
    editor = editor_of(here.caller)
    if do == WITHDRAW:
        editor.withdraw(before, whole_reason(form.get("reason", "")), here.now)
    elif do == PUBLISH:
        editor.publish(before, typed.written(), here.now)
    else:
        editor.rewrite(before, typed.written(), here.now)


def _row(here: Here, issue_id: str) -> KnownIssueRow:
    with here.database().read() as c:
        return store.get_issue(c, here.forum.id, issue_id)


def _kept(here: Here, issue_id: str) -> KnownIssueRow | None:
    try:
        return _row(here, issue_id)
    except NoKnownIssue:
        return None


def _stands(row: KnownIssueRow, typed: Typed, do: str) -> bool:
    """Say whether an issue is already as a form wants it to be. Raises BadField."""
    if do == WITHDRAW:
        return row.state is IssueState.WITHDRAWN
    if do == PUBLISH and row.state not in store.LIVE:
        return False
    return affected.reads_so(row, typed.written())


def _sent_again(here: Here, row: KnownIssueRow, typed: Typed, do: str) -> Response:
    """Do what the form of a new issue asks for of the one that came of it before.

    In the same words it is done; other words never take the place of what is kept unseen.
    Raises BadField.
    """
    place = href(_TAB, row.issue_id)
    if _stands(row, typed, do):
        already = do == KEEP and row.state in store.LIVE
        return done(here.request, _TAB, "already" if already else _SAID[do], place)
    # What was withdrawn since is published again by whoever has seen that.
    if row.state is IssueState.PROPOSED and affected.reads_so(row, typed.written()):
        try:
            editor_of(here.caller).publish(row, typed.written(), here.now)
        except TriageError as error:
            return issue_page(here, typed, _row(here, row.issue_id), failed=error)
        return done(here.request, _TAB, _SAID[do], place)
    failed, alarm = IssueChanged(row.issue_id), here.part("error_kept_already")
    return issue_page(here, typed, row, failed=failed, alarm=alarm)


def _changed(
    here: Here, now: KnownIssueRow, typed: Typed, do: str, form: Form, error: TriageError
) -> Response:
    """Answer with an issue as it stands, what was typed, and what kept it from being changed."""
    if do != WITHDRAW:
        return issue_page(here, typed, now, failed=error)
    # Without its words: whoever withdraws sends none.
    return issue_page(here, typed_row(now), now, failed=error, reason=form.get("reason", ""))


def _one_of(form: Form, *choices: str, field: str = "do") -> str:
    """Return which button was pressed. Raises Problem for one that is not there."""
    chosen = form.get(field, "")
    if chosen not in choices:
        raise bad_request([FieldProblem(field, f"is none of {', '.join(choices)}")])
    return chosen
