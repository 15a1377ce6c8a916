"""One letter to one mail server: made, handed over, or not. Knows no rows."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

PATIENCE_SECONDS = 20
"""How long the mail server is waited for."""


@dataclass(frozen=True)
class Letter:
    """What is sent: *uid* makes the Message-ID, the same at every try."""

    uid: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed over: smtp://[user:password@]host[:port], smtps:// for TLS from the start.

    With user and password over smtp:// STARTTLS is demanded.
    """

    host: str
    port: int
    sender: str
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)


class NotTaken(Exception):
    """The mail server did not take the letter; *for_good* when trying again is no use."""

    def __init__(self, *, for_good: bool) -> None:
        super().__init__()
        self.for_good = for_good


def server_of(url: str, sender: str) -> MailServer:
    """Read the URL of a mail server; raises ValueError for another kind of URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError(url)
    tls = parts.scheme == "smtps"
    port = parts.port or (465 if tls else 587 if parts.username else 25)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port, sender, tls, user, password)


def send(letter: Letter, server: MailServer) -> None:
    """Hand *letter* over; raises NotTaken."""
    try:
        with _connected(server) as smtp:
            smtp.send_message(_composed(letter, server.sender))
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        raise NotTaken(for_good=all(500 <= code < 600 for code in codes)) from refused
    except smtplib.SMTPResponseException as refused:
        raise NotTaken(for_good=False) from refused
    except (smtplib.SMTPException, OSError, ssl.SSLError) as away:
        raise NotTaken(for_good=False) from away


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=PATIENCE_SECONDS, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
    if server.user:
        if not server.tls:
            smtp.starttls(context=ssl.create_default_context())
        smtp.login(server.user, server.password)
    return smtp


def _composed(letter: Letter, sender: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = Address(addr_spec=letter.to)
    mail["Subject"] = letter.subject
    mail["Message-ID"] = f"<{letter.uid}@{_domain(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence note answers it.
    mail.set_content(letter.text)
    return mail


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2].strip("> ") or "localhost"
