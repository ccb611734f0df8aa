"""/v1/proposals: resolved cases of experts that might become threads, decided by a person.

In: leads. Out: what a thread would say, and the thread once it is approved. The case itself is in
no reply to anybody else.
Not here: what is proposed (answers.proposing), deciding (answers.publishing).
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from triage import privacy
from triage.answers.likeness import similar_threads
from triage.answers.publishing import Publishing, Shown
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas import proposal as told
from triage.audit.acting import Acting
from triage.store import ProposalState

router = APIRouter(tags=["knowledge"])

ProposalId = Annotated[str, Path(max_length=64)]
State = Annotated[ProposalState, Query(description="Those in this state.")]
After = Annotated[str | None, Query(description="`next_after` of the page before.", max_length=64)]
Limit = Annotated[int, Query(description="At most so many.", ge=1, le=200)]


@router.get(
    "/v1/proposals",
    summary="List proposals",
    description="Resolved cases that an expert answered, that of the newest case first. What a"
    " thread would say of each is in the proposal itself.",
    response_model=told.ProposalsReply,
    responses={**gives(told.PROPOSALS), **documented("bad_request", *COMMON)},
)
def list_proposals(
    caller: KnownCaller,
    state: State = ProposalState.OPEN,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """Give a page of proposals."""
    found = publishing(caller).listed(state, after, limit + 1)
    page, more = found[:limit], len(found) > limit
    reply = told.ProposalsReply(
        proposals=[told.ProposalReply.of(row, shown) for row, shown in page],
        next_after=page[-1][0].id if more else None,
    )
    return json_reply(reply)


@router.get(
    "/v1/proposals/{proposal_id}",
    summary="Get a proposal",
    description="What the thread would say, redacted by the rules of today, what to look at twice,"
    " and what the forum has already for the same question.",
    response_model=told.ProposalDetailReply,
    responses={**gives(told.PROPOSAL_DETAIL), **documented("no_proposal", "bad_request", *COMMON)},
)
def get_proposal(caller: KnownCaller, proposal_id: ProposalId) -> Response:
    """Give one proposal whole."""
    shown = publishing(caller).show(proposal_id)
    reply = told.ProposalDetailReply.of_shown(shown, _similar(caller, shown))
    return json_reply(reply)


@router.post(
    "/v1/proposals/{proposal_id}/approve",
    summary="Approve a proposal",
    description="Makes a thread of it for the groups that are named, or for everyone. It can be"
    " suggested when this returns. Once more changes nothing; with other groups or words it is"
    " refused, since the thread is there by then.",
    response_model=told.ProposalReply,
    responses={
        **gives({**told.PROPOSAL, "state": "approved", "thread_id": "k_5b0c7e6f2a914d38"}),
        **documented(
            *READS, "bad_field", "no_proposal", "already_decided", "body_too_large", *ONCE, *COMMON
        ),
    },
    openapi_extra=takes(told.ApprovalRequest, told.APPROVAL),
)
def approve_proposal(caller: KnownCaller, proposal_id: ProposalId, request: SentOnce) -> Response:
    """Make a thread of a proposal."""
    wanted = read_body(request.body, told.ApprovalRequest).wanted()

    def act() -> str:
        publishing(caller).approve(proposal_id, wanted, _acting(caller))
        return _decided(caller, proposal_id)

    return once(caller, request, act)


@router.post(
    "/v1/proposals/{proposal_id}/refuse",
    summary="Refuse a proposal",
    description="The case stays what it is: found by staff alone. It is proposed again only when it"
    " says something else; whoever refused it by mistake can still approve it.",
    response_model=told.ProposalReply,
    responses={
        **gives({**told.PROPOSAL, "state": "refused"}),
        **documented(*READS, "no_proposal", "already_decided", "body_too_large", *ONCE, *COMMON),
    },
    openapi_extra=takes(told.RefusalRequest, told.REFUSAL),
)
def refuse_proposal(caller: KnownCaller, proposal_id: ProposalId, request: SentOnce) -> Response:
    """Leave a case what it is."""
    asked = read_body(request.body or b"{}", told.RefusalRequest)

    def act() -> str:
        publishing(caller).refuse(proposal_id, asked.reason, _acting(caller))
        return _decided(caller, proposal_id)

    return once(caller, request, act)


def publishing(caller: Caller) -> Publishing:
    """Return what decides about the proposals of the caller's forum."""
    ours = caller.installation
    return Publishing(
        ours.database(),
        caller.forum.id,
        caller.desk.knowledge,
        ours.settings.redaction,
        caller.hash_person,
    )


def _decided(caller: Caller, proposal_id: str) -> str:
    shown = publishing(caller).show(proposal_id)
    return told.ProposalReply.of(shown.row, shown).model_dump_json()


def _similar(caller: Caller, shown: Shown) -> list[told.SimilarReply]:
    """Return the threads that may answer the same, whoever may read them."""
    groups = privacy.all_groups(caller.installation.database(), caller.forum.id)
    return [
        told.SimilarReply(
            thread_id=match.thread_id,
            title=thread.title,
            probability=match.probability,
            groups=sorted(thread.groups),
        )
        for match, thread in similar_threads(caller.desk.parts(), shown, groups)
    ]


def _acting(caller: Caller) -> Acting:
    return Acting(caller.forum.id, caller.actor)
