"""An installation with a rights file: its files, its people, its server as a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kpis.access.audit import AuditLine, AuditLog
from kpis.access.enforcement import AccessPaths, AccessState
from tests.paths import ROOT

PEOPLE: dict[str, dict[str, object]] = {
    "leader@tinh.vn": {"role": "leader", "plans": ["ha-noi"]},
    "other@tinh.vn": {"role": "leader", "plans": ["dong-thap"]},
    "focal@tinh.vn": {"role": "focal", "plans": ["bac-kan"]},
    "officer@tinh.vn": {"role": "officer", "plans": ["ha-noi"], "agencies": ["Sở Y tế"]},
    "admin@tinh.vn": {"role": "administrator"},
}
"""E-mail address -> its entry in the rights file."""


@dataclass
class Site:
    """A running dashboard and its files."""

    address: str
    issuer: str
    pointer: Path
    rights_file: Path

    def write_rights(self, people: dict[str, dict[str, object]], more: str = "") -> None:
        """Write the rights file with these people, in one step; `more`: further tables."""
        entries = [
            "\n".join(f"{key} = {json.dumps(value)}" for key, value in {"email": email, **entry}.items())
            for email, entry in people.items()
        ]
        text = (
            f'address = "{self.address}"\n[provider]\nissuer = "{self.issuer}"\nclient_id = "kpis"\n'
            'client_secret_file = "secret"\nlabel = "Cổng tỉnh"\n'
        )
        aside = self.rights_file.with_suffix(".new")
        aside.write_text(text + more + "".join(f"[[person]]\n{entry}\n" for entry in entries), encoding="utf-8")
        aside.replace(self.rights_file)

    def set_claims(self, sub: str, **claims: object) -> None:
        """Make the provider send these claims for an account."""
        body = json.dumps(claims).encode()
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.issuer}/users/{sub}", body, {"Content-Type": "application/json"}, method="PUT"
        )
        urllib.request.urlopen(request, timeout=10).close()  # noqa: S310

    @property
    def log(self) -> Path:
        """What the server writes for who runs it."""
        return self.rights_file.with_name("server.log")

    @property
    def state(self) -> AccessState:
        """The access of the installation, as another process sees it."""
        return AccessState(AccessPaths(self.rights_file, self.pointer), {})

    def list_audit(self, action: str) -> list[AuditLine]:
        """Return the lines of one action."""
        return [line for line in AuditLog(self.pointer).read() if line.action == action]


@contextmanager
def serve_site(folder: Path, sample_pointer: Path, provider: str, address: str, port: int) -> Iterator[Site]:
    """Serve the sample to `PEOPLE` from a folder, on a loopback port; people reach it at `address`."""
    shutil.copytree(sample_pointer.parent, folder / "var")
    (folder / "secret").write_text("client-secret", encoding="utf-8")
    pointer = folder / "var" / sample_pointer.name
    site = Site(address, provider, pointer, folder / "access.toml")
    site.write_rights(PEOPLE)
    for number, email in enumerate(PEOPLE):
        site.set_claims(f"account-{number}", email=email, email_verified=True)
    environment = {
        **os.environ,
        "KPIS_DATABASE": str(pointer),
        "KPIS_SOURCES": str(folder / "sources.toml"),
        "KPIS_WATCH": "off",
        "PYTHONPATH": str(ROOT),
    }
    base = urlsplit(address).path
    command = [sys.executable, str(ROOT / "tests/ui/signed_in/quick_server.py"), "run", "app.py"]
    options = ["--server.port", str(port), "--server.baseUrlPath", base]
    with (
        site.log.open("wb") as log,
        subprocess.Popen([*command, *options], cwd=ROOT, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            wait_for_answer(f"http://127.0.0.1:{port}{base}/health/live", process)
            yield site
        finally:
            process.terminate()
            process.wait(timeout=20)


def find_free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for_answer(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server that was just started answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own server
                return
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the server did not start")
