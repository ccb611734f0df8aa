"""/v1/profile and /v1/profiles: the name that a forum person chose, and their standing under it.

In: somebody whom the forum vouches for. Out: how others see them; never hash, account or own name.
Not here: which names may be chosen, what a standing is (profiles).
"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from triage import store
from triage.api.access import KnownCaller
from triage.api.bodies import Raw, read_body
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, READS
from triage.api.schemas import answer as told
from triage.api.schemas.trust import FACE, FaceReply
from triage.forum_redaction import ForumRedaction
from triage.profiles import choose_name, face_by_id, face_of
from triage.records import Face

router = APIRouter(tags=["ask"])

ProfileId = Annotated[str, Path(description="Of a face in another reply.", max_length=64)]


@router.put(
    "/v1/profile",
    summary="Choose a display name",
    description="Under which others know somebody, apart from the forum's name for them and from"
    " their company, which stays hidden unless they show it. Only of somebody whom the forum"
    " vouches for. Null gives the name up.",
    response_model=told.ProfileReply,
    responses={
        **gives(told.PROFILE),
        **documented(*READS, "bad_field", "name_taken", "body_too_large", *COMMON),
    },
    openapi_extra=takes(told.ProfileRequest, told.PROFILE_REQUEST),
)
def put_profile(caller: KnownCaller, body: Raw) -> Response:
    """Keep a name, or give it up."""
    asked = read_body(body, told.ProfileRequest)
    person = caller.somebody(asked.user)
    caller.take_turn(None)
    ours, forum_id = caller.installation, caller.forum.id
    redaction = ForumRedaction(ours.database(), forum_id, ours.settings.redaction).now()
    with ours.database().write() as c:
        if asked.display_name is None:
            store.drop_profile(c, forum_id, person)
        else:
            choose_name(
                c,
                forum_id,
                person,
                asked.display_name,
                company_shown=asked.company_shown,
                redaction=redaction,
                hash_person=caller.hash_person,
                at=datetime.now(UTC),
            )
        return _profile(face_of(c, forum_id, person))


@router.get(
    "/v1/profile",
    summary="Get one's own profile",
    description="How others see whoever the token in `Triage-Visitor` speaks of; nobody without.",
    response_model=told.ProfileReply,
    responses={**gives(told.PROFILE), **documented(*COMMON)},
)
def get_profile(caller: KnownCaller) -> Response:
    """Give the caller's own face."""
    person = caller.person(None)
    with caller.installation.database().read() as c:
        return _profile(face_of(c, caller.forum.id, person) if person is not None else None)


@router.get(
    "/v1/profiles/{profile_id}",
    summary="Get somebody's profile",
    description="As everybody sees it: a chosen name, a standing, and how many were helped.",
    response_model=FaceReply,
    responses={**gives(FACE), **documented("no_profile", "bad_request", *COMMON)},
)
def get_profile_of(caller: KnownCaller, profile_id: ProfileId) -> Response:
    """Give the face of a profile."""
    with caller.installation.database().read() as c:
        face = face_by_id(c, caller.forum.id, profile_id)
    return json_reply(FaceReply.of(face))


def _profile(face: Face | None) -> Response:
    seen = FaceReply.of(face) if face is not None else None
    return json_reply(told.ProfileReply(profile=seen))
