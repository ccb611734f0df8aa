"""POST /v1/triage: a draft in, suggestions and a destination out.

In: a checked caller and the body. Out: the contract's reply.
Not here: the steps in between (desk, pipeline).
"""

import json

from fastapi import APIRouter
from starlette.responses import Response

from triage import store
from triage.api import examples
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.schemas import TriageReply, TriageRequest
from triage.records import Draft, Thread
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
ONCE = ("idempotency_pending", "idempotency_conflict")


@router.post(
    "/v1/triage",
    summary="Triage a draft",
    description="Call it while the person types (`stage: typing`) and before the question is"
    " posted (`stage: submit`). With a publishable key `user`, `account` and `groups` are ignored;"
    " a token in `Triage-Visitor` says who asks."
    " What is sensitive is taken out before anything is kept.",
    response_model=TriageReply,
    responses={
        **gives(examples.TRIAGE_REPLY),
        **documented(*READS, "empty_draft", "body_too_large", *ONCE, *COMMON),
    },
    openapi_extra=takes(TriageRequest, examples.TRIAGE_REQUEST),
)
def triage_draft(caller: KnownCaller, request: SentOnce) -> Response:
    """Triage a draft and keep the ask."""
    asked = read_body(request.body, TriageRequest)
    caller.take_turn(asked.session)
    draft = draft_of(asked, caller)

    def act() -> str:
        reply = caller.desk.ask(draft, caller.asking_key)
        return TriageReply.of(reply, to_asker=not caller.trusted).model_dump_json()

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
    )


def _still_shown(body: str, caller: Caller, draft: Draft) -> str:
    """Take out of a first reply, before it is given again, what may no longer be shown."""
    reply = json.loads(body)
    suggestions, same = reply["suggestions"], reply["same_question"]
    with caller.installation.database().read() as c:
        ids = [one["thread_id"] for one in (*suggestions, *same)]
        threads = store.get_threads(c, caller.forum.id, ids)
    readable = {i: t for i, t in threads.items() if not t.groups or t.groups & draft.groups}
    shared = caller.desk.knowledge.boilerplate
    reply["suggestions"] = [
        s for s in suggestions if _still_says(readable.get(s["thread_id"]), s, shared)
    ]
    reply["same_question"] = [s for s in same if s["thread_id"] in readable]
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
