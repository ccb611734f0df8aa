"""Raw bytes -> a checked request.

In: the bytes of a body, a model. Out: an instance of it. Done in a worker thread, not while the
event loop waits: a batch of threads takes a while to read.
Not here: how large a body may be (limits).
"""

import json
import re
from typing import Annotated, TypeVar

from fastapi import Depends
from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from triage.api.problems import Problem, bad_request, field_problems

Model = TypeVar("Model", bound=BaseModel)

_HALF_PAIR = re.compile("[\ud800-\udfff]")


async def raw_body(request: Request) -> bytes:
    """Read the body of a request."""
    return await request.body()


Raw = Annotated[bytes, Depends(raw_body)]


def read_body(raw: bytes, model: type[Model]) -> Model:
    """Return the request in a body.

    Raises Problem: `bad_encoding`, `bad_json`, or `bad_request` with the fields concerned.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(
            "bad_encoding", f"The body is not UTF-8 at byte {error.start}. Send JSON in UTF-8."
        ) from None
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        return _read_again(text, model)
    raise bad_request(field_problems(found))


def _read_again(text: str, model: type[Model]) -> Model:
    """Read a body whose only fault may be halves of surrogate pairs.

    Browsers send them where a text was cut within an emoji; that must not cost a suggestion.
    """
    try:
        mended = _HALF_PAIR.sub("\ufffd", json.dumps(json.loads(text), ensure_ascii=False))
    except (ValueError, RecursionError):
        raise Problem("bad_json", "The body is not JSON. Send one JSON object.") from None
    try:
        return model.model_validate_json(mended)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        raise Problem("bad_json", "The body is not JSON. Send one JSON object.")
    raise bad_request(field_problems(found))
