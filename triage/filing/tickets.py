"""A question that waits for experts -> exactly one ticket in Zammad, with everything known.

In: messages that are due. Out: a ticket, or a note on the one that is there. What is begun is
written down before Zammad is asked: whoever comes after a crash looks for the ticket by its tag
before making one, once Zammad's own search has had time to learn of it.
Not here: what comes back (looking, applying), when it is tried again (delivering).
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from triage import store
from triage.channels import open_channel
from triage.connect.zammad import Phase, ZammadOptions, zammad_options
from triage.connect.zammad.rest import Zammad
from triage.connect.zammad.tickets import NewTicket, Note, Ticket
from triage.delivering import Due
from triage.errors import SealBroken, SendFailed
from triage.filing.around import Around, checked
from triage.filing.notes import note_of
from triage.filing.reading import Subject, known_of, read_subject
from triage.filing.sections import as_html, sections_of, title_of
from triage.mailing import is_mailbox
from triage.records import ChannelKind, MessageType

_log = logging.getLogger(__name__)
# A search server behind Zammad knows of a new ticket after some seconds.
SETTLES = timedelta(seconds=30)
# What is left of a claim when the last request must have ended.
_SPARE = timedelta(seconds=10)
_MISSING = 404


@dataclass(frozen=True, slots=True)
class _Desk:
    """One channel, opened: the Zammad behind it and what its names mean."""

    due: Due
    zammad: Zammad
    options: ZammadOptions


class Tickets:
    """Files questions as tickets."""

    def __init__(self, around: Around) -> None:
        self._around = around

    async def send(self, due: Due) -> int | None:
        """Have Zammad know what a message tells. Raises SendFailed."""
        async with in_time(due, self._around):
            channel = self._around.open(due.channel, due.forum)
            options: ZammadOptions = checked(zammad_options, due.channel.options)
            token = str(channel.secrets.get("token") or "")
            zammad = Zammad(self._around.outgoing, channel.address, token, tries=1)
            desk = _Desk(due, zammad, options)
            if due.message.type is MessageType.PING:
                await _check(desk)
                return 200
            subject = await asyncio.to_thread(read_subject, self._around, due)
            if subject is None:
                return None
            return await self._hand_over(desk, subject)

    async def _hand_over(self, desk: _Desk, subject: Subject) -> int | None:
        filing = subject.filing
        if filing is not None and filing.foreign_id is not None:
            return await self._note(desk, subject, filing)
        if filing is not None:
            # It was begun once and never noted: it may be there.
            self._let_settle(filing)
            ticket = await desk.zammad.find(subject.row.question_id)
            if ticket is not None:
                await self._keep(desk, filing, ticket)
                return 200
        if not subject.waits_for_experts:
            return None
        return await self._create(desk, subject, filing)

    async def _create(
        self, desk: _Desk, subject: Subject, begun: store.FilingRow | None
    ) -> int | None:
        new = await asyncio.to_thread(self._new, desk, subject)
        filing = store.FilingRow(
            question_id=subject.row.question_id,
            channel_id=desk.due.channel.channel_id,
            filed_at=self._around.now(),
        )
        if not await asyncio.to_thread(self._begin, desk.due, filing, begun):
            # Gone by now, or somebody else has begun it in this moment.
            raise SendFailed("filed_elsewhere")
        try:
            ticket = await desk.zammad.create(new)
        except SendFailed as error:
            # Begun before, it may be there for all that is said now.
            if begun is None and _is_refused(error):
                await asyncio.to_thread(self._drop, desk.due, filing)
            raise
        await self._keep(desk, filing, ticket)
        return 201

    async def _note(self, desk: _Desk, subject: Subject, filing: store.FilingRow) -> int | None:
        if subject.is_echo or filing.foreign_id is None:
            return None
        told = note_of(desk.due.message, subject, desk.options)
        if told is None:
            return None
        note, state = told
        try:
            said = await desk.zammad.articles(filing.foreign_id)
            # Our own crash may have come between the note and noting that it was made.
            if any(f"[{note.mark}]" in one.subject for one in said):
                return 200
            if state is not None:
                state = await _state_for(desk, filing.foreign_id, state)
            ticket = await desk.zammad.note(filing.foreign_id, note, state)
        except SendFailed as error:
            if error.status != _MISSING:
                raise
            _log.warning("ticket_gone channel=%s", filing.channel_id)
            return _MISSING
        if state is not None:
            await asyncio.to_thread(self._stand, desk.due, filing, ticket.state)
        return 200

    def _let_settle(self, filing: store.FilingRow) -> None:
        left = filing.filed_at + SETTLES - self._around.now()
        if left > timedelta():
            raise SendFailed("not_settled", retry_after=left)

    def _new(self, desk: _Desk, subject: Subject) -> NewTicket:
        row, options = subject.row, desk.options
        known = known_of(self._around, desk.due, subject)
        note = Note(
            subject=f"Triage {row.question_id}",
            html=as_html(sections_of(known, options.lang)),
            mark=desk.due.message.message_id,
        )
        with self._around.database.read() as c:
            account = store.account_behind(c, desk.due.forum_id, row.account, row.person)
        team = account.expert_team if account else None
        return NewTicket(
            question_id=row.question_id,
            title=title_of(row, options.lang),
            group=options.group_for(row.topic, team),
            customer=self._customer(desk, row),
            priority=options.priority_for(row.severity),
            tags=(*options.tags, *([row.topic] if row.topic and "," not in row.topic else [])),
            note=note,
        )

    def _customer(self, desk: _Desk, row: store.QuestionRow) -> str:
        """Return whose ticket it is: the asker's, where they gave us an address and it may be."""
        if not desk.options.customer_by_email or row.person is None:
            return desk.options.customer
        with self._around.database.read() as c:
            theirs = store.channels_of_person(c, desk.due.forum_id, row.person)
        key = self._around.installation_key
        for one in theirs:
            # What nobody has confirmed may be anybody's.
            if one.kind is not ChannelKind.PERSON_EMAIL or not one.wants or one.disabled_at:
                continue
            try:
                address = open_channel(one, desk.due.forum, key).address
            except SealBroken:
                continue
            if is_mailbox(address):
                return f"guess:{address}"
        return desk.options.customer

    def _begin(self, due: Due, filing: store.FilingRow, begun: store.FilingRow | None) -> bool:
        """Write down that a ticket is about to be made; return whether it is for us to make."""
        with self._around.database.write() as c:
            if begun is not None:
                return store.keep_filing(c, due.forum_id, filing)
            # Erased since it was read: then there is nothing that a filing could be of.
            if store.get_question(c, due.forum_id, filing.question_id) is None:
                return False
            return store.begin_filing(c, due.forum_id, filing)

    def _drop(self, due: Due, filing: store.FilingRow) -> None:
        with self._around.database.write() as c:
            store.drop_filing(c, due.forum_id, filing.question_id, filing.channel_id)

    async def _keep(self, desk: _Desk, filing: store.FilingRow, ticket: Ticket) -> None:
        made = replace(
            filing,
            foreign_id=ticket.id,
            number=ticket.number,
            url=desk.zammad.link(ticket.id),
            state=ticket.state,
            queue=ticket.group,
            owner=ticket.owner,
        )
        await asyncio.to_thread(self._noted, desk.due, made)

    def _noted(self, due: Due, filing: store.FilingRow) -> None:
        with self._around.database.write() as c:
            if not store.keep_filing(c, due.forum_id, filing):
                _log.warning("filed_and_erased channel=%s", filing.channel_id)

    def _stand(self, due: Due, filing: store.FilingRow, state: str) -> None:
        """Note the state that was set from here, so that it does not seem to come from there."""
        with self._around.database.write() as c:
            now = store.get_filing(
                c, due.forum_id, filing.question_id, filing.channel_id, lock=True
            )
            if now is not None:
                store.keep_filing(c, due.forum_id, replace(now, state=state))


