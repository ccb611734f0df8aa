"""Forums as large as somebody's, for timing the analyst's pages: rows made up, all else real.

In: an empty store, how many asks or events. Out: the store filled, and of which days.
Not here: timing (analytics_speed), the asks themselves (report_speed, report_columns).

What stands beside asks on those pages is made of them: whoever posted has a question, two of five
asks are in one of two hundred groups of one meaning, and there are threads, answers and cases.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Table, insert

from benchmarks import report_columns, report_speed
from benchmarks.report_speed import EVENTS_PER_ASK, THREADS
from triage.store import Connection, Database, get_forum, sqlite_url
from triage.store.tables.base import answers, asks, cases, events, threads
from triage.store.tables.groups import ask_group_members, ask_groups
from triage.store.tables.question import question_changes, questions
from triage.streams import chunks

QUARTER_DAYS = 91
_GROUPS = 200
_GROUPED = 0.4
_CASES = 5_000
_MANY = 2_000
# A year of columns has no posts that say who posted: so large a share of its asks has a question.
_POSTED = 0.35
_HOUR = timedelta(hours=1)

Row = dict[str, Any]


@dataclass(frozen=True)
class Filled:
    """A store that is filled: its forum, and the first and the last day of what is in it."""

    database: Database
    forum_id: int
    since: date
    until: date


def quarter(path: Path, asks_wanted: int) -> Filled:
    """Keep a quarter of so many asks, event by event; what reports are made of is not made yet."""
    database = Database(sqlite_url(path))
    report_speed.fill(database, round(asks_wanted * EVENTS_PER_ASK), days=QUARTER_DAYS)
    begun = report_speed.START
    with database.write() as c:
        forum_id = get_forum(c, "demo").id
        random = np.random.default_rng(1)
        _put_threads(c, forum_id, begun, random)
        _put_cases(c, forum_id, begun, QUARTER_DAYS, random)
        _put_groups(c, forum_id, begun, random)
        _put(c, questions, _questions_of_posts(c, forum_id, random))
        _put(c, question_changes, _changes(c, forum_id))
    return Filled(database, forum_id, begun.date(), _last(begun, QUARTER_DAYS))


def year(path: Path, events_wanted: int) -> Filled:
    """Write the columns of a year as folding would, and what stands beside them."""
    database = Database(sqlite_url(path))
    forum_id = report_columns.fill(database, events_wanted)
    begun, days = report_speed.START, report_speed.DAYS
    asked = round(events_wanted / EVENTS_PER_ASK)
    random = np.random.default_rng(1)
    with database.write() as c:
        _put_threads(c, forum_id, begun, random)
        _put_cases(c, forum_id, begun, days, random)
        posted = round(asked * _POSTED)
        moments = np.sort(random.random(posted)) * days
        of = (
            _question(forum_id, f"q{n:08x}", None, f"p{n % (1 + posted // 3)}", at, random)
            for n, at in enumerate(begun + timedelta(days=day) for day in moments.tolist())
        )
        _put(c, questions, of)
        _put(c, question_changes, _changes(c, forum_id))
    return Filled(database, forum_id, begun.date(), _last(begun, days))


def _last(begun: datetime, days: int) -> date:
    return (begun + timedelta(days=days - 1)).date()


def _put(c: Connection, table: Table, rows: Iterator[Row]) -> None:
    for part in chunks(rows, _MANY):
        c.execute(insert(table), part)


def _put_threads(
    c: Connection, forum_id: int, begun: datetime, random: np.random.Generator
) -> None:
    names = [f"thread-{n}" for n in range(THREADS)]
    plain = {"forum_id": forum_id, "solved": True, "lang": "en", "tags": (), "duplicate_of": ()}
    written = {"groups": frozenset(), "outdated_votes": 0, "digest": "d", "revision": 1}
    _put(
        c,
        threads,
        (
            {**plain, **written, "id": name, "title": f"How {name} is done", "body": "So."}
            for name in names
        ),
    )
    who = random.integers(0, 300, THREADS).tolist()
    said = {"forum_id": forum_id, "position": 0, "id": "a", "body": "So.", "accepted": True}
    _put(
        c,
        answers,
        (
            {
                **{**said, "thread_id": name, "person": f"helper-{one}", "staff": one % 4 == 0},
                **{"votes": 0, "outdated_votes": 0},
                "created": begun + timedelta(days=one % QUARTER_DAYS),
            }
            for name, one in zip(names, who, strict=True)
        ),
    )


def _put_cases(
    c: Connection, forum_id: int, begun: datetime, days: int, random: np.random.Generator
) -> None:
    def one(n: int, day: float) -> Row:
        created = begun + timedelta(days=day)
        return {
            **{"forum_id": forum_id, "id": f"case-{n}", "title": "t", "body": "b"},
            **{"person": f"p{n % 900}", "account": f"account-{n % 2_000}", "groups": frozenset()},
            **{"product": f"product-{n % 8}", "lang": "en", "topic": f"topic-{n % 20}"},
            **{"created": created, "first_response": created + (1 + n % 40) * _HOUR},
            **{"closed": created + (2 + n % 90) * _HOUR, "answer_public": False},
            **{"severity": 1 + n % 4, "destination": "expert", "text_digest": "t", "digest": "d"},
        }

    _put(c, cases, (one(n, day) for n, day in enumerate((random.random(_CASES) * days).tolist())))


def _put_groups(c: Connection, forum_id: int, begun: datetime, random: np.random.Generator) -> None:
    names = [f"g{n:03}" for n in range(_GROUPS)]
    mine = {"forum_id": forum_id}
    made = {"made_at": begun, "terms": ("export", "row")}
    _put(c, ask_groups, ({**mine, "group_id": name, **made} for name in names))
    ids = c.execute(asks.select().with_only_columns(asks.c.ask_id)).scalars().all()
    # Few groups have most of the asks, as few questions are asked by many.
    drawn = np.minimum(random.zipf(1.3, len(ids)), _GROUPS) - 1
    inside = random.random(len(ids)) < _GROUPED
    _put(
        c,
        ask_group_members,
        (
            {**mine, "ask_id": name, "group_id": names[n] if grouped else None, "looked_at": begun}
            for name, n, grouped in zip(ids, drawn.tolist(), inside.tolist(), strict=True)
        ),
    )


def _questions_of_posts(c: Connection, forum_id: int, random: np.random.Generator) -> Iterator[Row]:
    of = events.c
    posted = events.select().with_only_columns(of.ask_id, of.person, of.occurred_at)
    rows = c.execute(posted.where(of.type == "posted")).all()
    for ask_id, person, at in rows:
        yield _question(forum_id, f"q{ask_id}", ask_id, person, at, random)


def _question(
    forum_id: int,
    question_id: str,
    ask_id: str | None,
    person: str,
    at: datetime,
    random: np.random.Generator,
) -> Row:
    number = int(random.integers(0, 1_000))
    expert, answered = number % 5 == 0, number % 10 < 8
    sent = "expert" if expert else "community"
    until = at + (1 + number % 60) * _HOUR
    return {
        **{"forum_id": forum_id, "question_id": question_id, "ask_id": ask_id, "person": person},
        **{"session": f"s-{person}", "account": f"account-{number}", "groups": frozenset()},
        **{"lang": "en", "product": f"product-{number % 8}", "topic": f"topic-{number % 20}"},
        **{"visibility": "private" if expert else "public", "shareable": False, "test": False},
        **{"question": {}, "decision": {"decided_by": "costs"}, "labels": {}, "kind": "how_to"},
        **{"severity": 1 + number % 4, "lacks": (), "asked": (), "moved": False},
        **{"decided_to": sent, "destination": sent, "owner": "tora", "revision": 1},
        **{"state": "confirmed_solved" if answered else "with_community"},
        **{"in_community": not expert, "received_at": at, "since": at, "changed_at": until},
        **{"first_answer_at": until if answered else None, "reroutes": 0},
    }


def _changes(c: Connection, forum_id: int) -> Iterator[Row]:
    """Give the changes of every question that was answered: received, sent, answered, solved."""
    of = questions.c
    columns = (of.question_id, of.received_at, of.changed_at, of.first_answer_at, of.destination)
    rows: Sequence[Any] = c.execute(questions.select().with_only_columns(*columns)).all()
    for question_id, received, changed, answered, sent in rows:
        steps = [("received", "customer", received), (f"with_{sent}", "machine", received)]
        if answered is not None:
            who = "staff" if sent == "expert" else "community"
            steps += [("answered", who, answered), ("confirmed_solved", "customer", changed)]
        for number, (after, who, at) in enumerate(steps):
            yield {
                **{"forum_id": forum_id, "question_id": question_id, "revision": number},
                **{"before": steps[number - 1][0] if number else None, "after": after},
                **{"who": who, "at": at, "change_id": str(number), "asked": ()},
                "answer_id": "a" if after == "answered" else None,
            }
