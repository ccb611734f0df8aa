"""The encoder that serves a forum is the one that the store names."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from tests.forum import SmallForum, small_forum
from triage import store
from triage.encode import Encoder, HashingEncoder
from triage.encoders import EncoderName, Encoders, Serving, recorded_encoder
from triage.errors import EncoderMissing
from triage.records import Forum

OLD, NEW = EncoderName("hashing"), EncoderName("hashing:64")


def current(small: SmallForum) -> Forum:
    with small.database.read() as c:
        return store.get_forum(c, "demo")


def opened(name: EncoderName) -> Encoder | None:
    return name.open(threads=1)


def serving(small: SmallForum, wish: EncoderName) -> Serving:
    return Encoders(wish, opened).serving(small.database, current(small))


def test_a_new_forum_starts_with_the_wish(tmp_path: Path) -> None:
    with small_forum(tmp_path, threads=()) as small:
        assert recorded_encoder(current(small)) is None
        assert serving(small, OLD).name == OLD
        assert recorded_encoder(current(small)) == (OLD, "hashing-256")


def test_a_changed_wish_changes_nothing_by_itself(tmp_path: Path) -> None:
    with small_forum(tmp_path, threads=()) as small:
        serving(small, OLD)
        found = serving(small, NEW)
        assert (found.name, found.recorded, found.trouble) == (OLD, "hashing-256", None)
        assert recorded_encoder(current(small)) == (OLD, "hashing-256")


def test_of_two_that_start_at_once_one_wish_counts_for_both(tmp_path: Path) -> None:
    with small_forum(tmp_path, threads=()) as small:
        before = current(small)
        serving(small, OLD)
        assert Encoders(NEW, opened).serving(small.database, before).name == OLD


@pytest.mark.parametrize(("name", "recorded"), [("/gone", "gone-1"), ("hashing", "hashing-999")])
def test_a_lost_encoder_is_replaced_by_the_wish_and_that_is_said(
    tmp_path: Path, name: str, recorded: str, caplog: pytest.LogCaptureFixture
) -> None:
    with small_forum(tmp_path, threads=()) as small:
        with small.database.write() as c:
            store.adopt_encoder(c, small.forum.id, name, (), recorded)
        with caplog.at_level(logging.ERROR):
            found = serving(small, NEW)
    assert (found.name, found.recorded) == (NEW, recorded)
    assert found.trouble is not None
    assert found.encoder is not None
    assert found.encoder.id == "hashing-64"
    assert "encoder_lost forum=demo" in caplog.text


def test_a_model_that_only_moved_is_the_same(tmp_path: Path) -> None:
    with small_forum(tmp_path, threads=()) as small:
        with small.database.write() as c:
            store.adopt_encoder(c, small.forum.id, "/where/it/was", (), "hashing-64")
        found = serving(small, NEW)
    assert (found.name, found.trouble) == (NEW, None)


def test_without_either_nothing_can_be_served(tmp_path: Path) -> None:
    with small_forum(tmp_path, threads=()) as small:
        with small.database.write() as c:
            store.adopt_encoder(c, small.forum.id, "/gone", (), "gone-1")
        with pytest.raises(EncoderMissing):
            serving(small, EncoderName("/gone/too"))


def test_the_prompts_that_it_was_given_belong_to_its_name(tmp_path: Path) -> None:
    asked: list[EncoderName] = []

    def remembered(name: EncoderName) -> Encoder:
        asked.append(name)
        return HashingEncoder(64)

    prompted = replace(NEW, query_prompt="query: ", passage_prompt="passage: ")
    with small_forum(tmp_path, threads=()) as small:
        Encoders(prompted, remembered).serving(small.database, current(small))
        Encoders(OLD, remembered).serving(small.database, current(small))
    assert set(asked) == {prompted}
    assert "query: " in str(prompted)
