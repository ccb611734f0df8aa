"""/ask: the form of the demo forum, with the widget beside it, and what is posted with it.

In: who is here, what they typed; what the widget wrote into the form. Out: the form; a posted
question, by the same way as through the API, and its thread where others may read it. The form
works without the widget, and without JavaScript.
Not here: what the widget shows (web), where a question goes (questions.posting).
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from fastapi import Request
from starlette.responses import Response

from triage.api.access import installation_of
from triage.api.pages.demo import (
    DemoHere,
    Here,
    demo_page,
    forum_here,
    names_of_products,
    reader_of,
)
from triage.api.pages.demo_people import demo_key, demo_server, visitor_token
from triage.api.pages.frame import Form, SentForm, go, pages_router, say
from triage.demo.forum import Reader
from triage.errors import EmptyDraft, NoTriage
from triage.questions import Kept
from triage.questions.posting import Counter, Posting
from triage.records import Draft, Stage
from triage.text import digest
from triage.web.widget import widget_file

router = pages_router()

_LONGEST, _LONGEST_ID = 300, 64
_FIELDS = ("title", "body", "product", "version", "severity", "wants_person")
_SEVERITIES = {str(one): one for one in range(1, 5)}


@router.get("/ask")
def get_ask(request: Request, here: Here) -> Response:
    """Show the form; a title may come with the address, from a search that found nothing."""
    return _form_page(request, here, {"title": request.query_params.get("title", "")[:_LONGEST]})


@router.post("/ask")
def post_ask(request: Request, here: Here, form: SentForm) -> Response:
    """Post a question; the same form sent twice posts once. What was typed is never lost."""
    reader = reader_of(request, here)
    if reader.person is None or reader.staff:
        alarm = say(request, "demo.ask_as_customer")
        return _form_page(request, here, form, status=403, alarm=alarm)
    try:
        kept = _posted(request, here, form, reader)
    except EmptyDraft:
        alarm = say(request, "demo.ask_empty")
        return _form_page(request, here, form, status=422, alarm=alarm)
    forum_here(request, here).place(kept.told)
    said = "posted" if kept.fresh else "there"
    return go(request, f"/t/{kept.told.row.question_id}?said={said}")


def _posted(request: Request, here: DemoHere, form: Form, reader: Reader) -> Kept:
    """Post what a form holds, as the server of a forum does."""
    caller, ours = demo_server(request, here.forum), installation_of(request)
    database = ours.database()
    counter = Counter(database, here.forum.id, caller.desk.parts, ours.originals(here.forum))
    session = caller.session(form.get("triage_session", "")[:_LONGEST])
    draft = replace(_draft(form), session=session)
    draft = replace(draft, person=reader.person, account=reader.account, groups=reader.groups)
    now, triage_id = datetime.now(UTC), form.get("triage_id", "")[:_LONGEST_ID] or None
    try:
        posting = Posting(draft, caller.asking_key, triage_id, trusted=True)
        if triage_id is not None:
            return counter.post(posting, now)
    except NoTriage:
        # Somebody became another person with the form open, or the reply is too old by now.
        posting = replace(posting, triage_id=None)
    # Without a reply nothing but the form and what is in it say that it is the same again.
    once = form.get("once", "")[:_LONGEST_ID] or secrets.token_hex(16)
    name = f"form-{once}-{digest(f'{draft.title} {draft.body}')[:8]}"
    return counter.post(replace(posting, external_id=name), now)


def _draft(form: Form) -> Draft:
    return Draft(
        title=form.get("title", ""),
        body=form.get("body", ""),
        product=form.get("product", "")[:_LONGEST] or None,
        version=form.get("version", "").strip()[:_LONGEST] or None,
        customer_severity=_SEVERITIES.get(form.get("severity", "")),
        stage=Stage.SUBMIT,
        wants_person="wants_person" in form,
    )


def _form_page(
    request: Request,
    here: DemoHere,
    typed: Mapping[str, str],
    *,
    status: int = 200,
    alarm: str = "",
) -> Response:
    return demo_page(
        request,
        here,
        "demo/ask",
        status=status,
        path="/ask",
        typed={name: typed.get(name, "") for name in _FIELDS},
        once=typed.get("once", "") or secrets.token_hex(16),
        products=names_of_products(request, here),
        may_post=here.person is not None and here.person.role is None,
        widget=widget_file("triage-suggest.js"),
        public_key=demo_key(request, here.forum)[1],
        token=visitor_token(request, here.forum, here.person),
        alarm=alarm,
    )
