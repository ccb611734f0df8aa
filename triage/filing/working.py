"""The work of filing, as long as somebody wants it done.

In: what filing works with, a way to say stop. Out: messages delivered, tickets looked at.
Not here: the thread that it is done in (api).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from triage import store
from triage.delivering import Engine, Send
from triage.errors import TriageError
from triage.filing.answered import Answers
from triage.filing.around import Around
from triage.filing.letters import Letters
from triage.filing.looking import Looking
from triage.filing.tickets import Tickets
from triage.filing.topics import Topics
from triage.records import ChannelKind, Forum

_log = logging.getLogger(__name__)
# What needs a question's words, and with them all that a forum's desk knows.
KINDS = (ChannelKind.ZAMMAD, ChannelKind.DISCOURSE, ChannelKind.EMAIL)
LOOK_SECONDS, ANSWERED_SECONDS, ASK_SECONDS = 2.0, 10.0, 60.0
_AT_ONCE = 20

Look = Callable[[Forum], Awaitable[int]]


def senders(around: Around) -> Mapping[ChannelKind, Send]:
    """Return what delivers to each kind of channel."""
    return {
        ChannelKind.ZAMMAD: Tickets(around).send,
        ChannelKind.DISCOURSE: Topics(around).send,
        ChannelKind.EMAIL: Letters(around).send,
    }


async def work(around: Around, stop: asyncio.Event) -> None:
    """Deliver and look, until told to stop; a look that is under way then is given up."""
    looking = Looking(around)
    engine = Engine(around.database, senders(around), now=around.now, at_once=_AT_ONCE)
    looks = [
        asyncio.create_task(_again(around, LOOK_SECONDS, looking.incoming)),
        asyncio.create_task(_again(around, ASK_SECONDS, looking.changed)),
        asyncio.create_task(_again(around, ANSWERED_SECONDS, Answers(around).take)),
    ]
    try:
        await engine.run(stop)
    finally:
        for look in looks:
            look.cancel()
        await asyncio.gather(*looks, return_exceptions=True)


async def _again(around: Around, seconds: float, look: Look) -> None:
    """Look at every forum so often, at all of them beside each other."""
    while True:
        forums = await _forums(around)
        await asyncio.gather(*(_once(forum, look) for forum in forums))
        await asyncio.sleep(seconds)


async def _once(forum: Forum, look: Look) -> None:
    """Look at one forum; what is wrong in it is told, and keeps no other waiting."""
    try:
        await look(forum)
    except TriageError as error:
        _log.warning("looking_waits forum=%s code=%s", forum.name, error.code)
    except Exception as error:
        # Its message may quote what people wrote.
        _log.error("looking_failed forum=%s class=%s", forum.name, type(error).__qualname__)


async def _forums(around: Around) -> list[Forum]:
    try:
        return await asyncio.to_thread(_listed, around.database)
    except TriageError as error:
        _log.warning("looking_waits code=%s", error.code)
        return []


def _listed(database: store.Database) -> list[Forum]:
    with database.read() as c:
        return store.list_forums(c)
