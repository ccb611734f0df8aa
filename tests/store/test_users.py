from datetime import timedelta

import pytest

from triage.errors import BadField, NoUser, UserTaken
from triage.records import Forum, Role
from triage.store import (
    Connection,
    Database,
    Means,
    UserRow,
    add_user,
    bind_issuer,
    disable_user,
    drop_old_sessions,
    enable_user,
    end_session,
    end_sessions,
    find_session,
    get_user,
    link_user,
    list_sessions,
    list_users,
    make_link,
    note_sign_in,
    open_session,
    password_hash_of,
    set_password,
    set_user_role,
    touch_session,
    use_link,
    user_of,
    user_of_issuer,
)

from .samples import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVA = "eva.lind@example.com"


def eva(c: Connection, forum: Forum, email: str = EVA) -> UserRow:
    return add_user(c, forum.id, email=email, name=" Eva Lind ", role=Role.LEAD, at=NOON)


def test_a_user_is_found_by_address_and_by_id(database: Database, forum: Forum) -> None:
    with database.write() as c:
        made = eva(c, forum, " Eva.Lind@Example.com ")
        assert (
            made == get_user(c, forum.id, "EVA.LIND@example.com") == user_of(c, forum.id, made.id)
        )
        assert (made.email, made.name, made.role, made.forum) == (EVA, "Eva Lind", Role.LEAD, forum)
        assert (made.has_password, made.by_company, made.last_in_at) == (False, False, None)
        assert list_users(c, forum.id) == [made]


