"""/v1/questions: a question is posted, read, found, and changed.

In: a checked caller, a final text, what somebody wants of a question. Out: the question as the
caller may know it.
Not here: what may become of it (lifecycle, questions), who may see it (question_rights), what an
expert reads first (question_intake).
"""

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from starlette.responses import Response

from triage import affected, questions, store, text
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.examples import question as examples
from triage.api.idempotency import SentOnce, once
from triage.api.matrix import SESSION_HEADER
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.question_pages import next_of, seen_page_of
from triage.api.question_rights import Sight, acts_as, check_sight, sight_of
from triage.api.question_views import brief, view
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS, draft_of
from triage.api.schemas.question import (
    ChangeRequest,
    QuestionReply,
    QuestionRequest,
    QuestionsReply,
)
from triage.audit.acting import Acting
from triage.errors import NoQuestion
from triage.forum_redaction import ForumRedaction
from triage.lifecycle import State, Who, Why
from triage.profiles import face_of
from triage.questions.posting import Counter, Posting
from triage.questions.settled import keep_as_case
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
# What a customer means where nothing else is said.
_MEANT = {State.ESCALATED: Why.WANTS_PERSON, State.CLOSED: Why.WITHDRAWN}


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
        kept, sight = _keep(caller, question_id, asked, now)
        return view(kept.told, sight, caller.desk, now).model_dump_json()

    return once(caller, request, act, person=caller.person(asked.user))


def _keep(
    caller: Caller, question_id: str, asked: ChangeRequest, now: datetime
) -> tuple[questions.Kept, Sight]:
    """Make a change, noted where staff make it; the one place where the API changes questions."""
    forum_id, database = caller.forum.id, caller.installation.database()
    with database.read() as c:
        row = store.get_question(c, forum_id, question_id)
    if row is None:
        raise NoQuestion
    who = acts_as(caller, row, asked)
    wanted = _wanted(caller, row, asked, who)
    acting = Acting(forum_id, caller.actor)
    encoder = caller.desk.serving.encoder
    with database.write() as c:
        kept = questions.keep(c, forum_id, question_id, wanted, now)
        if kept.fresh and who is Who.STAFF:
            before, after = _noted(row), _noted(kept.told.row)
            acting.note(c, "question.change", question_id, before=before, after=after)
        if kept.fresh:
            keep_as_case(c, forum_id, kept.told, now)
            affected.pass_on(c, forum_id, question_id, encoder, now)
    seen = sight_of(caller, kept.told.row, asked.user, asked.session)
    return kept, seen or Sight.OTHERS


def _wanted(
    caller: Caller, row: store.QuestionRow, asked: ChangeRequest, who: Who
) -> questions.Asked:
    change_id = asked.change_id or secrets.token_hex(16)
    staff = who is Who.STAFF
    answer_id, public = asked.answer_id, None
    if asked.state is State.ANSWERED:
        # Whoever of the staff writes the answer here gives it no name of its own.
        answer_id = answer_id or (f"answer:{change_id}" if staff and asked.words else None)
        stands = row.shareable and asked.answer_id is not None
        public = asked.answer_public if asked.answer_public is not None else stands
    why = asked.why
    if why is None and who is Who.CUSTOMER:
        why = _MEANT.get(asked.state)
        if asked.state is State.CONFIRMED_SOLVED and row.first_answer_at is None:
            why = Why.SOLVED_ALONE
    return questions.Asked(
        asked.state,
        who,
        change_id,
        why,
        by=_named(caller, asked) if staff else None,
        answer_id=answer_id,
        answer_public=public,
        asked=tuple(asked.asked),
        owner=None if asked.owner is None else questions.owner_name("owner", asked.owner),
        expected=asked.revision,
        words=_safe(caller, asked.words, published=staff),
        note=_safe(caller, asked.note, published=True) if staff else None,
    )


def _named(caller: Caller, asked: ChangeRequest) -> str:
    """Return who of the staff it is; an address that signs in is one, whatever is in it."""
    return caller.actor.name if asked.by is None else questions.owner_name("by", asked.by)


def _safe(caller: Caller, said: str | None, *, published: bool) -> str | None:
    """Return words that may be kept. Hosts and companies stay in what staff write: it is advice."""
    if not said:
        return None
    ours = caller.installation
    own = ForumRedaction(ours.database(), caller.forum.id, ours.settings.redaction).now()
    return text.clean(text.redact(said, replace(own, business=not published)).text)


def _readers(caller: Caller, row: store.QuestionRow, sight: Sight) -> store.Readers:
    """Return for whom others are counted: a visitor as vouched for, an asker as they posted."""
    asker = sight is Sight.ASKER and caller.visitor is None
    groups = affected.asker_groups(row) if asker else caller.groups(())
    return store.Readers(groups, reads_all=sight is Sight.STAFF)


def _noted(row: store.QuestionRow) -> dict[str, object]:
    return {"state": row.state, "owner": row.owner, "revision": row.revision}
