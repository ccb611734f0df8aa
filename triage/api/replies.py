"""What is told -> a reply in JSON, and whether a reply may be packed.

In: a model of a reply; a header of a request. Out: the response that says it; yes or no.
Not here: problems (problems), a reply that is kept for a repeated request (idempotency).
"""

from pydantic import BaseModel
from starlette.responses import Response


def json_reply(told: BaseModel, *, by_alias: bool = False) -> Response:
    """Return the response that tells it, by the names of its fields or by their aliases."""
    return Response(told.model_dump_json(by_alias=by_alias), media_type="application/json")


def takes_gzip(accepted: str) -> bool:
    """Say whether a browser that accepts these codings unpacks gzip; by 0 it weighs it away."""
    for entry in accepted.lower().split(","):
        name, _, weight = entry.strip().partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
