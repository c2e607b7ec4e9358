"""Mail over TLS and with a password, by a real mail server on loopback with a certificate of its own."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from kpis.reminders.mail import MailError, MailServer, build_mail, get_mail_server, open_mail_server, send_mail
from kpis.screenshot.app_server import find_free_port
from tests.reminders.conftest import Mailbox

PASSWORD, WRONG_PASSWORD = "p4ss w0rd+/=", "another one"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    paths = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1", "-out", paths[0], "-keyout", paths[1],
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return paths


@contextmanager
def serve(mailbox: Mailbox, certificate: tuple[Path, Path], scheme: str, *, has_starttls: bool = True) -> Iterator[str]:
    """Serve mail to who knows the password; yields the value of KPIS_SMTP."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)

    def check_password(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)

    port = find_free_port()
    # To aiosmtpd a connection is safe after STARTTLS alone: elsewhere it lets everybody send who does not sign in.
    is_required = scheme == "smtp" and has_starttls
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=port,
        authenticator=check_password,
        auth_required=is_required,
        auth_require_tls=is_required,
        ssl_context=context if scheme == "smtps" else None,
        tls_context=context if is_required else None,
    )
    controller.start()
    try:
        yield f"{scheme}://nhac-viec%40x.vn@127.0.0.1:{port}"
    finally:
        controller.stop()


def send(smtp: str, password: str = PASSWORD) -> None:
    server = get_mail_server({"KPIS_SMTP": smtp, "KPIS_SMTP_PASSWORD": password})
    with open_mail_server(server) as connection:
        send_mail(connection, build_mail(server, "a@x.vn", "Nhắc việc", "Còn 2 việc."))


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate is trusted, and 127.0.0.1 is treated as any other machine."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setattr(MailServer, "is_local", False)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_a_message_goes_over_tls_to_who_knows_the_password(
    mailbox: Mailbox, certificate: tuple[Path, Path], scheme: str
) -> None:
    with serve(mailbox, certificate, scheme) as smtp:
        send(smtp)
    assert mailbox.list_receivers() == ["a@x.vn"]


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_a_wrong_password_sends_nothing_and_is_not_repeated_in_the_error(
    mailbox: Mailbox, certificate: tuple[Path, Path], scheme: str
) -> None:
    with serve(mailbox, certificate, scheme) as smtp, pytest.raises(MailError) as raised:
        send(smtp, WRONG_PASSWORD)
    assert "535" in str(raised.value)
    assert WRONG_PASSWORD not in str(raised.value)
    assert mailbox.messages == []


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_a_certificate_that_is_not_trusted_sends_nothing(
    mailbox: Mailbox, certificate: tuple[Path, Path], scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MailServer, "is_local", False)
    with serve(mailbox, certificate, scheme) as smtp, pytest.raises(MailError, match="certificate"):
        send(smtp)
    assert mailbox.messages == []


@pytest.mark.usefixtures("trusted")
def test_a_server_that_offers_no_tls_gets_neither_password_nor_message(
    mailbox: Mailbox, certificate: tuple[Path, Path]
) -> None:
    with serve(mailbox, certificate, "smtp", has_starttls=False) as smtp, pytest.raises(MailError, match="STARTTLS"):
        send(smtp)
    assert mailbox.messages == []
