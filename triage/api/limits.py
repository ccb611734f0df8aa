"""How large a body may be, checked before and while it arrives.

In: an ASGI application and the limit of each address. Out: the same application, which never
holds more than that. Pure ASGI, since anything else would read the body first.
Not here: how many items a batch may have (the endpoints).
"""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from triage.api.problems import FieldProblem, Problem, bad_request, body_too_large, problem_response
from triage.settings import Settings

# A sender that is cut off in the middle of its body does not read the answer.
_DRAINED_BYTES = 8_388_608
_BATCHES = ("/v1/threads", "/v1/events")
# What other systems tell holds whole articles; it is read by nobody but for an id.
_INCOMING, _INCOMING_BYTES = "/v1/incoming/", 1_048_576

LimitOf = Callable[[str], int]


def limits_of(settings: Settings) -> LimitOf:
    """Return the function that says how many bytes an address takes."""

    def limit_of(path: str) -> int:
        if path.startswith(_INCOMING):
            return max(settings.max_body_bytes, _INCOMING_BYTES)
        return settings.max_batch_bytes if path.startswith(_BATCHES) else settings.max_body_bytes

    return limit_of


class BodyLimit:
    """Refuses what is too large: by its stated length, and while it is read."""

    def __init__(self, app: ASGIApp, limit_of: LimitOf) -> None:
        self._app = app
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        problem = _stated_problem(Headers(scope=scope), limit)
        if problem is None:
            await self._app(scope, _counted(receive, limit), send)
            return
        await _drain(receive)
        request_id = scope["state"]["request_id"]
        response = problem_response(problem.code, problem.detail, request_id, problem.errors)
        await response(scope, receive, send)


def _stated_problem(headers: Headers, limit: int) -> Problem | None:
    stated = headers.get("content-length")
    if stated is None:
        return None
    if not (stated.isascii() and stated.isdigit()):
        return bad_request([FieldProblem("Content-Length", "is no number")])
    # The length of a number with very many digits is not worth knowing.
    return body_too_large(limit) if len(stated) > 18 or int(stated) > limit else None


def _counted(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def receive_counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            if message.get("more_body", False):
                await _drain(receive)
            raise body_too_large(limit)
        return message

    return receive_counted


async def _drain(receive: Receive) -> None:
    left = _DRAINED_BYTES
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return
