"""Bytes -> a signature that only this installation can make, and whether one is its own.

In: the installation key, what is to be signed. Out: a few lines that stand beside it; later, whose
they are. The key that signs is derived from the installation key for this purpose alone, so that
nothing signed says anything of the hashes of persons, nor the other way round.
Not here: what is signed (bundle, audit.export), where the key is kept (settings).
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from enum import StrEnum

_PURPOSE = b"triage bundle"
_ERASURES = b"triage erasures"
_AUDIT = b"triage audit"
_ALGORITHM = "HMAC-SHA256"
_NAME_DIGITS = 16


class Standing(StrEnum):
    """Whose a signature is."""

    OURS = "ours"
    UNSIGNED = "unsigned"
    FOREIGN = "foreign"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class Signer:
    """The key of one installation, for one purpose."""

    key: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """Which key this is, without saying anything of it."""
        return self._digest(b"name")[:_NAME_DIGITS]

    def sign(self, content: bytes) -> str:
        """Return the signature of `content`, as it is kept in a file."""
        row = {"algorithm": _ALGORITHM, "key": self.name, "signature": self._of(content)}
        return json.dumps(row, indent=1, sort_keys=True) + "\n"

    def secret(self, purpose: str) -> str:
        """Return a key for another purpose, which says nothing of this one or of a third."""
        return self._digest(b"secret\x00" + purpose.encode())

    def standing(self, content: bytes, signature: bytes | None) -> Standing:
        """Say whether `signature` was made of `content`, here."""
        if signature is None:
            return Standing.UNSIGNED
        row = _read(signature)
        if row is None or row["algorithm"] != _ALGORITHM:
            return Standing.ALTERED
        if row["key"] != self.name:
            return Standing.FOREIGN
        right = hmac.compare_digest(row["signature"].encode(), self._of(content).encode())
        return Standing.OURS if right else Standing.ALTERED

    def _of(self, content: bytes) -> str:
        return self._digest(b"content\x00" + content)

    def _digest(self, content: bytes) -> str:
        return hmac.new(self.key, content, hashlib.sha256).hexdigest()


def bundle_signer(installation_key: bytes) -> Signer:
    """Return what signs the bundles of the installation with this key."""
    return Signer(hmac.new(installation_key, _PURPOSE, hashlib.sha256).digest())


def audit_signer(installation_key: bytes) -> Signer:
    """Return what signs the audit logs that leave the installation with this key."""
    return Signer(hmac.new(installation_key, _AUDIT, hashlib.sha256).digest())


def erasure_signer(installation_key: bytes) -> Signer:
    """Return what signs the log of erasures of the installation with this key."""
    return Signer(hmac.new(installation_key, _ERASURES, hashlib.sha256).digest())


def signed_by(signature: bytes | None) -> str | None:
    """Return the name of the key that a signature says it was made with."""
    row = None if signature is None else _read(signature)
    return None if row is None else row["key"]


def _read(signature: bytes) -> dict[str, str] | None:
    try:
        row = json.loads(signature)
    except ValueError:
        return None
    names = ("algorithm", "key", "signature")
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in names):
        return None
    return {name: row[name] for name in names}
