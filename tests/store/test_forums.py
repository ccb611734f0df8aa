"""Forums by name, their revision and live version."""

import pytest

from triage.errors import BadForumName, NoForum
from triage.records import Forum
from triage.store import (
    Database,
    adopt_encoder,
    encoder_of,
    ensure_forum,
    get_forum,
    list_forums,
    next_revision,
    set_live_version,
    switch_encoder,
)


def test_a_forum_is_created_once(database: Database) -> None:
    with database.write() as c:
        first = ensure_forum(c, "bikes")
        assert ensure_forum(c, "bikes") == first
        ensure_forum(c, "a")
        assert [forum.name for forum in list_forums(c)] == ["a", "bikes"]


@pytest.mark.parametrize(
    "name", ["", "Bikes", "1st", "-x", "å", "a/b", "a" * 41, "bikes\n", "encoder"]
)
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
    with pytest.raises(NoForum), database.write() as c:
        switch_encoder(c, 77, "e5", (), "e5-1", None)
    with pytest.raises(NoForum), database.read() as c:
        encoder_of(c, 77)


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


def test_a_forum_takes_its_first_encoder_once(database: Database, forum: Forum) -> None:
    with database.write() as c:
        assert encoder_of(c, forum.id) is None
        assert adopt_encoder(c, forum.id, "e5", ("query: ", "passage: "), "e5-1")
        assert not adopt_encoder(c, forum.id, "minilm", (), "minilm-1")
        found = get_forum(c, "bikes")
    assert (found.encoder, found.encoder_id) == ("e5", "e5-1")
    assert found.encoder_prompts == ("query: ", "passage: ")


def test_encoder_and_model_change_together(database: Database, forum: Forum) -> None:
    with database.write() as c:
        set_live_version(c, forum.id, "v1")
        switch_encoder(c, forum.id, "e5", (), "e5-1", "v2")
        found = get_forum(c, "bikes")
        assert (found.encoder, found.encoder_id, found.live_version) == ("e5", "e5-1", "v2")
        switch_encoder(c, forum.id, "none", (), "words", None)
        assert get_forum(c, "bikes").live_version is None
