"""One person's one problem is one ask."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from triage.records import ApiKey, EventType, Forum, Mode, Role, Stage
from triage.store import (
    Database,
    create_key,
    get_triage,
    iter_triages,
    put_events,
    put_triage,
)

from .samples import NOON, WINDOW, begin, event, triage_row

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("first", "second", "continues"),
    [
        ({"session": "s"}, {"session": "s"}, True),
        ({"session": "s"}, {"session": "z"}, False),
        ({"person": "p"}, {"person": "p"}, True),
        ({"person": "p"}, {"person": "q"}, False),
        ({}, {}, False),
        ({"session": "s", "person": "p"}, {"person": "p"}, True),
        ({"session": "s", "person": "p"}, {"session": "z", "person": "p"}, False),
        ({"session": "s"}, {"session": "s", "person": "p"}, True),
        ({"session": "s", "person": "p"}, {"session": "s"}, True),
        ({"session": "s", "person": "p"}, {"session": "s", "person": "q"}, False),
        ({"session": "s", "test": True}, {"session": "s", "test": False}, False),
        ({"session": "s"}, {"session": "s", "lang": "sv"}, True),
    ],
)
def test_an_ask_continues_for_the_same_asker_alone(
    database: Database,
    forum: Forum,
    key: ApiKey,
    first: dict[str, Any],
    second: dict[str, Any],
    continues: bool,
) -> None:
    with database.write() as c:
        begin(c, forum.id, "a1", key_id=key.id, **first)
        found = begin(c, forum.id, "a2", key_id=key.id, at=NOON + MINUTE, **second)
        assert (found == "a1") == continues
        assert found == ("a1" if continues else "a2")


def test_another_key_opens_another_ask(database: Database, forum: Forum, key: ApiKey) -> None:
    with database.write() as c:
        begin(c, forum.id, "a1", session="s", key_id=None)
        assert begin(c, forum.id, "a2", session="s", key_id=key.id) == "a2"
        assert begin(c, forum.id, "a3", session="s", key_id=None) == "a1"


def test_an_ask_lives_on_from_each_keystroke(database: Database, forum: Forum) -> None:
    with database.write() as c:
        begin(c, forum.id, "a1", session="s", at=NOON)
        assert begin(c, forum.id, "a2", session="s", at=NOON + WINDOW) == "a1"
        assert begin(c, forum.id, "a3", session="s", at=NOON + 2 * WINDOW) == "a1"
        expired = NOON + 3 * WINDOW + timedelta(microseconds=1)
        assert begin(c, forum.id, "a4", session="s", at=expired) == "a4"


def test_a_call_out_of_order_does_not_shorten_the_ask(database: Database, forum: Forum) -> None:
    with database.write() as c:
        begin(c, forum.id, "a1", session="s", at=NOON + MINUTE)
        assert begin(c, forum.id, "a2", session="s", at=NOON) == "a1"
        assert begin(c, forum.id, "a3", session="s", at=NOON + MINUTE + WINDOW) == "a1"
        long_before = NOON - WINDOW
        assert begin(c, forum.id, "a4", session="s", at=long_before) == "a4"


def test_a_person_who_logs_in_on_the_way_becomes_known(database: Database, forum: Forum) -> None:
    with database.write() as c:
        begin(c, forum.id, "a1", session="s")
        begin(c, forum.id, "a2", session="s", person="p")
        assert begin(c, forum.id, "a3", session="s", person="q") == "a3"
        assert begin(c, forum.id, "a4", session="s", person="p") == "a1"


def test_a_posted_ask_is_over(database: Database, forum: Forum, key: ApiKey) -> None:
    with database.write() as c:
        begin(c, forum.id, "a1", session="s", key_id=key.id)
        put_triage(c, forum.id, triage_row(key_id=key.id))
        opened, posted = event("e1"), event("e2", type=EventType.POSTED)
        put_events(c, forum.id, key.id, False, [opened], NOON)
        assert begin(c, forum.id, "a2", session="s", key_id=key.id) == "a1"
        put_events(c, forum.id, key.id, False, [posted], NOON)
        assert begin(c, forum.id, "a3", session="s", key_id=key.id) == "a3"


def test_every_field_of_a_triage_comes_back(database: Database, forum: Forum, key: ApiKey) -> None:
    row = triage_row(
        key_id=key.id,
        stage=Stage.TYPING,
        mode=Mode.LEXICAL,
        model_version="v1",
        question={"title": "Vad är \u0000 fel?", "groups": [], "n": 0.1, "none": None},
    )
    with database.write() as c:
        begin(c, forum.id, key_id=key.id)
        put_triage(c, forum.id, row)
        assert get_triage(c, forum.id, "r1") == row
        assert get_triage(c, forum.id, "r2") is None


def test_a_triage_needs_its_ask(database: Database, forum: Forum) -> None:
    with pytest.raises(IntegrityError), database.write() as c:
        put_triage(c, forum.id, triage_row(ask_id="nowhere"))


def test_an_ask_cannot_take_another_forums_key(
    database: Database, other_forum: Forum, key: ApiKey
) -> None:
    with pytest.raises(IntegrityError), database.write() as c:
        begin(c, other_forum.id, key_id=key.id)


def test_triages_come_oldest_first_and_without_tests(database: Database, forum: Forum) -> None:
    with database.write() as c:
        create_key(c, forum.id, name="t", role=Role.FRONTEND, publishable=False, test=True, at=NOON)
        begin(c, forum.id, "a1")
        begin(c, forum.id, "a2", test=True)
        put_triage(c, forum.id, triage_row("r1", at=NOON + MINUTE))
        put_triage(c, forum.id, triage_row("r2", at=NOON))
        put_triage(c, forum.id, triage_row("r3", at=NOON, ask_id="a2"))
        assert [row.triage_id for row in iter_triages(c, forum.id)] == ["r2", "r1"]
        every = iter_triages(c, forum.id, include_test=True)
        assert [row.triage_id for row in every] == ["r2", "r3", "r1"]
        late = iter_triages(c, forum.id, since=NOON + MINUTE)
        assert [row.triage_id for row in late] == ["r1"]
