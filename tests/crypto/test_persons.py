"""A person is only ever a keyed hash."""

import pytest

from triage.crypto.persons import person_hasher

KEY = b"k" * 32


def test_the_same_person_has_the_same_hash() -> None:
    hash_person = person_hasher(KEY, "demo")
    assert hash_person("anna") == hash_person(" anna ")
    assert hash_person("anna") != hash_person("Anna")
    assert "anna" not in hash_person("anna")


def test_forums_and_keys_cannot_be_joined() -> None:
    assert person_hasher(KEY, "demo")("anna") != person_hasher(KEY, "other")("anna")
    assert person_hasher(KEY, "demo")("anna") != person_hasher(b"j" * 32, "demo")("anna")


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        person_hasher(b"short", "demo")
