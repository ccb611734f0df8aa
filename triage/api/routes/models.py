"""/v1/models: the versions of the forum's model, and which of them serves.

In: a lead's or administrator's key. Out: versions, or the change that was made.
Not here: what may happen to versions (registry), training them.
"""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from triage import registry
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import read_body
from triage.api.examples import model as examples
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas.model import (
    ActivationReply,
    ActivationRequest,
    ModelReply,
    ModelRowReply,
    ModelsReply,
    RollbackRequest,
)

router = APIRouter(tags=["learning"])

VersionName = Annotated[str, Path(description="As in `GET /v1/models`.", max_length=40)]
_CHANGES = (
    *(*READS, "body_too_large", "no_version", "no_model", "bundle_refused", "model_changed"),
    *(*ONCE, *COMMON),
)


@router.get(
    "/v1/models",
    summary="List the versions of the model",
    description="Newest first. A version whose files are missing, altered or not signed by this"
    " installation is listed with its trouble.",
    response_model=ModelsReply,
    responses={**gives(examples.MODELS_REPLY), **documented(*COMMON)},
)
def get_models(caller: KnownCaller) -> Response:
    """List the versions."""
    found = registry.list_versions(registry_of(caller))
    reply = ModelsReply(models=[ModelRowReply.of(version) for version in found])
    return json_reply(reply)


@router.get(
    "/v1/models/{version}",
    summary="Get a version of the model",
    description="Its model card, measures and verdict, and what happened to it.",
    response_model=ModelReply,
    responses={
        **gives(examples.MODEL_REPLY),
        **documented("no_version", "bundle_refused", "bad_request", *COMMON),
    },
)
def get_model(caller: KnownCaller, version: VersionName) -> Response:
    """Return one version."""
    reply = ModelReply.of(registry.show(registry_of(caller), version))
    return json_reply(reply)


@router.post(
    "/v1/models/{version}/activate",
    summary="Make a version live",
    description="It is opened and asked its smoke questions first; when it fails, nothing changes."
    " A version that the gate did not pass needs `force` with the reason, which is recorded. Calls"
    " that are being answered end with the version that they began with.",
    response_model=ActivationReply,
    responses={**gives(examples.ACTIVATION_REPLY), **documented("verdict_against", *_CHANGES)},
    openapi_extra=takes(ActivationRequest, examples.ACTIVATION_REQUEST),
)
def activate(caller: KnownCaller, version: VersionName, request: SentOnce) -> Response:
    """Make a version live."""
    asked = read_body(request.body, ActivationRequest)

    def act() -> str:
        done = registry.activate(
            registry_of(caller),
            version,
            caller.desk.serving.encoder,
            by=caller.actor,
            reason=asked.reason,
            force=asked.force,
            instead_of=asked.instead_of,
        )
        return ActivationReply.of(done).model_dump_json()

    return once(caller, request, act)


@router.post(
    "/v1/models/rollback",
    summary="Go back to the version before",
    description="To the version that was live before this one; sent again, with another"
    " Idempotency-Key, it goes back further.",
    response_model=ActivationReply,
    responses={**gives(examples.ACTIVATION_REPLY), **documented("no_former_version", *_CHANGES)},
    openapi_extra=takes(RollbackRequest, examples.ROLLBACK_REQUEST),
)
def rollback(caller: KnownCaller, request: SentOnce) -> Response:
    """Go back to the version that was live before."""
    asked = read_body(request.body, RollbackRequest)

    def act() -> str:
        done = registry.rollback(
            registry_of(caller),
            caller.desk.serving.encoder,
            by=caller.actor,
            reason=asked.reason,
            instead_of=asked.instead_of,
        )
        return ActivationReply.of(done).model_dump_json()

    return once(caller, request, act)


def registry_of(caller: Caller) -> registry.Registry:
    """Return the versions of the caller's forum."""
    settings = caller.installation.settings
    database = caller.installation.database()
    return registry.Registry(database, caller.forum.name, settings.models_dir, settings.signer)
