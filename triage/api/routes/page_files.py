"""/pages/{name}: the stylesheet, the pictures and the scripts of all pages.

In: a name. Out: the file. Its address changes with its content, so that browsers keep it.
Not here: pages.
"""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from triage import web
from triage.api.replies import takes_gzip

router = APIRouter(include_in_schema=False)

_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.get("/pages/{name}")
def get_page_file(request: Request, name: str) -> Response:
    """Return a file that pages need, packed where it is large and the browser unpacks it."""
    try:
        found = web.asset(name)
    except KeyError as error:
        raise HTTPException(404) from error
    if found.packed is None:
        return Response(found.content, media_type=found.media_type, headers=_KEPT)
    headers = {**_KEPT, "Vary": "Accept-Encoding"}
    if takes_gzip(request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
        return Response(found.packed, media_type=found.media_type, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)
