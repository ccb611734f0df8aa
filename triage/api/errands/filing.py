"""The thread that files questions in other systems, and follows what becomes of them there.

In: the store, how a forum's desk is had, settings as values. Out: work done as long as the server
lives, from when there is a channel for it; where a part is missing it begins again a little later.
Not here: the work (filing), what is delivered without a question's words (delivering).
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from triage import store
from triage.connect.outgoing import Outgoing
from triage.desk import Desk
from triage.errors import TriageError
from triage.filing import KINDS, Around, Opened, work
from triage.records import Forum
from triage.settings import Settings

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 1.0
_AGAIN_SECONDS = 5.0
_REQUEST_SECONDS = 20.0


class Filing:
    """Files, and looks, as long as the server lives."""

    def __init__(
        self,
        settings: Settings,
        database: Callable[[], store.Database],
        desk: Callable[[Forum], Desk],
    ) -> None:
        self._settings = settings
        self._database = database
        self._desk = desk
        self._stopping = threading.Event()
        self._stop: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="filing")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End what is under way, and return when it has ended."""
        with self._lock:
            self._stopping.set()
            self._stop()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        pause = _LOOK_SECONDS
        while not self._stopping.wait(pause):
            try:
                if not self._is_needed():
                    pause = _LOOK_SECONDS
                    continue
                asyncio.run(self._work())
            except TriageError as error:
                _log.warning("filing_waits code=%s", error.code)
            except Exception as error:
                # Its message may quote what people wrote.
                _log.error("filing_failed class=%s", type(error).__qualname__)
            pause = _AGAIN_SECONDS

    def _is_needed(self) -> bool:
        with self._database().read() as c:
            return store.has_channels(c, KINDS)

    async def _work(self) -> None:
        ours, stop, loop = self._settings, asyncio.Event(), asyncio.get_running_loop()
        database = self._database()
        with self._lock:
            self._stop = lambda: tell(loop, stop)
        if self._stopping.is_set():
            return
        async with Outgoing(ours.outbound, timeout=_REQUEST_SECONDS) as outgoing:
            around = Around(
                database=database,
                outgoing=outgoing,
                installation_key=ours.person_key,
                opened=self._opened,
                public_url=ours.public_url,
                mail=ours.mail,
                redaction=ours.redaction,
            )
            watching = asyncio.create_task(self._watch(database, stop))
            try:
                await work(around, stop)
            finally:
                watching.cancel()

    def _opened(self, forum: Forum) -> Opened:
        desk = self._desk(forum)
        return Opened(desk.parts(), desk.foresight)

    async def _watch(self, database: store.Database, stop: asyncio.Event) -> None:
        """Begin again with the store that the server has opened anew."""
        while not stop.is_set():
            await asyncio.sleep(_AGAIN_SECONDS)
            try:
                same = await asyncio.to_thread(self._database) is database
            except TriageError:
                continue
            if not same:
                stop.set()


def tell(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Set an event of a loop that runs in another thread, or has ended there."""
    # Asked first whether it has ended, it could end before it is told.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)
