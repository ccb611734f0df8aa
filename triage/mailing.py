"""The company's own mail server as it is named in the settings, and what an address looks like.

In: TRIAGE_SMTP_URL and TRIAGE_SMTP_FROM, an address that somebody gives. Out: values.
Not here: writing and sending e-mail (connect.mail).
"""

import re
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from triage.errors import BadField

_LONGEST_ADDRESS, _LONGEST_NAME = 254, 64
_PORTS = {"smtp": 25, "smtps": 465}
# What people's addresses look like; quoted names and addresses of numbers are nobody's.
_MAILBOX = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}"
    r"[A-Za-z0-9])?"
)


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes our mail, and from whom it comes."""

    host: str
    port: int
    sender: Address
    tls: bool = False
    starttls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    # Whom a server's certificate must convince; None: the authorities that the system trusts.
    trusting: ssl.SSLContext | None = field(default=None, repr=False, compare=False)


def mail_server(url: str, sender: str) -> MailServer | None:
    """Return the server of TRIAGE_SMTP_URL, None where there is none. Raises ValueError.

    `smtp://user:password@host:587?starttls`, or `smtps://…`, where it is TLS from the beginning.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("is not of the form `smtp://user:password@host:587?starttls`")
    if parts.query not in ("", "starttls") or (parts.scheme == "smtps" and parts.query):
        raise ValueError("knows `?starttls` behind `smtp://…` and nothing else")
    name, mailbox = parseaddr(sender)
    if not is_mailbox(mailbox):
        raise ValueError("needs TRIAGE_SMTP_FROM beside it, such as `Support <help@example.com>`")
    safe = parts.scheme == "smtps" or parts.query == "starttls"
    if parts.username and not safe and not _is_here(parts.hostname):
        raise ValueError("would send its password in the open: use `smtps://` or `?starttls`")
    user, _, domain = mailbox.rpartition("@")
    return MailServer(
        host=parts.hostname,
        port=parts.port or (587 if parts.query else _PORTS[parts.scheme]),
        sender=Address(_plain(name), user, domain),
        tls=parts.scheme == "smtps",
        starttls=parts.query == "starttls",
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or "") if parts.username else None,
    )


def is_mailbox(address: str) -> bool:
    """Whether this is an e-mail address that we write to: one, in ASCII letters, of a host."""
    user, _, _ = address.rpartition("@")
    fits = len(address) <= _LONGEST_ADDRESS and len(user) <= _LONGEST_NAME
    return fits and _MAILBOX.fullmatch(address) is not None


def check_mailbox(field: str, address: object) -> str:
    """Return an address that can be written to. Raises BadField."""
    told = address.strip() if isinstance(address, str) else ""
    if not is_mailbox(told):
        raise BadField(field, "is no e-mail address such as `anna@example.com`")
    return told


def _plain(name: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in name).split())


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
