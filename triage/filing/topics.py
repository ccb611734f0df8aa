"""A question that stands before the community -> exactly one topic in a Discourse forum.

In: messages that are due. Out: a topic, and our question known by the topic's id from then on.
What is not for everybody never goes there, whatever a message says: the question is asked itself,
in the moment of posting.
Not here: what is answered there (importing), when it is tried again (delivering).
"""

import asyncio
import logging
import re
from dataclasses import replace
from typing import Any

from triage import store
from triage.connect.discourse.posting import (
    HELD,
    NewTopic,
    Posting,
    PostingOptions,
    TopicPlace,
    posting_options,
)
from triage.delivering import Due
from triage.errors import SendFailed
from triage.filing.around import Around, checked
from triage.filing.reading import Subject, is_shared, read_subject, stands_with_community
from triage.filing.sections import title_of
from triage.filing.tickets import in_time
from triage.kept import kept_question
from triage.records import MessageType

_log = logging.getLogger(__name__)
# A name may be spelled in part as entities or with backslashes; within a word nobody is called.
_SIGN = re.compile(r"&(?:#0*64|#x0*40|commat);", re.I)
_CALL = re.compile(r"(?<![^\W_])@(?=[\w&\\])")
_STARTS = frozenset({MessageType.WITH_COMMUNITY, MessageType.REOPENED})


class Topics:
    """Posts questions as topics."""

    def __init__(self, around: Around) -> None:
        self._around = around

    async def send(self, due: Due) -> int | None:
        """Have Discourse know what a message tells. Raises SendFailed."""
        async with in_time(due, self._around):
            channel = self._around.open(due.channel, due.forum)
            posting = Posting(self._around.outgoing, channel.address, channel.secrets)
            if due.message.type is MessageType.PING:
                await posting.check()
                return 200
            if due.message.type not in _STARTS:
                return None
            options: PostingOptions = checked(posting_options, due.channel.options)
            subject = await asyncio.to_thread(read_subject, self._around, due)
            if subject is None or not _may_stand_there(subject):
                return None
            return await self._post(due, posting, options, subject)

    async def _post(
        self, due: Due, posting: Posting, options: PostingOptions, subject: Subject
    ) -> int | None:
        row, filing = subject.row, subject.filing
        if filing is None:
            filing = store.FilingRow(
                question_id=row.question_id,
                channel_id=due.channel.channel_id,
                filed_at=self._around.now(),
            )
            if not await asyncio.to_thread(self._begin, due, filing):
                raise SendFailed("filed_elsewhere")
        # The forum knows every topic by our name of it at once: asked first, none is made twice.
        place = await posting.find(row.question_id)
        if place is None and filing.state == HELD:
            # Posted again it would wait there twice.
            raise SendFailed(HELD)
        if place is None:
            place = await self._new(due, posting, options, row, filing)
        await asyncio.to_thread(self._noted, due, filing, place)
        return 200

    async def _new(
        self,
        due: Due,
        posting: Posting,
        options: PostingOptions,
        row: store.QuestionRow,
        filing: store.FilingRow,
    ) -> TopicPlace:
        question = kept_question(row)
        new = NewTopic(
            question_id=row.question_id,
            title=title_of(row, row.lang or "en"),
            raw=calling_nobody(question.body.strip() or question.title),
            category=options.category_for(row.topic),
        )
        try:
            return await posting.post(new)
        except SendFailed as error:
            if error.code == HELD:
                await asyncio.to_thread(self._held, due, filing)
            raise

    def _held(self, due: Due, filing: store.FilingRow) -> None:
        with self._around.database.write() as c:
            store.keep_filing(c, due.forum_id, replace(filing, state=HELD))

    def _begin(self, due: Due, filing: store.FilingRow) -> bool:
        with self._around.database.write() as c:
            row = store.get_question(c, due.forum_id, filing.question_id, lock=True)
            if row is None or not is_shared(row):
                return False
            return store.begin_filing(c, due.forum_id, filing)

    def _noted(self, due: Due, filing: store.FilingRow, place: TopicPlace) -> None:
        made: dict[str, Any] = {"foreign_id": place.topic_id, "url": place.url, "state": None}
        with self._around.database.write() as c:
            if not store.keep_filing(c, due.forum_id, replace(filing, **made)):
                _log.warning("filed_and_erased channel=%s", filing.channel_id)
                return
            store.name_question(c, due.forum_id, filing.question_id, place.topic_id)


def _may_stand_there(subject: Subject) -> bool:
    """Whether a question is for everybody, and not in the forum already under its own name."""
    row = subject.row
    filed = subject.filing is not None and subject.filing.foreign_id is not None
    # What the forum has a name for was asked in the forum.
    there = filed or (row.external_id is not None and subject.filing is None)
    return is_shared(row) and stands_with_community(subject) and not there


def calling_nobody(text: str) -> str:
    """Return a text whose `@names` call nobody: it is posted by one who may call everybody."""
    # In what looks like code, too: whoever writes can have only us take it for code.
    return _CALL.sub("@\u2060", _SIGN.sub("@", text))
