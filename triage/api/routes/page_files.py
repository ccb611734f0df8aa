"""/pages/{name}: the stylesheet and the pictures of all pages.

In: a name. Out: the file. Its address changes with its content, so that browsers keep it.
Not here: pages.
"""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from triage import web

router = APIRouter(include_in_schema=False)

_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.get("/pages/{name}")
def get_page_file(name: str) -> Response:
    """Return a file that pages need."""
    try:
        found = web.asset(name)
    except KeyError as error:
        raise HTTPException(404) from error
    return Response(found.content, media_type=found.media_type, headers=_KEPT)
