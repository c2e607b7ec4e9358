"""The small plan, and an installation in a folder of its own."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from kpis.register.model import Register
from kpis.requests.asking import Asker
from kpis.settings import load_settings
from tests.sync.conftest import make_register

NOW = datetime(2026, 6, 1, 5)


@pytest.fixture
def register() -> Register:
    return make_register()


@pytest.fixture
def asker(tmp_path: Path) -> Asker:
    settings = load_settings({}, sources=str(tmp_path / "sources.toml"), database=str(tmp_path / "var" / "kpis.json"))
    return Asker(settings, "lan@example.vn", NOW, date(2026, 6, 1))
