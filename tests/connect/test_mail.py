"""E-mail is plain, goes to one address, is threaded, and cannot be bent by what is in it."""

import asyncio
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.connect.smtp import Post, post_office
from triage.connect.mail import compose, send_mail
from triage.errors import BadField, SendFailed
from triage.mailing import MailServer, check_mailbox, is_mailbox, mail_server
from triage.settings import Settings

FROM = "Bike support <help@bikes.example>"


def server_of(post: Post, url: str = "smtp://127.0.0.1:{port}") -> MailServer:
    found = mail_server(url.format(port=post.port), FROM)
    assert found is not None
    return found


def send(server: MailServer, to: str = "anna@example.com", **more: Any) -> None:  # noqa: ANN401
    told = {"subject": "An answer", "text": "Tighten the cable.", "message_id": "msg_1", **more}
    subject, text = told.pop("subject"), told.pop("text")
    asyncio.run(send_mail(server, to, subject, text, **told))


def test_a_mail_arrives_as_it_was_written() -> None:
    with post_office() as post:
        text = "Kedjan hoppar på trean.\n\nHälsningar från Åre: ä ö å € 日本\n.\nslut"
        send(server_of(post), text=text, subject="Kedjan på växel 3", lang="sv")
        [mail] = post.mails
        assert mail["From"] == "Bike support <help@bikes.example>"
        assert mail["To"] == "anna@example.com"
        assert mail["Subject"] == "Kedjan på växel 3"
        assert mail["Message-ID"] == "<msg_1@bikes.example>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Content-Language"] == "sv"
        assert mail["In-Reply-To"] is None
        assert mail.get_content_type() == "text/plain"
        assert mail.get_content() == text + "\n"
        assert post.recipients == [["anna@example.com"]]


def test_the_same_message_has_the_same_name_and_stands_below_the_first() -> None:
    with post_office() as post:
        server = server_of(post)
        send(server, message_id="question.q1")
        send(server, message_id="msg_2", reply_to="question.q1")
        send(server, message_id="msg_2", reply_to="question.q1")
        first, second, again = post.mails
        assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
        assert again["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    "subject",
    [
        "Hello\r\nBcc: everybody@example.com",
        "Hello\nBcc: everybody@example.com",
        "Hello\rBcc: everybody@example.com",
        "Hello\u2028Bcc: everybody@example.com",
        "Hello\x00\x0b\x0cBcc: everybody@example.com",
        "x" * 5000 + "\r\n\r\nBcc: everybody@example.com",
        "=?utf-8?q?Hello=0D=0ABcc:_everybody=40example.com?=",
    ],
)
def test_no_subject_adds_a_header(subject: str) -> None:
    with post_office() as post:
        send(server_of(post), subject=subject)
        [mail] = post.mails
        assert mail["Bcc"] is None
        assert post.recipients == [["anna@example.com"]]
        assert len(mail.keys()) == len(set(mail.keys()))
        assert mail.get_content() == "Tighten the cable.\n"


@pytest.mark.parametrize(
    "text",
    ["a\r\n.\r\nMAIL FROM:<x@example.com>\r\n", "a\n.\nb", "a\r.\rb", ".\n..\n", "From me\n\x00\n"],
)
def test_no_text_ends_the_mail_before_its_end(text: str) -> None:
    with post_office() as post:
        send(server_of(post), text=text)
        [mail] = post.mails
        plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        assert mail.get_content().rstrip("\n") == plain.rstrip("\n")


GOOD = (
    "anna@example.com",
    "anna.berg+triage@mail.example.com",
    "o'neill@example.com",
    "a@localhost",
)
BAD = (
    "",
    "anna",
    "@example.com",
    "anna@",
    "anna@@example.com",
    "anna berg@example.com",
    "anna@example.com\r\nBcc: x@example.com",
    "anna@example.com\n",
    "anna@example.com, bo@example.com",
    "<anna@example.com>",
    "Anna <anna@example.com>",
    '"anna"@example.com',
    ".anna@example.com",
    "anna.@example.com",
    "an..na@example.com",
    "anna@-example.com",
    "anna@example..com",
    "anna@[127.0.0.1]",
    "änna@example.com",
    "anna@exämple.com",
    "a" * 65 + "@example.com",
    "anna@" + "a" * 64 + ".com",
    "anna@" + ".".join(["abc"] * 70),
)


@pytest.mark.parametrize("address", GOOD)
def test_an_address_is_taken(address: str) -> None:
    assert is_mailbox(address)
    assert check_mailbox("address", f" {address} ") == address


