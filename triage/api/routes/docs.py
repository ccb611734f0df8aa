"""The page on which people read and try the API; nothing of it comes from another server.

In: nothing. Out: the page, its files (from an installed package), the OpenAPI document.
Not here: what the document says (openapi and every route).
"""

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

router = APIRouter(include_in_schema=False)

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none';"
    " form-action 'none'"
)
# Relative addresses: the page works behind a proxy that serves it below a prefix.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Question triage: API</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<noscript>This page needs JavaScript. The same as a file: <a href="openapi.json">openapi.json</a>.
</noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#api",
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null
});
"""
_PACKAGE = "fastapi_offline"
_FILES = frozenset({"swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"})
_DAY = {"Cache-Control": "public, max-age=86400"}


@router.get("/docs")
def get_page() -> Response:
    """Return the page."""
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _CSP})


@router.get("/docs/{name}")
def get_file(name: str) -> Response:
    """Return one of the files that the page consists of."""
    if name == "start.js":
        return Response(_START, media_type="text/javascript", headers=_DAY)
    path = _folder() / name if name in _FILES else None
    if path is None or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, headers=_DAY)


@router.get("/openapi.json")
def get_description(request: Request) -> Response:
    """Return the OpenAPI document."""
    return JSONResponse(request.app.openapi())


def _folder() -> Path:
    # Found, not imported: the package would bring its own application class along.
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise HTTPException(404)
    return Path(spec.submodule_search_locations[0]) / "static"
