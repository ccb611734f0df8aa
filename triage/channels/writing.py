"""What an administrator writes of a channel -> the channel, if it may be so.

In: what was written, where anything may be sent. Out: channels to keep, or the error that says what
is wrong. Credentials that are not written again stay, unless they would go to another host.
Not here: the forms in which it is written (api, cli), rows (store).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from triage import text
from triage.channels.forms import EVERY_MESSAGE, FORMS
from triage.channels.opening import (
    OpenChannel,
    new_channel,
    plain_secret,
    rotated,
    sealed_again,
)
from triage.errors import BadAddress, BadField
from triage.mailing import is_mailbox
from triage.outbound import Allowed, host_of, read_address
from triage.records import LANGUAGES, ChannelKind, Forum


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A channel as somebody writes it; None is as it was, or as is usual for its kind."""

    kind: ChannelKind
    name: str
    address: str | None = None
    credentials: Mapping[str, str] | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    wants: frozenset[str] | None = None


def created(
    written: Written, forum: Forum, installation_key: bytes, allowed: Allowed, at: datetime
) -> OpenChannel:
    """Return a new channel. Raises BadField, BadAddress."""
    form = FORMS[written.kind]
    if written.address is None:
        raise BadField("address", "is missing")
    if form.credentials and written.credentials is None:
        raise BadField("credentials", "are missing")
    return new_channel(
        forum,
        installation_key,
        kind=written.kind,
        name=_name(written),
        address=_address(written.kind, written.address, allowed),
        at=at,
        secrets=_credentials(written),
        signing=_secret(written),
        options=_options(written),
        wants=_wants(written),
    )


def changed(
    before: OpenChannel,
    written: Written,
    forum: Forum,
    installation_key: bytes,
    allowed: Allowed,
    at: datetime,
) -> OpenChannel:
    """Return a channel as it is written now. Raises BadField, BadAddress."""
    if written.kind is not before.row.kind:
        raise BadField("kind", "cannot change; make another channel")
    address = before.address
    if written.address not in (None, before.row.address):
        address = _address(written.kind, str(written.address), allowed)
    if written.credentials is None and before.secrets and _moves(before.address, address):
        # Whoever may name an address is not to be told what opens the one before.
        raise BadField(
            "credentials", "are to be written again, since the address is of another host"
        )
    secret, wants = _secret(written), _wants(written)
    row = replace(
        before.row,
        name=_name(written),
        options=_options(written),
        wants=before.row.wants if wants is None else wants,
    )
    after = replace(
        before,
        row=row,
        address=address,
        secrets=before.secrets if written.credentials is None else _credentials(written),
    )
    if secret is not None and secret not in before.signing(at)[:1]:
        return rotated(after, forum, installation_key, at, secret)
    return sealed_again(after, forum, installation_key)


def noted(opened: OpenChannel) -> Mapping[str, Any]:
    """Return what the log of acts says of a channel: no secret, of its address the host alone."""
    return {
        "kind": opened.row.kind.value,
        "name": opened.row.name,
        "host": host_of(opened.address),
        "wants": sorted(opened.row.wants),
    }


def _name(written: Written) -> str:
    # One line, and without what is sensitive in it: it stands in lists that people read.
    plain = text.clean(text.redact(written.name).text)
    name = " ".join("".join(c if c.isprintable() else " " for c in plain).split())
    if not name:
        raise BadField("name", "has no text")
    return name


def _address(kind: ChannelKind, address: str, allowed: Allowed) -> str:
    if kind is ChannelKind.EMAIL:
        if not is_mailbox(address.strip()):
            raise BadAddress("is no e-mail address")
        return address.strip()
    allowed.check(address)
    if kind is ChannelKind.WEBHOOK:
        return address
    if "?" in address or "#" in address:
        raise BadField(
            "address", "is not that of a whole site, such as `https://forum.example.com`"
        )
    return address.rstrip("/")


def _credentials(written: Written) -> dict[str, str]:
    """Return what opens the other system: all of it, and nothing that would break a header."""
    given, wanted = written.credentials or {}, FORMS[written.kind].credentials
    for name in sorted(wanted):
        if not given.get(name, "").strip():
            raise BadField(f"credentials.{name}", "is missing")
        if not (given[name].isascii() and given[name].isprintable()):
            raise BadField(f"credentials.{name}", "has other than printable ASCII characters")
    return {name: given[name].strip() for name in sorted(wanted)}


def _secret(written: Written) -> str | None:
    if written.secret is None:
        return None
    if not FORMS[written.kind].signed:
        raise BadField("secret", "signs nothing in a channel of this kind")
    return plain_secret(written.kind, written.secret)


def _options(written: Written) -> dict[str, Any]:
    """Return the options, if whoever is to use them can read them. Raises BadField."""
    options = dict(written.options)
    if written.kind is ChannelKind.DISCOURSE:
        # Its room loads what sends, too, which is slow and of use to nobody else here.
        from triage.connect.discourse.posting import posting_options
        from triage.connect.discourse.wishes import read_wishes

        posting_options(options)
        read_wishes(options)
    elif written.kind is ChannelKind.ZAMMAD:
        from triage.connect.zammad.options import zammad_options

        zammad_options(options)
    elif written.kind is ChannelKind.EMAIL and options.get("lang", "en") not in LANGUAGES:
        raise BadField("options.lang", f"is none of {', '.join(LANGUAGES)}")
    return options


def _wants(written: Written) -> frozenset[str] | None:
    if written.wants is not None and not written.wants <= EVERY_MESSAGE:
        raise BadField("wants", "names a type of message that there is not")
    return written.wants


def _moves(before: str, after: str) -> bool:
    """Whether another machine is at the other end, or the way there is less safe."""
    return before != after and read_address(before) != read_address(after)