@pytest.mark.parametrize("address", BAD)
def test_what_is_no_address_is_written_to_by_nobody(address: str) -> None:
    assert not is_mailbox(address)
    server = mail_server("smtp://127.0.0.1:1", FROM)
    assert server is not None
    with pytest.raises(SendFailed) as failed:
        compose(server, address, "a", "b", message_id="msg_1")
    assert failed.value.gone
    if address.strip() != address:
        return
    with pytest.raises(BadField):
        check_mailbox("address", address)


@pytest.mark.parametrize("name", ["", "a b", "a>b", "a\r\nb", "a@b"])
def test_a_name_that_would_bend_a_header_is_none(name: str) -> None:
    server = mail_server("smtp://127.0.0.1:1", FROM)
    assert server is not None
    with pytest.raises(ValueError, match="named"):
        compose(server, "anna@example.com", "a", "b", message_id=name)


@pytest.mark.parametrize(
    ("said", "code", "gone"),
    [
        ("550 5.1.1 No such user", "smtp_550", True),
        ("550 No such user", "smtp_550", True),
        ("550 5.7.1 Not by our rules", "smtp_550", False),
        ("552 5.2.2 Mailbox full", "smtp_552", False),
        ("450 4.2.1 Try later", "smtp_450", False),
        ("451 4.7.1 Greylisted", "smtp_451", False),
    ],
)
def test_an_address_that_is_refused_says_whether_for_ever(said: str, code: str, gone: bool) -> None:
    with post_office() as post:
        post.refused["anna@example.com"] = said
        with pytest.raises(SendFailed) as failed:
            send(server_of(post))
        assert (failed.value.code, failed.value.gone) == (code, gone)
        assert post.mails == []


@pytest.mark.parametrize("said", ["554 5.7.1 Looks like spam", "451 4.3.0 Try later"])
def test_a_mail_that_is_refused_says_nothing_of_the_address(said: str) -> None:
    with post_office() as post:
        post.refuses.append(said)
        with pytest.raises(SendFailed) as failed:
            send(server_of(post))
        assert failed.value.code == f"smtp_{said[:3]}"
        assert not failed.value.gone
        send(server_of(post))
        assert len(post.mails) == 1


def test_a_server_that_is_away_is_unreachable() -> None:
    with post_office() as post:
        server = server_of(post)
    with pytest.raises(SendFailed) as failed:
        send(server)
    assert failed.value.code == "unreachable"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what the server shows, and what trusts it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown = Path(folder) / "shown.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    shown.write_bytes(secret + public)
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(shown)
    ours = ssl.create_default_context(cadata=public.decode())
    return theirs, ours


def test_starttls_is_insisted_on_and_the_certificate_checked(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    theirs, ours = certificate
    with post_office(theirs, starttls=True, signed_in=True) as post:
        server = server_of(post, "smtp://triage:p%2Fw@127.0.0.1:{port}?starttls")
        with pytest.raises(SendFailed) as failed:
            send(server)
        assert failed.value.code == "bad_certificate"
        send(replace(server, trusting=ours))
        assert len(post.mails) == 1
        wrong = replace(server, trusting=ours, password="other")
        with pytest.raises(SendFailed) as failed:
            send(wrong)
        assert failed.value.code == "login_refused"
    with post_office() as post:
        plain = server_of(post, "smtp://triage:p%2Fw@127.0.0.1:{port}?starttls")
        with pytest.raises(SendFailed) as failed:
            send(plain)
        assert failed.value.code == "login_refused"
        assert post.mails == []


def test_tls_from_the_beginning(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    theirs, ours = certificate
    with post_office(theirs) as post:
        server = server_of(post, "smtps://127.0.0.1:{port}")
        send(replace(server, trusting=ours))
        assert len(post.mails) == 1


def test_a_password_is_shown_nowhere() -> None:
    server = mail_server("smtps://triage:s3cret@mail.example.com", FROM)
    assert "s3cret" not in repr(server)


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("smtp://a:b@mail.example.com", FROM),
        ("http://mail.example.com", FROM),
        ("smtp://", FROM),
        ("smtp://mail.example.com/x", FROM),
        ("smtp://mail.example.com?tls", FROM),
        ("smtps://mail.example.com?starttls", FROM),
        ("smtp://mail.example.com:99999", FROM),
        ("smtp://mail.example.com", ""),
        ("smtp://mail.example.com", "help"),
    ],
)
def test_settings_that_send_nothing_safely_are_refused(url: str, sender: str) -> None:
    with pytest.raises(ValueError, match="TRIAGE_SMTP"):
        Settings(smtp_url=url, smtp_from=sender)


def test_without_a_server_nothing_is_sent() -> None:
    assert Settings(smtp_url="", smtp_from=FROM).mail is None
    found = Settings(smtp_url="smtp://mail.example.com", smtp_from=FROM).mail
    assert found is not None
    assert (found.host, found.port, found.sender.addr_spec) == (
        "mail.example.com",
        25,
        "help@bikes.example",
    )
