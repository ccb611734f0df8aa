"""GET /v1/my: a person's own questions, and for whoever answers for an account, the account's.

In: a visitor, vouched for by a token. Out: a page of their questions; of the account its state,
severity, activity and response times.
Not here: what is in it (my_views), one question (questions), who the visitor is (visitors).
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from triage.api.access import KnownCaller
from triage.api.examples import question as examples
from triage.api.my_views import Whose, my_of
from triage.api.openapi import gives
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.questions import After, Limit
from triage.api.routes.triage import COMMON
from triage.api.schemas.my import MyReply

router = APIRouter(tags=["questions"])


@router.get(
    "/v1/my",
    summary="See one's own questions",
    description="Of the visitor whom the token in `Triage-Visitor` vouches for: their questions,"
    " newest first, and, with the claim `account_admin`, what their account asked in the last year."
    " `whose=account` lists the account's questions instead of their own.",
    response_model=MyReply,
    responses={**gives(examples.MY_REPLY), **documented("bad_request", *COMMON)},
)
def read_my(
    caller: KnownCaller,
    whose: Annotated[Whose, Query(description="Whose questions are listed.")] = "me",
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """Give an overview."""
    return json_reply(my_of(caller, whose, after, limit))
