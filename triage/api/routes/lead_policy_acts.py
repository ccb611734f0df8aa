"""POST /lead/policy/...: a draft is written, tried, followed or given up, on pages.

In: a lead or an administrator, and the form of one of the policy's pages. Out: the way back to the
policy, or the page itself with what is wrong and all that was typed.
Not here: what may become of a policy (policies.drafting), reading a form (policy.filling).
"""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from triage.api.access import installation_of
from triage.api.pages.frame import Form, Staff, StaffForm, go, pages_router
from triage.api.pages.lead.here import Here, done, here_of, href, lead_page, trouble
from triage.api.pages.lead.policy import DAYS, USUAL_DAYS, one_version, overview, policies_of
from triage.api.pages.lead.policy_editing import (
    Start,
    form_page,
    rule_at,
    rule_page,
    start,
    text_page,
    with_rule,
    with_rules_moved,
)
from triage.api.pages.sessions import SignedIn
from triage.api.problems import PROBLEMS, Problem
from triage.api.routes.lead_policy import TAB, Place
from triage.audit.acting import LONGEST_REASON, whole_reason
from triage.errors import BadField, NoPolicy, PolicyChanged, TriageError
from triage.policies.drafting import Seen
from triage.policies.in_force import DEFAULT
from triage.policy import Policy, differences, fill, read_policy, write_policy
from triage.policy.filling import rule_of

router = pages_router()

Values = Mapping[str, Any]
# Of a reason, as the interface takes it, too.
_SHORTEST = 3


@router.post("/lead/policy/edit")
def post_form(request: Request, user: Staff, form: StaffForm) -> Response:
    """Keep the named values as the draft."""
    here = here_of(request, user, TAB)
    begun = start(here, form.get("from", ""))
    filled = fill(begun.policy, form, here.numbers.separators[0])

    def again(error: TriageError | None, alarm: str = "") -> Response:
        shown = form_page(here, begun, form, filled.wrong)
        return _again(request, user, "lead/policy_edit", error, here, shown, alarm)

    if filled.wrong:
        return again(None)
    return _drafted(request, here, begun, form, lambda: filled.policy, again)


@router.post("/lead/policy/text")
def post_text(request: Request, user: Staff, form: StaffForm) -> Response:
    """Keep a text as the draft, or only read it and say what it would change."""
    here = here_of(request, user, TAB)
    begun = start(here, form.get("from", ""))
    text = form.get("toml", "").replace("\r\n", "\n")
    typed = {**form, "toml": text}

    def again(error: TriageError | None, alarm: str = "") -> Response:
        wrong = error if isinstance(error, BadField) and not alarm else None
        shown = text_page(here, begun, typed, wrong)
        alarm = here.part("error_text") if wrong else alarm
        return _again(request, user, "lead/policy_text", error, here, shown, alarm)

    if form.get("do") != "check":
        return _drafted(request, here, begun, form, lambda: read_policy(text), again)
    try:
        found = differences(begun.live, read_policy(text))
    except BadField as error:
        return again(error)
    said = here.part("text_good", differences=here.counted("lead_policy.differences", len(found)))
    shown = text_page(here, begun, typed)
    return lead_page(request, user, TAB, "lead/policy_text", notice=said, **shown)


@router.post("/lead/policy/rules/{place}")
def post_rule(request: Request, user: Staff, place: Place, form: StaffForm) -> Response:
    """Keep a rule in the draft, put it one place up or down, or take it out."""
    here = here_of(request, user, TAB)
    begun = start(here, form.get("from", ""))
    do = form.get("do", "save")
    rule_at(begun.policy, place)

    def again(error: TriageError | None, alarm: str = "") -> Response:
        shown = rule_page(here, begun, place, form)
        if isinstance(error, BadField) and not alarm:
            alarm = _rule_trouble(here, error)
        return _again(request, user, "lead/policy_rule", error, here, shown, alarm)

    def changed() -> Policy:
        if do != "save":
            return with_rules_moved(begun.policy, place, do)
        return with_rule(begun.policy, place, rule_of(form))

    back = href("policy", "edit", said="drafted") + "#rules"
    return _drafted(request, here, begun, form, changed, again, back)


@router.post("/lead/policy/simulate")
def post_trial(request: Request, user: Staff, form: StaffForm) -> Response:
    """Try a version on past asks; what it tells is kept beside it and shown there."""
    here = here_of(request, user, TAB)
    version = _version(form)
    given = form.get("days", "")
    days = int(given) if given in set(map(str, DAYS)) else USUAL_DAYS
    try:
        installation_of(request).trials.run(policies_of(here), here.forum, days, version)
    except (TriageError, Problem) as error:
        return _refused(request, user, here, version, error)
    to_draft = version is None or _is_draft(here, version)
    rest = () if to_draft else ("versions", str(version))
    return go(request, href(TAB, *rest, said="tried") + "#trial")


