"""The secrets of a forum's server: found by id, listed, revoked."""

from datetime import timedelta

from triage.records import Forum
from triage.store import (
    Database,
    add_visitor_secret,
    find_visitor_secret,
    list_visitor_secrets,
    note_visitor_use,
    revoke_visitor_secret,
)

from .samples import NOON


def test_a_secret_is_found_until_it_is_revoked_and_listed_for_ever(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    with database.write() as c:
        add_visitor_secret(c, forum.id, "vs_1", "server", b"box", NOON)
        found = find_visitor_secret(c, forum.id, "vs_1")
        assert found is not None
        assert (found.name, found.sealed) == ("server", b"box")
        assert find_visitor_secret(c, other_forum.id, "vs_1") is None
        assert find_visitor_secret(c, forum.id, "vs_2") is None
        assert not revoke_visitor_secret(c, other_forum.id, "vs_1", NOON)
        assert revoke_visitor_secret(c, forum.id, "vs_1", NOON)
        assert not revoke_visitor_secret(c, forum.id, "vs_1", NOON)
        assert find_visitor_secret(c, forum.id, "vs_1") is None
        assert [row.revoked_at for row in list_visitor_secrets(c, forum.id)] == [NOON]


def test_the_last_use_is_noted_to_the_hour(database: Database, forum: Forum) -> None:
    seen = []
    with database.write() as c:
        add_visitor_secret(c, forum.id, "vs_1", "", b"box", NOON)
        for minutes in (0, 59, 60):
            note_visitor_use(c, forum.id, "vs_1", NOON + timedelta(minutes=minutes))
            seen.append(list_visitor_secrets(c, forum.id)[0].last_used_at)
    assert seen == [NOON, NOON, NOON + timedelta(hours=1)]
