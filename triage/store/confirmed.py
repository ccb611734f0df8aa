"""Questions whose askers said that a thread settled them: pairs that a ranker may learn from.

In: a forum. Out: one pair per ask, with the question that was asked when it was settled. Whoever
came back for help, posted all the same or said otherwise later confirms nothing.
Not here: what silence or a posted question means (outcomes).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from triage.records import EventType
from triage.store.tables import events, triages

_AGAINST = (
    EventType.NOT_SOLVED,
    EventType.STILL_NEED_HELP,
    EventType.POSTED,
    EventType.ESCALATED,
    EventType.REOPENED,
)
_SAID = (EventType.SOLVED, *_AGAINST)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A question, redacted, and the thread that settled it."""

    ask_id: str
    title: str
    body: str
    lang: str
    thread_id: str
    person: str | None


def iter_confirmed(c: Connection, forum_id: int) -> Iterator[Confirmed]:
    """Give the pairs of real asks, oldest first; one person confirms a thread once."""
    last: dict[str, Any] = {}
    for row in c.execute(_said(forum_id)).mappings():
        last[row["ask_id"]] = row
    counted: set[tuple[str, str]] = set()
    for ask_id, row in last.items():
        if row["type"] != EventType.SOLVED or row["thread_id"] is None:
            continue
        question = row["question"]
        if not (question["title"] or question["body"]):
            continue  # too old: its words are kept no more
        who = question.get("person") or ask_id
        if (who, row["thread_id"]) in counted:
            continue
        counted.add((who, row["thread_id"]))
        yield Confirmed(
            ask_id,
            question["title"],
            question["body"],
            question["lang"],
            row["thread_id"],
            question.get("person"),
        )


def _said(forum_id: int) -> Select[Any]:
    same = (triages.c.forum_id == events.c.forum_id) & (triages.c.triage_id == events.c.triage_id)
    return (
        select(
            events.c.ask_id,
            events.c.type,
            events.c.thread_id,
            triages.c.question,
        )
        .join(triages, same)
        .where(
            events.c.forum_id == forum_id,
            events.c.test.is_(False),
            events.c.type.in_([kind.value for kind in _SAID]),
        )
        .order_by(events.c.occurred_at, events.c.event_id)
    )
