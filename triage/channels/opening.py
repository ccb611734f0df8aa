"""Channels sealed and opened, and the secrets that sign.

In: what a channel is to hold, the installation key. Out: rows whose address and secrets are sealed;
and opened ones, for whoever sends or checks what came in. A secret that signs is valid for a day
beside the one that takes its place.
Not here: whether what is written may be so (writing), rows (store).
"""

import json
import secrets as random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from triage.channels.forms import FORMS
from triage.crypto.sealing import Sealer, sealer
from triage.crypto.webhooks import is_secret, new_secret
from triage.errors import BadField
from triage.records import ChannelKind, Forum, MessageType
from triage.store import ChannelRow, Message, new_message_id

BOTH_VALID = timedelta(days=1)
# Somebody who changes a secret again and again has the newest, and those nobody may have missed.
_MOST_KEYS = 3
_PURPOSE = "channels"
_SHORTEST, _LONGEST = 16, 200


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret that messages are signed with; `until` is set once another has taken its place."""

    secret: str = field(repr=False)
    made_at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenChannel:
    """A channel with what opens it. `row.address` is only what may be shown of `address`."""

    row: ChannelRow
    address: str = field(repr=False)
    secrets: Mapping[str, Any] = field(default_factory=dict, repr=False)
    keys: Sequence[SigningKey] = field(default=(), repr=False)

    def signing(self, at: datetime) -> tuple[str, ...]:
        """Return the secrets that sign at this moment, the newest first."""
        return tuple(key.secret for key in self.keys if key.until is None or at < key.until)


def new_channel(
    forum: Forum,
    installation_key: bytes,
    *,
    kind: ChannelKind,
    name: str,
    address: str,
    at: datetime,
    secrets: Mapping[str, Any] | None = None,
    signing: str | None = None,
    options: Mapping[str, Any] | None = None,
    wants: frozenset[str] | None = None,
    person: str | None = None,
) -> OpenChannel:
    """Return a channel that is kept nowhere yet, with a secret to sign if its kind has one."""
    form = FORMS[kind]
    made = ChannelRow(
        channel_id=f"ch_{random.token_hex(12)}",
        kind=kind,
        name=name,
        sealed=b"",
        created_at=at,
        person=person,
        options=dict(options or {}),
        wants=form.wants if wants is None else wants,
    )
    keys = [SigningKey(signing or _fresh_secret(kind), at)] if form.signed else []
    opened = OpenChannel(made, address, dict(secrets or {}), keys)
    return sealed_again(opened, forum, installation_key)


def open_channel(row: ChannelRow, forum: Forum, installation_key: bytes) -> OpenChannel:
    """Return a channel opened. Raises SealBroken after the installation key was changed."""
    found = json.loads(_sealer(forum, installation_key).unseal(row.sealed, row.channel_id))
    return OpenChannel(row, found["address"], found["secrets"], [_key(k) for k in found["keys"]])


def address_in(sealed: bytes, channel_id: str, forum: Forum, installation_key: bytes) -> str:
    """Return the address that is sealed for a channel. Raises SealBroken."""
    found = json.loads(_sealer(forum, installation_key).unseal(sealed, channel_id))
    return str(found["address"])


def sealed_again(opened: OpenChannel, forum: Forum, installation_key: bytes) -> OpenChannel:
    """Return a channel whose row holds, sealed, all that opens it as it is now."""
    content = {
        "address": opened.address,
        "secrets": dict(opened.secrets),
        "keys": [_plain(key) for key in opened.keys],
    }
    box = _sealer(forum, installation_key).seal(json.dumps(content).encode(), opened.row.channel_id)
    # Where a person wants to be told is nobody else's to see, and a query often is a credential.
    shown = None if opened.row.person is not None else shown_address(opened.address)
    return replace(opened, row=replace(opened.row, sealed=box, address=shown))


def rotated(
    opened: OpenChannel,
    forum: Forum,
    installation_key: bytes,
    at: datetime,
    secret: str | None = None,
) -> OpenChannel:
    """Return a channel with a new secret; the one before it is valid for another day.

    Raises BadField for a kind that signs nothing.
    """
    if not FORMS[opened.row.kind].signed:
        raise BadField("kind", "has no secret that signs")
    fresh = SigningKey(secret or _fresh_secret(opened.row.kind), at)
    former = [
        replace(key, until=key.until or at + BOTH_VALID)
        for key in opened.keys
        if key.until is None or at < key.until
    ]
    keys = [fresh, *former][:_MOST_KEYS]
    return sealed_again(replace(opened, keys=keys), forum, installation_key)


def ping_message(at: datetime) -> Message:
    """Return a message that says nothing but that it arrived; it holds back no other."""
    message_id = new_message_id()
    return Message(
        type=MessageType.PING,
        stream=message_id,
        at=at,
        data={},
        message_id=message_id,
    )


def shown_address(address: str) -> str:
    """Return what may be shown of an address: what stands behind `?` often opens something."""
    before, query, _ = address.partition("?")
    return f"{before}?…" if query else before


def plain_secret(kind: ChannelKind, secret: str) -> str:
    """Return a secret that another system has made. Raises BadField for one too weak to sign."""
    if kind in (ChannelKind.WEBHOOK, ChannelKind.PERSON_WEBHOOK):
        if not is_secret(secret):
            raise BadField("secret", "is not `whsec_` and 24 to 64 bytes in base64")
    elif not (_SHORTEST <= len(secret) <= _LONGEST and secret.isascii() and secret.isprintable()):
        raise BadField("secret", "has other than 16 to 200 printable ASCII characters")
    return secret


def _fresh_secret(kind: ChannelKind) -> str:
    """Return a secret: by the specification where we sign, of letters where others do."""
    if kind in (ChannelKind.WEBHOOK, ChannelKind.PERSON_WEBHOOK):
        return new_secret()
    return random.token_urlsafe(32)


def _sealer(forum: Forum, installation_key: bytes) -> Sealer:
    return sealer(installation_key, _PURPOSE, forum.name)


def _plain(key: SigningKey) -> dict[str, str | None]:
    until = None if key.until is None else key.until.isoformat()
    return {"secret": key.secret, "made_at": key.made_at.isoformat(), "until": until}


def _key(found: Mapping[str, str | None]) -> SigningKey:
    until = found["until"]
    return SigningKey(
        str(found["secret"]),
        datetime.fromisoformat(str(found["made_at"])),
        None if until is None else datetime.fromisoformat(until),
    )
