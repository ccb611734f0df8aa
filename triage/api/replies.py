"""What is told -> a reply in JSON.

In: a model of a reply. Out: the response that says it.
Not here: problems (problems), a reply that is kept for a repeated request (idempotency).
"""

from pydantic import BaseModel
from starlette.responses import Response


def json_reply(told: BaseModel, *, by_alias: bool = False) -> Response:
    """Return the response that tells it, by the names of its fields or by their aliases."""
    return Response(told.model_dump_json(by_alias=by_alias), media_type="application/json")