@asynccontextmanager
async def in_time(due: Due, around: Around) -> AsyncIterator[None]:
    """Have something end before the claim on what is delivered does. Raises SendFailed."""
    left = max((due.until - around.now() - _SPARE).total_seconds(), 1.0)
    try:
        async with asyncio.timeout(left):
            yield
    except TimeoutError as error:
        raise SendFailed("timed_out") from error


async def _check(desk: _Desk) -> None:
    """Find out whether tickets can be made: the token is one, and the group is there."""
    await desk.zammad.me()
    if desk.options.group not in await desk.zammad.groups():
        raise SendFailed("no_such_group")


async def _state_for(desk: _Desk, ticket_id: str, wanted: str) -> str | None:
    """Return the state to set, None where the ticket is to be left as it is."""
    ticket = await desk.zammad.get(ticket_id)
    if ticket is None:
        raise SendFailed("http_404", _MISSING)
    # What was merged into another ticket would come apart again.
    merged = desk.options.phase_of(ticket.state) is Phase.MERGED
    return None if merged or ticket.state == wanted else wanted


def _is_refused(error: SendFailed) -> bool:
    """Say whether Zammad has surely made nothing: it said so, or was never asked."""
    unasked = error.code in ("address_refused", "bad_certificate")
    return unasked or (error.status is not None and 400 <= error.status < 500)
