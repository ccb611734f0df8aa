"""Who asked and then files a case about it, or posts it elsewhere, was not helped."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select

from tests.forum import SmallForum
from tests.store.posting import question_row
from triage import store
from triage.embedding import space_of
from triage.encode import HashingEncoder, TextRole
from triage.forgotten import Forgotten
from triage.measuring.returning import FEWEST_OTHERS, Said, Surroundings, Vector, returns_to
from triage.measuring.revisiting import Revisited, find_returns
from triage.privacy.removing import remove_person
from triage.records import ApiKey, Case, Draft, Event, EventType, Reply, Thread
from triage.store.tables.base import vectors
from triage.text import digest

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ENCODER = HashingEncoder()
SPACE = space_of(ENCODER, TextRole.QUERY)
WORDS = ("The invoice export stops at ninety percent", "Since the update it never ends.")


def ask(small: SmallForum, key: ApiKey, person: str = "p", at: datetime = NOON) -> Reply:
    return small.desk().ask(Draft(*WORDS, lang="en", person=person), key, clock=lambda: at)


def case(case_id: str = "c1", days: float = 3, **fields: object) -> Case:
    made: dict[str, object] = {"person": "p", "lang": "en", **fields}
    return Case(case_id, *WORDS, created=NOON + timedelta(days=days), **made)  # type: ignore[arg-type]


def later(small: SmallForum, days: float = 10) -> Revisited:
    return find_returns(small.database, small.forum.id, ENCODER, NOON + timedelta(days=days))


def told(small: SmallForum) -> list[Event]:
    with small.database.read() as c:
        found = list(store.iter_events(c, small.forum.id))
    return [event for event in found if event.type is not EventType.ASKED]


def test_a_case_about_what_was_asked_is_written_down_once(small: SmallForum, key: ApiKey) -> None:
    reply = ask(small, key)
    small.put_cases([case()])
    assert later(small) == Revisited(1, 1, 0)
    assert later(small) == Revisited(0, 0, 0)
    (event,) = told(small)
    assert (event.type, event.ask_id, event.external_id) == (
        EventType.ESCALATED,
        reply.ask_id,
        "c1",
    )
    assert event.occurred_at == NOON + timedelta(days=3)
    # No sender can take the name of this event before: their ids have no space.
    assert " " in event.event_id


def test_a_question_posted_without_a_triage_counts_as_posted(
    small: SmallForum, key: ApiKey
) -> None:
    reply = ask(small, key)
    of_nobody = {"triage_id": None, "ask_id": None, "account": None, "external_id": None}
    words = {"title": WORDS[0], "body": WORDS[1]}
    blank = {"title": "", "body": ""}
    at = NOON + timedelta(days=2)
    with small.database.write() as c:
        for name, more in (
            ("q1", {"question": words}),
            ("of a test", {"question": words, "test": True}),
            ("too old", {"question": blank}),
            ("of another", {"question": words, "person": "r"}),
        ):
            row = question_row(name, **{**of_nobody, "received_at": at, **more})
            store.put_question(c, small.forum.id, row)
    assert later(small) == Revisited(1, 0, 0, 1)
    assert later(small) == Revisited(0, 0, 0)
    (event,) = told(small)
    assert (event.type, event.ask_id, event.question_id) == (
        EventType.POSTED,
        reply.ask_id,
        "q1",
    )


def test_what_was_made_of_a_question_goes_with_its_person(small: SmallForum, key: ApiKey) -> None:
    ask(small, key, at=NOON)
    words = {"title": "It stops", "body": "Again and again."}
    of_nobody = {"triage_id": None, "ask_id": None, "account": None, "question": words}
    with small.database.write() as c:
        row = question_row("q1", **{**of_nobody, "received_at": NOON + timedelta(days=2)})
        store.put_question(c, small.forum.id, row)
    assert later(small).looked_at == 1
    made = digest("It stops\nAgain and again.")
    mine = select(vectors).where(vectors.c.text_digest == made)
    with small.database.write() as c:
        assert c.execute(mine).first() is not None
        remove_person(c, small.forum.id, "p", Forgotten(NOON + timedelta(days=20)), "secret")
        assert c.execute(mine).first() is None


def test_a_thread_posted_by_another_way_counts_as_posted(small: SmallForum, key: ApiKey) -> None:
    reply = ask(small, key)
    posted = Thread("new", *WORDS, person="p", lang="en", created=NOON + timedelta(hours=1))
    small.knowledge().put([posted])
    assert later(small) == Revisited(1, 0, 1)
    (event,) = told(small)
    assert (event.type, event.ask_id, event.question_id) == (
        EventType.POSTED,
        reply.ask_id,
        "new",
    )


@pytest.mark.parametrize(
    "filed",
    [
        case(person="q"),
        case(person=None),
        case(days=29),
        case(days=-1),
        Case("c", "How heavy is a walrus", "", person="p", created=NOON + timedelta(days=1)),
    ],
    ids=["another person", "nobody known", "too late", "before", "another problem"],
)
def test_other_cases_are_no_returns(small: SmallForum, key: ApiKey, filed: Case) -> None:
    ask(small, key)
    ask(small, key, "q", NOON + timedelta(days=60))
    small.put_cases([filed])
    assert (later(small, 31).cases, told(small)) == (0, [])


def test_an_ask_that_is_known_to_be_posted_gets_no_second_post(
    small: SmallForum, key: ApiKey
) -> None:
    reply = ask(small, key)
    posted = Event("e", EventType.POSTED, reply.triage_id, reply.ask_id, NOON)
    with small.database.write() as c:
        store.put_events(c, small.forum.id, key.id, False, [posted], NOON)
    small.put_cases([case()])
    assert later(small).cases == 0
    assert [event.event_id for event in told(small)] == ["e"]


def test_a_case_that_bears_only_a_day_may_have_come_after_any_ask_of_it(
    small: SmallForum, key: ApiKey
) -> None:
    ask(small, key)
    midnight = NOON.replace(hour=0)
    small.put_cases([Case("c", *WORDS, person="p", lang="en", created=midnight)])
    assert later(small).cases == 1
    assert told(small)[0].occurred_at == NOON


def unit(values: NDArray[np.float64]) -> Vector:
    return (values / np.linalg.norm(values)).astype(np.float32)


def test_what_is_near_is_told_by_how_near_others_are(small: SmallForum, key: ApiKey) -> None:
    rng, forum_id = np.random.default_rng(0), small.forum.id
    asked = {name: ask(small, key, name) for name in ["p", *map(str, range(FEWEST_OTHERS + 5))]}
    # With this encoder every two questions are near.
    vectors = {name: unit(2 + rng.normal(size=16)) for name in asked}
    near, far = unit(vectors["p"] + 0.03 * rng.normal(size=16)), unit(2 + rng.normal(size=16))
    assert float(far @ vectors["p"]) > 0.6
    with small.database.write() as c:
        for name, vector in vectors.items():
            ask_id = asked[name].ask_id
            store.put_ask_vector(c, forum_id, ask_id, SPACE, vector, NOON)

        def found(vector: Vector) -> str | None:
            said = Said(vector, "en", None, NOON + timedelta(days=1))
            return returns_to(c, Surroundings(forum_id, SPACE), "p", said)

        assert found(near) == asked["p"].ask_id
        assert found(far) is None
