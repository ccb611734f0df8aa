"""One of everything that measuring keeps, for the tests that hold two forums apart."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np

from triage.assigning import Shares
from triage.records import ApiKey, EventType
from triage.store import (
    AskFacts,
    Connection,
    ask_vectors,
    asks_of_person,
    burst_contents,
    count_arms,
    filed_since,
    first_named_ask,
    get_ask,
    get_burst,
    holdout_of,
    is_newcomer,
    is_staff,
    iter_asks,
    iter_confirmed,
    iter_refused,
    list_bursts,
    list_holdouts,
    open_triage_of,
    other_questions,
    put_ask_vector,
    put_bursts_aside,
    put_events,
    set_holdout,
    settle_burst,
    tell_ask,
    vectors_of_asks,
    write_events,
)

from .samples import NOON, event

DAY = timedelta(days=1)


def fill_measuring(c: Connection, key: ApiKey, mark: str) -> None:
    """Put one of everything beside ask a1 and triage r1, told apart by the mark alone."""
    forum_id = key.forum.id
    tell_ask(c, forum_id, "a1", AskFacts(lang="en", topic=mark, offered=True))
    put_ask_vector(c, forum_id, "a1", "e5", np.full(2, len(mark), dtype=np.float32), NOON)
    write_events(c, forum_id, [event(f"asked-{mark}", type=EventType.ASKED)], NOON)
    set_holdout(c, forum_id, Shares(0.1), mark, NOON)
    many = [event(f"{mark}-{n}", type=EventType.SOLVED, thread_id="t1") for n in range(51)]
    put_events(c, forum_id, key.id, False, many, NOON)


def seen_measuring(c: Connection, key: ApiKey) -> dict[str, Any]:
    """Return all that can be seen of measuring from a forum."""
    forum_id = key.forum.id
    rows = ask_vectors(c, forum_id, "e5", NOON - DAY, include_test=True)
    bursts = list_bursts(c, forum_id)
    return {
        "ask": (get_ask(c, forum_id, "a1"), list(iter_asks(c, forum_id, include_test=True))),
        "ask vectors": [(row.ask_id, row.vector.tolist()) for row in rows],
        "surroundings": other_questions(c, forum_id, "e5", "en", 9).tolist(),
        "by id": {k: v.tolist() for k, v in vectors_of_asks(c, forum_id, "e5", ["a1"]).items()},
        "shares": (holdout_of(c, forum_id), list_holdouts(c, forum_id)),
        "bursts": [(b.events, burst_contents(c, forum_id, b.id)) for b in bursts],
        "burst": [get_burst(c, forum_id, b.id) == b for b in bursts],
        "words": (list(iter_confirmed(c, forum_id)), list(iter_refused(c, forum_id))),
        "who": (
            asks_of_person(c, forum_id, "p", NOON - DAY),
            first_named_ask(c, forum_id),
            is_newcomer(c, forum_id, "p", NOON),
            is_staff(c, forum_id, "p"),
            count_arms(c, forum_id, NOON - DAY),
            list(filed_since(c, forum_id, NOON - DAY, NOON + DAY, DAY)),
            open_triage_of(c, forum_id, "a1"),
        ),
    }


def _settle(c: Connection, key: ApiKey) -> None:
    for burst in list_bursts(c, key.forum.id):
        settle_burst(c, key.forum.id, burst.id, counts=True, at=NOON)


MEASURING_CHANGES: list[Callable[[Connection, ApiKey], object]] = [
    lambda c, key: tell_ask(c, key.forum.id, "a1", AskFacts(topic="new")),
    lambda c, key: put_ask_vector(
        c, key.forum.id, "a1", "e5", np.zeros(2, dtype=np.float32), NOON + DAY
    ),
    lambda c, key: write_events(c, key.forum.id, [event("new", type=EventType.POSTED)], NOON),
    lambda c, key: set_holdout(c, key.forum.id, Shares(0.0), "new", NOON),
    lambda c, key: put_bursts_aside(c, key.forum.id, ["a1"], NOON),
    _settle,
]
