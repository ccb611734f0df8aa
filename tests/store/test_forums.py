"""Forums by name, their revision and live version."""

import pytest

from triage.errors import BadForumName, NoForum
from triage.records import Forum
from triage.store import (
    Database,
    ensure_forum,
    get_forum,
    list_forums,
    next_revision,
    set_live_version,
)


def test_a_forum_is_created_once(database: Database) -> None:
    with database.write() as c:
        first = ensure_forum(c, "bikes")
        assert ensure_forum(c, "bikes") == first
        ensure_forum(c, "a")
        assert [forum.name for forum in list_forums(c)] == ["a", "bikes"]


@pytest.mark.parametrize("name", ["", "Bikes", "1st", "-x", "å", "a/b", "a" * 41, "bikes\n"])
def test_a_name_that_could_be_no_folder_is_refused(database: Database, name: str) -> None:
    with pytest.raises(BadForumName), database.write() as c:
        ensure_forum(c, name)


def test_an_unknown_forum_is_said_to_be_missing(database: Database) -> None:
    with pytest.raises(NoForum, match="boats"), database.read() as c:
        get_forum(c, "boats")
    with pytest.raises(NoForum), database.write() as c:
        next_revision(c, 77)
    with pytest.raises(NoForum), database.write() as c:
        set_live_version(c, 77, "v1")


def test_revision_and_live_version_are_the_forums_own(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    with database.write() as c:
        assert [next_revision(c, forum.id), next_revision(c, forum.id)] == [1, 2]
        set_live_version(c, forum.id, "v1")
        assert get_forum(c, "bikes") == Forum(forum.id, "bikes", 2, "v1")
        assert get_forum(c, "boats") == other_forum
        set_live_version(c, forum.id, None)
        assert get_forum(c, "bikes").live_version is None
