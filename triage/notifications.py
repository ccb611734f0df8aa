"""How one person wants to be told: in which way of each kind of notice, and at which addresses.

In: what the person chooses, or the forum's server for them. Out: it, kept; an address is sealed,
and only a shadow of it is ever given back. Who is vouched for by a token alone confirms an e-mail
address with a code that is mailed there, before anything else is.
Not here: HTTP (api), telling (store.notices), sending (delivering), the letters (phrases).
"""

import hmac
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from triage import store
from triage.channels import (
    OpenChannel,
    new_channel,
    open_channel,
    rotated,
    sealed_again,
)
from triage.errors import BadAddress, BadField, SealBroken
from triage.mailing import check_mailbox
from triage.outbound import Allowed, read_address
from triage.records import ChannelKind, Forum, MessageType, Way
from triage.store import ChannelRow, NoticeKind

# Without what is taken for another letter.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 8
CODE_HOLDS = timedelta(days=1)
MOST_CODES = 5
_EMAIL, _WEBHOOK = ChannelKind.PERSON_EMAIL, ChannelKind.PERSON_WEBHOOK
_FIELD: Mapping[ChannelKind, str] = {_EMAIL: "email", _WEBHOOK: "webhook"}
_KIND: Mapping[Way, ChannelKind] = {Way.EMAIL: _EMAIL, Way.WEBHOOK: _WEBHOOK}
_CODE, _UNTIL = "code", "until"


