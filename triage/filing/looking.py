"""Tickets that have changed in Zammad -> read anew, and their questions with them.

In: what Zammad's webhook told, and the time that has passed. Out: questions that follow their
tickets. A webhook that never came is made up for: what changed is asked for every minute, and what
nobody has seen for an hour is looked at by itself.
Not here: what follows from a ticket (applying), keeping what came in (store.incoming).
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from triage import store
from triage.connect.zammad.options import ZammadOptions, zammad_options
from triage.connect.zammad.rest import Zammad
from triage.connect.zammad.tickets import Note
from triage.errors import NoQuestion, SendFailed, TriageError
from triage.filing.applying import Looked, apply
from triage.filing.around import Around, checked
from triage.filing.rerouting import Moved
from triage.filing.sections import paragraphs
from triage.filing.stepping import Through
from triage.forum_redaction import ForumRedaction
from triage.phrases import say
from triage.records import ChannelKind, Forum, Reason

_log = logging.getLogger(__name__)
KINDS = (ChannelKind.ZAMMAD,)
# What Zammad's search learns late is asked for once more.
_OVERLAP = timedelta(minutes=10)
_UNSEEN = timedelta(hours=1)
_AT_ONCE = 50
# These are of the whole Zammad, as are its own faults (5xx); others are of one ticket.
_OF_ALL = frozenset(
    {
        *("unreachable", "timed_out", "address_refused", "bad_certificate"),
        *("login_refused", "rate_limited", "seal_broken", "bad_options"),
    }
)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Side:
    """One channel of a forum, opened for reading."""

    forum: Forum
    row: store.ChannelRow
    zammad: Zammad
    options: ZammadOptions


class Looking:
    """Reads tickets again."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._asked: dict[str, datetime] = {}

    async def incoming(self, forum: Forum) -> int:
        """Look at what a forum was told of; return at how much."""
        now = self._around.now()
        rows = await asyncio.to_thread(self._claim, forum, now)
        for row in rows:
            await self._one_told(forum, row, now)
        return len(rows)

    async def changed(self, forum: Forum) -> int:
        """Ask every Zammad of a forum for what has changed; return how many tickets that was."""
        count = 0
        for row in await asyncio.to_thread(self._channels, forum):
            try:
                count += await self._changed(self._side(forum, row))
            except SendFailed as error:
                _log.warning("tickets_not_read channel=%s code=%s", row.channel_id, error.code)
        return count

    async def _one_told(self, forum: Forum, told: store.IncomingRow, now: datetime) -> None:
        row = await asyncio.to_thread(self._channel, forum, told.channel_id)
        try:
            if row is not None:
                await self._look(self._side(forum, row), told.item)
        except SendFailed as error:
            wait = min(_FIRST_WAIT * 4**told.attempts, _LONGEST_WAIT)
            due = now + (error.retry_after or wait)
            await asyncio.to_thread(self._put_off, forum, told, due, error.code)
        except TriageError:
            raise
        except Exception as error:
            # Whoever writes to a ticket could keep all others from being looked at.
            _broke(told.channel_id, error)
            await asyncio.to_thread(
                self._put_off, forum, told, now + _LONGEST_WAIT, "internal_error"
            )
        else:
            await asyncio.to_thread(self._settle, forum, told)

    async def _changed(self, side: _Side) -> int:
        started = self._around.now()
        since = self._asked.get(side.row.channel_id)
        if since is None:
            since = await asyncio.to_thread(self._last_seen, side) or started - _UNSEEN
        seen: set[str] = set()
        async for ticket in side.zammad.changed_since(since - _OVERLAP):
            if await asyncio.to_thread(self._is_news, side, ticket.id, ticket.updated_at):
                await self._one_of_many(side, ticket.id)
            seen.add(ticket.id)
        for filing in await asyncio.to_thread(self._unseen, side, started - _UNSEEN):
            if filing.foreign_id is not None and filing.foreign_id not in seen:
                await self._one_of_many(side, filing.foreign_id)
                seen.add(filing.foreign_id)
        self._asked[side.row.channel_id] = started
        return len(seen)

    async def _one_of_many(self, side: _Side, ticket_id: str) -> None:
        """Look at a ticket; what is wrong with it alone keeps no other waiting."""
        try:
            await self._look(side, ticket_id)
            return
        except SendFailed as error:
            if error.code in _OF_ALL or (error.status or 0) >= 500:
                raise
            _log.warning("ticket_not_read channel=%s code=%s", side.row.channel_id, error.code)
        except TriageError:
            raise
        except Exception as error:
            _broke(side.row.channel_id, error)
        # It is looked at again with those that nobody has seen for an hour.
        await asyncio.to_thread(self._touch, side, ticket_id)

    async def _look(self, side: _Side, ticket_id: str) -> None:
        filing = await asyncio.to_thread(self._filing, side, ticket_id)
        if filing is None:
            return
        ticket = await side.zammad.get(ticket_id)
        if ticket is None:
            await asyncio.to_thread(self._gone, side, filing)
            return
        looked = Looked(ticket, await side.zammad.articles(ticket_id))
        moved = await asyncio.to_thread(self._apply, side, looked)
        if moved is not None:
            await self._say(side, moved, looked)

    def _apply(self, side: _Side, looked: Looked) -> Moved | None:
        around, forum_id = self._around, side.forum.id
        redaction = ForumRedaction(around.database, forum_id, around.redaction).now()
        through = Through(forum_id, side.row.channel_id)
        try:
            with around.database.write() as c:
                return apply(c, through, side.options, looked, redaction, around.now())
        except NoQuestion:
            # It was erased in this moment.
            return None

    async def _say(self, side: _Side, moved: Moved, looked: Looked) -> None:
        """Tell on a ticket, once, why its question stays where it is."""
        if not any(f"[{moved.mark}]" in one.subject for one in looked.articles):
            note = Note(
                subject="Triage",
                html=paragraphs([say(Reason(moved.code), side.options.lang)]),
                mark=moved.mark,
            )
            await side.zammad.note(moved.ticket_id, note)
        await asyncio.to_thread(self._said, side, moved)

    def _said(self, side: _Side, moved: Moved) -> None:
        where = (side.forum.id, moved.question_id, side.row.channel_id)
        with self._around.database.write() as c:
            filing = store.get_filing(c, *where, lock=True)
            if filing is not None:
                store.keep_filing(c, side.forum.id, replace(filing, queue=moved.group))

    def _side(self, forum: Forum, row: store.ChannelRow) -> _Side:
        channel = self._around.open(row, forum)
        options: ZammadOptions = checked(zammad_options, row.options)
        token = str(channel.secrets.get("token") or "")
        return _Side(forum, row, Zammad(self._around.outgoing, channel.address, token), options)

    def _claim(self, forum: Forum, now: datetime) -> list[store.IncomingRow]:
        with self._around.database.read() as c:
            told = store.channels_told(c, KINDS, now)
        if forum.id not in {forum_id for forum_id, _ in told}:
            return []
        with self._around.database.write() as c:
            return store.claim_incoming(c, forum.id, KINDS, now, _AT_ONCE)

    def _settle(self, forum: Forum, told: store.IncomingRow) -> None:
        with self._around.database.write() as c:
            store.settle_incoming(c, forum.id, told)

    def _put_off(self, forum: Forum, told: store.IncomingRow, due: datetime, code: str) -> None:
        with self._around.database.write() as c:
            store.put_off_incoming(c, forum.id, told, due, code)

    def _channels(self, forum: Forum) -> list[store.ChannelRow]:
        with self._around.database.read() as c:
            rows = store.list_channels(c, forum.id, KINDS)
        return [row for row in rows if row.disabled_at is None]

    def _channel(self, forum: Forum, channel_id: str) -> store.ChannelRow | None:
        with self._around.database.read() as c:
            return store.get_channel(c, forum.id, channel_id)

    def _filing(self, side: _Side, ticket_id: str) -> store.FilingRow | None:
        with self._around.database.read() as c:
            return store.filing_of(c, side.forum.id, side.row.channel_id, ticket_id)

    def _is_news(self, side: _Side, ticket_id: str, updated_at: datetime) -> bool:
        filing = self._filing(side, ticket_id)
        return filing is not None and (filing.changed_at is None or updated_at > filing.changed_at)

    def _last_seen(self, side: _Side) -> datetime | None:
        with self._around.database.read() as c:
            return store.last_seen_filing(c, side.forum.id, side.row.channel_id)

    def _unseen(self, side: _Side, since: datetime) -> list[store.FilingRow]:
        with self._around.database.read() as c:
            where = (side.forum.id, side.row.channel_id, since)
            return store.filings_unseen(c, *where, limit=_AT_ONCE)

    def _gone(self, side: _Side, filing: store.FilingRow) -> None:
        """Note that a ticket is no more there; its question stays with whoever owns it."""
        _log.warning("ticket_gone channel=%s", filing.channel_id)
        self._touch(side, filing.foreign_id or "")

    def _touch(self, side: _Side, ticket_id: str) -> None:
        """Note that somebody looked at a ticket, and learnt nothing."""
        with self._around.database.write() as c:
            filing = store.filing_of(c, side.forum.id, side.row.channel_id, ticket_id)
            if filing is not None:
                where = side.forum.id, filing.question_id, filing.channel_id
                store.touch_filing(c, *where, self._around.now())


def _broke(channel_id: str, error: Exception) -> None:
    # Its message may quote what people wrote.
    _log.error("ticket_failed channel=%s class=%s", channel_id, type(error).__qualname__)
