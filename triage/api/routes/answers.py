"""/v1/answers: what people and staff say of single answers, and which ones are doubted.

In: one word of somebody whom the forum vouches for, or of staff. Out: the trust in the answer.
Not here: what the words amount to (answers.trusting), what is made of it when it is
suggested (pipeline).
"""

import base64
import binascii
import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from triage import store
from triage.answers.trusting import trust_in
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas import answer as told
from triage.api.schemas.trust import TrustReply
from triage.audit.acting import Acting
from triage.errors import BadField, NoAnswer, NoThread
from triage.records import Answer, Thread
from triage.versions import is_range

router = APIRouter(tags=["knowledge"])

After = Annotated[
    str | None, Query(description="`next_after` of the page before.", max_length=1000)
]
Limit = Annotated[int, Query(description="At most so many.", ge=1, le=200)]
_NAMES = (*READS, "bad_field", "no_thread", "no_answer", "body_too_large", *ONCE, *COMMON)


@router.post(
    "/v1/answers/votes",
    summary="Say of an answer that it helps, or does not hold",
    description="One word of each person for each answer; their last one counts. Only of somebody"
    " whom the forum vouches for: by a token in `Triage-Visitor`, or as `user` with a secret key."
    " With a test key it is checked and not kept.",
    response_model=told.AnswerReply,
    responses={**gives(told.ANSWER), **documented(*_NAMES)},
    openapi_extra=takes(told.VoteRequest, told.VOTE),
)
def vote(caller: KnownCaller, request: SentOnce) -> Response:
    """Keep what somebody says of an answer."""
    asked = read_body(request.body, told.VoteRequest)
    person = caller.somebody(asked.user)
    caller.take_turn(None)

    def act() -> str:
        groups = {group.strip() for group in asked.groups or () if group.strip()}
        with caller.installation.database().write() as c:
            thread, answer = _found(c, caller, asked.thread_id, asked.answer_id, groups)
            if answer.person == person:
                raise BadField("word", "is about an answer of your own")
            key, now = (thread.id, answer.id), datetime.now(UTC)
            # As elsewhere, what is tried out with a test key counts for nobody.
            if not caller.asking_key.test:
                store.put_vote(c, caller.forum.id, key, person, asked.word, now)
            return _told(c, caller, thread, answer)

    return once(caller, request, act, person=person)


@router.post(
    "/v1/answers/reviews",
    summary="Say as staff whether an answer holds",
    description="The last word of staff counts until the answer is written anew; what people said"
    " before it counts no more. What is outdated is marked, and never offered as fitting.",
    response_model=told.AnswerReply,
    responses={**gives(told.ANSWER), **documented(*_NAMES)},
    openapi_extra=takes(told.ReviewRequest, told.REVIEW),
)
def review(caller: KnownCaller, request: SentOnce) -> Response:
    """Keep what staff say of an answer."""
    asked = read_body(request.body, told.ReviewRequest)
    versions = (asked.valid_versions or "").strip() or None
    if versions is not None and not is_range(versions):
        raise BadField("valid_versions", "is no range of versions such as `>=8.2,<9`")

    def act() -> str:
        said = {"answer_id": asked.answer_id, "word": asked.word.value, "valid_versions": versions}
        with caller.installation.database().write() as c:
            thread, answer = _found(c, caller, asked.thread_id, asked.answer_id, ())
            counted = max(thread.outdated_votes, answer.outdated_votes)
            kept = store.Review(asked.word, datetime.now(UTC), versions, counted)
            store.put_review(c, caller.forum.id, (thread.id, answer.id), kept)
            acting = Acting(caller.forum.id, caller.actor)
            acting.note(c, "answer.review", thread.id, after=said)
            return _told(c, caller, thread, answer)

    return once(caller, request, act)


@router.get(
    "/v1/answers/doubted",
    summary="List answers that somebody called outdated",
    description="For staff, to look at them: by thread, with the trust in each as it is now.",
    response_model=told.DoubtedAnswersReply,
    responses={**gives(told.DOUBTED), **documented("bad_request", "bad_field", *COMMON)},
)
def list_doubted(caller: KnownCaller, after: After = None, limit: Limit = 50) -> Response:
    """Give a page of answers that staff should look at."""
    forum_id, last = caller.forum.id, _cursor(after)
    with caller.installation.database().read() as c:
        keys = store.list_doubted(c, forum_id, after=last, limit=limit + 1)
        page, more = keys[:limit], len(keys) > limit
        threads = store.get_threads(c, forum_id, {thread_id for thread_id, _ in page})
        trust = trust_in(c, forum_id, threads.values(), None)
    answers = [
        told.DoubtedReply(
            thread_id=thread_id,
            answer_id=answer_id,
            title=threads[thread_id].title,
            trust=TrustReply.of(trust[thread_id][answer_id]),
        )
        for thread_id, answer_id in page
        # One that was taken out of its thread since is nobody's concern.
        if answer_id in trust.get(thread_id, {})
    ]
    reply = told.DoubtedAnswersReply(
        answers=answers, next_after=_as_cursor(page[-1]) if more else None
    )
    return json_reply(reply)


def _found(
    c: store.Connection, caller: Caller, thread_id: str, answer_id: str, groups: Collection[str]
) -> tuple[Thread, Answer]:
    """Return an answer that the caller may read. Raises NoThread, NoAnswer."""
    thread = store.get_thread(c, caller.forum.id, thread_id)
    if thread is None or not caller.may_read(thread, groups):
        raise NoThread(thread_id)
    answer = next((one for one in thread.answers if one.id == answer_id), None)
    if answer is None:
        raise NoAnswer
    return thread, answer


def _told(c: store.Connection, caller: Caller, thread: Thread, answer: Answer) -> str:
    trust = trust_in(c, caller.forum.id, [thread], None)[thread.id][answer.id]
    reply = told.AnswerReply(thread_id=thread.id, answer_id=answer.id, trust=TrustReply.of(trust))
    return reply.model_dump_json()


def _as_cursor(key: store.AnswerKey) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def _cursor(written: str | None) -> store.AnswerKey | None:
    if written is None:
        return None
    try:
        thread_id, answer_id = json.loads(base64.urlsafe_b64decode(written.encode()))
        return str(thread_id), str(answer_id)
    except (ValueError, TypeError, binascii.Error):
        raise BadField("after", "is no `next_after` of a page before") from None
