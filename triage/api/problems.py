"""Failures -> problem responses (RFC 9457): one table gives every code its status and title.

In: a code, a sentence, the fields concerned. Out: `application/problem+json`. Values that a
caller sent are never repeated: a sentence names fields and says what to do.
Not here: which exception means which code (faults), the errors of the domain (triage.errors).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
MOST_FIELDS = 20


@dataclass(frozen=True, slots=True)
class Kind:
    """How one code is told over HTTP."""

    status: int
    title: str


PROBLEMS: Mapping[str, Kind] = {
    "bad_json": Kind(400, "The body is not JSON"),
    "bad_encoding": Kind(400, "The body is not UTF-8"),
    "no_key": Kind(401, "An API key is needed"),
    "unknown_key": Kind(401, "The API key is unknown, revoked or expired"),
    "bad_signature": Kind(401, "It is signed with no secret of a channel"),
    "bad_visitor": Kind(401, "The visitor's token does not hold"),
    "not_allowed": Kind(403, "Not allowed"),
    "wrong_origin": Kind(403, "The publishable key is not for this site"),
    "demo_elsewhere": Kind(403, "The demo is for the machine that it runs on"),
    "wrong_role": Kind(403, "The key's role does not reach this endpoint"),
    "forged_request": Kind(403, "The request does not come from this server's own pages"),
    "not_found": Kind(404, "There is nothing at this address"),
    "missing": Kind(404, "It does not exist for this caller"),
    "no_forum": Kind(404, "The forum does not exist"),
    "no_user": Kind(404, "The forum has no such user"),
    "no_thread": Kind(404, "The thread does not exist for this caller"),
    "no_answer": Kind(404, "The thread has no such answer"),
    "no_proposal": Kind(404, "The forum has no such proposal"),
    "no_profile": Kind(404, "Nobody is known by this profile"),
    "no_triage": Kind(404, "The forum keeps no such triage"),
    "no_follow_up": Kind(404, "This person was not asked that"),
    "no_burst": Kind(404, "The forum has no such burst of events"),
    "no_original": Kind(404, "Nothing private is kept of this triage"),
    "no_erasure": Kind(404, "The forum has no such erasure"),
    "no_channel": Kind(404, "The forum has no such channel"),
    "no_delivery": Kind(404, "The forum keeps no such delivery"),
    "no_known_issue": Kind(404, "The known issue does not exist for this caller"),
    "no_cluster": Kind(404, "The forum has no such cluster of questions"),
    "no_gap": Kind(404, "The forum has no such gap"),
    "no_review": Kind(404, "The forum has no such review item"),
    "no_question": Kind(404, "The question does not exist for this caller"),
    "no_alert": Kind(404, "The forum has no such alert"),
    "no_job": Kind(404, "Nobody asked for this work"),
    "no_model": Kind(404, "The forum has no trained model"),
    "no_policy": Kind(404, "The forum has no such version of its policy"),
    "no_version": Kind(404, "The model has no such version"),
    "method_not_allowed": Kind(405, "The address does not take this method"),
    "issue_changed": Kind(409, "Somebody else changed the issue in the meantime"),
    "policy_changed": Kind(409, "Somebody else changed the policy in the meantime"),
    "illegal_change": Kind(409, "The question cannot take this step"),
    "illegal_delivery": Kind(409, "The delivery cannot take this step"),
    "idempotency_pending": Kind(409, "The first request with this key is still running"),
    "job_taken": Kind(409, "The work is already being done"),
    "not_enough_data": Kind(409, "There is too little data for this"),
    "model_changed": Kind(409, "Another version of the model is live meanwhile"),
    "no_former_version": Kind(409, "No version was live before this one"),
    "user_taken": Kind(409, "The address belongs to a user already"),
    "name_taken": Kind(409, "The display name belongs to somebody else"),
    "already_decided": Kind(409, "The proposal was decided about already"),
    "period_open": Kind(409, "The period cannot be closed yet"),
    "period_closed": Kind(409, "The period is closed"),
    "review_taken": Kind(409, "Somebody decided about the review item already"),
    "review_final": Kind(409, "The decision has had its effect"),
    "burst_counts": Kind(409, "The events of the burst count already"),
    "verdict_against": Kind(409, "The gate did not pass this version"),
    "body_too_large": Kind(413, "The body is too large"),
    "too_much": Kind(413, "There are too many items in one call"),
    "refused": Kind(422, "The input cannot be accepted"),
    "bad_request": Kind(422, "Fields are missing or not what they should be"),
    "empty_draft": Kind(422, "The draft has no text"),
    "bad_record": Kind(422, "A record cannot be read"),
    "bad_address": Kind(422, "Nothing is sent to this address from here"),
    "bad_field": Kind(422, "A field is not what its format says"),
    "bad_file": Kind(422, "A file cannot be read"),
    "person_erased": Kind(422, "Whoever wrote this was erased since"),
    "bad_forum_name": Kind(422, "This cannot name a forum"),
    "idempotency_conflict": Kind(422, "The Idempotency-Key belongs to another request"),
    "too_many_requests": Kind(429, "There were too many calls in a short time"),
    "internal": Kind(500, "Something went wrong here"),
    "seal_broken": Kind(500, "What is kept sealed cannot be opened"),
    "job_lost": Kind(500, "The process that did the work is gone"),
    "send_failed": Kind(502, "Another system could not be reached"),
    "unavailable": Kind(503, "A part of the service is missing"),
    "bundle_refused": Kind(503, "A model's files are not what was published"),
    "erasures_altered": Kind(503, "The log of erasures is not what was written"),
    "canaries_failed": Kind(503, "Known answers are not found"),
    "encoder_missing": Kind(503, "The encoder cannot be opened"),
    "encoder_altered": Kind(503, "The encoder is not the pinned one"),
    "encoding_failed": Kind(503, "The encoder gives no usable vectors"),
    "index_mismatch": Kind(503, "The index belongs to another encoder"),
    "policy_refused": Kind(503, "The policy cannot be read"),
    "store_unavailable": Kind(503, "The database cannot be used"),
    "too_busy": Kind(503, "Too many wait for the same slow work"),
    "too_many_streams": Kind(503, "Too many streams of events are open"),
}

_HEADERS: Mapping[str, Mapping[str, str]] = {
    "no_key": {"WWW-Authenticate": "Bearer"},
    "unknown_key": {"WWW-Authenticate": 'Bearer error="invalid_token"'},
    "bad_visitor": {"WWW-Authenticate": "Bearer"},
    "idempotency_pending": {"Retry-After": "1"},
    "too_busy": {"Retry-After": "5"},
}
_SOON = {"Retry-After": "5"}


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field."""

    field: str
    problem: str


