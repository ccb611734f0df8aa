"""/widget/…: the scripts and words that the pages of other sites load.

In: a name and, in the address, the digest of what is meant. Out: the file, for every site to read
and to check by its integrity. With the digest of what there is now a browser keeps it for good,
otherwise it asks again after minutes.
Not here: what the files are made of (triage.web.widget).
"""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from triage.api.replies import takes_gzip
from triage.web import widget

router = APIRouter(include_in_schema=False)

_FOR_EVERY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}
_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_MINUTES = "public, max-age=300"


@router.get("/widget/manifest.json")
def get_manifest(request: Request) -> Response:
    """Return the integrity and the size of every file."""
    return _reply(request, widget.manifest())


@router.get("/widget/words/{lang}.json")
def get_words(request: Request, lang: str) -> Response:
    """Return what the widget says in a language."""
    return _found(request, f"words/{lang}.json")


@router.get("/widget/{name}")
def get_script(request: Request, name: str) -> Response:
    """Return a script."""
    return _found(request, name)


def _found(request: Request, name: str) -> Response:
    try:
        file = widget.widget_file(name)
    except KeyError as error:
        raise HTTPException(404) from error
    return _reply(request, file)


def _reply(request: Request, file: widget.WidgetFile) -> Response:
    # The bytes differ by encoding, what they say does not: the tag is a weak one.
    tag = f'W/"{file.digest}"'
    # A plus sign in an address is a blank to whoever reads it.
    exact = request.query_params.get("v", "").replace(" ", "+") == file.digest
    headers = {
        **_FOR_EVERY_SITE,
        "Cache-Control": _FOR_GOOD if exact else _FOR_MINUTES,
        "ETag": tag,
    }
    known = request.headers.get("if-none-match", "")
    if tag in (one.strip() for one in known.split(",")):
        return Response(status_code=304, headers=headers)
    content = file.content
    if takes_gzip(request.headers.get("accept-encoding", "")):
        content, headers["Content-Encoding"] = file.gzipped, "gzip"
    return Response(content, media_type=file.media_type, headers=headers)
