"""Questions whose askers said that a thread settled them, or did not: what a ranker learns from.

In: a forum. Out: one confirmed pair per ask, with the question that was asked when it was settled,
and the pairs that were refused. Whoever came back for help, posted all the same, said otherwise
later or asks the same again confirms nothing, and refuses what was believed.
Not here: what silence or a posted question means (outcomes).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy.engine import RowMapping

from triage.records import EventType
from triage.store.tables.base import asks, events, triages

_AGAINST = (
    EventType.NOT_SOLVED,
    EventType.STILL_NEED_HELP,
    EventType.POSTED,
    EventType.FOLLOWED,
    EventType.ESCALATED,
    EventType.REOPENED,
)
_SAID = (EventType.SOLVED, *_AGAINST)


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, redacted, and a thread of which its asker said whether it settled it."""

    ask_id: str
    title: str
    body: str
    lang: str
    thread_id: str
    person: str | None


Said = tuple[RowMapping, ...]


def iter_confirmed(c: Connection, forum_id: int) -> Iterator[Judged]:
    """Give the pairs of real asks, oldest first; one person confirms a thread once."""
    returned = _returned_to(c, forum_id)
    counted: set[tuple[str, str]] = set()
    for ask_id, said in _words_by_ask(c, forum_id).items():
        last = said[-1]
        if last["type"] != EventType.SOLVED or last["thread_id"] is None or ask_id in returned:
            continue
        if _is_new(counted, ask_id, last, last["thread_id"]):
            yield Judged(**_pair(ask_id, last, last["thread_id"]))


def iter_refused(c: Connection, forum_id: int) -> Iterator[Judged]:
    """Give the pairs that an asker took back or denied, oldest first, once a person and thread.

    Whoever says that a thread settled it and then posts, asks for help or comes back with the same
    problem knows by then what the ranker does not: it is as near as a wrong thread can be.
    """
    returned = _returned_to(c, forum_id)
    counted: set[tuple[str, str]] = set()
    for ask_id, said in _words_by_ask(c, forum_id).items():
        for thread_id, row in _denied(said, came_back=ask_id in returned).items():
            if _is_new(counted, ask_id, row, thread_id):
                yield Judged(**_pair(ask_id, row, thread_id))


def _denied(said: Said, *, came_back: bool) -> dict[str, RowMapping]:
    """Return the threads that did not settle an ask, each with the word that said so."""
    denied: dict[str, RowMapping] = {}
    believed: dict[str, RowMapping] = {}
    for row in said:
        thread_id = row["thread_id"]
        if row["type"] == EventType.SOLVED:
            if thread_id is not None:
                believed[thread_id] = row
                denied.pop(thread_id, None)
            continue
        if row["type"] == EventType.NOT_SOLVED and thread_id is not None:
            believed.pop(thread_id, None)
            denied[thread_id] = row
            continue
        # Posted, or in need of help after all: nothing that was believed has settled it.
        denied |= believed
        believed.clear()
    return {**denied, **believed} if came_back else denied


def _pair(ask_id: str, row: RowMapping, thread_id: str) -> dict[str, Any]:
    question = row["question"]
    return {
        "ask_id": ask_id,
        "title": question["title"],
        "body": question["body"],
        "lang": question["lang"],
        "thread_id": thread_id,
        "person": question.get("person"),
    }


def _is_new(counted: set[tuple[str, str]], ask_id: str, row: RowMapping, thread_id: str) -> bool:
    """Count a person's word on a thread; say whether it is the first, and has words still."""
    question = row["question"]
    if not (question["title"] or question["body"]):
        return False  # too old: its words are kept no more
    pair = (question.get("person") or ask_id, thread_id)
    if pair in counted:
        return False
    counted.add(pair)
    return True


def _words_by_ask(c: Connection, forum_id: int) -> dict[str, Said]:
    """Return what was said of each ask, in the order of its last words."""
    said: dict[str, list[RowMapping]] = {}
    for row in c.execute(_said(forum_id)).mappings():
        said.setdefault(row["ask_id"], []).append(row)
    return {ask_id: tuple(rows) for ask_id, rows in said.items()}


def _returned_to(c: Connection, forum_id: int) -> frozenset[str]:
    """Return the asks whose person came back with the same problem."""
    query = select(asks.c.return_of).where(
        asks.c.forum_id == forum_id, asks.c.return_of.is_not(None)
    )
    return frozenset(c.execute(query.distinct()).scalars())


def _said(forum_id: int) -> Select[Any]:
    same = (triages.c.forum_id == events.c.forum_id) & (triages.c.triage_id == events.c.triage_id)
    whose = (asks.c.forum_id == events.c.forum_id) & (asks.c.ask_id == events.c.ask_id)
    return (
        select(
            events.c.ask_id,
            events.c.type,
            events.c.thread_id,
            triages.c.question,
        )
        .join(triages, same)
        .join(asks, whose)
        .where(
            events.c.forum_id == forum_id,
            events.c.test.is_(False),
            # What is put aside as a burst, what programs and the staff say, and what is made up,
            # teaches nothing.
            events.c.held.is_(None),
            asks.c.barred.is_(None),
            asks.c.simulated.is_not(True),
            events.c.type.in_([kind.value for kind in _SAID]),
        )
        .order_by(events.c.occurred_at, events.c.event_id)
    )
