"""What somebody typed last -> its vectors again, while they go on typing.

In: an encoder, and who asks: by which key, person and session. Out: an encoder that knows the
texts of their last call. The text that is submitted is mostly the one that was typed last.
What one asker typed makes no other's call faster: the time of a call tells nobody what others
typed. Kept are vectors under a digest that no other process can make, never texts.
Not here: encoding (encode), what is kept of asks (keeping).
"""

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.encode.over import EncoderOver

# As long as somebody reads what they wrote before they send it.
_KEPT_SECONDS = 300.0
_MOST_ASKERS = 1000
# The whole text, and the one without the forum's boilerplate.
_TEXTS = 2


@dataclass(frozen=True, slots=True)
class Asker:
    """Who types: the person and the session, of which one may be unknown, under one key."""

    key_id: int
    person: str | None
    session: str | None


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    at: float
    vectors: tuple[tuple[bytes, Vectors], ...]


class Typed:
    """The vectors of what each asker of one forum typed last, in bounded memory."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._kept: OrderedDict[Asker, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def known_to(self, encoder: Encoder, asker: Asker) -> Encoder:
        """Return the encoder as this asker finds it; itself where nobody can tell who asks."""
        if asker.person is None and asker.session is None:
            return encoder
        return _Remembering(encoder, self, asker)

    def vector(self, encoder: Encoder, asker: Asker, text: str) -> Vectors:
        """Return the row of a question that this asker types, made anew unless it is theirs."""
        named = self._named(encoder, text)
        found = self._of(asker).get(named)
        if found is None:
            found = encoder.encode([text], TextRole.QUERY)
            # Given again: who changed it would change what the next call finds.
            found.flags.writeable = False
        self._keep(asker, named, found)
        return found

    def __len__(self) -> int:
        """Return of how many askers anything is kept."""
        return len(self._kept)

    def _named(self, encoder: Encoder, text: str) -> bytes:
        said = f"{encoder.id}\n{text}".encode(errors="surrogatepass")
        return hashlib.blake2b(said, key=self._secret, digest_size=16).digest()

    def _of(self, asker: Asker) -> dict[bytes, Vectors]:
        with self._lock:
            kept = self._kept.get(asker)
        if kept is None or self._clock() - kept.at > _KEPT_SECONDS:
            return {}
        return dict(kept.vectors)

    def _keep(self, asker: Asker, named: bytes, vector: Vectors) -> None:
        now = self._clock()
        with self._lock:
            kept = self._kept.pop(asker, None)
            fresh = kept is not None and now - kept.at <= _KEPT_SECONDS
            others = [one for one in kept.vectors if one[0] != named] if kept and fresh else []
            last = (*others[1 - _TEXTS :], (named, vector))
            self._kept[asker] = _Kept(now, last)
            self._drop_old(now)

    def _drop_old(self, now: float) -> None:
        while self._kept:
            asker, kept = next(iter(self._kept.items()))
            if now - kept.at <= _KEPT_SECONDS and len(self._kept) <= _MOST_ASKERS:
                return
            del self._kept[asker]


class _Remembering(EncoderOver):
    """An encoder that knows what one asker typed last."""

    def __init__(self, encoder: Encoder, typed: Typed, asker: Asker) -> None:
        super().__init__(encoder)
        self._typed = typed
        self._asker = asker

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        if len(texts) != 1 or role is not TextRole.QUERY:
            return self._encoder.encode(texts, role)
        return self._typed.vector(self._encoder, self._asker, texts[0])
