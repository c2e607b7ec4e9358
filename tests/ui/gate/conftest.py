"""A gate in front of a recording app, with the files of an installation of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from kpis.access.enforcement import AccessPaths, AccessState
from kpis.access.rights import SessionLimits
from kpis.language import clock
from kpis.store.lake.address import LakeAddress
from kpis.ui import pages
from kpis.ui.server.gate.gate import Gate
from kpis.ui.server.gate.routes import RouteTable
from tests.ui.gate.asgi import Answer, Header, RecordingApp, ask

RIGHTS = """
address = "https://kpi.example.vn"

[provider]
issuer = "https://accounts.example.vn"
client_id = "id"
client_secret_file = "secret"
label = "Cổng tỉnh"

[[person]]
email = "leader@example.vn"
role = "leader"
plans = ["ha-noi"]

[[person]]
email = "focal@example.vn"
role = "focal"
plans = ["ha-noi"]
"""
LIMITS = SessionLimits(timedelta(hours=8), timedelta(hours=12))


@dataclass
class Installation:
    """The gate, what is behind it, and the files beside it."""

    folder: Path
    app: RecordingApp = field(default_factory=RecordingApp)
    lake: LakeAddress | None = None

    def __post_init__(self) -> None:
        self.paths = AccessPaths(self.folder / "access.toml", self.folder / "var" / "kpis.json", self.lake)
        self.state = AccessState(self.paths, {})
        self.paths.pointer.parent.mkdir(parents=True, exist_ok=True)
        (self.folder / "secret").write_text("s", encoding="utf-8")
        table = RouteTable("", [page.url_path for page in pages.PAGES] + [pages.PAGES[0].slug])
        self.gate = Gate(self.app, table, "default-src 'none'", lambda: self.state)

    def write_rights(self, text: str = RIGHTS) -> None:
        """Write the rights file."""
        self.paths.rights_file.write_text(text, encoding="utf-8")

    def sign_in(self, email: str) -> Header:
        """Return the cookie header of a new session."""
        token = self.state.store.open_session(email, "provider", LIMITS, clock.get_utc_now())
        return ("cookie", f"{self.state.get_rights().address.cookie_name}={token}")

    def ask(self, path: str, *more: Header, host: str = "kpi.example.vn", **options: object) -> Answer:
        """Send a request to the installation's address."""
        return ask(self.gate, path, headers=[("host", host), *more], **options)  # type: ignore[arg-type]


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


@pytest.fixture
def with_rights(installation: Installation) -> Installation:
    installation.write_rights()
    return installation
