"""What is sealed opens here, in its place, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.crypto.sealing import sealer
from triage.errors import SealBroken

KEY = b"a key of the installation, long enough"
OURS = sealer(KEY, "originals", "demo")


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_was_sealed_is_unsealed_in_its_place(content: bytes, place: str) -> None:
    assert OURS.unseal(OURS.seal(content, place), place) == content


def test_the_same_content_is_never_sealed_alike() -> None:
    assert OURS.seal(b"secret", "t1") != OURS.seal(b"secret", "t1")


def test_nothing_of_the_content_stands_in_the_box() -> None:
    assert b"canary" not in OURS.seal(b"canary" * 10, "t1")


def test_a_box_moved_to_another_place_does_not_open() -> None:
    with pytest.raises(SealBroken, match="moved"):
        OURS.unseal(OURS.seal(b"secret", "t1"), "t2")


@pytest.mark.parametrize("at", [21, 30, -1])
def test_an_altered_box_does_not_open(at: int) -> None:
    sealed = bytearray(OURS.seal(b"a secret of some length", "t1"))
    sealed[at] ^= 1
    with pytest.raises(SealBroken, match="altered"):
        OURS.unseal(bytes(sealed), "t1")


@pytest.mark.parametrize(
    "theirs",
    [
        sealer(KEY, "originals", "other"),
        sealer(KEY, "visitors", "demo"),
        sealer(KEY + b"!", "originals", "demo"),
    ],
)
def test_another_forum_purpose_or_key_does_not_open_it(theirs: object) -> None:
    with pytest.raises(SealBroken, match="another installation key"):
        theirs.unseal(OURS.seal(b"secret", "t1"), "t1")  # type: ignore[attr-defined]


@pytest.mark.parametrize("junk", [b"", b"\x01", b"\x02" + b"0" * 60, b"\x01" + b"0" * 20])
def test_what_is_no_box_is_said_to_be_none(junk: bytes) -> None:
    with pytest.raises(SealBroken, match="no known format"):
        OURS.unseal(junk, "t1")
