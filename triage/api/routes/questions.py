"""/v1/questions: a question is posted, read, found, and changed.

In: a checked caller, a final text, what somebody wants of a question. Out: the question as the
caller may know it.
Not here: what may become of it (lifecycle, questions), who may see it (question_rights), what an
expert reads first (question_intake).
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from starlette.responses import Response

from triage import affected, questions, store
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.examples import question as examples
from triage.api.idempotency import SentOnce, once
from triage.api.matrix import SESSION_HEADER
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.question_changing import keep_change
from triage.api.question_pages import next_of, seen_page_of
from triage.api.question_rights import Sight, check_sight, sight_of
from triage.api.question_views import brief, view
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS, draft_of
from triage.api.schemas.question import (
    ChangeRequest,
    QuestionReply,
    QuestionRequest,
    QuestionsReply,
)
from triage.lifecycle import State
from triage.profiles import face_of
from triage.questions.posting import Counter, Posting
from triage.records import Destination, Stage

router = APIRouter(tags=["questions"])

QuestionId = Annotated[str, Path(description="As `POST /v1/questions` gave it.", max_length=64)]
AskedIn = Annotated[
    str | None,
    Header(
        alias=SESSION_HEADER,
        max_length=300,
        description="The `session` of the visit that asked it, where nobody was signed in.",
    ),
]
Name = Annotated[str | None, Query(max_length=300)]
After = Annotated[str | None, Query(description="`next_after` of the page before.", max_length=64)]
Limit = Annotated[int, Query(description="At most so many.", ge=1, le=200)]


@router.post(
    "/v1/questions",
    summary="Post a question",
    description="Call it when the question is posted, with the text as it is posted and the"
    " `triage_id` of the reply to its draft. It is received, owned and routed when this returns;"
    " another text than the one that was replied to is decided about anew. The same question again"
    " gives the one that is there. What is kept of it is redacted.",
    response_model=QuestionReply,
    responses={
        **gives(examples.QUESTION_REPLY),
        **documented(
            *READS, "empty_draft", "no_triage", "bad_field", "body_too_large", *ONCE, *COMMON
        ),
    },
    openapi_extra=takes(QuestionRequest, examples.QUESTION_REQUEST),
)
def post_question(caller: KnownCaller, request: SentOnce) -> Response:
    """Post a question."""
    asked = read_body(request.body, QuestionRequest)
    caller.take_turn(asked.session)
    draft = replace(draft_of(asked, caller), stage=Stage.SUBMIT)
    ours, forum = caller.installation, caller.forum

    def act() -> str:
        counter = Counter(ours.database(), forum.id, caller.desk.parts, ours.originals(forum))
        # A name that nobody vouches for would stand beside the real one.
        vouched = caller.trusted or caller.visitor is not None
        name = asked.external_id if vouched else None
        posting = Posting(draft, caller.asking_key, asked.triage_id, name, caller.trusted)
        now = datetime.now(UTC)
        told = counter.post(posting, now).told
        # Nobody gets here but whoever wrote it, or the server that speaks for them.
        sight = Sight.STAFF if caller.reads_all else Sight.ASKER
        return view(told, sight, caller.desk, now).model_dump_json()

    return once(caller, request, act, person=draft.person)


@router.get(
    "/v1/questions/{question_id}",
    summary="Get a question",
    description="With its timeline and the expected time to a first answer. Whoever asked it, and"
    " who answers for their account, is known by the token in `Triage-Visitor`, and where nobody"
    " was signed in by the session that it was asked in, in `Triage-Session`; staff see all of"
    " it, others only what stands before them anyway. To the rest it does not exist.",
    response_model=QuestionReply,
    responses={
        **gives(examples.QUESTION_REPLY),
        **documented("no_question", "bad_request", *COMMON),
    },
)
def get_question(caller: KnownCaller, question_id: QuestionId, session: AskedIn = None) -> Response:
    """Return one question."""
    with caller.installation.database().read() as c:
        told = questions.read(c, caller.forum.id, question_id)
        sight = check_sight(caller, told.row, session=session)
        readers = _readers(caller, told.row, sight)
        others = affected.also_affected(c, caller.forum.id, question_id, readers)
        face = face_of(c, caller.forum.id, told.row.person) if told.row.person else None
    now = datetime.now(UTC)
    return json_reply(view(told, sight, caller.desk, now, others, face))


@router.get(
    "/v1/questions",
    summary="Find questions",
    description="By the forum's own name of one (`external_id`), as far as the caller may see it;"
    " for staff also all of the forum, newest first; `owner`, `kind`, `topic` and `account` are"
    " theirs alone to look for.",
    response_model=QuestionsReply,
    responses={
        **gives(examples.QUESTIONS_REPLY),
        **documented("no_question", "bad_request", *COMMON),
    },
)
def list_questions(
    caller: KnownCaller,
    external_id: Name = None,
    state: State | None = None,
    destination: Destination | None = None,
    owner: Name = None,
    kind: Name = None,
    topic: Name = None,
    account: Name = None,
    open: Annotated[bool | None, Query(description="Whether somebody has to do something.")] = None,
    test: Annotated[bool, Query(description="Those of test keys instead.")] = False,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """Give a page of questions."""
    wanted = store.QuestionsWanted(
        open, state, destination, owner, kind, topic, None, account, external_id, test
    )
    if external_id is not None:
        wanted = replace(wanted, test=None)
    with caller.installation.database().read() as c:
        found = seen_page_of(c, caller, wanted, after, limit)
    told = []
    for row in found[:limit]:
        sight = sight_of(caller, row)
        told += brief([row], sight) if sight is not None else []
    return json_reply(QuestionsReply(questions=told, next_after=next_of(found, limit)))


@router.post(
    "/v1/questions/{question_id}/changes",
    summary="Change a question",
    description="Says what a question is to become: the asker asks for a person, replies, confirms"
    " or withdraws; staff take, ask back, answer, hand over or close it; a forum's server tells"
    " that its community has answered. What is not allowed is refused with what is. The same"
    " `change_id` again gives the change that was made.",
    response_model=QuestionReply,
    responses={
        **gives(examples.CHANGED_REPLY),
        **documented(
            *(*READS, "no_question", "illegal_change", "bad_field", "body_too_large"),
            *(*ONCE, *COMMON),
        ),
    },
    openapi_extra=takes(ChangeRequest, examples.CHANGE_REQUEST),
)
def change_question(caller: KnownCaller, question_id: QuestionId, request: SentOnce) -> Response:
    """Change a question."""
    asked = read_body(request.body, ChangeRequest)
    caller.take_turn(asked.session)

    def act() -> str:
        now = datetime.now(UTC)
        kept, sight = keep_change(caller, question_id, asked, now)
        return view(kept.told, sight, caller.desk, now).model_dump_json()

    return once(caller, request, act, person=caller.person(asked.user))


def _readers(caller: Caller, row: store.QuestionRow, sight: Sight) -> store.Readers:
    """Return for whom others are counted: a visitor as vouched for, an asker as they posted."""
    asker = sight is Sight.ASKER and caller.visitor is None
    groups = affected.asker_groups(row) if asker else caller.groups(())
    return store.Readers(groups, reads_all=sight is Sight.STAFF)
