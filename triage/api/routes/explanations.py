"""GET /v1/triage/{triage_id}/explanation: why a question was labelled as it was, for leads.

In: a checked caller and the id of a reply. Out: an explanation, made anew. Askers never see it: it
tells of cases, and of words that cases had.
Not here: making it (explanation), its fields (schemas.explanation).
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from triage.api.access import KnownCaller
from triage.api.examples import asking as examples
from triage.api.openapi import gives
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON
from triage.api.schemas.explanation import ExplanationReply, read_against
from triage.explanation import Wanted, explain_question, find_triage
from triage.kept import kept_question

router = APIRouter(tags=["learning"])

TriageId = Annotated[str, Path(description="Of one of this forum's replies.", max_length=64)]
Against = Annotated[
    list[str] | None,
    Query(
        description="A class to compare a prediction with instead of its runner-up, as"
        " `kind:bug`; once for each target.",
        max_length=10,
    ),
]


@router.get(
    "/v1/triage/{triage_id}/explanation",
    summary="Explain a triage",
    description="Labels the kept question anew with the model that is live and says what moved"
    " each prediction: the contributions are exact and add up. With them come the labelled cases"
    " whose texts are nearest. For keys of leads and administrators alone.",
    response_model=ExplanationReply,
    responses={
        **gives(examples.EXPLANATION_REPLY),
        **documented("no_triage", "bad_field", "bad_request", *COMMON),
    },
)
def explain_triage(caller: KnownCaller, triage_id: TriageId, against: Against = None) -> Response:
    """Explain one kept triage."""
    database, forum = caller.installation.database(), caller.forum
    wanted = Wanted(None if caller.reads_all else frozenset(), read_against(against or ()))
    row = find_triage(database, forum.id, triage_id)
    found = explain_question(database, forum.id, caller.desk.parts(), kept_question(row), wanted)
    reply = ExplanationReply.of(found, row, reads_all=caller.reads_all)
    return json_reply(reply)
