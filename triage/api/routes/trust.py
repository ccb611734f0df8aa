"""/v1/trust: where data is kept, how long, and how it is protected, for programs.

In: nothing; everybody may know. Out: what the installation says of itself.
Not here: what is said (trust), the page (trust_page).
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from triage.api.access import installation_of
from triage.api.examples import asking as examples
from triage.api.openapi import gives
from triage.api.pages.trust import TrustReply, trust_of
from triage.api.problems import documented
from triage.api.replies import json_reply

router = APIRouter(tags=["operation"])


@router.get(
    "/v1/trust",
    summary="Where is data kept, and how?",
    description="Made from the running configuration. Everybody may read it; `/trust` shows the"
    " same to people.",
    response_model=TrustReply,
    responses={**gives(examples.TRUST), **documented("store_unavailable")},
)
def get_trust(request: Request) -> Response:
    """Say where data is kept, and how."""
    reply = trust_of(installation_of(request))
    return json_reply(reply)
