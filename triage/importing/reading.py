"""A source, read item by item -> kept in step.

In: a source (connect.sources) and the keeper of what is known of it. Out: what became of it. What
is listed with its old stamp is not read again. What is not listed any more is asked for one by one,
and removed only where the source itself says that it is gone; too much of it at once not at all,
unless other people may read there than before: what was closed must not stay open here.
Not here: dumps, which are read from start to end (dumps).
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from triage.connect.sources import Source
from triage.errors import BadField, SendFailed
from triage.importing.keeper import Keeper, Read
from triage.importing.values import Imported
from triage.streams import chunks

Progress = Callable[[str], None]

_BATCH = 100
_AT_ONCE = 6
# With these nothing else will get through either.
_STOPPING = frozenset(
    {"login_refused", "address_refused", "unreachable", "bad_certificate", "rate_limited"}
)
# So many failures after each other are not about the items.
_MOST_IN_A_ROW = 10

_Fetched = Mapping[str, object] | None | SendFailed | BadField


async def read_source(
    source: Source,
    keeper: Keeper[Any],
    progress: Progress,
    *,
    whole: bool = False,
    part: bool = False,
) -> Imported:
    """Read what is new in a source; with `whole`, look also for what is gone.

    `part`: the source shows only a part of what it has, so that nothing of it can be known to be
    gone. Raises SendFailed where it cannot even be listed: then nothing is changed.
    """
    imported = keeper.imported
    listing = await source.listed(None if whole else keeper.cursor, progress)
    imported.whole, imported.left_out = listing.complete and not part, listing.left_out
    closed = listing.readers and listing.cursor.get(listing.readers) != (keeper.cursor or {}).get(
        listing.readers
    )
    wanted = keeper.wanted(listing.stamps)
    if not part:
        wanted += [item_id for item_id in keeper.unread() if item_id not in listing.stamps]
    if wanted:
        progress(f"{len(wanted)} to read")
    run = _Run(source, keeper, progress, listing.stamps, len(wanted), part)
    if not await run.read(wanted):
        return imported
    if part:
        await asyncio.to_thread(keeper.finish, keeper.cursor or {})
        return imported
    if listing.complete:
        asked = frozenset(wanted)
        missing = [one for one in keeper.missing(listing.stamps) if one not in asked]
        if not await run.remove(missing, however_many=bool(closed)):
            return imported
    await asyncio.to_thread(keeper.finish, listing.cursor)
    return imported


async def read_items(source: Source, keeper: Keeper[Any], item_ids: Sequence[str]) -> Imported:
    """Read items of which the source has told something: kept as they are now, or removed."""
    await _Run(source, keeper, _untold, {}, len(item_ids)).read(item_ids)
    return keeper.imported


class _Run:
    """One run over a source."""

    def __init__(
        self,
        source: Source,
        keeper: Keeper[Any],
        progress: Progress,
        stamps: Mapping[str, str],
        total: int,
        part: bool = False,
    ) -> None:
        self._source = source
        self._keeper = keeper
        self._progress = progress
        self._stamps = stamps
        self._total = total
        self._part = part
        self._done = 0
        self._failed_in_a_row = 0
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def read(self, item_ids: Collection[str]) -> bool:
        """Read items and keep them; return whether the source lasted."""
        for batch in chunks(item_ids, _BATCH):
            fetched = await self._fetch(batch)
            await asyncio.to_thread(self._keep, fetched)
            self._done += len(fetched)
            self._progress(f"{self._done} of {self._total} read")
            if self._stopped(fetched):
                return False
        return True

    async def remove(self, item_ids: Sequence[str], *, however_many: bool) -> bool:
        """Remove what is not listed any more, where it is confirmed to be gone."""
        keeper, imported = self._keeper, self._keeper.imported
        allowed = however_many or keeper.options.may_go(len(item_ids), len(keeper.known))
        if not allowed:
            imported.held_back, imported.removal_left_out = len(item_ids), True
            self._progress(f"{len(item_ids)} of {len(keeper.known)} are not listed: left as is")
            return True
        if item_ids:
            self._progress(f"{len(item_ids)} are not listed any more")
        self._done, self._total = 0, len(item_ids)
        return await self.read(item_ids)

    async def _fetch(self, item_ids: Sequence[str]) -> dict[str, _Fetched]:
        """Fetch items side by side; what was not begun when the source failed is left out."""
        stopping = asyncio.Event()

        async def fetch(item_id: str) -> tuple[str, _Fetched] | None:
            async with self._slots:
                if stopping.is_set():
                    return None
                try:
                    return item_id, await self._source.fetch(item_id)
                except (SendFailed, BadField) as error:
                    if error.code in _STOPPING:
                        stopping.set()
                    return item_id, error

        # A group: whoever stops the run stops them all.
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch(item_id)) for item_id in item_ids]
        return dict(found for task in tasks if (found := task.result()) is not None)

    def _keep(self, fetched: Mapping[str, _Fetched]) -> None:
        reads = []
        for item_id, found in fetched.items():
            if found is None and not self._part:
                self._keeper.remove(item_id)
            elif found is None:
                continue
            elif isinstance(found, SendFailed | BadField):
                self._note_failure(item_id, found)
            else:
                reads.append(Read(item_id, found, self._stamps.get(item_id)))
        self._keeper.keep(reads)

    def _note_failure(self, item_id: str, error: SendFailed | BadField) -> None:
        if error.code not in _STOPPING:
            detail = f": {error.field}" if isinstance(error, BadField) else ""
            self._keeper.fail(item_id, error.code + detail)

    def _stopped(self, fetched: Mapping[str, _Fetched]) -> bool:
        """Whether the source fails altogether; what it failed with is noted."""
        for found in fetched.values():
            failed = isinstance(found, SendFailed)
            self._failed_in_a_row = self._failed_in_a_row + 1 if failed else 0
            stops = isinstance(found, SendFailed) and found.code in _STOPPING
            if isinstance(found, SendFailed) and (stops or self._failed_in_a_row >= _MOST_IN_A_ROW):
                self._keeper.imported.stopped = found.code
                return True
        return False


def _untold(_: str) -> None:
    """Say nothing: nobody watches."""
