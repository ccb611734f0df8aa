"""A real mail server in this process, and what it was given."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Protocol
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session


@dataclass
class Post:
    """What has come, and what is refused: by recipient, or for everything."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    refuses: list[str] = field(default_factory=list)

    async def handle_RCPT(
        self,
        server: Protocol,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Protocol, session: Session, envelope: Envelope) -> str:
        if self.refuses:
            return self.refuses.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        self.raw.append(content)
        self.recipients.append(list(envelope.rcpt_tos))
        mail = message_from_bytes(content.replace(b"\r\n", b"\n"), policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


def _signs_in(
    server: Protocol, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"triage", b"p/w")
    return AuthResult(success=right, handled=right)


@contextmanager
def post_office(
    tls: ssl.SSLContext | None = None, *, starttls: bool = False, signed_in: bool = False
) -> Iterator[Post]:
    """Run a mail server at a free port."""
    post = Post()
    more: dict[str, Any] = {}
    if starttls:
        more = {"tls_context": tls, "require_starttls": True}
    if signed_in:
        more |= {
            "authenticator": _signs_in,
            "auth_required": True,
            "auth_require_tls": tls is not None,
        }
    direct = tls if not starttls else None
    controller = Controller(post, hostname="127.0.0.1", port=0, ssl_context=direct, **more)
    controller.port = _free_port()
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        controller.stop()


def _free_port() -> int:

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
