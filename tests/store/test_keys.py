"""API keys: the secret is never kept, a revoked key is unknown."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from triage.errors import BadField, NoForum
from triage.records import ApiKey, Forum, Role
from triage.store import (
    Database,
    create_key,
    find_key,
    list_keys,
    next_revision,
    note_key_use,
    revoke_key,
    set_live_version,
)

from .samples import NOON


def make(
    database: Database, forum: Forum, role: Role = Role.ADMIN, publishable: bool = False
) -> tuple[str, ApiKey]:
    with database.write() as c:
        return create_key(
            c, forum.id, name="desk", role=role, publishable=publishable, test=True, at=NOON
        )


def test_a_key_is_found_by_its_secret_with_the_forum_as_it_stands(
    database: Database, forum: Forum
) -> None:
    secret, made = make(database, forum)
    with database.write() as c:
        next_revision(c, forum.id)
        set_live_version(c, forum.id, "v1")
        found = find_key(c, secret)
    now = Forum(forum.id, "bikes", 1, "v1")
    expected = ApiKey(made.id, now, secret[:10], Role.ADMIN, False, True, "desk")
    assert found == expected
    assert made.forum == forum


def test_a_key_is_found_with_one_query(database: Database, forum: Forum) -> None:
    secret, _ = make(database, forum)
    queries = []
    with database.read() as c:
        event.listen(c, "before_cursor_execute", lambda *call: queries.append(call[2]))
        find_key(c, secret)
    assert len(queries) == 1


def test_secrets_say_their_kind_and_are_long(database: Database, forum: Forum) -> None:
    secret, _ = make(database, forum)
    public, _ = make(database, forum, Role.FRONTEND, publishable=True)
    assert secret.startswith("sk_")
    assert public.startswith("pk_")
    assert len(secret) == len(public) == 46


def test_the_file_does_not_hold_the_secret(
    database: Database, forum: Forum, tmp_path: Path
) -> None:
    secret, _ = make(database, forum)
    database.close()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret[:10].encode() in content
    assert secret[:12].encode() not in content


@pytest.mark.parametrize("role", [Role.LEAD, Role.ANALYST, Role.ADMIN])
def test_only_a_front_end_may_have_a_publishable_key(
    database: Database, forum: Forum, role: Role
) -> None:
    with pytest.raises(BadField, match="publishable"):
        make(database, forum, role, publishable=True)


def test_a_key_of_no_forum_is_refused(database: Database) -> None:
    with pytest.raises(NoForum):
        make(database, Forum(77, "nowhere", 0, None))


@pytest.mark.parametrize("secret", ["", "sk_", "å", "\ud800", "x" * 10_000])
def test_an_unknown_secret_finds_nothing(database: Database, forum: Forum, secret: str) -> None:
    make(database, forum)
    with database.read() as c:
        assert find_key(c, secret) is None


def test_a_revoked_key_is_unknown_but_listed(database: Database, forum: Forum) -> None:
    secret, made = make(database, forum)
    kept, _ = make(database, forum)
    with database.write() as c:
        assert revoke_key(c, forum.id, made.prefix, NOON)
        assert not revoke_key(c, forum.id, made.prefix, NOON)
        assert find_key(c, secret) is None
        assert find_key(c, kept) is not None
        assert [key.revoked_at for key in list_keys(c, forum.id)] == [NOON, None]


def test_another_forum_cannot_revoke_a_key(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    _, made = make(database, forum)
    with database.write() as c:
        assert not revoke_key(c, other_forum.id, made.prefix, NOON)
        assert list_keys(c, other_forum.id) == []


def test_the_last_use_is_noted_to_the_hour(database: Database, forum: Forum) -> None:
    _, made = make(database, forum)
    seen = []
    for minutes in (0, 59, 60):
        with database.write() as c:
            note_key_use(c, forum.id, made.id, NOON + timedelta(minutes=minutes))
            seen.append(list_keys(c, forum.id)[0].last_used_at)
    assert seen == [NOON, NOON, NOON + timedelta(minutes=60)]
