"""The description of the API that programs read.

In: the routes and the schemas. Out: one OpenAPI document.
Bodies are read in worker threads and not by FastAPI (see bodies), so that what they look like is
said here.
Not here: the page that shows it (routes.docs).
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from triage.api.introduction import INTRODUCTION, callers_of
from triage.api.matrix import MATRIX, VISITOR_HEADER
from triage.api.schemas.answer import ProfileRequest, ReviewRequest, VoteRequest
from triage.api.schemas.channel import ChannelBody
from triage.api.schemas.delivery import ReplayRequest
from triage.api.schemas.drift import DriftSeenRequest
from triage.api.schemas.event import BeaconBody, EventBatchBody
from triage.api.schemas.follow_up import AskerBody, FollowUpReplyBody, OptOutBody
from triage.api.schemas.gap import GapRequest
from triage.api.schemas.issue import IssueBody, NewIssueBody, PublishRequest, WithdrawRequest
from triage.api.schemas.measuring import HoldoutRequest, SettleRequest
from triage.api.schemas.model import ActivationRequest, RollbackRequest
from triage.api.schemas.notification import NotificationSettingsRequest, ReadRequest
from triage.api.schemas.person import ErasureRequest, PersonRequest
from triage.api.schemas.policy import (
    PolicyActivateRequest,
    PolicyDiscardRequest,
    PolicyDraftRequest,
    PolicySimulateRequest,
)
from triage.api.schemas.proposal import ApprovalRequest, RefusalRequest
from triage.api.schemas.question import ChangeRequest, QuestionRequest
from triage.api.schemas.report import BaselineRequest, CloseRequest
from triage.api.schemas.review import DecisionRequest
from triage.api.schemas.rule import RulesBody, SeenRequest
from triage.api.schemas.thread import ThreadBatchBody, ThreadBody
from triage.api.schemas.together import NotMineRequest, SplitRequest
from triage.api.schemas.training import TrainingRequest
from triage.api.schemas.triage import Told, TriageRequest

_REF = "#/components/schemas/{model}"
TAGS = [
    {"name": "ask", "description": "Before a question is posted, and what came of it."},
    {"name": "knowledge", "description": "The threads that are suggested."},
    {"name": "learning", "description": "Why models say what they say, and how they are made."},
    {"name": "together", "description": "What many have in common: known issues, same questions."},
    {"name": "notifications", "description": "What a person is told, and in which way."},
    {"name": "questions", "description": "What becomes of a question after it was posted."},
    {
        "name": "policy",
        "description": "By which rules questions go where, and what others would do.",
    },
    {"name": "measuring", "description": "What suggestions do: the holdout, what is put aside."},
    {"name": "privacy", "description": "What is kept of a person: to see it, and to remove it."},
    {
        "name": "hand-over",
        "description": "Other systems that are told of questions, and whether it arrived.",
    },
    {"name": "operation", "description": "Whether the server lives and can serve."},
]


class ErrorField(Told):
    """What is wrong with one field."""

    field: str
    problem: str


class ProblemReply(Told):
    """A failure, as RFC 9457 has it. `code` is stable; `detail` says what to do."""

    type: str = Field(description="`urn:triage:problem:` and the code")
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[ErrorField] = Field([], description="Only where fields are concerned.")


# Read with the key and not as a parameter, since every endpoint takes it (access).
_VISITOR = {
    "name": VISITOR_HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "A token that the forum's server signed for whoever asks: its user, account and"
    " groups are believed with any key.",
}
_BODIES: tuple[type[BaseModel], ...] = (
    TriageRequest,
    ThreadBody,
    ThreadBatchBody,
    EventBatchBody,
    BeaconBody,
    AskerBody,
    FollowUpReplyBody,
    OptOutBody,
    QuestionRequest,
    ChangeRequest,
    RulesBody,
    SeenRequest,
    DriftSeenRequest,
    IssueBody,
    NewIssueBody,
    PublishRequest,
    WithdrawRequest,
    SplitRequest,
    GapRequest,
    DecisionRequest,
    NotMineRequest,
    ReadRequest,
    NotificationSettingsRequest,
    ChannelBody,
    ReplayRequest,
    VoteRequest,
    ReviewRequest,
    ApprovalRequest,
    RefusalRequest,
    ProfileRequest,
    TrainingRequest,
    ErasureRequest,
    PersonRequest,
    ActivationRequest,
    RollbackRequest,
    PolicyDraftRequest,
    PolicyActivateRequest,
    PolicyDiscardRequest,
    PolicySimulateRequest,
    HoldoutRequest,
    SettleRequest,
    CloseRequest,
    BaselineRequest,
    ProblemReply,
)


def takes(model: type[BaseModel], example: Mapping[str, Any]) -> dict[str, Any]:
    """Return what OpenAPI says about the body that an endpoint takes."""
    content = {"schema": {"$ref": _REF.format(model=model.__name__)}, "example": example}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def gives(example: Mapping[str, Any], status: int = 200) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says about the reply of success, beside its schema."""
    return {status: {"content": {"application/json": {"example": example}}}}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the whole description."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=INTRODUCTION,
        routes=app.routes,
        tags=TAGS,
    )
    _, bodies = models_json_schema([(m, "validation") for m in _BODIES], ref_template=_REF)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in bodies["$defs"].items():
        schemas.setdefault(name, schema)
    for (method, path), access in MATRIX.items():
        operation = document["paths"].get(path.replace(":path", ""), {}).get(method.lower())
        if operation is None:  # a page for people
            continue
        operation["description"] += f"\n\n{callers_of(access)}"
        if access is not None and access.publishable:
            operation.setdefault("parameters", []).append(_VISITOR)
    return document
