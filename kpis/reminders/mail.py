"""Sending e-mail by SMTP: over TLS, without it only to this machine."""

from __future__ import annotations

import ipaddress
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from kpis.errors import KpisError, UsageError

_TIMEOUT_SECONDS = 30.0
_PORTS = {"smtps": 465, "smtp": 587}


class MailError(KpisError):
    """The mail server cannot be reached, or refuses a message."""


@dataclass(frozen=True)
class MailServer:
    """Where messages go out. `uses_tls`: from the first byte on, else by STARTTLS; neither on this machine alone."""

    host: str
    port: int
    uses_tls: bool
    user: str | None
    sender: str
    password: str = field(default="", repr=False)

    @property
    def is_local(self) -> bool:
        """True for an address of this machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def get_mail_server(environ: Mapping[str, str]) -> MailServer:
    """Return the server that the settings name; UsageError where they are missing or not understood."""
    text = environ.get("KPIS_SMTP")
    if not text:
        raise UsageError("Set KPIS_SMTP to the mail server first, like smtps://USER@HOST:465 (docs/settings.md).")
    try:
        parts = urlsplit(text)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        parts, port = urlsplit(""), 0
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise UsageError("KPIS_SMTP is not understood. Write it like smtps://USER@HOST:465 or smtp://USER@HOST:587.")
    if parts.password:
        raise UsageError("KPIS_SMTP has a password in it. Give it as KPIS_SMTP_PASSWORD.")
    user = unquote(parts.username) if parts.username else None
    sender = environ.get("KPIS_MAIL_FROM") or user or ""
    if "@" not in sender or not sender.isascii() or any(letter.isspace() for letter in sender):
        raise UsageError("Set KPIS_MAIL_FROM to the sender's e-mail address.")
    password = environ.get("KPIS_SMTP_PASSWORD", "")
    if not f"{user or ''}{password}".isascii():  # `smtplib` sends neither
        raise UsageError("The user's name and the password of the mail server must have no letters with diacritics.")
    return MailServer(parts.hostname, port, parts.scheme == "smtps", user, sender, password)


def build_mail(server: MailServer, to: str, subject: str, text: str) -> EmailMessage:
    """Return a plain message; line ends in a subject become blanks."""
    message = EmailMessage()
    message["From"], message["To"] = server.sender, to
    message["Subject"] = " ".join(subject.split())
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


@contextmanager
def open_mail_server(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Connect and sign in. MailError says what went wrong, without the password."""
    try:
        connection = _connect(server)
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(
            "The mail server {host} cannot be used: {reason}", host=server.host, reason=_get_reason(error)
        ) from error
    try:
        yield connection
    finally:
        connection.close()


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.uses_tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_SECONDS)
    try:
        if not server.uses_tls and not server.is_local:
            connection.starttls(context=context)
        if server.user and server.password:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def send_mail(connection: smtplib.SMTP, message: EmailMessage) -> None:
    """Send one message. MailError if the server refuses it, OSError if the connection ended meanwhile."""
    try:
        connection.send_message(message)
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError) as error:
        raise ConnectionError(_get_reason(error)) from error
    except smtplib.SMTPException as error:
        with_reset = connection.sock is not None
        if with_reset:
            _reset(connection)
        raise MailError("{reason}", reason=_get_reason(error)) from error


def _reset(connection: smtplib.SMTP) -> None:
    try:
        connection.rset()
    except (OSError, smtplib.SMTPException):
        connection.close()


def _get_reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return f"{code} {_decode(answer)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decode(error.smtp_error)}"
    return str(error)[:200] or type(error).__name__


def _decode(answer: bytes | str) -> str:
    return (answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer)[:200]
