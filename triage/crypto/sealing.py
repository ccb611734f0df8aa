"""Bytes -> sealed bytes that only this installation opens, and only where they belong.

In: the installation key, a purpose and a forum; what is to be sealed and the name of its place.
Out: a sealed box (AES-256-GCM, NIST SP 800-38D) that begins with its format and which key it is
of. The place is part of the seal, so that a box moved to another row does not open.
Not here: where boxes are kept and how long (store), the key itself (settings).
"""

import hmac
import os
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from triage.errors import SealBroken

_FORMAT = b"\x01"
_NAME_BYTES, _NONCE_BYTES = 8, 12
_HEAD_BYTES = len(_FORMAT) + _NAME_BYTES + _NONCE_BYTES


@dataclass(frozen=True, slots=True)
class Sealer:
    """The key of one purpose in one forum."""

    key: bytes = field(repr=False)

    def seal(self, content: bytes, place: str) -> bytes:
        """Return `content` sealed for its place."""
        nonce = os.urandom(_NONCE_BYTES)
        box = AESGCM(self.key).encrypt(nonce, content, place.encode())
        return _FORMAT + self._name() + nonce + box

    def unseal(self, sealed: bytes, place: str) -> bytes:
        """Return what was sealed. Raises SealBroken for another key, place or altered bytes."""
        if len(sealed) <= _HEAD_BYTES or not sealed.startswith(_FORMAT):
            raise SealBroken("is of no known format")
        name = sealed[len(_FORMAT) : len(_FORMAT) + _NAME_BYTES]
        if name != self._name():
            raise SealBroken("was sealed with another installation key")
        nonce = sealed[len(_FORMAT) + _NAME_BYTES : _HEAD_BYTES]
        try:
            return AESGCM(self.key).decrypt(nonce, sealed[_HEAD_BYTES:], place.encode())
        except InvalidTag as error:
            raise SealBroken("was altered or moved") from error

    def _name(self) -> bytes:
        return hmac.new(self.key, b"name", sha256).digest()[:_NAME_BYTES]


def sealer(installation_key: bytes, purpose: str, forum: str) -> Sealer:
    """Return what seals for one purpose in one forum; keys of others say nothing of this one."""
    scope = f"triage seal\x00{purpose}\x00{forum}".encode()
    return Sealer(hmac.new(installation_key, scope, sha256).digest())
