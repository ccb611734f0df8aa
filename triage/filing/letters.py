"""A question that waits for experts -> an e-mail to their mailbox, and one for each change.

In: messages that are due. Out: e-mail, all of a question as one conversation. Whether the first was
sent is known by a filing as of a ticket; a mail that goes twice has the same Message-ID.
Not here: mail to persons (delivering), SMTP (connect.mail).
"""

import asyncio
from dataclasses import replace

from triage import store
from triage.connect.mail import send_mail
from triage.delivering import Due
from triage.errors import SendFailed
from triage.filing.around import Around
from triage.filing.notes import lines_of
from triage.filing.reading import Subject, known_of, read_subject
from triage.filing.sections import as_text, sections_of, title_of
from triage.filing.tickets import in_time
from triage.phrases import say
from triage.records import LANGUAGES, MessageType, Reason

_PING = "Triage"


class Letters:
    """Files questions as e-mail."""

    def __init__(self, around: Around) -> None:
        self._around = around

    async def send(self, due: Due) -> int | None:
        """Have a mailbox know what a message tells. Raises SendFailed."""
        server = self._around.mail
        if server is None:
            raise SendFailed("no_mail_server")
        async with in_time(due, self._around):
            to = self._around.open(due.channel, due.forum).address
            lang = _lang(due)
            if due.message.type is MessageType.PING:
                name = due.message.message_id
                await send_mail(server, to, _PING, say(Reason("mail_works"), lang), message_id=name)
                return None
            subject = await asyncio.to_thread(read_subject, self._around, due)
            written = await asyncio.to_thread(self._write, due, subject, lang)
            if written is None or subject is None:
                return None
            title, text, message_id, reply_to = written
            head = f"[{due.forum.name}] {title}"
            if reply_to is not None:
                head = f"Re: {head}"
            await send_mail(
                server, to, head, text, message_id=message_id, reply_to=reply_to, lang=lang
            )
            await asyncio.to_thread(self._noted, due, subject)
            return None

    def _write(
        self, due: Due, subject: Subject | None, lang: str
    ) -> tuple[str, str, str, str | None] | None:
        """Return subject, text, id, and the id of the first mail of the conversation."""
        if subject is None:
            return None
        row = subject.row
        first = f"question.{row.question_id}"
        title = title_of(row, lang)
        if subject.filing is not None and subject.filing.foreign_id is not None:
            lines = lines_of(due.message, subject, lang)
            text = "\n\n".join(lines)
            return (title, text, due.message.message_id, first) if lines else None
        if not subject.waits_for_experts:
            return None
        if subject.filing is None and not self._begin(due, row.question_id):
            return None
        sections = sections_of(known_of(self._around, due, subject), lang)
        return title, as_text(sections), first, None

    def _begin(self, due: Due, question_id: str) -> bool:
        filing = store.FilingRow(
            question_id=question_id,
            channel_id=due.channel.channel_id,
            filed_at=self._around.now(),
        )
        with self._around.database.write() as c:
            if store.get_question(c, due.forum_id, question_id) is None:
                return False
            return store.begin_filing(c, due.forum_id, filing)

    def _noted(self, due: Due, subject: Subject) -> None:
        question_id = subject.row.question_id
        with self._around.database.write() as c:
            found = store.get_filing(c, due.forum_id, question_id, due.channel.channel_id)
            if found is not None and found.foreign_id is None:
                named = replace(found, foreign_id=f"question.{question_id}")
                store.keep_filing(c, due.forum_id, named)


def _lang(due: Due) -> str:
    said = due.channel.options.get("lang")
    return said if said in LANGUAGES else "en"
