"""What a browser holds of who it is in the demo, and what the demo's forum signs tokens with.

In: a person, later the card that a browser brings back. Out: a card, later the person, or nobody.
All of it holds as long as one process: the secrets are made at its start and kept nowhere, so that
nothing of a demo opens anything once the demo is over.
Not here: cookies (api), who there is (people).
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from triage.demo.people import DemoPerson, person_called
from triage.visitors import sign_visitor

CARD_HOURS = 12
_LONGEST_CARD = 200


def _fresh_key() -> bytes:
    return secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class Cards:
    """The secrets of one process that serves the demo."""

    secret_id: str = field(default_factory=lambda: f"vs_{secrets.token_hex(6)}")
    _secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _key: bytes = field(default_factory=_fresh_key, repr=False)
    # Whoever makes the key of the demo's pages holds it.
    making: Lock = field(default_factory=Lock, repr=False, compare=False)

    def card(self, person: DemoPerson, at: datetime) -> str:
        """Return what says that a browser is this person."""
        ends = int((at + timedelta(hours=CARD_HOURS)).timestamp())
        said = f"{person.user}.{ends}"
        return f"{said}.{self._mark(said)}"

    def whose(self, card: str | None, at: datetime) -> DemoPerson | None:
        """Return whose card it is; None of one that was not made here, or is too old."""
        if not card or len(card) > _LONGEST_CARD or not card.isascii():
            return None
        said, _, mark = card.rpartition(".")
        if not hmac.compare_digest(mark.encode(), self._mark(said).encode()):
            return None
        user, _, ends = said.rpartition(".")
        return person_called(user) if int(ends) > at.timestamp() else None

    def visitor_token(
        self, person: DemoPerson, forum: str, at: datetime, lasts: timedelta
    ) -> str | None:
        """Return a token as the forum's server signs it; None of staff, for whom no forum does."""
        visitor = person.visitor(at + lasts)
        if visitor is None:
            return None
        return sign_visitor(
            self.secret_id,
            self._secret,
            forum,
            user=visitor.user,
            account=visitor.account,
            groups=visitor.groups,
            account_admin=visitor.account_admin,
            at=at,
            lasts=lasts,
        )

    def secret_of(self, secret_id: str) -> bytes | None:
        """Return what a token of the demo's forum is signed with, if it names that."""
        return self._secret.encode() if secret_id == self.secret_id else None

    def _mark(self, said: str) -> str:
        return hmac.new(self._key, said.encode(), hashlib.sha256).hexdigest()
