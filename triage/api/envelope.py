"""What every request gets: an id, a line in the log, careful headers, and an answer to any fault.

In: an ASGI application. Out: the same application. The log names the route, never the address
with its parameters, and never anything of a body.
Not here: expected failures (faults).
"""

import logging
import re
import secrets
import time
import traceback

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from triage.api.problems import problem_response

_log = logging.getLogger(__name__)
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_GONE = 499

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none';"
    " form-action 'none'",
    "Cache-Control": "no-store",
}


class Envelope:
    """The outermost layer that is ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 0

        async def send_wrapped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(MutableHeaders(scope=message), request_id)
            await send(message)

        try:
            await self._app(scope, receive, send_wrapped)
        except ClientDisconnect:
            status = status or _GONE
        except Exception as fault:
            _log_fault(fault, request_id)
            if status == 0:
                detail = "This is our fault. Tell your administrator the request id."
                response = problem_response("internal", detail, request_id)
                await response(scope, receive, send_wrapped)
        finally:
            _log_request(scope, status, time.perf_counter() - started)


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _SANE_ID.fullmatch(given) else secrets.token_hex(16)


def _complete(headers: MutableHeaders, request_id: str) -> None:
    headers["X-Request-Id"] = request_id
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


def _log_fault(fault: Exception, request_id: str) -> None:
    # Where it happened, not its message: that may quote what was sent.
    stack = "".join(traceback.format_tb(fault.__traceback__))
    _log.error("fault id=%s class=%s\n%s", request_id, type(fault).__qualname__, stack)


def _log_request(scope: Scope, status: int, seconds: float) -> None:
    state = scope["state"]
    _log.info(
        "request method=%s route=%s status=%d ms=%.1f id=%s key=%s",
        scope["method"],
        getattr(scope.get("route"), "path", "-"),
        status,
        seconds * 1000,
        state["request_id"],
        state.get("key_prefix", "-"),
    )
