"""Which sites' pages may call from a browser: those that some publishable key names.

In: the Origin header. Out: the answer to a browser's question beforehand (preflight), and the
headers without which it keeps a reply from the page. A preflight brings no key, so it is answered
for the sites of all forums; the key itself is held against its own sites (access). Only what a
publishable key reaches can be called, and cookies are never let through.
Not here: which endpoints those are (matrix).
"""

import time
from collections.abc import Callable, Collection

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from triage.api.matrix import MATRIX, SESSION_HEADER, VISITOR_HEADER
from triage.api.problems import problem_response
from triage.errors import TriageError, WrongOrigin

_TAKEN = (
    "Authorization, Content-Type, Idempotency-Key,"
    f" {SESSION_HEADER}, {VISITOR_HEADER}, X-Request-Id"
)
_SHOWN = "Idempotency-Replayed, Retry-After, X-Request-Id"
_KEPT_SECONDS = "600"
_FRESH_SECONDS = 5.0


class AllowedOrigins:
    """Every site that some publishable key names, read anew every few seconds."""

    def __init__(self, read: Callable[[], frozenset[str]]) -> None:
        self._read = read
        self._origins: frozenset[str] = frozenset()
        self._read_at: float | None = None

    async def has(self, origin: str) -> bool:
        """Say whether pages of a site may call."""
        now = time.monotonic()
        if self._read_at is None or now - self._read_at >= _FRESH_SECONDS:
            try:
                self._origins = await run_in_threadpool(self._read)
            except TriageError:
                # The call itself tells what is missing; until then, those known before.
                return origin in self._origins
            self._read_at = now
        return origin in self._origins


class CrossOrigin:
    """Answers preflights, and lets pages of named sites read the replies."""

    def __init__(self, app: ASGIApp, allowed: AllowedOrigins) -> None:
        self._app = app
        self._allowed = allowed
        self._reached = [
            (method, compile_path(path)[0])
            for (method, path), access in MATRIX.items()
            if access is not None and access.publishable
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        origin = headers.get("origin")
        methods = self._methods(scope["path"]) if origin is not None else ()
        if origin is None or not methods:
            await self._app(scope, receive, send)
            return
        allowed = await self._allowed.has(origin)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            response = _preflight(origin, methods, allowed, scope["state"]["request_id"])
            await response(scope, receive, send)
            return

        async def send_readable(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                told.add_vary_header("Origin")
                # What a secret key was told is no page's to read.
                if allowed and not scope["state"].get("secret_key", False):
                    told["Access-Control-Allow-Origin"] = origin
                    told["Access-Control-Expose-Headers"] = _SHOWN
            await send(message)

        await self._app(scope, receive, send_readable)

    def _methods(self, path: str) -> Collection[str]:
        return [method for method, pattern in self._reached if pattern.match(path)]


def _preflight(origin: str, methods: Collection[str], allowed: bool, request_id: str) -> Response:
    if not allowed:
        refused = WrongOrigin()
        response = problem_response(refused.code, str(refused), request_id)
    else:
        response = Response(status_code=204)
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
        response.headers["Access-Control-Allow-Headers"] = _TAKEN
        response.headers["Access-Control-Max-Age"] = _KEPT_SECONDS
    response.headers["Vary"] = (
        "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
    )
    return response
