"""POST /v1/triage: a draft in, suggestions and a destination out.

In: a checked caller and the body. Out: the contract's reply.
Not here: the steps in between (desk, pipeline).
"""

import json
import re
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response

from triage import affected, store
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.examples import asking as examples
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.schemas.policy import for_leads
from triage.api.schemas.triage import TriageReply, TriageRequest
from triage.records import Asker, Draft, Thread
from triage.text import Boilerplate, passages_of

router = APIRouter(tags=["ask"])

COMMON = (
    "no_key",
    "unknown_key",
    "bad_visitor",
    "wrong_origin",
    "wrong_role",
    "too_many_requests",
    "encoder_missing",
    "encoding_failed",
    "store_unavailable",
    "internal",
)
READS = ("bad_json", "bad_encoding", "bad_request")
# Programs that walk through pages say so in their names.
_CRAWLER = re.compile(r"(?:bot|crawler|spider)\b", re.IGNORECASE)
ONCE = ("idempotency_pending", "idempotency_conflict")


@router.post(
    "/v1/triage",
    summary="Triage a draft",
    description="Call it while the person types (`stage: typing`) and before the question is"
    " posted (`stage: submit`). With a publishable key `user`, `account` and `groups` are ignored;"
    " a token in `Triage-Visitor` says who asks."
    " What is sensitive is taken out before anything is kept. With a secret key of a lead or an"
    " administrator the reply holds `decision` besides: by which version and rule of the policy,"
    " and what would have changed it.",
    response_model=TriageReply,
    responses={
        **gives(examples.TRIAGE_REPLY),
        **documented(*READS, "empty_draft", "body_too_large", *ONCE, *COMMON),
    },
    openapi_extra=takes(TriageRequest, examples.TRIAGE_REQUEST),
)
def triage_draft(
    caller: KnownCaller,
    request: SentOnce,
    user_agent: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Response:
    """Triage a draft and keep the ask."""
    asked = read_body(request.body, TriageRequest)
    caller.take_turn(asked.session)
    draft = draft_of(asked, caller)
    if not caller.trusted and _CRAWLER.search(user_agent or ""):
        draft = replace(draft, asker=Asker.BOT)

    def act() -> str:
        reply = caller.desk.ask(draft, caller.asking_key)
        told = TriageReply.of(reply, to_asker=not caller.trusted)
        if caller.trusted and caller.reads_all:
            told = for_leads(told, reply)
        return told.model_dump_json()

    return once(
        caller, request, act, lambda body: _still_shown(body, caller, draft), person=draft.person
    )


def draft_of(asked: TriageRequest, caller: Caller) -> Draft:
    """Return the draft, with only as much about the person as the caller's word is good for."""
    groups = {g.strip() for g in asked.groups or () if g.strip()}
    return Draft(
        title=asked.title or "",
        body=asked.body or "",
        lang=asked.lang,
        product=asked.product,
        version=asked.version,
        context=asked.context_value(),
        customer_severity=asked.customer_severity,
        attachments=asked.attachment_values(),
        person=caller.person(asked.user),
        account=caller.account(asked.account),
        groups=caller.groups(groups),
        session=caller.session(asked.session),
        stage=asked.stage,
        asker=asked.asker or Asker.CUSTOMER,
        wants_person=asked.wants_person,
        wants_public=asked.wants_public,
    )


def _still_shown(body: str, caller: Caller, draft: Draft) -> str:
    """Take out of a first reply, before it is given again, what may no longer be shown."""
    reply = json.loads(body)
    suggestions, same = reply["suggestions"], reply["same_question"]
    with caller.installation.database().read() as c:
        ids = [one["thread_id"] for one in (*suggestions, *same)]
        threads = store.get_threads(c, caller.forum.id, ids)
        issues = store.list_issues(c, caller.forum.id, store.LIVE)
    live = {one.issue_id for one in issues if affected.readable(one, draft.groups)}
    readable = {i: t for i, t in threads.items() if not t.groups or t.groups & draft.groups}
    shared = caller.desk.knowledge.boilerplate
    reply["suggestions"] = [
        s for s in suggestions if _still_says(readable.get(s["thread_id"]), s, shared)
    ]
    reply["same_question"] = [s for s in same if s["thread_id"] in readable]
    reply["known_issues"] = [one for one in reply["known_issues"] if one["issue_id"] in live]
    return json.dumps(reply, ensure_ascii=False)


def _still_says(
    thread: Thread | None, suggestion: dict[str, str | None], shared: Boilerplate
) -> bool:
    """Say whether a thread is as it was when it was suggested, as far as was told of it."""
    told = (suggestion["title"], suggestion["url"])
    if thread is None or (thread.title, thread.url) != told:
        return False
    answer = next((a for a in thread.answers if a.id == suggestion["answer_id"]), None)
    if answer is None:
        return False
    shown = (suggestion["snippet"] or "").strip(" …")
    texts = (answer.body, *passages_of(answer, shared))
    return any(shown in " ".join(text.split()) for text in texts)
