"""Claims what is due, has many sent at once, writes down together what became of them.

In: a store, a sender for each kind of channel. Out: deliveries that have arrived, or wait for their
next attempt, or are dead. One transaction writes the outcomes of a moment and claims what is next,
so that the store is asked some twenty times a second however much there is to do.
Not here: what is claimed (store.dispatching), sending (webhooks, mails, filing).
"""

import asyncio
import logging
import os
import secrets
import socket
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from random import Random
from typing import TypeVar

from triage import store
from triage.delivering.attempts import Done, Now, attempt, given_back
from triage.delivering.due import Due, Send
from triage.delivering.lanes import Lanes
from triage.delivering.schedule import rest_after
from triage.errors import StoreUnavailable
from triage.jobs import is_gone
from triage.records import ChannelKind, DeliveryState, Forum

_log = logging.getLogger(__name__)
# Longer than any attempt and its waiting for a slot; whoever dies is waited for as long.
LEASE = timedelta(minutes=2)
# What ends within a moment is written together.
_GATHER_SECONDS, _IDLE_SECONDS, _TROUBLE_SECONDS = 0.05, 0.5, 5.0
_DRAIN_SECONDS = 5.0
_MEND_EVERY = timedelta(minutes=5)
_CHANNELS_AT_ONCE = 200

R = TypeVar("R")
_Claim = tuple[Forum, store.ChannelRow, datetime, store.Claimed]


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of what was attempted."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0

    def __add__(self, other: "Turn") -> "Turn":
        """Count two turns as one."""
        return Turn(
            self.delivered + other.delivered, self.failed + other.failed, self.dead + other.dead
        )

    @property
    def attempts(self) -> int:
        """How many attempts there were."""
        return self.delivered + self.failed + self.dead