class Problem(Exception):
    """A failure that only HTTP knows; those of the domain are TriageErrors."""

    def __init__(
        self,
        code: str,
        detail: str,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.headers = dict(headers or {})
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)


def bad_request(errors: Sequence[FieldProblem]) -> Problem:
    """Return the problem of a request with wrong fields."""
    names = ", ".join(dict.fromkeys(f"`{e.field}`" for e in errors[:MOST_FIELDS]))
    return Problem("bad_request", f"Correct {names} and send it again.", errors[:MOST_FIELDS])


def body_too_large(limit: int) -> Problem:
    """Return the problem of a body beyond its limit."""
    return Problem("body_too_large", f"At most {limit} bytes are taken here. Send less at once.")


def field_problems(found: Sequence[Mapping[str, Any]]) -> list[FieldProblem]:
    """Return what pydantic found wrong, field by field, without what was sent."""
    return [
        FieldProblem(".".join(str(part) for part in one["loc"]) or "body", _said(one))
        for one in found
    ]


def _said(one: Mapping[str, Any]) -> str:
    message: str = one["msg"]
    if one["type"] == "union_tag_invalid":
        # Pydantic's own words repeat what was sent.
        return f"{one['ctx']['discriminator']} should be one of {one['ctx']['expected_tags']}"
    return message


def problem_response(
    code: str,
    detail: str,
    request_id: str,
    errors: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the response that tells a problem."""
    kind = PROBLEMS[code]
    body: dict[str, Any] = {
        "type": f"urn:triage:problem:{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    if errors:
        body["errors"] = [asdict(e) for e in errors]
    more = _SOON if kind.status == 503 else _HEADERS.get(code, {})
    return Response(
        json.dumps(body, ensure_ascii=False).encode(errors="replace"),
        status_code=kind.status,
        headers={**more, **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says about the problems that an endpoint can give."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        kind = PROBLEMS[code]
        response = by_status.setdefault(
            kind.status,
            {
                "description": "",
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"$ref": "#/components/schemas/ProblemReply"},
                        "examples": {},
                    }
                },
            },
        )
        response["description"] += (
            f"{' ' if response['description'] else ''}`{code}`: {kind.title}."
        )
        response["content"][MEDIA_TYPE]["examples"][code] = {"value": _example(code)}
    return by_status


def _example(code: str) -> dict[str, Any]:
    example: dict[str, Any] = {
        "type": f"urn:triage:problem:{code}",
        "title": PROBLEMS[code].title,
        "status": PROBLEMS[code].status,
        "detail": "A sentence that says what to do.",
        "code": code,
        "request_id": "9f1c2b7a55d04f3c8a2e6d1b0c4f7e90",
    }
    if code == "bad_request":
        example["errors"] = [{"field": "title", "problem": "Input should be a valid string"}]
    return example
