"""The thread that files questions in other systems, and follows what becomes of them there.

In: the store, how a forum's desk is had, settings as values. Out: work done as long as the server
lives, from when there is a channel for it; where a part is missing it begins again a little later.
Not here: the work (filing), what is delivered without a question's words (delivering).
"""

import asyncio
from collections.abc import Callable

from triage import store
from triage.api.errands.loops import AGAIN_SECONDS, LoopErrand
from triage.connect.outgoing import Outgoing
from triage.desk import Desk
from triage.errors import TriageError
from triage.filing import KINDS, Around, Opened, work
from triage.records import Forum
from triage.settings import Settings

_REQUEST_SECONDS = 20.0


class Filing(LoopErrand):
    """Files, and looks, as long as the server lives."""

    name = "filing"
    look_seconds = 1.0

    def __init__(
        self,
        settings: Settings,
        database: Callable[[], store.Database],
        desk: Callable[[Forum], Desk],
    ) -> None:
        super().__init__()
        self._settings = settings
        self._database = database
        self._desk = desk

    def _is_needed(self) -> bool:
        with self._database().read() as c:
            return store.has_channels(c, KINDS)

    async def _work(self, stop: asyncio.Event) -> None:
        ours, database = self._settings, self._database()
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
            await asyncio.sleep(AGAIN_SECONDS)
            try:
                same = await asyncio.to_thread(self._database) is database
            except TriageError:
                continue
            if not same:
                stop.set()
