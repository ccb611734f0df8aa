from contextlib import ExitStack

import pytest

from triage.crypto import passwords
from triage.crypto.passwords import check_password, hash_password, weakness
from triage.errors import TooBusy

GOOD = "kettle orbit velvet nine"
# The same password, hashed with costs that are no longer used.
CHEAP = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def test_a_password_fits_its_hash_and_no_other_does() -> None:
    kept = hash_password(GOOD)
    assert check_password(kept, GOOD).fits
    assert not check_password(kept, GOOD + " ").fits
    assert not check_password(kept, "").fits


def test_the_same_password_has_another_hash_each_time() -> None:
    first, second = hash_password(GOOD), hash_password(GOOD)
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert GOOD not in first


def test_nobody_has_the_password_of_somebody_without_one() -> None:
    assert not check_password(None, GOOD).fits
    assert not check_password(None, "").fits


def test_a_hash_that_is_none_fits_nothing() -> None:
    assert not check_password("plain text", "plain text").fits
    assert not check_password(CHEAP, GOOD).fits


def test_a_hash_of_other_costs_is_renewed() -> None:
    from argon2 import PasswordHasher

    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(GOOD)
    renewed = check_password(cheap, GOOD).renewed
    assert renewed is not None
    assert check_password(renewed, GOOD).fits
    assert check_password(renewed, GOOD).renewed is None


def test_letters_typed_in_another_way_are_the_same_letters() -> None:
    composed, decomposed = "smörgåsbord är gott", "smo\u0308rga\u030asbord a\u0308r gott"
    assert composed != decomposed
    assert check_password(hash_password(composed), decomposed).fits


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", "short"),
        ("elevenchars", "short"),
        ("a" * 12, "plain"),
        ("121212121212", "plain"),
        ("eva.lind@example.com", "plain"),
        ("Eva.Lind1234", "plain"),
        ("x" * 100 + "abcdefgh" * 20, "long"),
        (GOOD, None),
        ("twelve chars", None),
        ("Password123!", "common"),
        ("qwertyuiop12", "common"),
        ("lösenord1234", "common"),
        ("salasana12345", "common"),
        ("Willkommen2026", "common"),
        ("vinter-båt-kaffe-lampa", None),
    ],
)
def test_what_is_easy_to_guess_is_refused(password: str, fault: str | None) -> None:
    assert weakness(password, "eva.lind@example.com") == fault


def test_who_waits_too_long_for_a_place_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_PATIENCE_SECONDS", 0.01)
    with ExitStack() as places:
        for _ in range(4):
            places.enter_context(passwords._AT_ONCE)
        with pytest.raises(TooBusy):
            check_password(None, GOOD)
    assert not check_password(None, GOOD).fits