class Engine:
    """Delivers what goes through channels of these kinds; several engines of one store share it."""

    def __init__(
        self,
        database: store.Database,
        senders: Mapping[ChannelKind, Send],
        *,
        now: Now = lambda: datetime.now(UTC),
        at_once: int = 500,
        chance: Random | None = None,
    ) -> None:
        self._database = database
        self._senders = dict(senders)
        self._now = now
        self._chance = chance or Random()
        self._lanes = Lanes(at_once)
        # The store is asked by a thread of its own: slow mail servers may hold all the others.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="deliveries")
        self._by = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._done: list[Done] = []
        self._ended = asyncio.Event()
        self._tasks: dict[asyncio.Task[Done], Due] = {}
        self._mend_at: datetime | None = None
        self.told = Turn()

    async def turn(self) -> Turn:
        """Deliver once what is due, and return when all of it has ended and is written."""
        before = self.told
        self._begin(await self._asked(lambda: self._exchange(())))
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._write(self._taken())
        return Turn(
            self.told.delivered - before.delivered,
            self.told.failed - before.failed,
            self.told.dead - before.dead,
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver what is due and what becomes due, until told to stop; then end what is begun."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                began = await self._step()
                # What has just begun is given a moment, so that much of it ends together.
                await _first_of(stopping, _GATHER_SECONDS if began or self._done else 0.0)
                if not self._done and not stop.is_set():
                    await self._wait(stopping)
            await self._drain()
        finally:
            stopping.cancel()

    async def _step(self) -> bool:
        """Write what has ended and begin what is due; return whether there was any."""
        done = self._taken()
        try:
            claimed = await self._asked(lambda: self._exchange(done))
        except StoreUnavailable as error:
            # What has ended is kept in mind; what is not written is sent once more by another.
            self._done = [*done, *self._done]
            _log.warning("delivering_waits code=%s", error.code)
            await asyncio.sleep(_TROUBLE_SECONDS)
            return False
        self._count(done)
        self._begin(claimed)
        return bool(claimed or done)

    async def _wait(self, stopping: asyncio.Task[bool]) -> None:
        """Wait until something ends, or for as long as the store need not be asked."""
        self._ended.clear()
        ended = asyncio.create_task(self._ended.wait())
        await asyncio.wait(
            (ended, stopping), timeout=_IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        ended.cancel()

    async def _drain(self) -> None:
        """Let what is under way end; what takes too long is given back and sent once more."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_DRAIN_SECONDS)
        for task, due in list(self._tasks.items()):
            if task.cancel():
                self._done.append(given_back(due, self._now()))
        await asyncio.sleep(0)
        await self._write(self._taken())

    async def _asked(self, ask: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, ask)

    def _taken(self) -> Sequence[Done]:
        done, self._done = self._done, []
        return done

    def _begin(self, claimed: Sequence[Due]) -> None:
        for due in claimed:
            lane = self._lanes.lane(due.channel.channel_id)
            lane.take(1)
            send = self._senders[due.channel.kind]
            task = asyncio.create_task(attempt(due, send, lane, self._now, self._chance))
            self._tasks[task] = due
            task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[Done]") -> None:
        del self._tasks[task]
        if not task.cancelled():
            self._done.append(task.result())
            self._ended.set()

    def _mend(self) -> None:
        """Once, and then now and then: what nobody moves any more is moved."""
        now = self._now()
        if self._mend_at is not None and now < self._mend_at:
            return
        first = self._mend_at is None
        with self._database.read() as c:
            forums = store.list_forums(c)
        for forum in forums:
            with self._database.read() as c:
                needed = store.needs_mending(c, forum.id)
                gone = [by for by in store.claimants(c, forum.id) if is_gone(by)] if first else []
            if needed or gone:
                with self._database.write() as c:
                    store.mend(c, forum.id, now)
                    freed = store.release_claims(c, forum.id, gone, now)
                _log.info("deliveries_mended forum=%s freed=%d", forum.name, freed)
        self._mend_at = now + _MEND_EVERY

    async def _write(self, done: Sequence[Done]) -> None:
        def write() -> None:
            with self._database.write() as c:
                self._settle(c, done)

        if done:
            await self._asked(write)
            self._count(done)

    def _exchange(self, done: Sequence[Done]) -> list[Due]:
        """Write what has ended and claim what is due, in one transaction if there is any."""
        self._mend()
        ended = Counter(one.due.channel.channel_id for one in done)
        if not done:
            with self._database.read() as c:
                if not self._looked_at(c, ended):
                    return []
        with self._database.write() as c:
            self._settle(c, done)
            claimed = self._claim(c, ended)
        # Others may write meanwhile.
        with self._database.read() as c:
            return _with_messages(c, claimed)

    def _looked_at(
        self, c: store.Connection, ended: Mapping[str, int]
    ) -> list[tuple[Forum, store.ChannelRow]]:
        if not self._lanes.free(ended):
            return []
        kinds, full = tuple(self._senders), self._lanes.full(ended)
        return store.due_channels(c, kinds, self._now(), _CHANNELS_AT_ONCE, full)

    def _claim(self, c: store.Connection, ended: Counter[str]) -> list[_Claim]:
        found, free = self._looked_at(c, ended), self._lanes.free(ended)
        now = self._now()
        until = now + LEASE
        claimed: list[_Claim] = []
        for forum, channel in found:
            lane = self._lanes.lane(channel.channel_id)
            most = min(lane.room(ended[channel.channel_id]), free - len(claimed))
            if most > 0:
                where = (forum.id, channel.channel_id)
                taken = store.claim_due(c, *where, self._by, now, until, most)
                claimed += [(forum, channel, until, one) for one in taken]
        return claimed

    def _settle(self, c: store.Connection, done: Sequence[Done]) -> None:
        # In the order in which channels are posted to, so that no two wait for each other.
        for (forum_id, _, channel_id), some in groupby(sorted(done, key=_place), key=_place):
            ended = list(some)
            rests = [one.rest_until for one in ended if one.rest_until is not None]
            how = store.Settling(
                by=self._by,
                now=self._now(),
                rest=rest_after,
                rest_until=max(rests, default=None),
                gone=any(one.gone for one in ended),
            )
            store.settle(c, forum_id, channel_id, [one.outcome for one in ended], how)

    def _count(self, done: Sequence[Done]) -> None:
        """Note what is written: only then is there room for more, with all that it led to."""
        for one in done:
            self._lanes.lane(one.due.channel.channel_id).ended()
        states = [one.outcome.state for one in done]
        self.told += Turn(
            states.count(DeliveryState.DELIVERED),
            states.count(DeliveryState.PENDING),
            states.count(DeliveryState.DEAD),
        )


def _with_messages(c: store.Connection, claimed: Sequence[_Claim]) -> list[Due]:
    """Read what is to be sent; a message that has gone since is nobody's any more."""
    wanted: dict[int, set[str]] = {}
    for forum, _, _, one in claimed:
        wanted.setdefault(forum.id, set()).add(one.message_id)
    found = {id_: store.get_messages(c, id_, sorted(ids)) for id_, ids in wanted.items()}
    return [
        Due(forum, channel, message, one.attempts + 1, one.delivery_id, until)
        for forum, channel, until, one in claimed
        if (message := found[forum.id].get(one.message_id)) is not None
    ]


def _place(done: Done) -> tuple[int, bool, str]:
    """Return where a channel stands among all: a person is told before other systems are."""
    channel = done.due.channel
    return done.due.forum_id, channel.person is None, channel.channel_id


async def _first_of(stopping: "asyncio.Task[bool]", seconds: float) -> None:
    await asyncio.wait((stopping,), timeout=seconds)
