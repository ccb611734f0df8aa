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
    listed_origins,
    next_revision,
    note_key_use,
    revoke_key,
    rotate_key,
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
        found = find_key(c, secret, NOON)
    now = Forum(forum.id, "bikes", 1, "v1")
    expected = ApiKey(made.id, now, secret[:10], Role.ADMIN, False, True, "desk")
    assert found == expected
    assert made.forum == forum


def test_a_key_is_found_with_one_query(database: Database, forum: Forum) -> None:
    secret, _ = make(database, forum)
    queries = []
    with database.read() as c:
        event.listen(c, "before_cursor_execute", lambda *call: queries.append(call[2]))
        find_key(c, secret, NOON)
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
        assert find_key(c, secret, NOON) is None


def test_a_revoked_key_is_unknown_but_listed(database: Database, forum: Forum) -> None:
    secret, made = make(database, forum)
    kept, _ = make(database, forum)
    with database.write() as c:
        assert revoke_key(c, forum.id, made.prefix, NOON)
        assert not revoke_key(c, forum.id, made.prefix, NOON)
        assert find_key(c, secret, NOON) is None
        assert find_key(c, kept, NOON) is not None
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
            note_key_use(c, forum.id, made.prefix, NOON + timedelta(minutes=minutes))
            seen.append(list_keys(c, forum.id)[0].last_used_at)
    assert seen == [NOON, NOON, NOON + timedelta(minutes=60)]


HOUR = timedelta(hours=1)


def test_a_key_is_unknown_from_the_moment_it_expires(database: Database, forum: Forum) -> None:
    kind = {"name": "", "role": Role.LEAD, "publishable": False, "test": False}
    with database.write() as c:
        secret, _ = create_key(c, forum.id, **kind, at=NOON, expires_at=NOON + HOUR)
        assert find_key(c, secret, NOON + HOUR - timedelta(seconds=1)) is not None
        assert find_key(c, secret, NOON + HOUR) is None
        (row,) = list_keys(c, forum.id)
        assert row.expires_at == NOON + HOUR
        assert not row.works(NOON + HOUR)


def test_a_rotated_key_hands_on_what_it_was_and_works_until_the_grace_is_over(
    database: Database, forum: Forum
) -> None:
    sites = ["https://a.example", "https://B.example:443/"]
    kind = {"name": "page", "role": Role.FRONTEND, "publishable": True, "test": True}
    with database.write() as c:
        old, first = create_key(c, forum.id, **kind, at=NOON, origins=sites)
        new, second = rotate_key(c, forum.id, old[:10], at=NOON, grace=2 * HOUR)
        newest, third = rotate_key(c, forum.id, new[:10], at=NOON, grace=2 * HOUR)
        assert [find_key(c, s, NOON + HOUR) is None for s in (old, new, newest)] == [False] * 3
        assert [find_key(c, s, NOON + 2 * HOUR) is None for s in (old, new, newest)] == [
            True,
            True,
            False,
        ]
        rows = list_keys(c, forum.id)
    assert first.origins == {"https://a.example", "https://b.example"}
    for one in (second, third):
        assert one.id == first.id
        assert (one.name, one.role, one.publishable, one.test) == (
            "page",
            *(first.role, True, True),
        )
        assert one.origins == first.origins
    assert [row.replaces for row in rows] == [None, old[:10], new[:10]]


def test_a_key_that_follows_lasts_as_long_as_the_one_before(
    database: Database, forum: Forum
) -> None:
    kind = {"name": "", "role": Role.LEAD, "publishable": False, "test": False}
    with database.write() as c:
        old, _ = create_key(c, forum.id, **kind, at=NOON, expires_at=NOON + 10 * HOUR)
        new, _ = rotate_key(c, forum.id, old[:10], at=NOON + 9 * HOUR, grace=5 * HOUR)
        # The grace does not make the old one last longer than it would have.
        assert find_key(c, old, NOON + 10 * HOUR) is None
        assert find_key(c, new, NOON + 18 * HOUR) is not None
        assert find_key(c, new, NOON + 19 * HOUR) is None


def test_a_key_is_rotated_once_and_only_while_it_works(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    secret, _ = make(database, forum)
    gone, _ = make(database, forum)
    with database.write() as c:
        revoke_key(c, forum.id, gone[:10], NOON)
        rotate_key(c, forum.id, secret[:10], at=NOON, grace=HOUR)
        for forum_id, prefix in (
            (forum.id, secret[:10]),
            (forum.id, gone[:10]),
            (other_forum.id, secret[:10]),
            (forum.id, "sk_nothing"),
        ):
            with pytest.raises(BadField, match="prefix"):
                rotate_key(c, forum_id, prefix, at=NOON, grace=HOUR)
        assert len(list_keys(c, forum.id)) == 3


def test_only_a_publishable_key_names_sites(database: Database, forum: Forum) -> None:
    kind = {"name": "", "role": Role.FRONTEND, "publishable": False, "test": False}
    with database.write() as c, pytest.raises(BadField, match="origin"):
        create_key(c, forum.id, **kind, at=NOON, origins=["https://a.example"])


def test_the_listed_sites_are_those_of_keys_that_work(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    kind = {"name": "", "role": Role.FRONTEND, "publishable": True, "test": False, "at": NOON}
    with database.write() as c:
        create_key(c, forum.id, **kind, origins=["https://a.example"])
        create_key(
            c, other_forum.id, **kind, origins=["https://b.example", "http://localhost:3000"]
        )
        create_key(c, forum.id, **kind, origins=["https://late.example"], expires_at=NOON + HOUR)
        gone, _ = create_key(c, forum.id, **kind, origins=["https://gone.example"])
        revoke_key(c, forum.id, gone[:10], NOON)
        create_key(c, forum.id, **kind)
        late = {"https://late.example"}
        always = {"https://a.example", "https://b.example", "http://localhost:3000"}
        assert listed_origins(c, NOON) == always | late
        assert listed_origins(c, NOON + HOUR) == always
