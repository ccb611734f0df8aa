"""/v1/follow-ups: one question to some who fell silent, their reply, and that they want none.

In: checked callers and bodies. Out: what is due now, what is kept.
Not here: who is drawn and what counts (measuring.follow_ups), sentences (phrases).
"""

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import Response

from triage import store
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.examples import follow_up as examples
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import FieldProblem, bad_request, documented
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas.follow_up import (
    AskerBody,
    DueReply,
    FollowUp,
    FollowUpReply,
    FollowUpReplyBody,
    FollowUpsReply,
    OptOutBody,
    OptOutReply,
    language,
)
from triage.measuring import follow_ups
from triage.measuring.follow_ups import REST, Asker, Said
from triage.phrases import say
from triage.records import Reason

router = APIRouter(tags=["ask"])


@router.get(
    "/v1/follow-ups",
    summary="See how many were asked",
    description="How many asks came to the draw, were drawn, were shown their question, and what"
    " they replied. What it says of the silent ones is in the report.",
    response_model=FollowUpsReply,
    responses={**gives(examples.COUNTS), **documented(*COMMON)},
)
def count_follow_ups(caller: KnownCaller) -> FollowUpsReply:
    """Count what became of all that came to the draw."""
    with caller.installation.database().read() as c:
        counts = store.count_follow_ups(c, caller.forum.id)
    return FollowUpsReply.of(counts, caller.installation.settings.follow_up_share, REST.days)


@router.post(
    "/v1/follow-ups/due",
    summary="Ask whether anything is to be asked",
    description="Call it when a person comes back, not while they type. At most one question comes,"
    " and mostly none: to few, drawn by chance, once for one ask and once in six weeks. Show"
    " `purpose` beside it and `opt_out` below. It was shown once it was given.",
    response_model=DueReply,
    responses={**gives(examples.DUE), **documented(*READS, "body_too_large", *ONCE, *COMMON)},
    openapi_extra=takes(AskerBody, examples.ASKER),
)
def find_due(caller: KnownCaller, request: SentOnce) -> Response:
    """Give the question that this person or session is asked now."""
    body = read_body(request.body, AskerBody)
    asker = _asker(caller, body)

    def act() -> str:
        with caller.installation.database().write() as c:
            asked = follow_ups.due(c, caller.forum.id, asker, datetime.now(UTC))
        found = [] if asked is None else [FollowUp.of(asked, body.lang)]
        return DueReply(follow_ups=found).model_dump_json()

    return once(caller, request, act, person=asker.person)


@router.post(
    "/v1/follow-ups/opt-out",
    summary="Want to be asked no more",
    description="Remembered for the person, and where nobody vouches for one for the session."
    " `opted_out: false` takes it back.",
    response_model=OptOutReply,
    responses={**gives(examples.OPT_OUT), **documented(*READS, "body_too_large", *ONCE, *COMMON)},
    openapi_extra=takes(OptOutBody, examples.OPT_OUT_BODY),
)
def opt_out(caller: KnownCaller, request: SentOnce) -> Response:
    """Leave somebody alone from now on, or no longer."""
    body = read_body(request.body, OptOutBody)
    asker = _asker(caller, body)

    def act() -> str:
        with caller.installation.database().write() as c:
            follow_ups.opt_out(c, caller.forum.id, asker, body.opted_out, datetime.now(UTC))
        code = "follow_up_stopped" if body.opted_out else "follow_up_resumed"
        text = say(Reason(code), language(body.lang, None))
        return OptOutReply(opted_out=body.opted_out, text=text).model_dump_json()

    return once(caller, request, act, person=asker.person)


@router.post(
    "/v1/follow-ups/{follow_up_id}/reply",
    summary="Reply to the question",
    description="The first reply stands and counts once; the same call again says `duplicate`.",
    response_model=FollowUpReply,
    responses={
        **gives(examples.REPLY),
        **documented(*READS, "body_too_large", "no_follow_up", *ONCE, *COMMON),
    },
    openapi_extra=takes(FollowUpReplyBody, examples.REPLY_BODY),
)
def reply(caller: KnownCaller, follow_up_id: str, request: SentOnce) -> Response:
    """Keep somebody's reply."""
    body = read_body(request.body, FollowUpReplyBody)
    asker = _asker(caller, body)

    def act() -> str:
        with caller.installation.database().write() as c:
            kept = follow_ups.take_reply(
                c, caller.forum.id, follow_up_id, asker, body.value, datetime.now(UTC)
            )
        spoken = language(body.lang, kept.asked.lang)
        code = "follow_up_thanks_no" if kept.value is Said.NO else "follow_up_thanks"
        return FollowUpReply(
            follow_up_id=follow_up_id,
            value=kept.value,
            state="accepted" if kept.first else "duplicate",
            text=say(Reason(code), spoken),
        ).model_dump_json()

    return once(caller, request, act, person=asker.person)


def _asker(caller: Caller, body: AskerBody) -> Asker:
    """Return who is there. Raises Problem where nobody says so, or too often."""
    asker = Asker(caller.asking_key.id, caller.person(body.user), caller.session(body.session))
    if not asker.names:
        raise bad_request(
            [FieldProblem("session", "is missing; without it and a known person nobody is there")]
        )
    caller.take_turn(body.session)
    return asker
