"""What a forum's Discourse sites have told since the last look -> its threads, kept in step.

In: the queue of what was told. Out: each topic read from its site, and put or removed; what could
not be read is tried again, later each time. What is never read this way is found by the next run
over the whole source.
Not here: who may tell (api), runs over a whole source (reading).
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from triage import store
from triage.connect.discourse import EVERYTHING, Discourse, DiscourseSource, read_wishes
from triage.connect.outgoing import Outgoing
from triage.errors import TriageError
from triage.importing.keeper import Keeper
from triage.importing.reading import read_items, read_source
from triage.importing.shelves import ThreadShelf
from triage.importing.values import Options, SourceName
from triage.records import ChannelKind
from triage.store import ChannelRow, IncomingRow

KINDS = (ChannelKind.DISCOURSE,)
# So many at a turn: what comes in bulk holds up nobody else for long.
_MOST = 100
# Somebody waits behind: a site that is slow now is asked again later.
_TRIES, _LONGEST_WAIT = 2, 5.0
_LATER = tuple(timedelta(seconds=n) for n in (5, 20, 60, 300, 1_800, 3_600, 7_200, 14_400))

_BROKEN = "internal_error"
_log = logging.getLogger(__name__)

Opened = tuple[str, Mapping[str, Any]]
Open = Callable[[ChannelRow], Opened]


@dataclass(frozen=True, slots=True)
class Looked:
    """What one turn did: topics looked at, and those that are tried again, by code."""

    done: int = 0
    later: Mapping[str, int] | None = None


def source_name(channel_id: str) -> SourceName:
    """Name the source that a channel is."""
    return SourceName(f"discourse:{channel_id}", ChannelKind.DISCOURSE.value)


async def look_at_told(
    database: store.Database,
    forum_id: int,
    shelf: ThreadShelf,
    open_channel: Open,
    outgoing: Outgoing,
    now: datetime,
    channel_id: str | None = None,
) -> Looked:
    """Look at what was told by one channel, or by all, side by side."""

    def claimed() -> tuple[list[IncomingRow], dict[str, ChannelRow | None]]:
        with database.write() as c:
            rows = store.claim_incoming(c, forum_id, KINDS, now, _MOST, channel_id)
            told = sorted({row.channel_id for row in rows})
            return rows, {one: store.get_channel(c, forum_id, one) for one in told}

    rows, of = await asyncio.to_thread(claimed)
    turns = [
        _Turn(database, forum_id, shelf, channel, [row for row in rows if row.channel_id == name])
        for name, channel in of.items()
        if channel is not None
    ]
    done = await asyncio.gather(*(turn.look(open_channel, outgoing) for turn in turns))
    later: dict[str, int] = {}
    for codes in done:
        for code in codes:
            later[code] = later.get(code, 0) + 1
    return Looked(len(rows) - sum(later.values()), later)


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one channel has told."""

    database: store.Database
    forum_id: int
    shelf: ThreadShelf
    channel: ChannelRow
    rows: Sequence[IncomingRow]

    async def look(self, open_channel: Open, outgoing: Outgoing) -> list[str]:
        """Look at each; return the codes of those that are tried again."""
        try:
            address, secrets = open_channel(self.channel)
            site = Discourse(outgoing, address, secrets, tries=_TRIES, longest_wait=_LONGEST_WAIT)
            source = DiscourseSource(site, read_wishes(self.channel.options))
            failed = await self._read(source)
        except TriageError as error:
            failed = {row.item: error.code for row in self.rows}
        await asyncio.to_thread(self._settle, failed)
        return list(failed.values())

    async def _read(self, source: DiscourseSource) -> dict[str, str]:
        topics = [row.item for row in self.rows if row.item != EVERYTHING]
        failed: dict[str, str] = {}
        if topics:
            failed |= await self._topics(source, topics)
        if len(topics) < len(self.rows):
            keeper = await asyncio.to_thread(self._keeper, None)
            every = await read_source(source, keeper, lambda _: None)
            if every.stopped is not None:
                failed[EVERYTHING] = every.stopped
        return failed

    async def _topics(self, source: DiscourseSource, topics: Sequence[str]) -> dict[str, str]:
        """Read topics; where one breaks all of it, each by itself, so that it waits alone."""
        try:
            keeper = await asyncio.to_thread(self._keeper, topics)
            read = await read_items(source, keeper, topics)
        except TriageError:
            raise
        except Exception as error:
            # Its message may quote what people wrote.
            kind, where = type(error).__qualname__, self.channel.channel_id
            _log.error("topics_failed channel=%s topics=%d class=%s", where, len(topics), kind)
            if len(topics) == 1:
                return {topics[0]: _BROKEN}
            alone = [await self._topics(source, [one]) for one in topics]
            return {item: code for failed in alone for item, code in failed.items()}
        stopped = {} if read.stopped is None else dict.fromkeys(topics, read.stopped)
        return {**read.failed, **stopped}

    def _keeper(self, only: Sequence[str] | None) -> Keeper[Any]:
        name = source_name(self.channel.channel_id)
        where = self.database, self.forum_id
        return Keeper(*where, name, self.shelf, Options(), only=only)

    def _settle(self, failed: Mapping[str, str]) -> None:
        now = datetime.now(UTC)
        with self.database.write() as c:
            for row in self.rows:
                code = failed.get(row.item)
                if code is None or row.attempts >= len(_LATER):
                    store.settle_incoming(c, self.forum_id, row)
                else:
                    due = now + _LATER[row.attempts]
                    store.put_off_incoming(c, self.forum_id, row, due, code)
