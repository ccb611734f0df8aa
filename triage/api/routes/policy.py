"""/v1/policy: what decides, a draft beside it, a trial of it, and which version is followed.

In: a lead or an administrator, the text of a policy or a version. Out: versions, and what a trial
tells. Whatever is activated decides about the next question.
Not here: what may become of versions (policies), deciding (decide).
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from triage import store
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.examples import policy as examples
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas.policy import (
    PolicyActivatedReply,
    PolicyActivateRequest,
    PolicyDiscardRequest,
    PolicyDraftRequest,
    PolicyHistoryReply,
    PolicyReply,
    PolicySimulateRequest,
    PolicyTextReply,
    SimulationReply,
)
from triage.errors import BadField
from triage.policies.drafting import Policies

router = APIRouter(tags=["policy"])

_SENT = (*READS, "body_too_large", *COMMON)
_ACTS = (*READS, "body_too_large", "no_policy", *ONCE, *COMMON)
Version = Annotated[int, Path(description="As in `GET /v1/policy`.", ge=1, le=2**31 - 1)]
Before = Annotated[
    int | None, Query(description="As `next_before` of the page before it.", ge=1, le=2**31 - 1)
]
Limit = Annotated[int, Query(description="At most so many.", ge=1, le=200)]


@router.get(
    "/v1/policy",
    summary="Read the policy",
    description="What decides now, as a file that explains itself, and the draft.",
    response_model=PolicyReply,
    responses={**gives(examples.POLICY_REPLY), **documented("policy_refused", *COMMON)},
)
def get_policy(caller: KnownCaller) -> Response:
    """Tell what decides."""
    return json_reply(PolicyReply.of(_policies(caller).show()))


@router.get(
    "/v1/policy/versions/{version}",
    summary="Read one version of the policy",
    description="With its text, and what its last trial told.",
    response_model=PolicyTextReply,
    responses={
        **gives(examples.TEXT_REPLY),
        **documented("no_policy", "bad_request", *COMMON),
    },
)
def get_version(caller: KnownCaller, version: Version) -> Response:
    """Tell one version."""
    return json_reply(PolicyTextReply.of(_policies(caller).find(version)))


@router.put(
    "/v1/policy/draft",
    summary="Draft a policy",
    description="Checked as `python -m triage policy check` does: a 422 names the field and, where"
    " it is found, the line. Each text is a version of its own and is never changed; the draft"
    " before it is discarded. The same text again changes nothing.",
    response_model=PolicyTextReply,
    responses={**gives(examples.TEXT_REPLY), **documented("bad_field", *_SENT)},
    openapi_extra=takes(PolicyDraftRequest, examples.DRAFT_REQUEST),
)
def put_draft(caller: KnownCaller, request: SentOnce) -> Response:
    """Keep a draft."""
    asked = read_body(request.body, PolicyDraftRequest)
    return json_reply(PolicyTextReply.of(_policies(caller).draft(asked.toml, asked.reason)))


@router.post(
    "/v1/policy/activate",
    summary="Follow a version of the policy",
    description="It decides about the next question, on every server. The draft, or a version that"
    " decided before: that is the way back.",
    response_model=PolicyActivatedReply,
    responses={
        **gives(examples.ACTIVATED_REPLY),
        **documented("bad_field", "policy_refused", *_ACTS),
    },
    openapi_extra=takes(PolicyActivateRequest, examples.ACTIVATE_REQUEST),
)
def activate(caller: KnownCaller, request: SentOnce) -> Response:
    """Have a version decide."""
    asked = read_body(request.body, PolicyActivateRequest)

    def act() -> str:
        done = _policies(caller).activate(asked.version, asked.reason)
        return PolicyActivatedReply.of(done).model_dump_json()

    return once(caller, request, act)


@router.post(
    "/v1/policy/discard",
    summary="Discard the draft",
    description="It stays in the history. What decides is not touched.",
    response_model=PolicyTextReply,
    responses={
        **gives({**examples.TEXT_REPLY, "state": "discarded"}),
        **documented(*_ACTS),
    },
    openapi_extra=takes(PolicyDiscardRequest, examples.DISCARD_REQUEST),
)
def discard(caller: KnownCaller, request: SentOnce) -> Response:
    """Give the draft up."""
    asked = read_body(request.body or b"{}", PolicyDiscardRequest)

    def act() -> str:
        row = _policies(caller).discard(asked.version, asked.reason)
        return PolicyTextReply.of(row).model_dump_json()

    return once(caller, request, act)


@router.post(
    "/v1/policy/simulate",
    summary="Try a policy on past asks",
    description="Decides anew about the asks of the last days, by the draft and by what decides now"
    ", and tells the difference with intervals; nothing else changes. What it tells is kept beside"
    " the version. More than a thousand asks are tried by a process of its own, of which a server"
    " has one at a time (503 `too_busy`): half a minute for 100,000.",
    response_model=SimulationReply,
    responses={
        **gives(examples.SIMULATION_REPLY),
        **documented(
            "bad_field", "not_enough_data", "job_lost", "policy_refused", "too_busy", *_ACTS
        ),
    },
    openapi_extra=takes(PolicySimulateRequest, examples.SIMULATE_REQUEST),
)
def simulate(caller: KnownCaller, request: SentOnce) -> Response:
    """Try a version or a text."""
    asked = read_body(request.body or b"{}", PolicySimulateRequest)
    if asked.toml is not None and asked.version is not None:
        raise BadField("toml", "and `version` cannot both be tried; send one of them")
    policies = _policies(caller)

    def act() -> str:
        trials = caller.installation.trials
        told = trials.run(policies, caller.forum, asked.days, asked.version, asked.toml)
        return SimulationReply.model_validate(told).model_dump_json()

    return once(caller, request, act)


@router.get(
    "/v1/policy/history",
    summary="Read what happened to the policy",
    description="Newest first: which version was drafted, activated or discarded, when, by whom.",
    response_model=PolicyHistoryReply,
    responses={**gives(examples.HISTORY_REPLY), **documented("bad_request", *COMMON)},
)
def get_history(caller: KnownCaller, before: Before = None, limit: Limit = 50) -> Response:
    """Give a page of the history."""
    with caller.installation.database().read() as c:
        # One more than wanted tells whether there is a next page.
        rows = store.list_policy_changes(c, caller.forum.id, limit + 1, before)
    return json_reply(PolicyHistoryReply.of(rows[:limit], len(rows) > limit))


def _policies(caller: Caller) -> Policies:
    return Policies(caller.installation.database(), caller.forum.id, caller.actor)
