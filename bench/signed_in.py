"""An installation with a rights file in front of a database: its people, their cookies, its server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.servers import serve_at
from kpis.access.enforcement import AccessPaths, AccessState
from kpis.access.rights import SessionLimits
from kpis.language import clock
from kpis.screenshot.app_server import find_free_port

_PLANS = ("ha-noi", "dong-thap")
_LIMITS = SessionLimits(timedelta(hours=4), timedelta(hours=4))
PEOPLE = {
    "leader@tinh.vn": f'role = "leader"\nplans = ["{_PLANS[0]}"]',
    "other@tinh.vn": f'role = "leader"\nplans = ["{_PLANS[1]}"]',
    "both@tinh.vn": f'role = "focal"\nplans = ["{_PLANS[0]}", "{_PLANS[1]}"]',
    "officer@tinh.vn": f'role = "officer"\nplans = ["{_PLANS[0]}"]\nagencies = ["Sở Công Thương"]',
    "admin@tinh.vn": 'role = "administrator"',
}
"""Five people of five scopes: e-mail address -> the rest of the entry in the rights file."""


@dataclass(frozen=True)
class SignedInApp:
    """A served installation."""

    host: str
    pid: int
    state: AccessState

    def open_sessions(self, emails: Sequence[str]) -> list[dict[str, str]]:
        """Return the headers of a new session of each person."""
        name, now = self.state.get_rights().address.cookie_name, clock.get_utc_now()
        return [
            {"Cookie": f"{name}={self.state.store.open_session(email, 'provider', _LIMITS, now)}"} for email in emails
        ]


@contextmanager
def serve_signed_in(pointer: Path) -> Iterator[SignedInApp]:
    """Serve a database with the rights of `PEOPLE`; what is written beside the database is removed afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "var").mkdir()
        for file in pointer.parent.glob(f"{pointer.stem}*"):
            if file.is_file():
                (folder / "var" / file.name).symlink_to(file.absolute())
        with serve_folder(folder, folder / "var" / pointer.name) as app:
            yield app


@contextmanager
def serve_folder(folder: Path, pointer: Path) -> Iterator[SignedInApp]:
    """Serve a database with a rights file for `PEOPLE`, which is written into a folder."""
    port = find_free_port()
    entries = "".join(f'[[person]]\nemail = "{email}"\n{rest}\n' for email, rest in PEOPLE.items())
    rights_file = folder / "access.toml"
    rights_file.write_text(f'address = "http://127.0.0.1:{port}"\n{entries}', encoding="utf-8")
    environ = {"KPIS_DATABASE": str(pointer), "KPIS_SOURCES": str(folder / "sources.toml"), "KPIS_WATCH": "off"}
    state = AccessState(AccessPaths(rights_file, pointer), {})
    with serve_at(port, environ, ready_path="/health/live") as process:
        yield SignedInApp(f"127.0.0.1:{port}", process.pid, state)
