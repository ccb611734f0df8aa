"""Passwords -> hashes that are slow to guess from (Argon2id, RFC 9106), and whether one fits.

In: a password as somebody typed it. Out: a hash with its own parameters and salt; yes or no.
Not here: whose they are (store), how often somebody may try (api).
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from triage.errors import TooBusy

SHORTEST, LONGEST = 12, 200
_FEWEST_DIFFERENT = 6
# 19 MiB, two passes, one lane: some 30 ms here. More memory would be a lever for whoever floods
# the sign-in page, which is why only so many are worked out at a time, too.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(4)
_PATIENCE_SECONDS = 2.0
# Its estimate costs the square of the length, and what is longer is no easier to guess.
_ESTIMATED = 64
# Of its 0 to 4: from 3 on, 10^8 guesses and more (Wheeler, USENIX Security 2016).
_STRONG = 3
# Its lists are English; these begin the lists of the other languages.
_COMMON = (
    *("lösenord", "hemligt", "hemlig", "välkommen", "sommaren", "sommar", "vintern", "fotboll"),
    *("passord", "hemmelig", "velkommen", "sommer", "sommeren", "vinteren", "fotball", "norge"),
    *("adgangskode", "kodeord", "velkomst", "fodbold", "danmark", "sverige", "suomi", "finland"),
    *("salasana", "salainen", "tervetuloa", "kesällä", "kesä", "talvi", "jalkapallo", "perkele"),
    *("passwort", "kennwort", "geheim", "willkommen", "winter", "fussball", "deutschland", "hallo"),
)
# Of no password that anybody could type: it holds a control character.
_NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$wnmG/MSFqQQpGaWNgp6yEA"
    "$NtNNMnvUgs0MbEC+JAT0DFdKSDhm4uihHD98GpQm2Xg"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password fits, and its new hash where the old one was made with other costs."""

    fits: bool
    renewed: str | None = None


def weakness(password: str, email: str) -> str | None:
    """Return the code of why a password is too easy to guess: short, long, plain or common."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        return "short"
    if len(plain) > LONGEST:
        return "long"
    known = email.partition("@")[0].lower()
    without = plain.lower().replace(email.lower(), "").replace(known, "") if known else plain
    # A password that is an address with a digit behind it, or one key held down.
    if len(set(without)) < _FEWEST_DIFFERENT:
        return "plain"
    told = [email, *re.split(r"\W+", email), *_COMMON]
    if zxcvbn(plain[:_ESTIMATED], user_inputs=told)["score"] < _STRONG:
        return "common"
    return None


def hash_password(password: str) -> str:
    """Return the hash that is kept of a password. Raises TooBusy."""
    with _turn():
        return _HASHER.hash(_plain(password))


def check_password(kept: str | None, password: str) -> Checked:
    """Say whether a password is the one whose hash was kept.

    Without a kept hash the answer is no, but takes as long: nobody can tell who has a password.
    Raises TooBusy.
    """
    plain = _plain(password)[: LONGEST + 1]
    with _turn():
        try:
            _HASHER.verify(kept or _NOBODYS, plain)
        except (VerificationError, InvalidHashError):
            return Checked(fits=False)
        if kept is None:
            return Checked(fits=False)
        stale = _HASHER.check_needs_rehash(kept)
        return Checked(fits=True, renewed=_HASHER.hash(plain) if stale else None)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one of few places, but not for long: who waits keeps a thread from all others."""
    if not _AT_ONCE.acquire(timeout=_PATIENCE_SECONDS):
        raise TooBusy()
    try:
        yield
    finally:
        _AT_ONCE.release()


def _plain(password: str) -> str:
    # The same letters are typed as different characters on different keyboards (NIST SP 800-63B).
    return unicodedata.normalize("NFKC", password)
