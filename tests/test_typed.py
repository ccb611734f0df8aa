"""What somebody typed last is not encoded again for them, and for nobody else."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.forum import small_forum
from triage import store
from triage.encode import Encoder, HashingEncoder, TextRole
from triage.encode.base import Vectors
from triage.encode.over import EncoderOver
from triage.records import ApiKey, Draft, Role, Stage
from triage.typed import Asker, Typed

ANNA, BERIT = Asker(1, "anna", "tab"), Asker(1, "berit", "tab")
TEXT = "Bank feed stopped with KV-1042"


class CountingEncoder(EncoderOver):
    """The hashing encoder, and what it was asked to encode."""

    def __init__(self, name: str = "one") -> None:
        self.own = HashingEncoder()
        super().__init__(self.own)
        self.name = name
        self.asked: list[str] = []

    @property
    def id(self) -> str:
        return f"{self.own.id}-{self.name}"

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        self.asked.extend(texts)
        return self.own.encode(texts, role)


def ask(typed: Typed, encoder: Encoder, asker: Asker, text: str = TEXT) -> Vectors:
    return typed.known_to(encoder, asker).encode([text], TextRole.QUERY)


def test_the_same_text_is_encoded_once_and_its_vector_is_the_encoders() -> None:
    typed, encoder = Typed(), CountingEncoder()
    first, second = ask(typed, encoder, ANNA), ask(typed, encoder, ANNA)
    assert encoder.asked == [TEXT]
    assert (first == second).all()
    assert (first == encoder.own.encode([TEXT], TextRole.QUERY)).all()


@pytest.mark.parametrize(
    "other",
    [BERIT, Asker(1, "anna", "another tab"), Asker(2, "anna", "tab"), Asker(1, None, "tab")],
)
def test_what_one_asker_typed_is_encoded_again_for_every_other(other: Asker) -> None:
    typed, encoder = Typed(), CountingEncoder()
    ask(typed, encoder, ANNA)
    ask(typed, encoder, other)
    assert encoder.asked == [TEXT, TEXT]


def test_where_nobody_can_tell_who_asks_nothing_is_kept() -> None:
    typed, encoder = Typed(), CountingEncoder()
    nobody = Asker(1, None, None)
    ask(typed, encoder, nobody)
    ask(typed, encoder, nobody)
    assert encoder.asked == [TEXT, TEXT]
    assert len(typed) == 0


def test_another_encoder_makes_its_own_vectors() -> None:
    typed, one, two = Typed(), CountingEncoder(), CountingEncoder(name="two")
    ask(typed, one, ANNA)
    ask(typed, two, ANNA)
    assert two.asked == [TEXT]


def test_passages_and_several_texts_go_past_it() -> None:
    typed, encoder = Typed(), CountingEncoder()
    known = typed.known_to(encoder, ANNA)
    for _ in range(2):
        known.encode([TEXT], TextRole.PASSAGE)
        known.encode([TEXT, TEXT], TextRole.QUERY)
    assert len(encoder.asked) == 6
    assert len(typed) == 0


def test_the_two_texts_of_a_call_are_kept_and_no_third() -> None:
    typed, encoder = Typed(), CountingEncoder()
    for text in ("one", "two", "three", "two", "three", "one"):
        ask(typed, encoder, ANNA, text)
    assert encoder.asked == ["one", "two", "three", "one"]


def test_it_is_forgotten_after_some_minutes() -> None:
    now = [0.0]
    typed, encoder = Typed(lambda: now[0]), CountingEncoder()
    ask(typed, encoder, ANNA)
    now[0] = 301.0
    ask(typed, encoder, BERIT, "something else")
    assert len(typed) == 1
    ask(typed, encoder, ANNA)
    assert encoder.asked.count(TEXT) == 2


def test_it_is_kept_of_so_many_askers_and_of_the_latest() -> None:
    typed, encoder = Typed(), CountingEncoder()
    for number in range(1100):
        ask(typed, encoder, Asker(1, None, f"session {number}"))
    assert len(typed) == 1000
    encoder.asked.clear()
    ask(typed, encoder, Asker(1, None, "session 1099"))
    ask(typed, encoder, Asker(1, None, "session 0"))
    assert encoder.asked == [TEXT]


def test_a_vector_that_is_given_again_cannot_be_changed() -> None:
    vector = ask(Typed(), CountingEncoder(), ANNA)
    with pytest.raises(ValueError, match="read-only"):
        vector += np.float32(1)


def test_what_is_submitted_as_it_was_typed_is_encoded_once(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    with small_forum(tmp_path, encoder=encoder) as small:
        key = key_of(small.database, small.forum.id)
        desk = small.desk()
        typing = Draft(TEXT, "renew the consent?", lang="en", session="tab")
        encoder.asked.clear()
        first = desk.ask(typing, key)
        submitted = Draft(**{**as_said(typing), "stage": Stage.SUBMIT})
        second = desk.ask(submitted, key)
        assert len(encoder.asked) == 1
        assert second.suggestions == first.suggestions
        assert second.labels == first.labels
        desk.ask(Draft(**{**as_said(typing), "session": "another"}), key)
        assert len(encoder.asked) == 2
        desk.close()


def as_said(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in ("title", "body", "lang", "session", "stage")}


def key_of(database: store.Database, forum_id: int) -> ApiKey:
    with database.write() as c:
        made = {"name": "page", "role": Role.FRONTEND, "publishable": False, "test": True}
        _, key = store.create_key(c, forum_id, at=datetime.now(UTC), **made)
    return key