@router.post("/lead/policy/activate")
def post_active(request: Request, user: Staff, form: StaffForm) -> Response:
    """Have a version decide from the next question on."""
    here = here_of(request, user, TAB)
    version = _version(form)
    reason = form.get("reason", "").strip()
    if version is None:
        return _refused(request, user, here, None, NoPolicy())
    if not _SHORTEST <= len(reason) <= LONGEST_REASON:
        alarm = here.part("wrong_reason" if len(reason) > LONGEST_REASON else "error_no_reason")
        return _refused(request, user, here, version, None, alarm, reason)
    instead = form.get("instead")
    try:
        # Who does not say what decided as they looked, means whatever does.
        seen = None if instead is None else Seen(None if instead == DEFAULT else _number(instead))
        policies_of(here).activate(version, reason, seen=seen)
    except (TriageError, Problem) as error:
        return _refused(request, user, here, version, error, reason=reason)
    return done(request, TAB, "activated")


@router.post("/lead/policy/discard")
def post_discarded(request: Request, user: Staff, form: StaffForm) -> Response:
    """Give the draft up."""
    here = here_of(request, user, TAB)
    typed = form.get("reason", "")
    try:
        policies_of(here).discard(_version(form), whole_reason(typed))
    except TriageError as error:
        # A version that was given up already has a reason that is no field, too.
        alarm = here.part("wrong_reason") if len(typed.strip()) > LONGEST_REASON else ""
        return _refused(request, user, here, None, error, alarm, why_not=typed)
    return done(request, TAB, "discarded")


def _drafted(
    request: Request,
    here: Here,
    begun: Start,
    form: Form,
    changed: Callable[[], Policy],
    again: Callable[..., Response],
    back: str | None = None,
) -> Response:
    """Keep what was changed as the draft, or answer with the page again."""
    try:
        reason = whole_reason(form.get("reason", ""))
    except BadField as error:
        return again(error, here.part("wrong_reason"))
    try:
        policy = changed()
        if begun.draft is None and policy == begun.live:
            return done(request, TAB, "same")
        told = form.get("seen")
        seen = None if told is None or form.get("anyway") else Seen(_number(told))
        policies_of(here).draft(write_policy(policy), reason, seen=seen)
    except TriageError as error:
        return again(error)
    return go(request, back or href(TAB, said="drafted"))


def _again(
    request: Request,
    user: SignedIn,
    template: str,
    error: TriageError | None,
    here: Here,
    shown: Values,
    alarm: str = "",
) -> Response:
    said = alarm or (here.part("error_fields") if error is None else trouble(here, error))
    status = 422 if error is None else PROBLEMS[error.code].status
    # Who wrote meanwhile is said, and what was typed may take the place of theirs.
    crossed = isinstance(error, PolicyChanged)
    return lead_page(
        request, user, TAB, template, status=status, alarm=said, crossed=crossed, **shown
    )


def _refused(
    request: Request,
    user: SignedIn,
    here: Here,
    version: int | None,
    error: TriageError | Problem | None,
    alarm: str = "",
    reason: str = "",
    why_not: str = "",
) -> Response:
    """Answer with the page of the version, or with that of the policy, and what is wrong."""
    said = alarm or ("" if error is None else trouble(here, error))
    status = 422 if error is None else PROBLEMS[error.code].status
    retried: Values = {"typed_reason": reason, "typed_why_not": why_not, "refused": version}
    template, path = "lead/policy", href(TAB)
    try:
        other = version is not None and not _is_draft(here, version)
        shown = one_version(here, version) if other and version is not None else overview(here)
        if other:
            template, path = "lead/policy_version", href(TAB, "versions", str(version))
    except NoPolicy:
        # It is there no more; what there is says what can be done.
        shown = overview(here)
    return lead_page(
        request,
        user,
        TAB,
        template,
        status=status,
        alarm=said,
        charts=True,
        # The address of a form is none to read again in another language.
        path=path,
        **shown,
        **retried,
    )


def _is_draft(here: Here, version: int) -> bool:
    draft = policies_of(here).show().draft
    return draft is not None and draft.version == version


def _rule_trouble(here: Here, error: BadField) -> str:
    field = error.field.rpartition(".")[2] if error.field.startswith("rules.") else error.field
    for key in (field, field.partition(".")[0]):
        if here.has(f"lead_policy.wrong_rule_{key}"):
            return here.part(f"wrong_rule_{key}")
    return here.part("wrong_rule_name")


def _version(form: Form) -> int | None:
    return _number(form.get("version", ""))


def _number(given: str) -> int | None:
    """Return the number of a version as a form brings it, None where it names none."""
    return int(given) if given.isdecimal() and len(given) < 10 else None
