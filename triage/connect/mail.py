"""E-mail: plain text to one address, through the company's own server.

In: which server, to whom, a subject, a text, the id of what it tells. Out: nothing, or SendFailed
with a code: `smtp_550` and the like for what the server says, else as of everything that goes out.
The same id gives the same Message-ID, so that a mail which arrives twice is one mail.
Not here: what is written (phrases, filing), when it is tried again (delivering).
"""

import asyncio
import re
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from triage.errors import SendFailed
from triage.mailing import MailServer, is_mailbox

_SECONDS = 20.0
_LONGEST_SUBJECT = 200
_ID = re.compile(r"[A-Za-z0-9._-]{1,200}")
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


async def send_mail(
    server: MailServer,
    to: str,
    subject: str,
    text: str,
    *,
    message_id: str,
    reply_to: str | None = None,
    lang: str | None = None,
) -> None:
    """Send one mail; with `reply_to`, the id of an earlier one, they stand as one conversation.

    Raises SendFailed. What it raises with `gone` no later try will change.
    """
    mail = compose(server, to, subject, text, message_id=message_id, reply_to=reply_to, lang=lang)
    await asyncio.to_thread(_hand_in, server, mail)


def compose(
    server: MailServer,
    to: str,
    subject: str,
    text: str,
    *,
    message_id: str,
    reply_to: str | None = None,
    lang: str | None = None,
) -> EmailMessage:
    """Return a mail. Raises SendFailed (`bad_mailbox`) for what is no address."""
    if not is_mailbox(to):
        raise SendFailed("bad_mailbox", gone=True)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = server.sender
    mail["To"] = to
    mail["Subject"] = _line(subject, _LONGEST_SUBJECT)
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = _named(server, message_id)
    if reply_to is not None:
        mail["In-Reply-To"] = mail["References"] = _named(server, reply_to)
    # So that nobody's holiday answers it.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(_body(text), cte="quoted-printable")
    if lang is not None and lang.isascii() and lang.isalpha():
        mail["Content-Language"] = lang
    return mail


def _hand_in(server: MailServer, mail: EmailMessage) -> None:
    try:
        with _connection(server) as connection:
            if server.starttls:
                connection.starttls(context=_context(server))
            if server.user is not None:
                connection.login(server.user, server.password or "")
            # As bytes: the library would change lines that begin with `From`.
            connection.sendmail(server.sender.addr_spec, [str(mail["To"])], mail.as_bytes())
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise _failure(error) from error


def _connection(server: MailServer) -> smtplib.SMTP:
    where = (server.host, server.port)
    if server.tls:
        return smtplib.SMTP_SSL(*where, timeout=_SECONDS, context=_context(server))
    return smtplib.SMTP(*where, timeout=_SECONDS)


def _context(server: MailServer) -> ssl.SSLContext:
    return server.trusting or ssl.create_default_context()


def _failure(error: smtplib.SMTPException | OSError | ValueError) -> SendFailed:
    """Return what went wrong; the server's words are left out, since they may quote ours."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused) if refused:
            code, said = next(iter(refused.values()))
            return _refused(code, said, of_address=True)
        case smtplib.SMTPAuthenticationError() | smtplib.SMTPNotSupportedError():
            return SendFailed("login_refused")
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=said):
            return _refused(code, said, of_address=False)
        case ssl.SSLError():
            return SendFailed("bad_certificate")
        case TimeoutError():
            return SendFailed("timed_out")
        case smtplib.SMTPServerDisconnected() | OSError():
            return SendFailed("unreachable")
        case _:
            return SendFailed("bad_reply")


def _refused(code: int, said: bytes | str, *, of_address: bool) -> SendFailed:
    """Return a refusal; that there is nobody of this name is the one that lasts."""
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    found = _ENHANCED.search(text)
    nobody = found is not None and found[1] == "5" and found[2] == "1"
    plain = found is None and code in (550, 551, 553)
    return SendFailed(f"smtp_{code}", code, gone=of_address and (nobody or plain))


def _named(server: MailServer, message_id: str) -> str:
    if _ID.fullmatch(message_id) is None:
        raise ValueError("a mail is named by letters, digits, dots and dashes")
    return f"<{message_id}@{server.sender.domain}>"


def _line(text: str, longest: int) -> str:
    """Return a text as one line that ends no header."""
    plain = "".join(one if one.isprintable() else " " for one in text)
    # What looks encoded would be decoded, with whatever line ends are in it.
    line = " ".join(plain.replace("=?", "= ?").split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _body(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return lines.rstrip("\n") + "\n"
