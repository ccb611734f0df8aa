"""What was done stays noted, in order and unaltered."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from triage.records import Act, Actor, ActorKind, Forum
from triage.store import Database, broken_act, iter_acts, note_act

from .samples import NOON

LEAD = Actor(ActorKind.USER, "lead@bikes.example")


def act(name: str, hour: int = 0) -> Act:
    return Act(NOON + timedelta(hours=hour), LEAD, name, "key:sk_12", {"role": "lead"}, None)


def test_acts_are_given_back_in_order_as_they_were_noted(database: Database, forum: Forum) -> None:
    acts = [act("key.create"), act("key.revoke", 1), act("model.activate", 2)]
    with database.write() as c:
        numbers = [note_act(c, forum.id, one) for one in acts]
    with database.read() as c:
        assert numbers == [1, 2, 3]
        assert [row.act for row in iter_acts(c, forum.id)] == acts
        assert [row.number for row in iter_acts(c, forum.id, after=2)] == [3]
        assert broken_act(c, forum.id) is None


@pytest.mark.parametrize("change", ["UPDATE audit SET act = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_an_act(
    database: Database, forum: Forum, change: str
) -> None:
    with database.write() as c:
        note_act(c, forum.id, act("key.create"))
    with pytest.raises(IntegrityError, match="append-only"), database.write() as c:
        c.execute(text(change))
    with database.read() as c:
        assert len(list(iter_acts(c, forum.id))) == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET after = '{}' WHERE number = 2",
        "UPDATE audit SET actor = 'nobody' WHERE number = 2",
        "DELETE FROM audit WHERE number = 2",
    ],
)
def test_an_act_altered_behind_the_databases_back_is_found(
    database: Database, forum: Forum, change: str
) -> None:
    with database.write() as c:
        for hour in range(3):
            note_act(c, forum.id, act("key.create", hour))
        c.execute(text("DROP TRIGGER audit_no_update"))
        c.execute(text("DROP TRIGGER audit_no_delete"))
        c.execute(text(change))
        assert broken_act(c, forum.id) == 2


def test_the_acts_of_two_forums_are_two_logs(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    with database.write() as c:
        note_act(c, forum.id, act("key.create"))
        assert note_act(c, other_forum.id, act("key.revoke")) == 1
        assert [row.act.act for row in iter_acts(c, forum.id)] == ["key.create"]