class Standing(StrEnum):
    """Whether something is sent to an address."""

    IN_USE = "in_use"
    UNCONFIRMED = "unconfirmed"
    # It is gone, or nobody can open it any more: whoever wants it gives it again.
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Address:
    """An address of somebody as it may be shown. A `secret` that signs is told when it is made."""

    shown: str
    standing: Standing
    why: str | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Chosen:
    """How somebody is told: ways by kind, and their addresses, as far as there are any."""

    ways: Mapping[NoticeKind, Way]
    email: Address | None = None
    webhook: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be otherwise; an address that is None is given up, one that is not named stays.

    `vouched`: the forum's own server says so, and knows whose the address is. `mails`: whether this
    service sends e-mail. `allowed` is where a server may have something sent.
    """

    ways: Mapping[NoticeKind, Way] = field(default_factory=dict)
    addresses: Mapping[ChannelKind, str | None] = field(default_factory=dict)
    code: str | None = None
    lang: str | None = None
    vouched: bool = False
    mails: bool = True
    allowed: Allowed = field(default_factory=Allowed)


@dataclass(frozen=True, slots=True)
class Notifications:
    """How the persons of one forum are told."""

    forum: Forum
    installation_key: bytes = field(repr=False)

    def of(self, c: store.Connection, person: str) -> Chosen:
        """Return how somebody wants to be told."""
        found = {row.kind: _shown(row, self._opened(row)) for row in self._rows(c, person)}
        ways = store.ways_of(c, self.forum.id, person)
        return Chosen(ways, found.get(_EMAIL), found.get(_WEBHOOK))

    def change(self, c: store.Connection, person: str, wanted: Wanted, now: datetime) -> Chosen:
        """Keep what somebody wants. Raises BadField; then nothing may be kept of it."""
        told = {
            kind: self._secret(c, person, kind, address, wanted, now)
            for kind, address in wanted.addresses.items()
        }
        if wanted.code is not None:
            self._confirm(c, person, wanted.code, now)
        ways = self._ways(c, person, wanted)
        store.put_ways(c, self.forum.id, person, ways, now)
        for row in self._rows(c, person):
            self._use(c, row, ways)
        chosen = self.of(c, person)
        secret = told.get(_WEBHOOK)
        if secret is None or chosen.webhook is None:
            return chosen
        return replace(chosen, webhook=replace(chosen.webhook, secret=secret))

    def _rows(self, c: store.Connection, person: str) -> list[ChannelRow]:
        return store.channels_of_person(c, self.forum.id, person)

    def _opened(self, row: ChannelRow) -> OpenChannel | None:
        try:
            return open_channel(row, self.forum, self.installation_key)
        except SealBroken:
            # The installation key was changed: nobody knows any more where it led.
            return None

    def _secret(
        self,
        c: store.Connection,
        person: str,
        kind: ChannelKind,
        address: str | None,
        wanted: Wanted,
        now: datetime,
    ) -> str | None:
        """Keep an address, or give it up; return the secret that signs from now on, if any does."""
        checked = None if address is None else _checked(kind, address, wanted)
        rows = [row for row in self._rows(c, person) if row.kind is kind]
        former = self._opened(rows[0]) if rows else None
        if checked is not None and former is not None and former.address == checked:
            if former.row.disabled_at is None:
                return self._again(c, person, former, wanted, now)
        for row in rows:
            store.delete_channel(c, self.forum.id, row.channel_id)
        if checked is None:
            return None
        return self._new(c, person, kind, checked, wanted, now)

    def _again(
        self,
        c: store.Connection,
        person: str,
        former: OpenChannel,
        wanted: Wanted,
        now: datetime,
    ) -> str | None:
        """Give an address that is there another secret, or another code; or leave it in use."""
        if former.row.kind is _WEBHOOK:
            # What the forum's server once named is named, whoever names it beside.
            public = bool(former.row.options.get("public", True)) and not wanted.vouched
            row = replace(former.row, options={"public": public})
            known = replace(former, row=row)
            fresh = rotated(known, self.forum, self.installation_key, now)
            store.rewrite_channel(c, self.forum.id, fresh.row)
            return fresh.signing(now)[0]
        if _CODE in former.secrets:
            if wanted.vouched:
                self._reseal(c, self._sealed(former, {}))
            else:
                self._reseal(c, self._sealed(former, _new_code(now)))
                self._mail_code(c, person, former.row.channel_id, wanted, now)
        return None

    def _new(
        self,
        c: store.Connection,
        person: str,
        kind: ChannelKind,
        address: str,
        wanted: Wanted,
        now: datetime,
    ) -> str | None:
        asks = kind is _EMAIL and not wanted.vouched
        made = new_channel(
            self.forum,
            self.installation_key,
            kind=kind,
            name=_FIELD[kind],
            address=address,
            at=now,
            secrets=_new_code(now) if asks else {},
            options={"public": not wanted.vouched},
            wants=frozenset(),
            person=person,
        )
        store.put_channel(c, self.forum.id, made.row)
        if asks:
            self._mail_code(c, person, made.row.channel_id, wanted, now)
        signing = made.signing(now)
        return signing[0] if signing else None

    def _mail_code(
        self, c: store.Connection, person: str, channel_id: str, wanted: Wanted, now: datetime
    ) -> None:
        """Have the code mailed that is sealed in the channel."""
        lately = store.count_messages(
            c, self.forum.id, person, MessageType.CONFIRM, now - timedelta(days=1)
        )
        if lately >= MOST_CODES:
            raise BadField("email", f"was to be confirmed {MOST_CODES} times; try tomorrow")
        # Each is a stream of its own: one that was lost keeps the next from nobody.
        message_id = store.new_message_id()
        message = store.Message(
            message_id=message_id,
            type=MessageType.CONFIRM,
            stream=message_id,
            at=now,
            person=person,
            data={"kind": "confirm_address", "lang": wanted.lang},
        )
        store.post_to(c, self.forum.id, message, channel_id)

    def _confirm(self, c: store.Connection, person: str, code: str, now: datetime) -> None:
        """Take an address into use whose code somebody knows."""
        opened = [self._opened(row) for row in self._rows(c, person) if row.kind is _EMAIL]
        waiting = [one for one in opened if one is not None and _CODE in one.secrets]
        if not waiting:
            raise BadField("code", "confirms nothing: no e-mail address waits for it")
        (one, *_) = waiting
        typed = "".join(code.upper().replace("-", " ").split())
        same = hmac.compare_digest(typed.encode(), str(one.secrets[_CODE]).encode())
        if not same or now > datetime.fromisoformat(str(one.secrets[_UNTIL])):
            raise BadField("code", "is not the one that was mailed last, or is older than a day")
        self._reseal(c, self._sealed(one, {}))

    def _ways(self, c: store.Connection, person: str, wanted: Wanted) -> dict[NoticeKind, Way]:
        """Return the ways from now on; those to an address that is given up lead to the feed."""
        there = {row.kind for row in self._rows(c, person)}
        for kind, way in wanted.ways.items():
            if way in _KIND and _KIND[way] not in there:
                raise BadField(f"ways.{kind}", f"is `{way}`, for which there is no address")
        ways = {**store.ways_of(c, self.forum.id, person), **wanted.ways}
        led = {kind: way for kind, way in ways.items() if way in _KIND}
        return ways | {kind: Way.FEED for kind, way in led.items() if _KIND[way] not in there}

    def _use(self, c: store.Connection, row: ChannelRow, ways: Mapping[NoticeKind, Way]) -> None:
        """Have an address told of what it is chosen for, once it is known to be theirs."""
        opened = self._opened(row)
        held = opened is None or _CODE in opened.secrets
        kinds = {kind.value for kind, way in ways.items() if _KIND.get(way) is row.kind}
        wants = frozenset() if held else frozenset(kinds)
        if wants != row.wants:
            store.set_wants(c, self.forum.id, row.channel_id, wants)

    def _sealed(self, opened: OpenChannel, secrets: Mapping[str, str]) -> OpenChannel:
        return sealed_again(replace(opened, secrets=secrets), self.forum, self.installation_key)

    def _reseal(self, c: store.Connection, opened: OpenChannel) -> None:
        store.set_sealed(c, self.forum.id, opened.row.channel_id, opened.row.sealed)


def _checked(kind: ChannelKind, address: str, wanted: Wanted) -> str:
    """Return an address that may be sent to. Raises BadField."""
    if kind is _EMAIL:
        if not wanted.mails:
            raise BadField("email", "cannot be used: this service is not set up to send e-mail")
        return check_mailbox("email", address)
    told = address.strip()
    try:
        # What a customer gives lies in public; only the forum's server may name its neighbours.
        (wanted.allowed if wanted.vouched else Allowed()).check(told)
    except BadAddress as error:
        raise BadField("webhook", "is no public `https://` address") from error
    return told


def _shown(row: ChannelRow, opened: OpenChannel | None) -> Address:
    if opened is None:
        return Address("", Standing.DISABLED, "seal_broken")
    shown = _shadow(row.kind, opened.address)
    if row.disabled_at is not None:
        return Address(shown, Standing.DISABLED, row.disabled_why)
    waits = _CODE in opened.secrets
    return Address(shown, Standing.UNCONFIRMED if waits else Standing.IN_USE)


def _shadow(kind: ChannelKind, address: str) -> str:
    """Return what its owner knows an address by, and nobody else learns it from."""
    if kind is _EMAIL:
        name, _, host = address.rpartition("@")
        return f"{name[:1]}…@{host}"
    target = read_address(address)
    return f"{'http' if target.plain else 'https'}://{target.host}/…"


def _new_code(now: datetime) -> dict[str, str]:
    letters = "".join(random.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    return {_CODE: letters, _UNTIL: (now + CODE_HOLDS).isoformat()}