def test_an_address_belongs_to_one_user_of_a_forum(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    with database.write() as c:
        first = eva(c, forum)
        with pytest.raises(UserTaken):
            eva(c, forum, EVA.upper())
        second = eva(c, other_forum)
        assert first.id != second.id
        with pytest.raises(NoUser):
            user_of(c, other_forum.id, first.id)


@pytest.mark.parametrize(
    "email", ["", "eva", "@example.com", "eva@", "a b@example.com", "a@b@c.de", "x" * 65 + "@b.de"]
)
def test_what_is_no_address_is_refused(database: Database, forum: Forum, email: str) -> None:
    with database.write() as c, pytest.raises(BadField, match="email"):
        eva(c, forum, email)


def test_who_is_not_there_is_not_found(database: Database, forum: Forum) -> None:
    with database.read() as c:
        with pytest.raises(NoUser, match="has no user eva"):
            get_user(c, forum.id, "eva")
        with pytest.raises(NoUser):
            user_of(c, forum.id, "u_1")
        assert password_hash_of(c, forum.id, EVA) is None
        assert user_of_issuer(c, forum.id, "https://login", "1") is None


def test_what_is_changed_stays_changed(database: Database, forum: Forum) -> None:
    with database.write() as c:
        user = eva(c, forum)
        set_user_role(c, forum.id, user.id, Role.ADMIN)
        set_password(c, forum.id, user.id, "hash")
        note_sign_in(c, forum.id, user.id, NOON)
        found = get_user(c, forum.id, EVA)
        assert (found.role, found.has_password, found.last_in_at) == (Role.ADMIN, True, NOON)
        kept = password_hash_of(c, forum.id, EVA)
        assert kept is not None
        assert (kept[0].id, kept[1]) == (user.id, "hash")


def test_an_issuer_is_bound_once(database: Database, forum: Forum) -> None:
    with database.write() as c:
        user = eva(c, forum)
        assert bind_issuer(c, forum.id, EVA.upper(), "https://login", "1")
        found = user_of_issuer(c, forum.id, "https://login", "1")
        assert found is not None
        assert found.id == user.id
        assert not bind_issuer(c, forum.id, EVA, "https://login", "2")
        assert not bind_issuer(c, forum.id, "kim@example.com", "https://login", "3")
        assert user_of_issuer(c, forum.id, "https://other", "1") is None


def test_shutting_somebody_out_ends_all_that_is_theirs(database: Database, forum: Forum) -> None:
    with database.write() as c:
        user = eva(c, forum)
        set_password(c, forum.id, user.id, "hash")
        bind_issuer(c, forum.id, EVA, "https://login", "1")
        session = open_session(c, user, Means.PASSWORD, NOON, NOON + DAY)
        link = make_link(c, forum.id, user.id, NOON, NOON + DAY)
        disable_user(c, forum.id, user.id, NOON)
        assert find_session(c, session, NOON, HOUR) is None
        assert use_link(c, link, NOON) is None
        assert password_hash_of(c, forum.id, EVA) is None
        assert user_of_issuer(c, forum.id, "https://login", "1") is None
        enable_user(c, forum.id, user.id)
        assert find_session(c, session, NOON, HOUR) is None
        assert password_hash_of(c, forum.id, EVA) is not None


def test_a_link_signs_in_once_within_its_time(database: Database, forum: Forum) -> None:
    with database.write() as c:
        user = eva(c, forum)
        token = make_link(c, forum.id, user.id, NOON, NOON + HOUR)
        looked = link_user(c, token, NOON)
        assert looked is not None
        assert looked.id == user.id
        assert use_link(c, token, NOON + HOUR) is None
        used = use_link(c, token, NOON)
        assert used == looked
        assert use_link(c, token, NOON) is None
        assert link_user(c, token, NOON) is None


def test_a_new_link_or_password_ends_the_links_before_it(database: Database, forum: Forum) -> None:
    with database.write() as c:
        user = eva(c, forum)
        first, second = (make_link(c, forum.id, user.id, NOON, NOON + HOUR) for _ in range(2))
        assert link_user(c, first, NOON) is None
        assert link_user(c, second, NOON) is not None
        set_password(c, forum.id, user.id, "hash")
        assert link_user(c, second, NOON) is None


def test_a_session_holds_while_it_is_used_and_not_too_old(database: Database, forum: Forum) -> None:
    with database.write() as c:
        user = eva(c, forum)
        token = open_session(c, user, Means.LINK, NOON, NOON + DAY)
        found = find_session(c, token, NOON + HOUR / 2, HOUR)
        assert found is not None
        assert (found.user.id, found.user.forum, found.means) == (user.id, forum, Means.LINK)
        assert (found.created_at, found.last_at, found.expires_at) == (NOON, NOON, NOON + DAY)
        assert token not in (found.id, *map(str, (found.user,)))
        assert find_session(c, token, NOON + HOUR, HOUR) is None
        touch_session(c, forum.id, found.id, NOON + HOUR)
        assert find_session(c, token, NOON + HOUR, HOUR) is not None
        assert find_session(c, token, NOON + DAY, DAY * 9) is None
        assert find_session(c, token + "x", NOON, HOUR) is None
        assert find_session(c, "", NOON, HOUR) is None


def test_sessions_are_listed_and_ended(database: Database, forum: Forum) -> None:
    with database.write() as c:
        user, other = eva(c, forum), eva(c, forum, "kim@example.com")
        tokens = [
            open_session(c, user, Means.PASSWORD, NOON + n * HOUR, NOON + DAY) for n in range(3)
        ]
        theirs = open_session(c, other, Means.PASSWORD, NOON, NOON + DAY)
        listed = list_sessions(c, forum.id, user.id, NOON + 2 * HOUR, DAY)
        assert [session.created_at for session in listed] == [NOON + n * HOUR for n in (2, 1, 0)]
        assert not end_session(c, forum.id, other.id, listed[0].id)
        assert end_session(c, forum.id, user.id, listed[0].id)
        assert find_session(c, tokens[2], NOON, DAY) is None
        assert end_sessions(c, forum.id, user.id, but=listed[1].id) == 1
        assert find_session(c, tokens[1], NOON, DAY) is not None
        assert end_sessions(c, forum.id, user.id) == 1
        assert find_session(c, theirs, NOON, DAY) is not None
        assert drop_old_sessions(c, forum.id, NOON + DAY) == 1
