"""The thread that reads what other forums say has changed, a moment after they say it.

In: the store, a way to a forum's shelf, settings as values. Out: topics read as long as the server
lives. Each site has a turn of its own: one that is slow or gone holds up neither another site nor
anything else that the server does.
Not here: the look itself (importing.told), taking in what is told (routes.incoming).
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from triage import store
from triage.api.errands.loops import LoopErrand
from triage.channels import open_channel
from triage.connect.outgoing import Outgoing
from triage.errors import TriageError
from triage.importing.shelves import ThreadShelf
from triage.importing.told import KINDS, Opened, look_at_told
from triage.records import Forum
from triage.settings import Settings

_log = logging.getLogger(__name__)
_REQUEST_SECONDS = 10.0

Channel = tuple[int, str]


class Told(LoopErrand):
    """Looks at what was told as long as the server lives; what is broken off is looked at again."""

    name = "told"
    look_seconds = 0.2

    def __init__(
        self,
        settings: Settings,
        database: Callable[[], store.Database],
        shelf_of: Callable[[Forum], ThreadShelf],
    ) -> None:
        super().__init__()
        self._settings = settings
        self._database = database
        self._shelf_of = shelf_of

    async def _work(self, stop: asyncio.Event) -> None:
        turns: dict[Channel, asyncio.Task[None]] = {}
        async with Outgoing(self._settings.outbound, timeout=_REQUEST_SECONDS) as outgoing:
            try:
                while not stop.is_set():
                    turns = {c: turn for c, turn in turns.items() if not turn.done()}
                    for channel in await asyncio.to_thread(self._due):
                        if channel not in turns:
                            turns[channel] = asyncio.create_task(self._look(channel, outgoing))
                    with suppress(TimeoutError):
                        await asyncio.wait_for(stop.wait(), self.look_seconds)
            finally:
                for turn in list(turns.values()):
                    turn.cancel()
                    with suppress(asyncio.CancelledError):
                        await turn

    def _due(self) -> list[Channel]:
        with self._database().read() as c:
            return store.channels_told(c, KINDS, datetime.now(UTC))

    async def _look(self, channel: Channel, outgoing: Outgoing) -> None:
        """Have one channel's turn; whatever is wrong with it is its own."""
        try:
            await self._turn(channel, outgoing)
        except TriageError as error:
            _log.warning("told_waits channel=%s code=%s", channel[1], error.code)
        except Exception as error:
            _log.error("told_failed channel=%s class=%s", channel[1], type(error).__qualname__)

    async def _turn(self, channel: Channel, outgoing: Outgoing) -> None:
        database, (forum_id, channel_id) = self._database(), channel

        def opened_forum() -> tuple[Forum, ThreadShelf] | None:
            with database.read() as c:
                found = [one for one in store.list_forums(c) if one.id == forum_id]
            return (found[0], self._shelf_of(found[0])) if found else None

        there = await asyncio.to_thread(opened_forum)
        if there is None:
            return
        forum, shelf = there

        def opened(row: store.ChannelRow) -> Opened:
            found = open_channel(row, forum, self._settings.person_key)
            return found.address, found.secrets

        where, now = (database, forum_id, shelf), datetime.now(UTC)
        looked = await look_at_told(*where, opened, outgoing, now, channel_id)
        _log.info("told forum=%s read=%d", forum.name, looked.done)
        for code, count in (looked.later or {}).items():
            _log.warning("told_later forum=%s code=%s topics=%d", forum.name, code, count)
