from hypothesis import given
from hypothesis import strategies as st

from triage.crypto.persons import person_hasher
from triage.crypto.signing import Standing, bundle_signer, signed_by

KEY = b"0123456789abcdef0123456789abcdef"
OURS, THEIRS = bundle_signer(KEY), bundle_signer(KEY[::-1])


@given(st.binary(max_size=200))
def test_what_is_signed_is_ours_and_nobody_elses(content: bytes) -> None:
    signature = OURS.sign(content).encode()
    assert OURS.standing(content, signature) is Standing.OURS
    assert THEIRS.standing(content, signature) is Standing.FOREIGN
    assert OURS.standing(content + b" ", signature) is Standing.ALTERED
    assert OURS.standing(content, None) is Standing.UNSIGNED
    assert signed_by(signature) == OURS.name != THEIRS.name


@given(st.binary(max_size=200))
def test_what_is_no_signature_is_never_ours(signature: bytes) -> None:
    assert OURS.standing(b"content", signature) is Standing.ALTERED


def test_a_signature_that_only_claims_our_key_is_altered() -> None:
    claimed = THEIRS.sign(b"content").replace(THEIRS.name, OURS.name).encode()
    assert OURS.standing(b"content", claimed) is Standing.ALTERED


def test_another_algorithm_is_not_ours() -> None:
    signature = OURS.sign(b"content").replace("HMAC-SHA256", "none").encode()
    assert OURS.standing(b"content", signature) is Standing.ALTERED


def test_the_key_is_another_than_that_of_persons_and_is_never_shown() -> None:
    hashed = person_hasher(KEY, "demo")("content")
    assert hashed not in OURS.sign(b"demo\x00content")
    assert OURS.key != KEY
    assert OURS.key.hex() not in repr(OURS) + OURS.sign(b"content")


def test_a_key_for_another_purpose_is_neither_ours_to_sign_with_nor_anothers() -> None:
    assert OURS.secret("seen") == bundle_signer(KEY).secret("seen")
    others = {OURS.secret("other"), THEIRS.secret("seen"), OURS.key.hex(), OURS.name}
    assert OURS.secret("seen") not in others
