"""Server-sent events: what changes is told to who keeps a connection open.

In: a function that says how things stand now. Out: a stream of text events: one on every change, a
comment now and then so that nobody thinks the connection dead. An event holds everything and its
id is made of what it holds, so that who reconnects, to any server, is told only what is new.
Not here: what is told of (routes), who may listen (access).
"""

import asyncio
import hashlib
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from triage.api.problems import Problem
from triage.errors import TriageError

_log = logging.getLogger(__name__)
MOST_STREAMS = 32
LOOK_SECONDS = 0.5
HEARTBEAT_SECONDS = 10.0
MEDIA_TYPE = "text/event-stream"
# A proxy that gathers a reply before it passes it on would hold events back.
_HEADERS = {"X-Accel-Buffering": "no"}
_RETRY = "retry: 2000\n\n"
_COMMENT = ": still here\n\n"


@dataclass(frozen=True, slots=True)
class State:
    """How things stand: one line of JSON, and whether nothing can change any more."""

    name: str
    data: str
    final: bool

    @property
    def id(self) -> str:
        """What is equal for equal states."""
        return hashlib.sha256(self.data.encode()).hexdigest()[:16]

    def event(self) -> str:
        """Return it as it is sent."""
        return f"id: {self.id}\nevent: {self.name}\ndata: {self.data}\n\n"


class EventStreams:
    """The open streams of one server: no more than so many, and none once it stops."""

    def __init__(self, most: int = MOST_STREAMS) -> None:
        self.closed = False
        self._most = most
        self._open = 0
        self._lock = threading.Lock()

    @property
    def open(self) -> int:
        """How many there are."""
        return self._open

    def enter(self) -> None:
        """Count one more. Raises Problem when there are too many."""
        with self._lock:
            if self.closed or self._open >= self._most:
                detail = f"At most {self._most} are open at once. Close one, or ask now and then."
                raise Problem("too_many_streams", detail)
            self._open += 1

    def leave(self) -> None:
        """Count one less."""
        with self._lock:
            self._open -= 1

    def close(self) -> None:
        """Have every stream end within a second; a server that stops waits for them."""
        self.closed = True


class EventStream(StreamingResponse):
    """One open stream. `look` and `may_listen` are called in a worker thread."""

    media_type = MEDIA_TYPE

    def __init__(
        self,
        streams: EventStreams,
        look: Callable[[], State],
        may_listen: Callable[[], bool],
        last_id: str | None,
    ) -> None:
        streams.enter()
        self._streams = streams
        super().__init__(_events(streams, look, may_listen, last_id), headers=_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the last one, or until the listener is gone."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.leave()


async def _events(
    streams: EventStreams,
    look: Callable[[], State],
    may_listen: Callable[[], bool],
    last_id: str | None,
) -> AsyncIterator[str]:
    yield _RETRY
    beaten = time.monotonic()
    while not streams.closed:
        try:
            state = await run_in_threadpool(look)
            if state.id != last_id:
                last_id = state.id
                yield state.event()
            if state.final:
                return
            if time.monotonic() - beaten >= HEARTBEAT_SECONDS:
                beaten = time.monotonic()
                if not await run_in_threadpool(may_listen):
                    return
                yield _COMMENT
        except TriageError as error:
            # The listener comes back by itself, and is then told what is missing.
            _log.warning("stream_ended code=%s", error.code)
            return
        await asyncio.sleep(LOOK_SECONDS)
